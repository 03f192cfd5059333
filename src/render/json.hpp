#pragma once

#include <string>

#include "app/report.hpp"

namespace gk::app {

/// The JSON report of contract 9, pretty-printed, with a final newline. Pure.
[[nodiscard]] std::string render_json(const RunReport& report);

}  // namespace gk::app
