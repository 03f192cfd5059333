#include <catch2/catch.hpp>

#include "config/keys.hpp"
#include "unit/config/samples.hpp"

namespace gk::config::test::keys_docs_test {

namespace {

std::string read_reference() { return read_fixture("../../../docs/configuration.md"); }

void check_mentioned(const std::vector<KeyInfo>& keys, const std::string& text) {
  for (const KeyInfo& key : keys) {
    INFO(key.name);
    const std::string name(key.name);
    const bool mentioned = text.find("`" + name + "`") != std::string::npos ||
                           text.find("`" + name + ".") != std::string::npos ||
                           text.find("." + name + "`") != std::string::npos ||
                           text.find("." + name + ".") != std::string::npos;
    CHECK(mentioned);
    check_mentioned(key.shape.keys, text);
  }
}

}  // namespace

TEST_CASE("The reference explains every key") { check_mentioned(document_keys().keys, read_reference()); }

TEST_CASE("The examples of the reference are valid") {
  const std::string text = read_reference();
  constexpr std::string_view k_fence = "```jsonc\n";
  int examples = 0;
  for (std::size_t at = text.find(k_fence); at != std::string::npos; at = text.find(k_fence, at + 1)) {
    const std::size_t start = at + k_fence.size();
    const Parsed parsed = parse(std::string_view(text).substr(start, text.find("```", start) - start));
    CHECK(printed(parsed.faults).empty());
    CHECK(printed(parsed.warnings).empty());
    ++examples;
  }
  CHECK(examples == 2);
}

}  // namespace gk::config::test::keys_docs_test
