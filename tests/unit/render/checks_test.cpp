#include <catch2/catch.hpp>

#include "json/document.hpp"
#include "render/checks.hpp"
#include "support/builders.hpp"
#include "support/golden.hpp"

namespace gk::app::render_checks_test {

namespace {

/// Every status, with and without an integration, and a hostile name.
ValidateReport every_status() {
  ValidateReport report;
  report.command = "validate-config";
  report.run_id = "run-1";
  report.started_at = gk::test::at("2026-03-01T08:00:00Z");
  report.finished_at = gk::test::at("2026-03-01T08:00:07Z");
  report.exit_code = 78;
  report.checks = {
      {"config.file", {}, passed("/etc/glofox-kisi/config.json, 2 integrations")},
      {"kisi.key.dedicated", {}, warned("the key's user is also signed in on 1 device", "make a user")},
      {"kisi.group", "riverside", passed("group \"\x1b[31mred\x1b[0m\nnext\" (45510)")},
      {"kisi.group.scope", "riverside",
       failed(ExitCode::config, "group 45510 belongs to place 22801", "new")},
      {"kisi.place", "a longer name", skipped("place_id is not set")},
  };
  return report;
}

ValidateReport broken_configuration() {
  ValidateReport report;
  report.command = "validate-config";
  report.run_id = "run-2";
  report.started_at = report.finished_at = gk::test::at("2026-03-01T08:00:00Z");
  report.exit_code = 78;
  report.config_path = "/etc/glofox-kisi/config.json";
  report.error = Error{Category::config, "the configuration has 1 fault"};
  report.faults = {{{12, 7, "$.kisi.rate"}, "unknown key \"rate\"", "did you mean requests_per_second?"}};
  report.checks = {
      {"config.file",
       {},
       failed(ExitCode::config, "/etc/c.json:12:7: $.kisi.rate: unknown key", "correct it")},
      {"config.secrets", {}, skipped("not checked: config.file failed")},
  };
  return report;
}

/// Golden files outlive a release.
std::string without_version(std::string text) {
  const std::string version = "\"tool_version\": \"" + std::string(k_version) + "\"";
  const std::size_t found = text.find(version);
  return found == std::string::npos ? text : text.replace(found, version.size(), "\"tool_version\": \"X\"");
}

}  // namespace

TEST_CASE("checks as text") {
  gk::test::check_golden("app/checks.txt", render_text(every_status(), false));
  gk::test::check_golden("app/checks_color.txt", render_text(every_status(), true));
}

TEST_CASE("checks as JSON") {
  const std::string text = render_json(every_status());
  CHECK(json::Document::parse(text));
  gk::test::check_golden("app/checks.json", without_version(text));
  gk::test::check_golden("app/checks_broken.json", without_version(render_json(broken_configuration())));
}

TEST_CASE("no checks") {
  ValidateReport report;
  report.command = "validate-config";
  CHECK(render_text(report, false) == "validate-config: 0 ok, 0 warned, 0 failed, 0 skipped\n");
}

}  // namespace gk::app::render_checks_test
