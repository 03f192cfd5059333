#pragma once

#include "app/checkin_report.hpp"
#include "app/cli.hpp"
#include "app/process.hpp"

namespace gk::app {

/// checkin: configuration, secrets, then the event (size, signature, shape), the unlock given by hand, or
/// Kisi's record of a stretch of time, for every chosen integration whose check-in is enabled. Takes no lock
/// and waits for none. Prints nothing but log lines and progress.
[[nodiscard]] CheckinReport run_checkin(const GlobalOptions& global, const Checkin& command,
                                        const Process& process, Log& log);

}  // namespace gk::app
