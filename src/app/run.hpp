#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/cli.hpp"
#include "app/process.hpp"
#include "app/report.hpp"
#include "util/log.hpp"

/// What every command needs around its work.
namespace gk::app {

/// A new name for this run: when it started and a random number.
[[nodiscard]] std::string new_run_id(Instant now);

/// Numbers in [0, 1) for jitter only: no secret depends on them.
[[nodiscard]] std::function<double()> random_source();

/// Where two runs of one Kisi key meet: each user's runtime directory, and the machine's.
[[nodiscard]] std::vector<std::string> lock_directories(const config::Environment& machine);

/// The lock file of the Kisi key; its secret must be resolved.
[[nodiscard]] std::string lock_name(const config::KisiSettings& kisi);

/// Logs the warnings; puts the faults into the report and fails with Category::config when there are any.
[[nodiscard]] Result<void> accept_configuration(const std::vector<config::Fault>& faults,
                                                const std::vector<config::Fault>& warnings, Envelope& report,
                                                Log& log);

/// A terminal that can show colours, and nobody who said no (contract 2).
[[nodiscard]] bool wants_color(const GlobalOptions& global, const Process& process);

/// Writes a result; false when it did not arrive. A full disk or a closed pipe must not look like success:
/// cron would mail nothing.
[[nodiscard]] bool print(std::FILE* out, const std::string& text);

/// The code of a run whose result was printed, or not: then it says so, and success becomes a failure.
[[nodiscard]] int conclude(int exit_code, bool printed, const Process& process);

}  // namespace gk::app
