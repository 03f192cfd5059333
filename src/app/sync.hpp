#pragma once

#include <optional>
#include <string>

#include "app/cli.hpp"
#include "app/report.hpp"
#include "config/load.hpp"
#include "util/clock.hpp"
#include "util/log.hpp"

namespace gk::app {

/// The world outside, as the commands see it; tests give their own.
struct Environment {
  config::Environment machine;  ///< variables and files
  Clock& clock;
  StopFlag& stop;
  std::FILE* out;  ///< results
  std::FILE* err;  ///< everything else
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::FILE* in = nullptr;  ///< standard input; null: there is none
};

enum class SyncKind { members, bookings };

/// sync-members or sync-bookings: configuration, secrets, lock, then every chosen integration in file order,
/// whatever happened to the others (contract 3). Integrations that do not have bookings enabled are
/// skipped by sync-bookings. Prints nothing but log lines and progress; the report tells the rest.
[[nodiscard]] RunReport run_sync(SyncKind kind, const GlobalOptions& global, const SyncOptions& sync,
                                 const Environment& environment, Log& log);

}  // namespace gk::app
