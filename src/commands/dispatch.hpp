#pragma once

#include "app/cli.hpp"
#include "app/process.hpp"
#include "util/log.hpp"

namespace gk::app {

/// The whole program after main(): reads the command line, runs the command, prints its result, and gives the
/// exit code.
[[nodiscard]] int run(int argc, const char* const* argv, const Process& process);

/// Runs one command, prints its result, and gives the exit code.
[[nodiscard]] int run_command(const GlobalOptions& global, const Command& command, const Process& process,
                              Log& log);

}  // namespace gk::app
