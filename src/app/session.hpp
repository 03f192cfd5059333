#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/cli.hpp"
#include "app/process.hpp"
#include "app/progress.hpp"
#include "app/report.hpp"
#include "app/services.hpp"
#include "util/file_lock.hpp"
#include "util/log.hpp"

namespace gk::app {

/// The frame of one run of a command, in the order in which it is used: open() the configuration,
/// resolve_secrets(), acquire_lock() where two runs must not meet, make_services(), and close() the report.
/// A step that fails gives the error that ends the run.
class Session {
 public:
  /// Begins the report: its command, the run's id, its start.
  Session(Envelope& report, std::string command, const GlobalOptions& global, const Process& process,
          Log& log);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Reads the configuration, logs its warnings, refuses its faults, and chooses the integrations.
  [[nodiscard]] Result<void> open();
  /// The first half of open(), for a command that judges faults and warnings itself: without a usable file
  /// config() stays empty.
  [[nodiscard]] config::Loaded load();
  /// The second half: the integrations that --integration names, or all that are enabled. Category::usage: no
  /// such name.
  [[nodiscard]] Result<void> choose();

  /// Fills in the secrets of this scope, hides them from all output, logs warnings and refuses faults.
  [[nodiscard]] Result<void> resolve_secrets(const config::SecretScope& scope);
  /// The same for a command that judges faults and warnings itself.
  [[nodiscard]] config::SecretProblems read_secrets(const config::SecretScope& scope);

  /// The lock that all runs with this Kisi key share. Category::locked: another run held it for all of
  /// `wait`.
  [[nodiscard]] Result<FileLock> acquire_lock(std::chrono::seconds wait) const;

  /// Both services, as configured; `options.random` is filled in. The session must outlive them.
  [[nodiscard]] Services make_services(Services::Options options) const;

  /// Ends the report: how the work ended, when, and the exit code, which is the worst of what was earned and
  /// of the error, or that of a signal.
  void close(const Result<void>& done, std::vector<ExitCode> earned);

  [[nodiscard]] const config::Config& config() const { return config_; }
  /// In the order of the file; a disabled one only if it was named.
  [[nodiscard]] const std::vector<const config::Integration*>& chosen() const { return chosen_; }
  [[nodiscard]] const GlobalOptions& global() const { return global_; }
  [[nodiscard]] const Process& process() const { return process_; }
  [[nodiscard]] Log& log() const { return log_; }
  [[nodiscard]] Progress& progress() { return progress_; }

 private:
  [[nodiscard]] Result<void> accept(const std::vector<config::Fault>& faults,
                                    const std::vector<config::Fault>& warnings);

  Envelope& report_;
  const GlobalOptions& global_;
  const Process& process_;
  Log& log_;
  Progress progress_;  ///< silent under --quiet and without a terminal
  config::Config config_;
  std::vector<const config::Integration*> chosen_;  ///< into config_
};

}  // namespace gk::app
