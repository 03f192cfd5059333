#include "unit/config/reference.hpp"

#include "support/golden.hpp"
#include "unit/config/samples.hpp"

namespace gk::config::test::keys_reference_test {

using gk::test::check_golden;

TEST_CASE("The committed JSON Schema is the one that the keys give") {
  check_golden("../../docs/config.schema.json", json_schema());
}

TEST_CASE("The tables of the reference are those that the keys give") {
  const std::string committed = read_fixture("../../../docs/configuration.md");
  check_golden("../../docs/configuration.md", with_key_tables(committed));
}

TEST_CASE("A table is made anew, and everything around it stays") {
  const std::string before = "# Title\n<!-- keys: integrations[].users -->\n| old |\n| row |\n\nafter\n";
  const std::string after = with_key_tables(before);
  CHECK(after.starts_with(
      "# Title\n<!-- keys: integrations[].users -->\n| Key | Kind | Default | Meaning |\n"));
  CHECK(after.find("| `import` | `\"eligible\"`, `\"all\"` | `\"eligible\"` | ") != std::string::npos);
  CHECK(after.find("| `send_emails` | true, false | `true` | ") != std::string::npos);
  CHECK(after.ends_with(" |\n\nafter\n"));
  CHECK(after.find("old") == std::string::npos);
  CHECK(with_key_tables(after) == after);
}

TEST_CASE("Keys of an object without a table of its own are in the table around it") {
  const std::string after = with_key_tables("<!-- keys: kisi -->\n<!-- keys: integrations[].limits -->\n");
  CHECK(after.find("| `partner.contact` | e-mail | required | ") != std::string::npos);
  CHECK(after.find("| `requests_per_second` | number, 0.01 to 5 | `4` | ") != std::string::npos);
  CHECK(after.find("| `removals.absent.count` | whole number, 0 to 1,000,000 | `3` | ") != std::string::npos);
}

}  // namespace gk::config::test::keys_reference_test
