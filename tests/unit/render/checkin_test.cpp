#include "render/checkin.hpp"

#include <catch2/catch.hpp>

#include "json/document.hpp"
#include "support/builders.hpp"
#include "support/golden.hpp"

namespace gk::app::render_checkin_test {

namespace {

using checkin::CheckinOutcome;
using checkin::CheckinResult;
using checkin::IgnoreCause;

CheckinResult result(const char* uuid, const char* email) {
  CheckinResult made;
  made.unlock_uuid = uuid;
  made.user = UserId{7710342};
  made.email = email;
  made.member = test::member_id(1);
  made.lock = LockId{18842};
  made.at = test::at("2026-03-01T08:11:47Z");
  return made;
}

/// Every outcome, a hostile name, an integration that failed, one that takes no part.
CheckinReport every_outcome() {
  CheckinReport report;
  report.command = "checkin";
  report.run_id = "run-1";
  report.started_at = test::at("2026-03-01T08:12:00Z");
  report.finished_at = test::at("2026-03-01T08:12:01Z");
  report.exit_code = 69;
  CheckinIntegration riverside;
  riverside.name = "riverside";
  riverside.outcome = reconcile::IntegrationOutcome::partial;
  CheckinResult applied = result("u1", "ada@example.com");
  applied.outcome = CheckinOutcome::applied;
  applied.access = CheckinOutcome::applied;
  applied.attendance = CheckinOutcome::already_done;
  applied.booking = BookingId{"65ee00000000000000000001"};
  CheckinResult planned = result("u2", "bo@example.com");
  planned.access = planned.outcome = CheckinOutcome::planned;
  CheckinResult ignored = result("../../u3", "");
  ignored.member.reset();
  ignored.cause = IgnoreCause::not_ours;
  ignored.detail = "no row of ours was valid at that time";
  CheckinResult strange;
  strange.cause = IgnoreCause::not_unlock;
  CheckinResult failed = result("u4", "red\x1b[31m@example.com");
  failed.access = failed.outcome = CheckinOutcome::failed;
  failed.error = Error{Category::rejected, "entry: Glofox refused the request as invalid (HTTP 400)", 400};
  CheckinResult unknown = result("u5", "eve@example.com");
  unknown.access = unknown.outcome = CheckinOutcome::unknown;
  unknown.error = Error{Category::unavailable, "entry: the connection broke"};
  CheckinResult done = result("u6", "fay@example.com");
  done.attendance = done.outcome = CheckinOutcome::already_done;
  riverside.results = {applied, planned, ignored, strange, failed, unknown, done};
  riverside.notices = {{"unusable_events", "2 of Kisi's events could not be read and were left out"}};
  riverside.requests = {3, 4, 1, 0};
  CheckinIntegration harbour;
  harbour.name = "harbour";
  harbour.outcome = reconcile::IntegrationOutcome::failed;
  harbour.error = Error{Category::unavailable, "Kisi: lock 18850: HTTP 503"};
  CheckinIntegration idle;
  idle.name = "idle";
  report.integrations = {riverside, harbour, idle};
  return report;
}

CheckinReport refused() {
  CheckinReport report;
  report.command = "checkin";
  report.run_id = "run-2";
  report.started_at = report.finished_at = test::at("2026-03-01T08:12:00Z");
  report.exit_code = 77;
  report.error = Error{Category::auth, "the signature does not belong to this event"};
  return report;
}

/// Golden files outlive a release.
std::string without_version(std::string text) {
  const std::string version = "\"" + std::string(k_version) + "\"";
  if (const auto at = text.find(version); at != std::string::npos)
    text.replace(at, version.size(), "\"VERSION\"");
  return text;
}

}  // namespace

TEST_CASE("check-in reports") {
  test::check_golden("app/checkin.txt", render_text(every_outcome(), false));
  test::check_golden("app/checkin_color.txt", render_text(every_outcome(), true));
  test::check_golden("app/checkin.json", without_version(render_json(every_outcome())));
  test::check_golden("app/checkin_errors.txt", render_errors(every_outcome()));
  test::check_golden("app/checkin_refused.json", without_version(render_json(refused())));
}

TEST_CASE("nothing of a report reaches a terminal unescaped") {
  for (const std::string& text :
       {render_text(every_outcome(), false), render_json(every_outcome()), render_errors(every_outcome())}) {
    CHECK(text.find('\x1b') == std::string::npos);
  }
  CHECK(json::Document::parse(render_json(every_outcome())).has_value());
  CHECK(render_errors(CheckinReport{}).empty());
}

}  // namespace gk::app::render_checkin_test
