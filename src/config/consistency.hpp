#pragma once

#include "config/kinds.hpp"

namespace gk::config {

/// Checks what no single key can say: rates against the base_url, names and groups across integrations, and
/// so on. Tolerates a document that has faults already, so that all are reported at once.
void check_consistency(const Node& root, Faults& faults, Faults& warnings);

}  // namespace gk::config
