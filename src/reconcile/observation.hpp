#pragma once

#include <optional>
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

/// Why no sync may write to a group, and what to do about it.
struct Ban {
  std::string reason;
  std::string fix;
};
/// A group of a place: Kisi grants nothing in it to the users of an organization (contract 1.5).
[[nodiscard]] std::optional<Ban> ban_by_scope(const Group& group);
/// Rows made by an integration of the Kisi marketplace (contract 6).
[[nodiscard]] std::optional<Ban> ban_by_writers(const std::vector<RoleAssignment>& rows);

/// Reads the group and the former ones. Refused: a listing that is not whole (nothing may be written on it),
/// and a banned group (Category::config).
[[nodiscard]] Result<Observation> observe(AccessControl& access, GroupId group,
                                          const std::vector<GroupId>& former_groups);

}  // namespace gk::reconcile
