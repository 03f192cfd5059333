#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/checkin_report.hpp"
#include "app/services.hpp"
#include "checkin/visit.hpp"
#include "config/load.hpp"
#include "glofox/checkin_client.hpp"
#include "util/failure_streak.hpp"

/// The configuration and the services in the words of check-in.
namespace gk::app {

/// `checkin.dedupe_dir`, else below $XDG_STATE_HOME or ~/.local/state; empty when none of them is known.
[[nodiscard]] std::string checkin_directory(const config::Integration& integration,
                                            const config::Environment& machine);

/// The longest `max_age` of the file: integrations may share a cache, and none may lose the other's.
[[nodiscard]] std::chrono::seconds longest_age(const config::Config& config);

/// Whether check-in concerns itself with this integration.
[[nodiscard]] bool takes_part_in_checkin(const config::Integration& integration);

/// The events and people of one integration, as earlier runs left them.
[[nodiscard]] checkin::Cache checkin_cache(const config::Config& config,
                                           const config::Integration& integration,
                                           const config::Environment& machine);

/// Leaves the user behind the key with the caches of `integrations`, so that no hook need ask whose key it
/// is.
void remember_own_user(const config::Config& config,
                       const std::vector<const config::Integration*>& integrations, UserId user,
                       const config::Environment& machine, Instant now);

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
  glofox::CheckinClient front_desk_;
  checkin::Visit visit_;
  CheckinIntegration report_;
  FailureStreak streak_;
};

/// What an integration earned (contract 3).
[[nodiscard]] std::vector<ExitCode> earned_codes(const CheckinIntegration& report);
/// The same of all integrations.
[[nodiscard]] std::vector<ExitCode> earned_codes(const CheckinReport& report);

}  // namespace gk::app
