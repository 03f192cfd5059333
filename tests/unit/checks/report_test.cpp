#include <catch2/catch.hpp>

#include "checks/report.hpp"
#include "checks/table.hpp"

namespace gk::app::checks_report_test {

namespace {

Finding good() { return passed("fine"); }

std::string detail(const CheckList& list) { return list.checks().back().finding.detail; }

}  // namespace

TEST_CASE("a check whose need failed is skipped and names it, to the root") {
  CheckList list;
  list.add("kisi.key", std::nullopt, failed(ExitCode::refused, "no", "yes"));
  list.run("kisi.group", "kisi.key", "riverside", good);
  CHECK(list.checks().back().finding.status == CheckStatus::skipped);
  CHECK(detail(list) == "not checked: kisi.key failed");
  list.run("kisi.group.doors", "kisi.group", "riverside", good);
  CHECK(detail(list) == "not checked: kisi.key failed");
  list.run("glofox.location", "", "riverside", good);
  CHECK(detail(list) == "fine");
}

TEST_CASE("a need of one integration is no need of another") {
  CheckList list;
  list.add("kisi.group", "riverside", failed(ExitCode::config, "no", "yes"));
  list.add("kisi.group", "uptown", passed("fine"));
  list.run("kisi.group.doors", "kisi.group", "uptown", good);
  CHECK(detail(list) == "fine");
  list.run("kisi.group.doors", "kisi.group", "riverside", good);
  CHECK(detail(list) == "not checked: kisi.group failed");
}

TEST_CASE("one of several results of a need is enough to stand in the way; a warning is not") {
  CheckList list;
  list.add("config.file", std::nullopt, warned("hm", "look"));
  list.run("a", "config.file", std::nullopt, good);
  CHECK(detail(list) == "fine");
  list.add("config.file", std::nullopt, failed(ExitCode::config, "no", "yes"));
  list.run("b", "config.file", std::nullopt, good);
  CHECK(detail(list) == "not checked: config.file failed");
  list.add("kisi.place", "riverside", skipped("place_id is not set"));
  list.run("c", "kisi.place", "riverside", good);
  CHECK(detail(list) == "not checked: kisi.place was skipped");
}

TEST_CASE("a blocked list skips everything that runs") {
  CheckList list;
  list.block("--offline");
  list.run("kisi.key", "", std::nullopt, [] { return failed(ExitCode::refused, "asked", "no"); });
  CHECK(detail(list) == "not checked: --offline");
  CHECK(list.obstacle("anything", std::nullopt) == "--offline");
}

TEST_CASE("the exit code is the worst failure; warnings and skipped checks earn nothing") {
  std::vector<Check> checks{{"a", {}, warned("w", "f")}, {"b", {}, skipped("s")}, {"c", {}, passed("o")}};
  CHECK(earned_code({}) == ExitCode::done);
  CHECK(earned_code(checks) == ExitCode::done);
  for (const ExitCode code :
       {ExitCode::unavailable, ExitCode::bad_data, ExitCode::config, ExitCode::refused}) {
    checks.push_back({"d", {}, failed(code, "no", "fix")});
    CHECK(earned_code(checks) == code);
  }
  checks.push_back({"e", {}, failed(ExitCode::unavailable, "no", "fix")});
  CHECK(earned_code(checks) == ExitCode::refused);
}

TEST_CASE("the table: every check once and in order") {
  CheckList list;
  list.block("--offline");
  IntegrationFacts facts;
  facts.bookings_group.emplace();
  facts.former_groups.resize(2);
  config::Integration integration;
  integration.name = "riverside";
  add_kisi_checks(list, {});
  add_integration_checks(list, {}, integration, facts);
  std::vector<std::string> names;
  for (const Check& check : list.checks()) names.push_back(check.name);
  CHECK(names == std::vector<std::string>{"kisi.key",
                                          "kisi.key.expiry",
                                          "kisi.key.dedicated",
                                          "kisi.permissions",
                                          "kisi.role",
                                          "kisi.users",
                                          "kisi.group",
                                          "kisi.group.scope",
                                          "kisi.group.doors",
                                          "kisi.group.writers",
                                          "kisi.group.size",
                                          "kisi.bookings_group",
                                          "kisi.bookings_group.scope",
                                          "kisi.bookings_group.doors",
                                          "kisi.bookings_group.writers",
                                          "kisi.bookings_group.size",
                                          "kisi.former_group",
                                          "kisi.former_group",
                                          "kisi.place",
                                          "glofox.location",
                                          "glofox.access",
                                          "glofox.time_zone",
                                          "glofox.plans",
                                          "glofox.canaries",
                                          "checkin.place"});
}

TEST_CASE("facts that were not asked for are skipped, never judged") {
  CheckList list;
  config::Integration integration;
  integration.name = "riverside";
  integration.place = PlaceId{1};
  add_kisi_checks(list, {});
  add_integration_checks(list, {}, integration, {});
  for (const Check& check : list.checks()) {
    INFO(check.name);
    const bool silent = check.finding.status == CheckStatus::skipped || check.finding.detail == "any plan" ||
                        check.finding.detail == "none configured";
    CHECK(silent);
  }
}

}  // namespace gk::app::checks_report_test
