#pragma once

#include <string>
#include <vector>

#include "sweep/sandbox_state.hpp"

namespace gk::test {

/// One command with something to do of every kind, that faults and kills are tried on. A new command is one
/// more entry of the table in standard_runs.cpp.
struct StandardRun {
  std::string name;                    ///< of the run: "members"
  std::vector<std::string> arguments;  ///< of the program, without --config
  void (*furnish)(SandboxGym& gym);    ///< fills the sandbox and the settings
  bool windows = false;                ///< the command settles booking windows
  bool checkins = false;  ///< the command checks people in: it knows no --deadline and has a cache
};

/// Where the run of check-in remembers what it did.
[[nodiscard]] std::filesystem::path checkin_directory(const SandboxGym& gym);

[[nodiscard]] const std::vector<StandardRun>& standard_runs();

}  // namespace gk::test
