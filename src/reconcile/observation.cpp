#include "reconcile/observation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gk::reconcile {

namespace {

Result<std::vector<RoleAssignment>> whole_rows(GroupSnapshot snapshot) {
  if (const Error* reason = incomplete_because(snapshot.rows)) {
    return fail(
        with_context(fmt::format("Kisi group {}: the list of its rows is incomplete, so nothing was changed",
                                 snapshot.group.id),
                     *reason));
  }
  return std::get<Complete<std::vector<RoleAssignment>>>(std::move(snapshot.rows)).value();
}

Result<void> check_group(const GroupSnapshot& snapshot) {
  const Group& group = snapshot.group;
  if (group.place) {
    return fail(
        Category::config,
        fmt::format(
            "Kisi group {} '{}' belongs to place {}: it must be organization-scoped (the dashboard says "
            "\"The organization is ambiguous\"). The scope cannot be changed later: create a new group "
            "without a place, give it the doors, and put its id into group_id. Nothing was changed",
            group.id, group.name, *group.place));
  }
  const auto& rows = value_of(snapshot.rows);
  const auto others =
      std::ranges::count(rows, Creator::marketplace_installation, &RoleAssignment::created_by);
  if (others > 0) {
    return fail(Category::config,
                fmt::format("Kisi group {} '{}' has {} rows made by a marketplace integration: two writers "
                            "on one group would undo each other's work. Switch that integration off or use "
                            "another group. Nothing was changed",
                            group.id, group.name, others));
  }
  return {};
}

}  // namespace

Result<Observation> observe(AccessControl& access, GroupId group, const std::vector<GroupId>& former_groups) {
  GK_TRY_ASSIGN(GroupSnapshot snapshot, access.read_group(group));
  GK_TRY(check_group(snapshot));
  Observation observation;
  observation.group_name = snapshot.group.name;
  observation.observed.self = snapshot.self;
  observation.observed.group = group;
  GK_TRY_ASSIGN(observation.observed.rows, whole_rows(std::move(snapshot)));
  for (const GroupId former : former_groups) {
    if (former == group) continue;  // else every row would be cleaned as one of a former group
    GK_TRY_ASSIGN(GroupSnapshot left, access.read_group(former));
    GK_TRY_ASSIGN(std::vector<RoleAssignment> rows, whole_rows(std::move(left)));
    observation.observed.former.push_back(FormerGroup{former, std::move(rows)});
  }
  return observation;
}

}  // namespace gk::reconcile
