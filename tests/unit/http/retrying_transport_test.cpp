#include "http/retrying_transport.hpp"

#include "support/fake_transport.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace gk::http::retrying_transport_test {

using namespace std::chrono_literals;
using test::answer;
using test::no_answer;

namespace {

struct Fixture {
  Fixture() { fake.set_latency(10ms); }
  Result<Response> send_one(Request request) { return send(transport, std::move(request)); }
  test::ManualClock clock;
  StopFlag stop;
  test::FakeTransport fake{clock};
  RetryingTransport transport{fake, "kisi", RetryPolicy{}, clock, stop, [] { return 0.5; }};
};

Request read() { return Request{.path = "/users"}; }
Request create() {
  return Request{.method = Method::post,
                 .path = "/users",
                 .body = "{}",
                 .replay = Replay::once,
                 .effect = Effect::write};
}
Request revoke() {
  return Request{
      .method = Method::del, .path = "/users", .replay = Replay::idempotent, .effect = Effect::write};
}

}  // namespace

TEST_CASE("a read is tried again until it works, with growing pauses") {
  Fixture f;
  f.fake.script("GET /users", answer(503));
  f.fake.script("GET /users", no_answer(true));
  f.fake.script("GET /users", answer(200, "[]"));
  const auto result = f.send_one(read());
  REQUIRE(result);
  CHECK(result->body == "[]");
  REQUIRE(f.fake.requests.size() == 3);
  CHECK(f.fake.started_at[1] - f.fake.started_at[0] == 760ms);
  CHECK(f.fake.started_at[2] - f.fake.started_at[1] == 1510ms);
  for (int i = 0; i < 3; ++i) CHECK(f.fake.requests[static_cast<std::size_t>(i)].try_number == i + 1);
}

TEST_CASE("what the failures become after the last try") {
  Fixture f;
  SECTION("5xx on a read") {
    f.fake.script("GET /users", answer(502));
    const auto result = f.send_one(read());
    REQUIRE_FALSE(result);
    CHECK(result.error().category == Category::unavailable);
    CHECK(result.error().http_status == 502);
    CHECK_FALSE(result.error().outcome_unknown);
    CHECK(result.error().message == "kisi answered 502 (trouble on its side) after 5 tries");
    CHECK(f.fake.requests.size() == 5);
  }
  SECTION("429") {
    f.fake.script("POST /users", answer(429));
    const auto result = f.send_one(create());
    REQUIRE_FALSE(result);
    CHECK(result.error().category == Category::rate_limited);
    CHECK(result.error().http_status == 429);
    CHECK_FALSE(result.error().outcome_unknown);
    CHECK(f.fake.requests.size() == 8);
  }
  SECTION("429 that asks for an hour") {
    f.fake.script("GET /users", answer(429, "", {{"Retry-After", "3600"}}));
    const auto result = f.send_one(read());
    REQUIRE_FALSE(result);
    CHECK(result.error().message == "kisi answered 429 (too many requests); it asks to wait 3600 s");
    CHECK(f.fake.requests.size() == 1);
  }
  SECTION("a POST after which nobody knows") {
    f.fake.script("POST /users", answer(500));
    const auto result = f.send_one(create());
    REQUIRE_FALSE(result);
    CHECK(result.error().category == Category::unavailable);
    CHECK(result.error().outcome_unknown);
    CHECK(f.fake.requests.size() == 1);
  }
  SECTION("a POST that was cut off") {
    f.fake.script("POST /users", no_answer(true));
    const auto result = f.send_one(create());
    REQUIRE_FALSE(result);
    CHECK(result.error().outcome_unknown);
    CHECK(f.fake.requests.size() == 1);
  }
  SECTION("a POST that never left") {
    f.fake.script("POST /users", no_answer(false));
    const auto result = f.send_one(create());
    REQUIRE_FALSE(result);
    CHECK_FALSE(result.error().outcome_unknown);
    CHECK(f.fake.requests.size() == 5);
  }
  SECTION("a DELETE of which the first try may have worked") {
    f.fake.script("DELETE /users", no_answer(true));
    f.fake.script("DELETE /users", no_answer(false));
    const auto result = f.send_one(revoke());
    REQUIRE_FALSE(result);
    CHECK(result.error().outcome_unknown);
    CHECK(f.fake.requests.size() == 5);
  }
}

TEST_CASE("throttled and failed tries are counted apart") {
  Fixture f;
  for (int i = 0; i < 6; ++i) f.fake.script("GET /users", answer(429));
  for (int i = 0; i < 4; ++i) f.fake.script("GET /users", answer(500));
  f.fake.script("GET /users", answer(200));
  const auto result = f.send_one(read());
  REQUIRE(result);
  CHECK(f.fake.requests.size() == 11);
}

TEST_CASE("others go on while one waits") {
  Fixture f;
  f.fake.script("GET /slow", answer(503, "", {{"Retry-After", "20"}}));
  f.fake.script("GET /slow", answer(200));
  f.fake.on_any([](const Request&) { return answer(200); });
  f.transport.start(1, Request{.path = "/slow"});
  for (Ticket ticket = 2; ticket <= 4; ++ticket) f.transport.start(ticket, Request{.path = "/fast"});
  std::vector<Ticket> order;
  while (auto completion = f.transport.wait(SteadyTime::max())) order.push_back(completion->ticket);
  CHECK(order == std::vector<Ticket>{2, 3, 4, 1});
  CHECK(f.fake.started_at.back() - f.fake.started_at.front() == 20010ms);
}

TEST_CASE("a stop request ends waiting retries") {
  Fixture f;
  f.fake.script("DELETE /users", answer(503));
  f.transport.start(1, revoke());
  CHECK_FALSE(f.transport.wait(f.clock.steady_now() + 100ms).has_value());
  f.stop.request(2);
  const SteadyTime asked = f.clock.steady_now();
  const auto ended = f.transport.wait(SteadyTime::max());
  REQUIRE(ended);
  CHECK(ended->result.error().category == Category::interrupted);
  CHECK(ended->result.error().outcome_unknown);
  CHECK(f.clock.steady_now() == asked);
  CHECK(f.fake.requests.size() == 1);
  CHECK(f.transport.pending() == 0);
}

TEST_CASE("a retry that cannot start before the deadline fails at once") {
  Fixture f;
  f.fake.script("GET /users", answer(503, "", {{"Retry-After", "30"}}));
  f.transport.set_deadline(f.clock.steady_now() + 20s);
  const SteadyTime begin = f.clock.steady_now();
  const auto result = f.send_one(read());
  REQUIRE_FALSE(result);
  CHECK(result.error().category == Category::deadline);
  CHECK(f.clock.steady_now() - begin == 10ms);
}

TEST_CASE("nothing started, nothing to wait for") {
  Fixture f;
  CHECK_FALSE(f.transport.wait(SteadyTime::max()).has_value());
}

TEST_CASE("of a request that must follow the first try is sent, whatever was asked before") {
  Fixture f;
  Request grant = create();
  grant.must_follow = true;
  f.stop.request(15);
  f.transport.set_deadline(f.clock.steady_now());
  SECTION("it works") {
    f.fake.script("POST /users", answer(200));
    CHECK(f.send_one(grant));
  }
  SECTION("further tries end") {
    f.fake.script("POST /users", answer(429));
    const auto result = f.send_one(grant);
    REQUIRE_FALSE(result);
    CHECK(result.error().category == Category::interrupted);
  }
  REQUIRE(f.fake.requests.size() == 1);
  CHECK(f.fake.requests[0].must_follow);
}

}  // namespace gk::http::retrying_transport_test
