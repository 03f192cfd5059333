#pragma once

#include "app/checkin_report.hpp"
#include "app/services.hpp"
#include "checkin/visit.hpp"
#include "glofox/checkin_client.hpp"
#include "util/failure_streak.hpp"

namespace gk::app {

/// One integration that takes part in a run: everything that handles its unlocks, and what it will report.
class Participant {
 public:
  /// `integration` and `options` must outlive it.
  Participant(const config::Integration& integration, const checkin::VisitOptions& options,
              checkin::Cache cache, Services& services, checkin::KisiLookups& lookups, Log& log);

  [[nodiscard]] const config::Integration& integration() const { return integration_; }
  [[nodiscard]] checkin::Cache& cache() { return cache_; }
  [[nodiscard]] CheckinIntegration& report() { return report_; }
  /// No unlock is handled any more.
  [[nodiscard]] bool has_ended() const { return report_.error.has_value(); }

  /// Handles one unlock. What ends the integration (credentials, a service that is away, several refusals in
  /// a row) goes to the report's error.
  void handle(const checkin::Unlock& unlock, Instant now);
  /// Works out the report's outcome.
  void finish(bool dry_run);

 private:
  void note_failures(const checkin::CheckinResult& result);

  const config::Integration& integration_;
  checkin::Cache cache_;
  Services& services_;
  glofox::CheckinClient glofox_;
  checkin::Visit visit_;
  CheckinIntegration report_;
  FailureStreak streak_{"unlocks"};
};

}  // namespace gk::app
