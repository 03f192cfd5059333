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
/// a place-scoped group and a group that a marketplace integration writes to (Category::config, contract
/// sections 1.5 and 6).
[[nodiscard]] Result<Observation> observe(AccessControl& access, GroupId group,
                                          const std::vector<GroupId>& former_groups);

/// Both sides of a pass.
struct BothSides {
  Result<RosterSnapshot> roster;
  Result<Observation> observation;
};

/// Reads both services at the same time, Glofox on a thread of its own (contract section 10).
[[nodiscard]] BothSides read_both(RosterSource& roster, AccessControl& access, GroupId group,
                                  const std::vector<GroupId>& former_groups);

}  // namespace gk::reconcile
