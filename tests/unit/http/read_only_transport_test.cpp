#include "http/read_only_transport.hpp"

#include "support/fake_transport.hpp"

#include <catch2/catch.hpp>

namespace gk::http::read_only_transport_test {

TEST_CASE("a dry run lets reads through and nothing else") {
  struct Row {
    Method method;
    Effect effect;
    bool passes;
  };
  const auto row = GENERATE(values<Row>({
      {Method::get, Effect::read, true},
      {Method::post, Effect::read, true},
      {Method::patch, Effect::read, false},
      {Method::del, Effect::read, false},
      {Method::get, Effect::write, false},
      {Method::post, Effect::write, false},
      {Method::patch, Effect::write, false},
      {Method::del, Effect::write, false},
  }));
  test::FakeTransport fake;
  fake.on_any([](const Request&) { return test::answer(200); });
  ReadOnlyTransport transport(fake);
  const auto result =
      send(transport, Request{.method = row.method, .path = "/x", .effect = row.effect, .endpoint = "/x"});
  CHECK(result.has_value() == row.passes);
  CHECK(fake.requests.size() == (row.passes ? 1U : 0U));
  CHECK(transport.pending() == 0);
  if (!row.passes) {
    CHECK(result.error().category == Category::internal);
    CHECK(result.error().message.starts_with("refused: dry run"));
    CHECK_FALSE(result.error().outcome_unknown);
  }
}

}  // namespace gk::http::read_only_transport_test
