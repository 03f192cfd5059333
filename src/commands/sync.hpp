#pragma once

#include "app/cli.hpp"
#include "app/process.hpp"
#include "app/report.hpp"
#include "util/log.hpp"

namespace gk::app {

enum class SyncKind { members, bookings };

/// sync-members or sync-bookings: configuration, secrets, lock, then every chosen integration in file order,
/// whatever happened to the others (contract 3). Integrations that do not have bookings enabled are
/// skipped by sync-bookings. Prints nothing but log lines and progress; the report tells the rest.
[[nodiscard]] RunReport run_sync(SyncKind kind, const GlobalOptions& global, const SyncOptions& options,
                                 const Process& process, Log& log);

}  // namespace gk::app
