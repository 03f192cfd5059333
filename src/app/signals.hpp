#pragma once

#include "util/stop.hpp"

namespace gk::app {

/// SIGINT and SIGTERM set the flag; a second one ends the process at once with 128 + n
/// (contract 8.9). SIGPIPE is ignored: a closed pipe shows as a failed write. The flag must outlive the
/// process's work; call once, before any thread.
void install_signal_handlers(StopFlag& stop);

}  // namespace gk::app
