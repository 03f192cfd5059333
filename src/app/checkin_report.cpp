#include "app/checkin_report.hpp"

namespace gk::app {

using checkin::CheckinOutcome;

std::vector<ExitCode> earned_codes(const CheckinIntegration& report) {
  std::vector<ExitCode> codes;
  if (report.error && report.error->category != Category::interrupted)
    codes.push_back(from_category(report.error->category));
  for (const checkin::CheckinResult& result : report.results) {
    if (result.outcome != CheckinOutcome::failed && result.outcome != CheckinOutcome::unknown) continue;
    codes.push_back(ExitCode::partial);
    // Nothing was tried, because a service answered with something that cannot be used.
    const bool unread =
        !result.access && !result.attendance && result.error && result.error->category == Category::protocol;
    if (unread) codes.push_back(ExitCode::bad_data);
  }
  if (!report.notices.empty()) codes.push_back(ExitCode::bad_data);
  return codes;
}

std::vector<ExitCode> earned_codes(const CheckinReport& report) {
  std::vector<ExitCode> codes;
  for (const CheckinIntegration& integration : report.integrations) {
    const auto earned = earned_codes(integration);
    codes.insert(codes.end(), earned.begin(), earned.end());
  }
  return codes;
}

}  // namespace gk::app
