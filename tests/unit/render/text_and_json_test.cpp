#include <catch2/catch.hpp>

#include "json/document.hpp"
#include "render/json.hpp"
#include "render/text.hpp"
#include "support/builders.hpp"
#include "support/golden.hpp"

namespace gk::app::render_text_and_json_test {

namespace {

using gk::test::at;
using gk::test::key;
using reconcile::Action;
using reconcile::ActionKind;
using reconcile::ActionOutcome;
using reconcile::Cause;
using reconcile::IntegrationOutcome;
using reconcile::IntegrationReport;

Action action(ActionKind kind, std::string_view email, Cause cause, ActionOutcome outcome) {
  Action out{.kind = kind, .person = key(email), .group = gk::test::k_group, .cause = cause};
  out.outcome = outcome;
  out.members = {gk::test::member_id(1)};
  if (kind == ActionKind::revoke || kind == ActionKind::change) out.row = RoleAssignmentId{9001};
  if (kind != ActionKind::create_user) out.user = UserId{7710342};
  return out;
}

/// Every symbol and every outcome of an action.
std::vector<Action> every_action() {
  const Validity window{at("2026-07-01T13:00:00Z"), at("2026-07-01T16:00:00Z")};
  std::vector<Action> actions{
      action(ActionKind::revoke, "bo@example.com", Cause::cancelled, ActionOutcome::planned),
      action(ActionKind::revoke, "cy@example.com", Cause::absent, ActionOutcome::held),
      action(ActionKind::change, "di@example.com", Cause::expired, ActionOutcome::applied),
      action(ActionKind::create_user, "ada@example.com", Cause::membership_active, ActionOutcome::applied),
      action(ActionKind::grant, "ada@example.com", Cause::membership_active, ActionOutcome::already_done),
      action(ActionKind::grant, "ed@example.com", Cause::booking, ActionOutcome::failed),
      action(ActionKind::grant, "flo@example.com", Cause::booking, ActionOutcome::unknown),
      action(ActionKind::grant, "gus@example.com", Cause::booking, ActionOutcome::skipped),
      action(ActionKind::revoke, "hal@example.com", Cause::former_group, ActionOutcome::applied),
      action(ActionKind::revoke, "ivy@example.com", Cause::booking_ended, ActionOutcome::planned),
  };
  actions[1].detail = "3 absent, 2 allowed";
  actions[1].brake = reconcile::Brake::absent;
  actions[2].validity = window;
  actions[5].validity = window;
  actions[5].error = Error{Category::unavailable, "cut off\r\nwhile \x1b[2Jwaiting"};
  actions[6].validity.until = window.until;
  actions[8].former = true;
  actions[8].group = gk::test::k_former_group;
  actions[9].before = window;
  return actions;
}

IntegrationReport busy_integration() {
  IntegrationReport report;
  report.name = "riverside";
  report.outcome = IntegrationOutcome::partial;
  report.time_zone = "Europe/Stockholm";
  report.group_name = "Members \x1b]0;owned\x07";
  report.source = {1366, std::nullopt, reconcile::PeopleSource::list, true};
  report.plan.actions = every_action();
  report.plan.notices = {{"duplicate_email", "family@example.com", "2 Glofox members"},
                         {"foreign", "\xE2\x80\xAEmoc.elpmaxe@eve", "made by another user"},
                         {"over_limit", "", "5 people wanted, 4 allowed"},
                         {"protected", "owner@example.com", "kept"}};
  report.plan.desired = 212;
  report.summary = {212, 210, 3, 1, 2, 1, 3, 209, 1, 2};
  report.requests = {15, 4, 2, 1};
  report.verified = false;
  report.mismatch = "1 row more than planned";
  report.people_held = report.actions_failed = true;
  report.stopped_by = Error{Category::deadline, "the deadline was reached"};
  return report;
}

RunReport busy_run() {
  RunReport run;
  run.command = "sync-members";
  run.run_id = "run-1";
  run.started_at = at("2026-07-01T12:00:00Z");
  run.finished_at = at("2026-07-01T12:00:07Z");
  run.exit_code = 5;
  IntegrationReport broken;
  broken.name = "uptown";
  broken.error = Error{Category::config, "group 4711 cannot be read"};
  IntegrationReport skipped;
  skipped.name = "disabled\nplace";
  skipped.outcome = IntegrationOutcome::skipped;
  run.integrations = {busy_integration(), broken, skipped};
  return run;
}

RunReport preview() {
  RunReport run = busy_run();
  run.dry_run = true;
  run.exit_code = 0;
  run.as_of = at("2026-07-01T13:00:00Z");
  run.integrations.resize(1);
  IntegrationReport& integration = run.integrations.front();
  integration.outcome = IntegrationOutcome::pending;
  integration.plan.actions.erase(integration.plan.actions.begin() + 1, integration.plan.actions.end());
  integration.plan.notices.clear();
  integration.stopped_by.reset();
  integration.verified.reset();
  integration.mismatch.clear();
  integration.people_held = integration.actions_failed = false;
  integration.group_name = "Members";
  return run;
}

RunReport broken_configuration() {
  RunReport run;
  run.command = "sync-members";
  run.run_id = "run-2";
  run.started_at = run.finished_at = at("2026-07-01T12:00:00Z");
  run.exit_code = 78;
  run.config_path = "/etc/glofox-kisi/config.json";
  run.error = Error{Category::config, "the configuration has 2 faults; nothing was read or changed"};
  run.faults = {{{12, 7, "$.kisi.rate"}, "unknown key \"rate\"", "did you mean requests_per_second?"},
                {{0, 0, "$"}, "is empty", ""}};
  return run;
}

/// Golden files outlive a release.
std::string without_version(std::string text) {
  const std::string version = "\"tool_version\": \"" + std::string(k_version) + "\"";
  const std::size_t found = text.find(version);
  return found == std::string::npos ? text : text.replace(found, version.size(), "\"tool_version\": \"X\"");
}

}  // namespace

TEST_CASE("a report as text shows every symbol and outcome, in local time, without control characters") {
  gk::test::check_golden("app/report.txt", render_text(busy_run(), false));
  gk::test::check_golden("app/report_color.txt", render_text(busy_run(), true));
  gk::test::check_golden("app/preview.txt", render_text(preview(), false));
  CHECK(render_text(broken_configuration(), false).empty());
}

TEST_CASE("nothing that a service sent reaches the terminal raw") {
  const std::string text = render_text(busy_run(), false) + render_errors(busy_run());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    CHECK((c == '\n' || (byte >= 0x20 && byte != 0x7F)));
  }
  CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
}

TEST_CASE("without a known zone, windows are in UTC") {
  RunReport run = busy_run();
  run.integrations.front().time_zone = "Mars/Olympus";
  CHECK(render_text(run, false).find("2026-07-01T13:00:00Z to 2026-07-01T16:00:00Z") != std::string::npos);
}

TEST_CASE("a report's errors") {
  gk::test::check_golden("app/report_errors.txt", render_errors(busy_run()));
  gk::test::check_golden("app/broken_errors.txt", render_errors(broken_configuration()));
  CHECK(render_errors(preview()).empty());
}

TEST_CASE("a report as JSON") {
  for (const auto& [name, run] :
       {std::pair{"app/report.json", busy_run()}, std::pair{"app/preview.json", preview()},
        std::pair{"app/broken.json", broken_configuration()}}) {
    const std::string text = render_json(run);
    CHECK(json::Document::parse(text));
    gk::test::check_golden(name, without_version(text));
  }
}

}  // namespace gk::app::render_text_and_json_test
