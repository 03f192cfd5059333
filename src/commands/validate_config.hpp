#pragma once

#include "app/cli.hpp"
#include "app/process.hpp"
#include "checks/report.hpp"
#include "util/log.hpp"

namespace gk::app {

/// validate-config: every check of the file and the machine, and unless `offline` of both services. Writes
/// nothing, and takes no lock: it may run beside a sync. `error` is set when the configuration is broken, or
/// names are wrong (Category::usage: nothing was checked). The exit code is 0, 77, 78, 65 or 69, 64 for an
/// unknown --integration, or 128+n (contract 2, 3, 9).
[[nodiscard]] ValidateReport run_validate_config(const GlobalOptions& global, const ValidateConfig& command,
                                                 const Process& process, Log& log);

}  // namespace gk::app
