#pragma once

#include <string>
#include <vector>

#include "reconcile/planner.hpp"
#include "reconcile/ports.hpp"

namespace gk::reconcile {

/// Kisi's side of a pass.
struct Observation {
  Observed observed;
  std::string group_name;
};

/// Reads the group and the former ones. Refused: a listing that is not whole (nothing may be written on it),
/// a place-scoped group and a group that a marketplace integration writes to (Category::config,
/// contract 1.5 and 6).
[[nodiscard]] Result<Observation> observe(AccessControl& access, GroupId group,
                                          const std::vector<GroupId>& former_groups);

}  // namespace gk::reconcile
