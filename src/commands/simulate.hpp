#pragma once

#include "app/cli.hpp"
#include "app/process.hpp"
#include "app/report.hpp"
#include "reconcile/damage_kind.hpp"
#include "util/log.hpp"

namespace gk::app {

/// validate-config --simulate: reads both services, damages the Glofox list in memory, and plans with the
/// real planner and limits. Writes nothing and takes no lock. The exit code is what sync-members would end
/// with before its first write: 4 when a limit holds,
/// 3 when single people are held, 65 when the list is incomplete, 0 when nothing is held.
[[nodiscard]] RunReport run_simulation(const GlobalOptions& global, reconcile::Damage damage,
                                       const Process& process, Log& log);

}  // namespace gk::app
