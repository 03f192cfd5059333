#pragma once

#include <string>
#include <vector>

#include "reconcile/planner.hpp"
#include "reconcile/safety.hpp"
#include "support/builders.hpp"

// Plans as tables: scenes that are planned, and plans as lines of text.
namespace gk::test {

inline const Instant k_now = at("2026-03-01T12:00:00Z");

/// A validity by hours around k_now: hours(-1, 2) opened an hour ago and ends in two.
inline Validity hours(int from, int until) {
  return Validity{k_now + std::chrono::hours{from}, k_now + std::chrono::hours{until}};
}

/// "grant ada", "revoke bo #7 cancelled held": kind, person before the '@', row, cause of removals, outcome.
inline std::string line_of(const reconcile::Action& action) {
  const std::string& email = action.person.email();
  std::string line = fmt::format("{} {}", action_name(action.kind), email.substr(0, email.find('@')));
  if (action.row) line += fmt::format(" #{}", *action.row);
  if (action.former) line += " former";
  if (action.kind == reconcile::ActionKind::revoke || action.removes())
    line += fmt::format(" {}", cause_name(action.cause));
  if (action.outcome != reconcile::ActionOutcome::planned)
    line += fmt::format(" {}", outcome_name(action.outcome));
  return line;
}

using Lines = std::vector<std::string>;

inline Lines lines_of(const reconcile::Plan& plan) {
  Lines lines;
  for (const reconcile::Action& action : plan.actions) lines.push_back(line_of(action));
  return lines;
}

/// What the planner sees, built step by step.
struct Scene {
  reconcile::Desired desired;
  reconcile::Observed observed;
  reconcile::Policy policy;

  Scene() {
    observed.self = k_self;
    observed.group = k_group;
  }

  void right(std::string_view email, Validity validity = Validity::open_ended()) {
    const auto number = static_cast<unsigned>(desired.rights.size() + 1);
    desired.rights.push_back({key(email), std::string(email), {member_id(number)}, validity, {}});
    std::ranges::sort(desired.rights, {}, &reconcile::Right::person);
  }
  void refuse(std::string_view email, reconcile::Cause cause) {
    desired.denials.emplace(key(email), reconcile::Denial{cause, {member_id(900)}, false, {}});
  }
  void user(std::int64_t id, std::string_view email) {
    observed.users[key(email)] = User{UserId{id}, std::string(email), std::string(email), {}};
  }
  void rows(const std::vector<RoleAssignment>& some) {
    observed.rows.insert(observed.rows.end(), some.begin(), some.end());
  }
  void former(std::vector<RoleAssignment> some) {
    for (RoleAssignment& entry : some) entry.group = k_former_group;
    observed.former.push_back({k_former_group, std::move(some)});
  }

  /// What may be done on a roster that is not whole.
  [[nodiscard]] reconcile::Plan plan_grants() const { return make_plan(desired, observed, policy, k_now); }
  [[nodiscard]] reconcile::Plan plan() const {
    reconcile::Plan plan = plan_grants();
    plan_removals(complete(desired), observed, policy, k_now, plan);
    return plan;
  }
};

}  // namespace gk::test
