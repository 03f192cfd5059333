#include "reconcile/eligibility.hpp"

#include <algorithm>

#include "domain/ids.hpp"
#include "util/text.hpp"

namespace gk::reconcile {

namespace {

bool is_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

Cause cause_of(MembershipStatus status) {
  switch (status) {
    case MembershipStatus::future:
      return Cause::future;
    case MembershipStatus::locked:
      return Cause::locked;
    case MembershipStatus::paused:
      return Cause::paused;
    case MembershipStatus::cancelled:
      return Cause::cancelled;
    case MembershipStatus::expired:
      return Cause::expired;
    case MembershipStatus::active:
      return Cause::status_not_allowed;
    case MembershipStatus::unknown:
      return Cause::unknown_status;
    case MembershipStatus::missing:
      break;
  }
  return Cause::incomplete_record;
}

bool has_expired(Instant expiry, bool active, const MembershipRules& rules, const Zone& zone, Instant now) {
  const Instant end_of_day = zone.start_of_day(zone.local_day(expiry) + date::days{1});
  return now >= end_of_day + (active ? rules.expiry_grace : std::chrono::seconds{0});
}

}  // namespace

PlanFilter PlanFilter::of(const std::vector<std::string>& entries) {
  PlanFilter filter;
  filter.entries_.emplace();
  for (const std::string& entry : entries) filter.entries_->push_back(Entry{entry, fold_name(entry)});
  return filter;
}

PlanFilter::Match PlanFilter::match(const PlanNames& plan) const {
  if (!entries_) return Match::yes;
  const std::string membership = fold_name(plan.membership_name);
  const std::string plan_name = fold_name(plan.plan_name);
  bool field_missing = false;
  for (const Entry& entry : *entries_) {
    const std::string& wanted = entry.folded;
    if (wanted.empty()) continue;  // it would match every row that lacks a name
    if (wanted == membership || wanted == plan_name || wanted == plan.plan_code ||
        wanted == plan.membership_id) {
      return Match::yes;
    }
    if (is_glofox_id(wanted)) {
      field_missing |= plan.membership_id.empty();
    } else if (is_digits(wanted)) {
      field_missing |= plan.plan_code.empty();
    } else {
      field_missing |= membership.empty() || plan_name.empty();
    }
  }
  return field_missing ? Match::field_missing : Match::no;
}

std::vector<std::string> PlanFilter::unmatched(const std::vector<PlanNames>& plans) const {
  std::vector<std::string> left;
  for (const Entry& entry : entries_.value_or(std::vector<Entry>{})) {
    const PlanFilter single = PlanFilter::of({entry.text});
    const bool found =
        std::ranges::any_of(plans, [&](const PlanNames& plan) { return single.match(plan) == Match::yes; });
    if (!found) left.push_back(entry.text);
  }
  return left;
}

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
