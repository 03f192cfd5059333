#pragma once

#include "app/process.hpp"

namespace gk::app {

/// The whole program after main(): reads the command line, runs the command, prints its result, and gives the
/// exit code.
[[nodiscard]] int run(int argc, const char* const* argv, const Process& process);

}  // namespace gk::app
