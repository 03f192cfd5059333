#include "app/report.hpp"

namespace gk::app {

std::vector<ExitCode> earned_codes(const reconcile::IntegrationReport& report, bool pending_counts) {
  std::vector<ExitCode> codes;
  for (const auto& error : {report.error, report.stopped_by}) {
    if (error && error->category != Category::interrupted) codes.push_back(from_category(error->category));
  }
  if (report.verified == false) codes.push_back(ExitCode::read_back_mismatch);
  if (report.limit_holds) codes.push_back(ExitCode::limit_held);
  if (report.people_held || report.actions_failed) codes.push_back(ExitCode::partial);
  if (pending_counts && report.outcome == reconcile::IntegrationOutcome::pending)
    codes.push_back(ExitCode::changes_pending);
  return codes;
}

std::vector<ExitCode> earned_codes(const RunReport& report, bool pending_counts) {
  std::vector<ExitCode> codes;
  for (const reconcile::IntegrationReport& integration : report.integrations) {
    const auto earned = earned_codes(integration, pending_counts);
    codes.insert(codes.end(), earned.begin(), earned.end());
  }
  return codes;
}

reconcile::IntegrationReport skipped_report(const std::string& integration) {
  reconcile::IntegrationReport report;
  report.name = integration;
  report.outcome = reconcile::IntegrationOutcome::skipped;
  return report;
}

}  // namespace gk::app
