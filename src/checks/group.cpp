#include "checks/group.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checks/judge.hpp"
#include "kisi/listing.hpp"
#include "reconcile/observation.hpp"

namespace gk::app {

namespace {

Service kisi_group_service(const KisiFacts& facts) { return {"Kisi", facts.base_url, k_permission_fix}; }

std::string name_of(const Group& group) { return named(group.name, fmt::to_string(group.id)); }

Finding failed_by(const reconcile::Ban& ban, const Group& group) {
  return failed(ExitCode::config, fmt::format("group {} {}", name_of(group), ban.reason), ban.fix);
}

/// The doors by name, a few of them.
std::string door_names(const std::vector<const kisi::GroupLock*>& locks) {
  std::vector<std::string> names;
  for (const kisi::GroupLock* lock : locks) names.push_back(named(lock->name, fmt::to_string(lock->lock)));
  return listed(std::move(names), 5);
}

}  // namespace

Finding check_group(const GroupContext& context) {
  return judge(context.group.snapshot, kisi_group_service(context.kisi),
               [](const reconcile::GroupSnapshot& read) { return passed("group " + name_of(read.group)); });
}

Finding check_group_scope(const GroupContext& context) {
  return judge(context.group.snapshot, kisi_group_service(context.kisi),
               [](const reconcile::GroupSnapshot& read) {
                 if (const auto ban = reconcile::ban_by_scope(read.group)) return failed_by(*ban, read.group);
                 return passed("belongs to the organization");
               });
}

Finding check_group_doors(const GroupContext& context) {
  using Locks = std::vector<kisi::GroupLock>;
  return judge(context.group.locks, kisi_group_service(context.kisi), [&](const Locks& locks) {
    if (locks.empty()) {
      return failed(ExitCode::config, fmt::format("group {} opens no door", context.group.id),
                    "add the gym's doors to the group in the Kisi dashboard");
    }
    std::vector<const kisi::GroupLock*> here, elsewhere;
    for (const kisi::GroupLock& lock : locks) {
      (!context.place || lock.place == *context.place ? here : elsewhere).push_back(&lock);
    }
    if (elsewhere.empty()) {
      return passed(fmt::format("{}: {}{}", counted(here.size(), "door"), door_names(here),
                                context.place ? "" : "; place_id is not set, so their place is not checked"));
    }
    if (here.empty()) {
      return failed(
          ExitCode::config,
          fmt::format("none of the group's doors is in place {}: {}", *context.place, door_names(elsewhere)),
          "correct place_id or group_id, or give the group the doors of that place");
    }
    return warned(fmt::format("{} of {} not in place {}: {}", elsewhere.size(), counted(locks.size(), "door"),
                              *context.place, door_names(elsewhere)),
                  "if this is not intended, remove these doors from the group: everybody in it can open them "
                  "too, and unlocks there are never checked in");
  });
}

Finding check_group_writers(const GroupContext& context) {
  return judge(context.group.snapshot, kisi_group_service(context.kisi),
               [](const reconcile::GroupSnapshot& read) {
                 const auto& rows = value_of(read.rows);
                 if (const auto ban = reconcile::ban_by_writers(rows)) return failed_by(*ban, read.group);
                 const auto ours = std::ranges::count_if(
                     rows, [&](const RoleAssignment& row) { return is_ours(row, read.self.id); });
                 return passed(fmt::format("{} of ours; {} by others, never changed",
                                           counted(static_cast<std::size_t>(ours), "row"),
                                           rows.size() - static_cast<std::size_t>(ours)));
               });
}

Finding check_group_size(const GroupContext& context) {
  return judge(
      context.group.snapshot, kisi_group_service(context.kisi), [&](const reconcile::GroupSnapshot& read) {
        constexpr std::size_t k_limit = kisi::k_max_offset + kisi::k_list_limit;
        constexpr std::size_t k_near = k_limit / 10 * 9;
        if (const Error* reason = incomplete_because(read.rows)) {
          const std::string fix =
              reason->category == Category::protocol
                  ? "run this again in a few minutes: somebody may be changing the group. A sync changes "
                    "nothing while this continues; if it does not stop, ask Kisi support"
                  : fix_of(*reason, kisi_group_service(context.kisi));
          return failed(*reason, fix);
        }
        const std::size_t rows = value_of(read.rows).size();
        if (rows < k_near) return passed(fmt::format("{} of at most {}", counted(rows, "row"), k_limit));
        return warned(fmt::format("{}, but Kisi lists no more than {}", counted(rows, "row"), k_limit),
                      "a larger group cannot be synced: move some of the people to a group of their own");
      });
}

Finding check_place(const KisiFacts& kisi, const config::Integration& integration,
                    const IntegrationFacts& facts) {
  if (!integration.place) return skipped("place_id is not set");
  return judge(facts.place, kisi_group_service(kisi), [&](const kisi::Place& place) {
    const std::int64_t own = kisi.self && *kisi.self ? (*kisi.self)->organization : 0;
    if (place.organization == own || place.organization == 0)
      return passed("place " + named(place.name, fmt::to_string(place.id)));
    return failed(ExitCode::config,
                  fmt::format("place {} belongs to organization {}, the key to organization {}",
                              named(place.name, fmt::to_string(place.id)), place.organization, own),
                  "correct place_id, or use a key from that organization");
  });
}

Finding check_checkin_place(const config::Integration& integration, const IntegrationFacts& facts) {
  if (!integration.checkin.enabled) return skipped("checkin is not enabled");
  if (!integration.place || !facts.group.locks || !*facts.group.locks)
    return skipped("the group's doors are not known");
  const std::vector<kisi::GroupLock>& locks = **facts.group.locks;
  const auto doors = static_cast<std::size_t>(
      std::ranges::count(locks, *integration.place, [](const kisi::GroupLock& lock) { return lock.place; }));
  if (doors > 0) return passed(fmt::format("unlocks of {} are checked in", counted(doors, "door")));
  return failed(ExitCode::config, "no unlock would be checked in: the group opens no door of place_id",
                "correct place_id, or give the group the doors of that place");
}

}  // namespace gk::app
