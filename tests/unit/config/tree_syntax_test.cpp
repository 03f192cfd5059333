#include <catch2/catch.hpp>

#include <functional>

#include "config/tree.hpp"
#include "unit/config/samples.hpp"

namespace gk::config::test::tree_syntax_test {

namespace {

constexpr std::string_view k_cut = " (is the file complete? every { [ \" and /* must be closed)";

struct SyntaxRow {
  std::string_view text;
  std::string fault;
};

void check_syntax(const std::vector<SyntaxRow>& rows) {
  for (const SyntaxRow& row : rows) {
    INFO(row.text);
    const Parsed parsed = parse(row.text);
    CHECK(printed(parsed.faults) == std::vector<std::string>{row.fault});
    CHECK_FALSE(parsed.config.has_value());
  }
}

}  // namespace

TEST_CASE("Text that is no JSON: what is wrong, and where") {
  check_syntax({
      {"{\n  \"a\": 1\n  \"b\": 2\n}", "c:3:3: $: a comma or } is missing"},
      {"{\"a\" 1}", "c:1:6: $: a colon is missing after the key"},
      {"{\"a\":1,,}", "c:1:8: $: a key in double quotes, or }, is expected here"},
      {"{a: 1}", "c:1:2: $: a key in double quotes, or }, is expected here"},
      {"[1 2]", "c:1:4: $: a comma or ] is missing"},
      {"{} {}", "c:1:4: $: there is more text after the end of the document"},
      {"{\"a\": 1e999}", "c:1:7: $: this number is too large"},
      {"{\"a\": \"\\x\"}", "c:1:8: $: not a valid JSON escape"},
      {"// nothing else\n", "c:2:1: $: there is nothing but white space and comments"},
  });
}

TEST_CASE("A file that was cut") {
  check_syntax({
      {"{\"version\": 1",
       fmt::format("c:1:14: $: the file ends too early: a comma or }} is missing{}", k_cut)},
      {"{\n  \"a\": {\n",
       fmt::format("c:3:1: $: the file ends too early: a key in double quotes, or }}, is expected here{}",
                   k_cut)},
      {"[1, /* comment", fmt::format("c:1:15: $: the file ends too early: this is not valid JSON{}", k_cut)},
  });
  for (std::size_t length = 1; length < k_minimal.size() - 2; ++length) {
    INFO(length);
    const Parsed parsed = parse(k_minimal.substr(0, length));
    CHECK(parsed.faults.size() == 1);
    CHECK_FALSE(parsed.config.has_value());
  }
}

TEST_CASE("Text that is no text") {
  check_syntax({
      {"", "c: the file is empty (docs/configuration.md has an example to start from)"},
      {" \r\n\t", "c: the file is empty (docs/configuration.md has an example to start from)"},
      {"\xEF\xBB\xBF", "c: the file is empty (docs/configuration.md has an example to start from)"},
      {"{\n \"\xC3\xA9\xE9\": 1}", "c:2:4: $: the file is not UTF-8 from here on (save it as UTF-8)"},
      {"{\n \"\xC3", "c:2:3: $: the file is not UTF-8 from here on (save it as UTF-8)"},
      {std::string_view("{\0}", 3), "c: the file contains NUL bytes (save it as plain UTF-8 text)"},
  });
  CHECK(printed(parse(std::string(k_max_config_bytes + 1, ' ')).faults) ==
        std::vector<std::string>{"c: the file is larger than 1048576 bytes (is it the right file?)"});
}

TEST_CASE("Deep nesting neither crashes nor passes") {
  CHECK(printed(parse(std::string(1'000'000, '[')).faults) ==
        std::vector<std::string>{"c:1:65: $: nested deeper than 64 levels"});
}

TEST_CASE("Large files of one line are read in reasonable time") {
  std::string text = "{";
  for (int i = 0; i < 50'000; ++i) text += fmt::format("\"k{}\": 1, ", i);
  text += "}";
  CHECK(parse(text).faults.size() == 50'004);
}

TEST_CASE("Faults come in file order, however they were found") {
  const Parsed parsed = parse(R"({ "version": 2, "kisi": { "requests_per_second": 6, "api_key": 1 }, "x": 1,
    "glofox": {}, "integrations": [{ "name": "a", "group_id": 1 }, { "group_id": 1, "name": "a" }] })");
  std::vector<std::string> places;
  for (const Fault& fault : parsed.faults) {
    places.push_back(fmt::format("{}:{} {}", fault.where.line, fault.where.column, fault.where.path));
  }
  CHECK(places == std::vector<std::string>{"1:14 $.version", "1:50 $.kisi.requests_per_second",
                                           "1:64 $.kisi.api_key", "1:69 $.x", "2:15 $.glofox.api_key",
                                           "2:15 $.glofox.api_token", "2:36 $.integrations[0].location_id",
                                           "2:68 $.integrations[1].location_id",
                                           "2:82 $.integrations[1].group_id", "2:93 $.integrations[1].name"});
}

TEST_CASE("Every position points at the first character of its key or value") {
  const std::string text = read_fixture("full.jsonc");
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') lines.emplace_back();
    lines.back() += c == '\n' ? "" : std::string(1, c);
  }
  const auto at = [&](const Position& place) {
    return lines.at(static_cast<std::size_t>(place.line) - 1)
        .substr(static_cast<std::size_t>(place.column) - 1);
  };
  const std::function<void(const Node&)> check = [&](const Node& node) {
    if (!node.key.empty()) CHECK(at(node.key_at).starts_with("\"" + node.key + "\""));
    const std::string rest = at(node.at);
    switch (node.kind) {
      case NodeKind::object: CHECK(rest.starts_with('{')); break;
      case NodeKind::array: CHECK(rest.starts_with('[')); break;
      case NodeKind::string: CHECK(rest.starts_with("\"" + node.text + "\"")); break;
      case NodeKind::integer: CHECK(rest.starts_with(std::to_string(node.integer))); break;
      case NodeKind::boolean: CHECK(rest.starts_with(node.boolean ? "true" : "false")); break;
      case NodeKind::null: CHECK(rest.starts_with("null")); break;
      case NodeKind::real: FAIL("the fixture has no fractions"); break;
    }
    for (const Node& child : node.children) check(child);
  };
  const Tree tree = parse_tree(text);
  REQUIRE(tree.root.has_value());
  check(*tree.root);
}

}  // namespace gk::config::test::tree_syntax_test
