#include "app/report.hpp"

#include <catch2/catch.hpp>

#include <functional>

namespace gk::app::report_test {

namespace {

using reconcile::IntegrationOutcome;
using reconcile::IntegrationReport;
using Codes = std::vector<ExitCode>;

struct Row {
  const char* name;
  std::function<void(IntegrationReport&)> change;
  bool pending_counts;
  Codes codes;
};

}  // namespace

TEST_CASE("which codes an integration earns") {
  const Row rows[] = {
      {"in sync", [](IntegrationReport&) {}, true, {}},
      {"pending does not count",
       [](IntegrationReport& r) { r.outcome = IntegrationOutcome::pending; },
       false,
       {}},
      {"pending counts",
       [](IntegrationReport& r) { r.outcome = IntegrationOutcome::pending; },
       true,
       {ExitCode::changes_pending}},
      {"an error",
       [](IntegrationReport& r) {
         r.error = Error{Category::auth, ""};
       },
       false,
       {ExitCode::refused}},
      {"an error and what stopped it",
       [](IntegrationReport& r) {
         r.error = Error{Category::protocol, ""};
         r.stopped_by = Error{Category::deadline, ""};
       },
       false,
       {ExitCode::bad_data, ExitCode::deadline}},
      {"a signal decides elsewhere",
       [](IntegrationReport& r) {
         r.stopped_by = Error{Category::interrupted, ""};
       },
       false,
       {}},
      {"read-back wrong",
       [](IntegrationReport& r) { r.verified = false; },
       false,
       {ExitCode::read_back_mismatch}},
      {"read-back right", [](IntegrationReport& r) { r.verified = true; }, false, {}},
      {"a limit", [](IntegrationReport& r) { r.limit_holds = true; }, false, {ExitCode::limit_held}},
      {"people held", [](IntegrationReport& r) { r.people_held = true; }, false, {ExitCode::partial}},
      {"actions failed and people held",
       [](IntegrationReport& r) { r.people_held = r.actions_failed = true; },
       false,
       {ExitCode::partial}},
      {"everything",
       [](IntegrationReport& r) {
         r.error = Error{Category::config, ""};
         r.verified = false;
         r.limit_holds = r.actions_failed = true;
       },
       true,
       {ExitCode::config, ExitCode::read_back_mismatch, ExitCode::limit_held, ExitCode::partial}},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    IntegrationReport report;
    report.outcome = IntegrationOutcome::in_sync;
    row.change(report);
    CHECK(earned_codes(report, row.pending_counts) == row.codes);
  }
}

}  // namespace gk::app::report_test
