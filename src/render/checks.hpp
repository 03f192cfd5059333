#pragma once

#include <string>

#include "checks/report.hpp"

namespace gk::app {

/// One aligned line per check, under it what to do about it, and a line with the counts. What came from the
/// services is escaped. Pure.
[[nodiscard]] std::string render_text(const ValidateReport& report, bool color);

/// The JSON of contract 9 with `checks`, pretty-printed, with a final newline. Pure.
[[nodiscard]] std::string render_json(const ValidateReport& report);

/// A wrong command line alone: everything else is among the checks. Pure.
[[nodiscard]] std::string render_errors(const ValidateReport& report);

}  // namespace gk::app
