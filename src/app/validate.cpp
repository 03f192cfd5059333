#include "app/validate.hpp"

namespace gk::app {

int run_validate_config(const GlobalOptions&, const ValidateConfig&, const Environment&, Log&) { return 0; }

}  // namespace gk::app
