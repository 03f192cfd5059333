#include "json/row_stream.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "unit/json/hostile.hpp"

namespace gk::json::row_stream_test {

namespace {

const std::vector<std::string_view> k_fields = {"_id",       "name",        "membership", "membership.status",
                                                "branch_id", "branch_id.1", "age"};
const std::vector<std::string_view> k_around = {"total_count", "meta.totalCount", "success", "message"};

std::string shown(const Scalar& scalar) {
  switch (scalar.kind) {
    case Kind::missing: return "-";
    case Kind::null: return "null";
    case Kind::boolean: return scalar.boolean ? "true" : "false";
    case Kind::integer: return std::to_string(scalar.integer);
    case Kind::real: return std::to_string(scalar.real);
    case Kind::string: return "'" + std::string(scalar.text) + "'";
    case Kind::array: return "[]";
    case Kind::object: return "{}";
  }
  return "?";
}

struct Page {
  std::vector<std::string> rows;
  gk::Result<PageEnvelope> envelope;
};

Page page_of(std::string text, std::string_view rows_key = "data") {
  const PageSchema schema(rows_key, k_fields, k_around);
  std::vector<std::string> rows;
  auto envelope = read_page(text, schema, [&](std::span<const Scalar> row) {
    std::string line;
    for (const Scalar& scalar : row) line += (line.empty() ? "" : " ") + shown(scalar);
    rows.push_back(line);
  });
  return {std::move(rows), std::move(envelope)};
}

}  // namespace

TEST_CASE("rows are handed over as the asked-for scalars, in order") {
  const Page page = page_of(R"({"object":"list","total_count":2,"data":[
    {"_id":"a","name":"x\ty","membership":{"plan":{"status":"no"},"status":"ACTIVE"},"branch_id":"b","age":4.5,
     "other":{"_id":"no","list":[{"name":"no"}]}},
    {"name":null,"membership":[],"branch_id":["b1","b2",["b3"]],"age":9223372036854775808}
  ],"success":false,"message":"hello","meta":{"totalCount":7}})");
  REQUIRE(page.envelope);
  CHECK(page.rows == std::vector<std::string>{"'a' 'x\ty' {} 'ACTIVE' 'b' - 4.500000",
                                              "- null [] - [] 'b2' 9223372036854775808.000000"});
  CHECK(page.envelope->rows == 2);
  CHECK(page.envelope->has_rows);
  CHECK(page.envelope->odd_rows == 0);
  REQUIRE(page.envelope->fields.size() == 4);
  CHECK(page.envelope->fields[0].as_integer() == 2);
  CHECK(page.envelope->fields[1].as_integer() == 7);
  CHECK(page.envelope->fields[2].as_bool() == false);
  CHECK(page.envelope->fields[3].as_string() == "hello");
}

TEST_CASE("a field of one row never shows in the next") {
  const Page page = page_of(R"({"data":[{"_id":"a","membership":{"status":"ACTIVE"}},{"_id":"b"},{}]})");
  CHECK(page.rows == std::vector<std::string>{"'a' - {} 'ACTIVE' - - -", "'b' - - - - - -", "- - - - - - -"});
}

TEST_CASE("of duplicate keys the first counts, at any depth") {
  const Page page = page_of(
      R"({"total_count":1,"total_count":2,
          "data":[{"_id":"a","_id":"b","membership":{"status":"ACTIVE"},"membership":{"status":"PAUSED"}},
                  {"_id":"c","membership":[],"membership":{"status":"PAUSED","status":"ACTIVE"}}],
          "data":[{"_id":"again"}]})");
  REQUIRE(page.envelope);
  CHECK(page.rows == std::vector<std::string>{"'a' - {} 'ACTIVE' - - -", "'c' - [] - - - -"});
  CHECK(page.envelope->fields[0].as_integer() == 1);
}

TEST_CASE("the shapes that a list may have") {
  CHECK(page_of(R"([{"_id":"a"},{"_id":"b"}])").rows.size() == 2);
  CHECK(page_of(R"([{"_id":"a"}])", "").rows.size() == 1);
  CHECK(page_of(R"({"data":{"_id":"a"}})").rows == std::vector<std::string>{"'a' - - - - - -"});

  const Page none = page_of(R"({"success":false,"message":"no"})");
  REQUIRE(none.envelope);
  CHECK_FALSE(none.envelope->has_rows);
  CHECK(none.envelope->fields[2].as_bool() == false);

  const Page empty = page_of(R"({"data":[]})");
  REQUIRE(empty.envelope);
  CHECK(empty.envelope->has_rows);
  CHECK(empty.rows.empty());

  const Page odd = page_of(R"({"data":[null,{"_id":"a"},[{"_id":"b"}],"x",5]})");
  REQUIRE(odd.envelope);
  CHECK(odd.rows.size() == 1);
  CHECK(odd.envelope->odd_rows == 4);

  const Page wrong = page_of(R"({"data":""})");
  REQUIRE(wrong.envelope);
  CHECK_FALSE(wrong.envelope->has_rows);

  const Page scalar = page_of("5");
  REQUIRE(scalar.envelope);
  CHECK_FALSE(scalar.envelope->has_rows);
}

TEST_CASE("a row field named like the envelope's key of the rows is only a field") {
  const Page page = page_of(R"({"data":[{"_id":"a","data":[{"_id":"inner"}]}]})");
  CHECK(page.rows.size() == 1);
}

TEST_CASE("a page is refused when it is not one JSON value in UTF-8") {
  for (const auto& [what, text] : gk::json::testing::refused_bodies()) {
    INFO(what);
    const Page page = page_of(text);
    REQUIRE_FALSE(page.envelope);
    CHECK(page.envelope.error().category == gk::Category::protocol);
    CHECK(page.envelope.error().message.size() < 200);
  }
}

TEST_CASE("of a value that nobody asked for only the brackets count") {
  const auto page_with = [](const std::string& value) {
    return page_of(R"({"data":[{"_id":"a","extra":)" + value + R"(,"name":"Ann"}]})");
  };
  const std::string deep = std::string(65, '[') + std::string(65, ']');
  for (const std::string& skipped : {deep, std::string("[nonsense]")}) {
    INFO(skipped.substr(0, 20));
    const Page page = page_with(skipped);
    REQUIRE(page.envelope);
    CHECK(page.rows.size() == 1);
  }
  for (const std::string& unbalanced : {std::string("[[1]"), std::string("{\"x\":1")}) {
    INFO(unbalanced);
    CHECK_FALSE(page_with(unbalanced).envelope);
  }
  CHECK_FALSE(page_of(R"({"data":[{"_id":)" + deep + "}]}").envelope);
}

TEST_CASE("a page cut at any byte is refused") {
  const std::string text =
      R"({"total_count":2,"data":[{"_id":"a","name":"\ud83d\ude00é","membership":{"status":"ACTIVE"}},{"_id":"b"}]})";
  REQUIRE(page_of(text).envelope);
  for (std::size_t size = 0; size < text.size(); ++size) {
    INFO(size);
    CHECK_FALSE(page_of(text.substr(0, size)).envelope);
  }
}

TEST_CASE("long strings and any alignment are read right") {
  for (std::size_t shift = 0; shift < 40; ++shift) {
    const std::string name = std::string(shift, 'n') + "\xC3\xA9" + std::string(10'000, 'N');
    const Page page = page_of(R"({"data":[{"_id":")" + std::string(shift, 'x') + R"(","name":")" + name +
                              R"(","note":"a\\\"b\/c\u00e9"}]})");
    REQUIRE(page.rows.size() == 1);
    CHECK(page.rows[0] == "'" + std::string(shift, 'x') + "' '" + name + "' - - - - -");
  }
}

TEST_CASE("a single object picked by the same paths looks like a row") {
  const auto document = gk::json::Document::parse(
      R"({"_id":"a","membership":{"status":"ACTIVE"},"branch_id":["b1","b2"],"age":7})");
  REQUIRE(document);
  const auto row = gk::json::pick(document->root(), k_fields);
  std::string line;
  for (const Scalar& scalar : row) line += (line.empty() ? "" : " ") + shown(scalar);
  CHECK(line == "'a' - {} 'ACTIVE' [] 'b2' 7");
}

TEST_CASE("an envelope keeps its texts when it moves") {
  Page page = page_of(R"({"message":"short","data":[]})");
  REQUIRE(page.envelope);
  const PageEnvelope moved = *std::move(page.envelope);
  CHECK(moved.fields[3].as_string() == "short");
}

}  // namespace gk::json::row_stream_test
