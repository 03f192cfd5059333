#pragma once

#include "app/sync.hpp"

namespace gk::app {

/// validate-config: prints every check and gives 0, 77, 78, 65 or 69 (contract sections 2, 3, 9).
[[nodiscard]] int run_validate_config(const GlobalOptions& global, const ValidateConfig& command,
                                      const Environment& environment, Log& log);

}  // namespace gk::app
