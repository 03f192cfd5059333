#include "reconcile/eligibility.hpp"

#include <algorithm>

namespace gk::reconcile {

namespace {

Cause cause_of(MembershipStatus status) {
  switch (status) {
    case MembershipStatus::future: return Cause::future;
    case MembershipStatus::locked: return Cause::locked;
    case MembershipStatus::paused: return Cause::paused;
    case MembershipStatus::cancelled: return Cause::cancelled;
    case MembershipStatus::expired: return Cause::expired;
    case MembershipStatus::active: return Cause::status_not_allowed;
    case MembershipStatus::unknown: return Cause::unknown_status;
    case MembershipStatus::missing: break;
  }
  return Cause::incomplete_record;
}

bool has_expired(Instant expiry, bool active, const MembershipRules& rules, const Zone& zone, Instant now) {
  const Instant end_of_day = zone.start_of_day(zone.local_day(expiry) + std::chrono::days{1});
  return now >= end_of_day + (active ? rules.expiry_grace : std::chrono::seconds{0});
}

}  // namespace

Judgement judge(const Roster& roster, std::size_t index, const MembershipRules& rules, const Zone& zone,
                Instant now) {
  if (!roster.active(index)) return {Cause::deactivated};
  const MembershipType type = roster.type(index);
  if (type == MembershipType::none) return {Cause::no_membership};
  if (type == MembershipType::unknown) return {Cause::unknown_type};
  if (std::ranges::find(rules.types, type) == rules.types.end()) return {Cause::type_not_allowed};

  const PlanFilter::Match plan = rules.plans.match(roster.plan(index));
  if (plan == PlanFilter::Match::no) return {Cause::plan_not_allowed};
  const MembershipStatus status = roster.status(index);
  if (status == MembershipStatus::missing) return {Cause::incomplete_record, true};
  if (status == MembershipStatus::unknown) return {Cause::unknown_status};
  if (std::ranges::find(rules.statuses, status) == rules.statuses.end()) return {cause_of(status)};

  // No expiry is a right without end, so a date that cannot be read must not pass for none.
  if (roster.has_unreadable_date(index)) return {Cause::incomplete_record, true};
  const auto start = roster.start(index);
  if (start && zone.local_day(*start) > zone.local_day(now)) return {Cause::future};
  const auto expiry = roster.expiry(index);
  if (expiry && has_expired(*expiry, status == MembershipStatus::active, rules, zone, now))
    return {Cause::expired};
  if (plan == PlanFilter::Match::field_missing) return {Cause::incomplete_record, true};
  return {Cause::membership_active};
}

}  // namespace gk::reconcile
