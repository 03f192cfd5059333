#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/report.hpp"
#include "checkin/report.hpp"
#include "reconcile/report.hpp"

namespace gk::app {

/// Something worth knowing about a check-in run.
struct CheckinNotice {
  std::string kind;  ///< "unusable_events", "events_cut_short"
  std::string detail;
};

/// One integration's part of a check-in run.
struct CheckinIntegration {
  std::string name;
  reconcile::IntegrationOutcome outcome = reconcile::IntegrationOutcome::skipped;
  std::optional<Error> error;  ///< what ended it early
  std::vector<checkin::CheckinResult> results;
  std::vector<CheckinNotice> notices;
  reconcile::RequestCounts requests;
};

/// What one check-in run did: text and JSON are rendered from it.
struct CheckinReport : Envelope {
  bool dry_run = false;
  std::vector<CheckinIntegration> integrations;
};

/// What an integration earned (contract 3).
[[nodiscard]] std::vector<ExitCode> earned_codes(const CheckinIntegration& report);
/// The same of all integrations.
[[nodiscard]] std::vector<ExitCode> earned_codes(const CheckinReport& report);

}  // namespace gk::app
