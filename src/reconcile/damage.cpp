#include "reconcile/damage.hpp"

#include <fmt/format.h>

namespace gk::reconcile {

namespace {

constexpr std::chrono::hours k_age_of_a_stale_copy{24 * 60};

bool is_missing(const Member& member, std::size_t index, Damage damage, Instant now) {
  switch (damage) {
    case Damage::empty: return true;
    case Damage::half: return index % 2 == 1;
    case Damage::stale:
      return member.membership.start && *member.membership.start > now - k_age_of_a_stale_copy;
    case Damage::garbled: break;
  }
  return false;
}

void spoil(Member& member, std::size_t index, Damage damage) {
  if (damage == Damage::stale && member.membership.expiry)
    member.membership.expiry = *member.membership.expiry - k_age_of_a_stale_copy;
  if (damage != Damage::garbled) return;
  if (index % 3 == 0 && member.membership.type != MembershipType::none) {
    member.membership.status = MembershipStatus::unknown;
    member.membership.unknown_status = "(garbled)";
  }
  if (index % 3 == 1) member.email = "(garbled)";
}

}  // namespace

Roster damage_roster(const Roster& roster, Damage damage, Instant now) {
  Roster damaged;
  for (std::size_t i = 0; i < roster.size(); ++i) {
    Member member = roster.member(i);
    if (is_missing(member, i, damage, now)) continue;
    spoil(member, i, damage);
    static_cast<void>(damaged.add(member));
  }
  damaged.seal();
  return damaged;
}

Result<RosterSnapshot> DamagedRoster::read_roster() {
  GK_TRY_ASSIGN(RosterSnapshot snapshot, inner_.read_roster());
  snapshot.roster = map_reading(std::move(snapshot.roster), [&](Roster&& roster) {
    Roster damaged = damage_roster(roster, damage_, now_);
    account_ = fmt::format("{} people read, {} left", roster.size(), damaged.size());
    return damaged;
  });
  return snapshot;
}

}  // namespace gk::reconcile
