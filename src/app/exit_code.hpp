#pragma once

#include <span>

#include "util/error.hpp"

namespace gk::app {

/// The program's exit codes (contract 3, docs/exit-codes.md). Stopped by a signal: 128 + its number,
/// see signal_exit_code().
enum class ExitCode : int {
  done = 0,
  internal_error = 1,      ///< a bug
  changes_pending = 2,     ///< only with --dry-run --detailed-exitcode
  partial = 3,             ///< some actions failed, or single people are held
  limit_held = 4,          ///< a safety limit holds removals or grants
  read_back_mismatch = 5,  ///< the group after the run is not what was planned
  deadline = 10,
  locked = 11,
  usage = 64,
  bad_data = 65,
  unavailable = 69,
  refused = 77,  ///< credentials, permission or signature
  config = 78,
};

/// Of two outcomes the one to report: the first of 1, 77, 78, 65, 69, 5, 4, 3, 10, 11, 2; anything beats 0.
/// Usage errors end the program before there is anything to compare; here 64 stands right behind 1.
[[nodiscard]] ExitCode worst_of(ExitCode a, ExitCode b);
/// The same for any number; `done` for none.
[[nodiscard]] ExitCode worst_of(std::span<const ExitCode> codes);

/// The code of an error that ended a run or an integration. Failures of single actions do not come here: they
/// are `partial`. `interrupted` is `internal_error`, because the signal decides that code: use
/// signal_exit_code().
[[nodiscard]] ExitCode from_category(Category category);

/// 128 + n.
[[nodiscard]] constexpr int signal_exit_code(int signal_number) { return 128 + signal_number; }
[[nodiscard]] constexpr int to_int(ExitCode code) { return static_cast<int>(code); }

}  // namespace gk::app
