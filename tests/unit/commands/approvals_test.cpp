#include "commands/approvals.hpp"

#include <catch2/catch.hpp>

#include "render/json.hpp"
#include "support/builders.hpp"

namespace gk::app::commands_approvals_test {

namespace {

using gk::test::at;

const Instant k_now = at("2026-03-02T08:00:00Z");

std::string report(const std::string& finished = "2026-03-02T07:00:00Z", const std::string& actions = "") {
  return R"({"format_version":1,"command":"sync-members","dry_run":true,"finished_at":")" + finished +
         R"(","integrations":[{"name":"riverside","actions":[)" + actions + "]}]}";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t found = text.find(from);
  REQUIRE(found != std::string::npos);
  return text.replace(found, from.size(), to);
}

}  // namespace

TEST_CASE("what is no report to approve from is a usage error") {
  struct Row {
    const char* name;
    std::string text;
    const char* says;
  };
  const Row rows[] = {
      {"not JSON", "sync-members: ok", "not JSON"},
      {"empty", "", "not JSON"},
      {"other JSON", "[]", "not a report"},
      {"another version", replaced(report(), "\"format_version\":1", "\"format_version\":2"), "not a report"},
      {"another command", replaced(report(), "sync-members", "sync-bookings"), "not from sync-members"},
      {"a real run", replaced(report(), "true", "false"), "dry run"},
      {"no time", report("yesterday"), "finished_at"},
      {"too old", report("2026-03-01T07:59:59Z"), "24 hours"},
      {"from the future", report("2026-03-02T08:05:01Z"), "24 hours"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto approvals = parse_approvals(row.text, "sync-members", k_now);
    REQUIRE_FALSE(approvals);
    CHECK(approvals.error().category == Category::usage);
    CHECK(approvals.error().message.find(row.says) != std::string::npos);
  }
}

TEST_CASE("a report of exactly 24 hours, and one of a clock slightly ahead, still count") {
  CHECK(parse_approvals(report("2026-03-01T08:00:00Z"), "sync-members", k_now));
  CHECK(parse_approvals(report("2026-03-02T08:05:00Z"), "sync-members", k_now));
}

TEST_CASE("only removals count, each by row and e-mail") {
  const std::string actions = R"({"action":"revoke","email":"Bo@Example.com","role_assignment_id":1},)"
                              R"({"action":"change","email":"cy@example.com","role_assignment_id":2},)"
                              R"({"action":"grant","email":"di@example.com","role_assignment_id":3},)"
                              R"({"action":"create_user","email":"ed@example.com","role_assignment_id":4},)"
                              R"({"action":"revoke","email":"flo@example.com","role_assignment_id":null},)"
                              R"({"action":"revoke","email":"","role_assignment_id":6},)"
                              R"({"action":"revoke","email":"gus@example.com","role_assignment_id":"seven"})";
  const auto approvals = parse_approvals(report("2026-03-02T07:00:00Z", actions), "sync-members", k_now);
  REQUIRE(approvals);
  CHECK(approvals->at("riverside") ==
        reconcile::Approvals{{RoleAssignmentId{1}, gk::test::key("bo@example.com")},
                             {RoleAssignmentId{2}, gk::test::key("cy@example.com")}});
}

TEST_CASE("what the JSON output says can be approved") {
  RunReport run;
  run.command = "sync-members";
  run.dry_run = true;
  run.started_at = run.finished_at = k_now;
  reconcile::IntegrationReport integration;
  integration.name = "riverside";
  reconcile::Action action{.kind = reconcile::ActionKind::revoke, .person = gk::test::key("bo@example.com")};
  action.row = RoleAssignmentId{1};
  action.outcome = reconcile::ActionOutcome::held;
  integration.plan.actions = {action};
  run.integrations = {integration};
  const auto approvals = parse_approvals(render_json(run), "sync-members", k_now);
  REQUIRE(approvals);
  CHECK(approvals->at("riverside") ==
        reconcile::Approvals{{RoleAssignmentId{1}, gk::test::key("bo@example.com")}});
}

}  // namespace gk::app::commands_approvals_test
