#pragma once

#include <string>

#include "app/report.hpp"

namespace gk::app {

/// The text output of contract 2, rendered from the same object as the JSON: a heading, one line per
/// action (`+` grant,
/// `-` revoke, `~` change, `=` foreign or protected and kept, `!` held), notices with `*`, then one summary
/// line per integration. Windows are in the location's local time. What came from the services is escaped.
/// Pure.
[[nodiscard]] std::string render_text(const RunReport& report, bool color);

/// The troubles alone, one or a few lines each, for standard error. Empty when there are none. Pure.
[[nodiscard]] std::string render_errors(const RunReport& report);

}  // namespace gk::app
