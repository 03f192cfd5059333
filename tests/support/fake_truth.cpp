#include "support/fake_truth.hpp"

#include <absl/time/time.h>

#include <algorithm>
#include <stdexcept>

namespace gk::test {

namespace {

using Kind = Claim::Kind;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return text;
}

Kind claim_of_plan(const PlanFilter& filter, const PlanNames& plan) {
  // The sweeps filter by one membership name at most.
  const auto left = filter.unmatched({});
  if (left.empty()) return Kind::right;
  for (const std::string& entry : left) {
    if (lower(entry) == lower(plan.membership_name) || lower(entry) == lower(plan.plan_name))
      return Kind::right;
  }
  return plan.membership_name.empty() || plan.plan_name.empty() ? Kind::unclear : Kind::none;
}

/// Contract 5, members: default is no.
Kind claim_of_member(const Member& member, const MembershipRules& rules, const absl::TimeZone& zone,
                     Instant now) {
  const Membership& membership = member.membership;
  const auto day_of = [&](Instant instant) {
    return absl::ToCivilDay(absl::FromUnixSeconds(instant.time_since_epoch().count()), zone);
  };
  if (!member.active || membership.type == MembershipType::none) return Kind::none;
  if (membership.type == MembershipType::unknown) return Kind::unclear;
  if (std::ranges::find(rules.types, membership.type) == rules.types.end()) return Kind::none;
  const Kind plan = claim_of_plan(rules.plans, membership.plan);
  if (plan == Kind::none) return Kind::none;
  if (membership.status == MembershipStatus::missing || membership.status == MembershipStatus::unknown)
    return Kind::unclear;
  if (std::ranges::find(rules.statuses, membership.status) == rules.statuses.end()) return Kind::none;
  if (membership.unreadable_date) return Kind::unclear;
  if (membership.start && day_of(*membership.start) > day_of(now)) return Kind::none;
  if (membership.expiry) {
    const absl::CivilDay next_day = day_of(*membership.expiry) + 1;
    const Instant end{std::chrono::seconds{absl::ToUnixSeconds(absl::FromCivil(next_day, zone))}};
    const bool grace = membership.status == MembershipStatus::active;
    if (now >= end + (grace ? rules.expiry_grace : std::chrono::seconds{0})) return Kind::none;
  }
  return plan;
}

bool is_listed(const FakeGlofox& glofox, const Member& member) {
  return member.active && !glofox.unlisted.contains(member.id);
}

void add_windows(Claim& claim, const FakeGlofox& glofox, MemberId member, const BookingRules& rules) {
  const auto booked = glofox.bookings.find(member);
  if (booked == glofox.bookings.end()) return;
  for (const Booking& booking : booked->second) {
    if (booking.status != BookingStatus::booked) continue;
    if (const auto window =
            Window::make(booking.start - rules.opens_before, booking.end + rules.closes_after))
      claim.windows.push_back(*window);
  }
  claim.windows = merge(std::move(claim.windows));
}

}  // namespace

KisiState state_of(const FakeKisi& kisi) {
  KisiState state;
  for (const auto& [id, entry] : kisi.rows) {
    const auto email = fold_email(entry.email.as_written());
    state.rows.emplace(id.value(),
                       RowState{entry.group, email.value_or(entry.email.as_written()),
                                is_own_row(entry) && email, is_own_row(entry), entry.validity,
                                fmt::format("{} {} {} {} {}", static_cast<int>(entry.assignee), entry.user,
                                            entry.role, static_cast<int>(entry.created_by), entry.creator)});
  }
  for (const auto& [id, user] : kisi.users)
    state.users.emplace(id.value(), UserState{user.email.as_written(), user.name, user.metadata, {}});
  return state;
}

std::map<std::string, Claim> claims_of(const FakeGlofox& glofox, const reconcile::Job& job, Instant now) {
  std::map<std::string, Claim> claims;
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(glofox.branch.time_zone, &zone)) throw std::logic_error("no such time zone");
  std::set<std::string> listed;
  for (const Member& member : glofox.members) {
    if (is_listed(glofox, member)) listed.insert(fold_email(member.email.as_written()).value_or(""));
  }
  for (const Member& member : glofox.members) {
    const auto email = fold_email(member.email.as_written());
    // A record that the list hides says nothing beside one that it shows, but for what it has booked.
    if (!email) continue;
    Claim& claim = claims[*email];
    if (member.active) add_windows(claim, glofox, member.id, job.bookings);
    if (listed.contains(*email) && !is_listed(glofox, member)) continue;
    claim.listed = listed.contains(*email);
    claim.kind = std::max(claim.kind, claim_of_member(member, job.memberships, zone, now));
  }
  return claims;
}

Terms terms_of(const InMemoryGym& gym, Instant now) {
  Terms terms;
  terms.group = gym.job.group;
  terms.former.insert(gym.job.former_groups.begin(), gym.job.former_groups.end());
  for (const PersonKey& person : gym.job.protected_people) terms.protected_people.insert(person.email());
  terms.now = now;
  terms.claims = claims_of(gym.glofox, gym.job, now);
  const auto listed = [&](const Member& member) { return is_listed(gym.glofox, member); };
  const bool empty = std::ranges::none_of(gym.glofox.members, listed);
  terms.believable = !gym.glofox.outage && !gym.glofox.listing_fault && !empty;
  for (const PersonKey& canary : gym.job.canaries) {
    const bool seen = std::ranges::any_of(gym.glofox.members, [&](const Member& member) {
      return listed(member) && fold_email(member.email.as_written()) == canary.email();
    });
    if (!seen && !gym.glofox.listing_fault) terms.everything_held = true;
  }
  terms.may_step_out = gym.kisi.switches.second_row == KisiSwitches::SecondRow::conflict &&
                       gym.kisi.switches.patch != KisiSwitches::Patch::works;
  terms.brake = BrakeRule{gym.job.limits.stated.count, gym.job.limits.stated.percent};
  return terms;
}

std::set<std::string> held_people(const reconcile::IntegrationReport& report) {
  std::set<std::string> people;
  for (const reconcile::Action& action : report.plan.actions) {
    if (action.outcome == reconcile::ActionOutcome::held) people.insert(action.person.email());
  }
  return people;
}

bool was_clean(const reconcile::IntegrationReport& report) {
  return !report.error && !report.limit_holds && !report.actions_failed && !report.stopped_by &&
         report.verified.value_or(true);
}

}  // namespace gk::test
