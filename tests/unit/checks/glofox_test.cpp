#include <catch2/catch.hpp>

#include "checks/glofox.hpp"
#include "support/builders.hpp"
#include "unit/checks/finding.hpp"

namespace gk::app::checks_glofox_test {

namespace {

using test::k_fail;
using test::k_ok;
using test::k_skipped;
using test::k_warn;

struct Facts {
  config::Integration integration;
  IntegrationFacts facts;
};

Facts good() {
  Facts facts;
  facts.integration.location = gk::test::k_branch;
  facts.integration.memberships.plans = PlanFilter::of({"unlimited ", "1700000000000"});
  facts.integration.canaries = {gk::test::key("ada@example.com")};
  facts.facts.glofox_url = "https://glofox.example.com";
  facts.facts.branch = Branch{gk::test::k_branch, "Riverside", "Europe/Stockholm"};
  facts.facts.members = std::optional<std::size_t>(1366);
  facts.facts.catalogue = Catalogue{{"65cc00000000000000000001", "Unlimited", "Monthly", "1700000000000"},
                                    {"65cc00000000000000000002", "Founders", "Yearly", "17"},
                                    {"65cc00000000000000000003", "Off-peak", "Monthly", "18"}};
  facts.facts.canaries.push_back(
      {gk::test::key("ada@example.com"), std::vector<Member>{gk::test::member(1, "ada@example.com")}});
  return facts;
}

template <Finding (*judge)(const config::Integration&, const IntegrationFacts&)>
Finding of(const Facts& facts) {
  return judge(facts.integration, facts.facts);
}

Error refused_location() { return {Category::config, "not shown", 403}; }

}  // namespace

TEST_CASE("glofox.location") {
  test::check_table<Facts>(
      good(),
      {
          {"works", [](Facts&) {}, k_ok, ExitCode::done, R"("Riverside" (64b0c0ffee00000000000b01))"},
          {"refused", [](Facts& f) { f.facts.branch = fail(refused_location()); }, k_fail, ExitCode::config,
           "not shown", "Glofox support"},
          {"refused, and the key sees others",
           [](Facts& f) {
             f.facts.branch = fail(refused_location());
             f.facts.allowed = std::vector<Branch>{{BranchId{"64b0c0ffee00000000000b02"}, "Uptown", ""}};
           },
           k_fail, ExitCode::config, "", R"(The key can see "Uptown" (64b0c0ffee00000000000b02))"},
          {"refused, and the key sees none",
           [](Facts& f) {
             f.facts.branch = fail(refused_location());
             f.facts.allowed = std::vector<Branch>{};
           },
           k_fail, ExitCode::config, "", "no location at all"},
          {"refused, and the key sees many",
           [](Facts& f) {
             f.facts.branch = fail(refused_location());
             f.facts.allowed = std::vector<Branch>(12, Branch{BranchId{"x"}, "Uptown", ""});
           },
           k_fail, ExitCode::config, "", "and 2 more"},
          {"wrong credentials", [](Facts& f) { f.facts.branch = fail(Category::auth, "no"); }, k_fail,
           ExitCode::refused, "no", "glofox.api_token"},
          {"down", [](Facts& f) { f.facts.branch = fail(Category::unavailable, "503"); }, k_fail,
           ExitCode::unavailable, "503", "https://glofox.example.com"},
      },
      of<check_location>);
}

TEST_CASE("glofox.access") {
  test::check_table<Facts>(
      good(),
      {
          {"works", [](Facts&) {}, k_ok, ExitCode::done, "1366 people"},
          {"works, without a total", [](Facts& f) { f.facts.members = std::optional<std::size_t>(); }, k_ok,
           ExitCode::done, "can be read"},
          {"not allowed", [](Facts& f) { f.facts.members = fail(refused_location()); }, k_fail,
           ExitCode::config, "not shown", "Glofox support"},
          {"wrong token", [](Facts& f) { f.facts.members = fail(Category::auth, "no"); }, k_fail,
           ExitCode::refused, "no", "glofox.api_key"},
          {"no list", [](Facts& f) { f.facts.members = fail(Category::protocol, "no list"); }, k_fail,
           ExitCode::bad_data, "no list", "-v"},
      },
      of<check_access>);
}

TEST_CASE("glofox.time_zone") {
  test::check_table<Facts>(good(),
                           {
                               {"known", [](Facts&) {}, k_ok, ExitCode::done, "Europe/Stockholm"},
                               {"none", [](Facts& f) { (*f.facts.branch)->time_zone.clear(); }, k_fail,
                                ExitCode::bad_data, "no time zone", "in Glofox"},
                               {"unknown", [](Facts& f) { (*f.facts.branch)->time_zone = "Mars/Olympus"; },
                                k_fail, ExitCode::bad_data, "Mars/Olympus", "tzdata"},
                           },
                           of<check_time_zone>);
}

TEST_CASE("glofox.plans") {
  test::check_table<Facts>(
      good(),
      {
          {"both known", [](Facts&) {}, k_ok, ExitCode::done, "2 entries"},
          {"any", [](Facts& f) { f.integration.memberships.plans = PlanFilter::any(); }, k_ok, ExitCode::done,
           "any plan"},
          {"mistyped",
           [](Facts& f) {
             f.integration.memberships.plans = PlanFilter::of({"Unlimted", "Founders"});
           },
           k_warn, ExitCode::done, R"("Unlimted")", R"(nearest to "Unlimted": "Unlimited", )"},
          {"empty catalogue", [](Facts& f) { (*f.facts.catalogue)->clear(); }, k_warn, ExitCode::done,
           R"("unlimited ", "1700000000000")", "correct memberships.plans"},
          {"catalogue down", [](Facts& f) { f.facts.catalogue = fail(Category::unavailable, "503"); }, k_warn,
           ExitCode::done, "503", "yourself"},
          {"credentials", [](Facts& f) { f.facts.catalogue = fail(Category::auth, "no"); }, k_fail,
           ExitCode::refused, "no", "glofox.api_key"},
      },
      of<check_plans>);
}

TEST_CASE("nearest plan names come closest first, each once") {
  const Facts facts = good();
  CHECK(nearest_names(" MONTHLI", **facts.facts.catalogue) ==
        std::vector<std::string>{"Monthly", "Founders", "Yearly"});
  CHECK(nearest_names("x", {}).empty());
}

TEST_CASE("glofox.canaries") {
  test::check_table<Facts>(
      good(),
      {
          {"known", [](Facts&) {}, k_ok, ExitCode::done, "1 person found"},
          {"none configured",
           [](Facts& f) {
             f.integration.canaries.clear();
             f.facts.canaries.clear();
           },
           k_ok, ExitCode::done, "none configured"},
          {"missing", [](Facts& f) { f.facts.canaries[0].found->clear(); }, k_fail, ExitCode::config,
           "ada@example.com", "canaries"},
          {"search withheld", [](Facts& f) { f.facts.canaries[0].found = fail(Category::forbidden, "no"); },
           k_warn, ExitCode::done, "not allowed to search", "make sure in Glofox"},
          {"down", [](Facts& f) { f.facts.canaries[0].found = fail(Category::unavailable, "503"); }, k_fail,
           ExitCode::unavailable, "503", "can reach"},
          {"not asked", [](Facts& f) { f.facts.canaries.clear(); }, k_skipped, ExitCode::done, "not asked"},
      },
      of<check_canaries>);
}

}  // namespace gk::app::checks_glofox_test
