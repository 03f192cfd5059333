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

}  // namespace

std::optional<Ban> ban_by_scope(const Group& group) {
  if (!group.place) return std::nullopt;
  return Ban{fmt::format("belongs to place {}, but must belong to the organization (the dashboard says \"The "
                         "organization is ambiguous\")",
                         *group.place),
             "a group's scope cannot be changed: create a new group without choosing a place, give it the "
             "same doors, and put its id into the configuration"};
}

std::optional<Ban> ban_by_writers(const std::vector<RoleAssignment>& rows) {
  const auto others =
      std::ranges::count(rows, Creator::marketplace_installation, &RoleAssignment::created_by);
  if (others == 0) return std::nullopt;
  return Ban{fmt::format("has rows made by an integration of the Kisi marketplace: {}. Two writers on one "
                         "group undo each other's work",
                         others),
             "switch that integration off in the Kisi dashboard, or use another group"};
}

Result<Observation> observe(AccessControl& access, GroupId group, const std::vector<GroupId>& former_groups) {
  GK_TRY_ASSIGN(GroupSnapshot snapshot, access.read_group(group));
  for (const auto& ban : {ban_by_scope(snapshot.group), ban_by_writers(value_of(snapshot.rows))}) {
    if (!ban) continue;
    return fail(Category::config, fmt::format("Kisi group {} '{}' {}; {}. Nothing was changed", group,
                                              snapshot.group.name, ban->reason, ban->fix));
  }
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
