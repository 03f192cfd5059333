#include "app/checkin_report.hpp"

#include <catch2/catch.hpp>

#include "support/builders.hpp"

namespace gk::app::checkin_report_test {

namespace {

CheckinIntegration with(std::vector<checkin::CheckinResult> results) {
  CheckinIntegration report;
  report.results = std::move(results);
  return report;
}

checkin::CheckinResult result(checkin::CheckinOutcome outcome, std::optional<Error> error = {}) {
  checkin::CheckinResult made;
  made.outcome = outcome;
  made.error = std::move(error);
  return made;
}

int code_of(const CheckinIntegration& report) { return to_int(worst_of(earned_codes(report))); }

}  // namespace

TEST_CASE("what check-ins earn") {
  using checkin::CheckinOutcome;
  CHECK(code_of(with({})) == 0);
  CHECK(code_of(with({result(CheckinOutcome::ignored), result(CheckinOutcome::applied),
                      result(CheckinOutcome::planned), result(CheckinOutcome::already_done)})) == 0);
  CHECK(code_of(with({result(CheckinOutcome::applied), result(CheckinOutcome::failed)})) == 3);
  CHECK(code_of(with({result(CheckinOutcome::unknown)})) == 3);
  CHECK(code_of(with({result(CheckinOutcome::failed, Error{Category::protocol, "not JSON"})})) == 65);
  checkin::CheckinResult sent = result(CheckinOutcome::unknown, Error{Category::protocol, "not JSON"});
  sent.access = CheckinOutcome::unknown;
  CHECK(code_of(with({sent})) == 3);
  CheckinIntegration stopped = with({result(CheckinOutcome::failed)});
  stopped.error = Error{Category::auth, "refused"};
  CHECK(code_of(stopped) == 77);
  stopped.error = Error{Category::deadline, "late"};
  CHECK(code_of(stopped) == 3);  // the first of 77, 65, 69, 3, 10
  CheckinIntegration odd = with({});
  odd.notices = {{"unusable_events", "1"}};
  CHECK(code_of(odd) == 65);
}

}  // namespace gk::app::checkin_report_test
