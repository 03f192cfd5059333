#pragma once

#include "config/config.hpp"
#include "config/node.hpp"

namespace gk::config {

/// The values of a document in which check_value() and check_document() found no fault.
[[nodiscard]] Config read_config(const Node& root);

}  // namespace gk::config
