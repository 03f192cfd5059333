#pragma once

#include <string>

#include "reconcile/plan.hpp"

namespace gk::reconcile {

/// Compares a plan that was applied with a fresh plan over the group as it is now: what is left must be
/// exactly what was held, failed or skipped; actions of unknown outcome may be left or not. Empty when it is
/// so, else what differs, for people (contract 7). Pure.
[[nodiscard]] std::string compare_readback(const Plan& applied, const Plan& left);

}  // namespace gk::reconcile
