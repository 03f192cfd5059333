#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/exit_code.hpp"
#include "config/config.hpp"
#include "reconcile/report.hpp"

namespace gk::app {

/// The version that --version and reports print.
inline constexpr std::string_view k_version = GK_VERSION;

/// What every report starts with (contract 9).
struct Envelope {
  std::string command;
  std::string run_id;
  Instant started_at{}, finished_at{};
  int exit_code = 0;
  std::optional<Error> error;  ///< why nothing could run: configuration, lock
  std::string config_path;
  std::vector<config::Fault> faults;  ///< of the configuration, with `error`
};

/// What one run of a sync did: the one object that both outputs are rendered from (contract 9).
struct RunReport : Envelope {
  bool dry_run = false;
  std::optional<Instant> as_of;
  std::vector<reconcile::IntegrationReport> integrations;
};

/// What this integration earns; `pending_counts`: --detailed-exitcode. A signal is not among them: see
/// signal_exit_code().
[[nodiscard]] std::vector<ExitCode> earned_codes(const reconcile::IntegrationReport& report,
                                                 bool pending_counts);
/// The same of all integrations.
[[nodiscard]] std::vector<ExitCode> earned_codes(const RunReport& report, bool pending_counts);

/// The part of an integration that this run leaves alone.
[[nodiscard]] reconcile::IntegrationReport skipped_report(const std::string& integration);

}  // namespace gk::app
