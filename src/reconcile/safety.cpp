#include "reconcile/safety.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gk::reconcile {

namespace {

/// Rows that the command owns, per group: the base of both percentages.
std::map<GroupId, std::size_t> owned_rows(const Observed& observed, Scope scope) {
  std::map<GroupId, std::size_t> rows;
  observed.for_each_row([&](const RoleAssignment& row) {
    if (owner_of(row, observed.self.id, scope) == Owner::ours) ++rows[row.group];
  });
  return rows;
}

bool is_approved(const Action& action, const Approvals& approvals) {
  return action.row && approvals.contains(Approval{*action.row, action.person});
}

bool is_open(const Action& action) { return action.outcome == ActionOutcome::planned; }

/// The removals of one kind in one group, counted before anything is held.
std::size_t count_removals(const Plan& plan, Brake brake, GroupId group) {
  return static_cast<std::size_t>(std::ranges::count_if(plan.actions, [&](const Action& action) {
    return action.brake == brake && action.group == group && is_open(action);
  }));
}

/// Holds the removals of one kind where they exceed their limit, but for the approved ones. Approved or not,
/// they all count.
bool apply_brake(Plan& plan, Brake brake, const BrakeLimit& limit, const std::map<GroupId, std::size_t>& rows,
                 const Approvals& approvals) {
  bool tripped = false;
  for (const auto& [group, owned] : rows) {
    const std::size_t removals = count_removals(plan, brake, group);
    const std::size_t allowed = limit.allowed(owned);
    if (removals <= allowed) continue;
    const std::string why = fmt::format("{} '{}' removal{} in group {}; the brake allows {} (of {} rows)",
                                        removals, brake == Brake::absent ? "absent" : "stated",
                                        removals == 1 ? "" : "s", group, allowed, owned);
    bool held = false;
    for (Action& action : plan.actions) {
      if (action.brake != brake || action.group != group || !is_open(action) ||
          is_approved(action, approvals))
        continue;
      hold(action, why);
      held = true;
    }
    if (held) {
      plan.notices.push_back(
          {"over_limit", "", why + ". Look at the plan, then approve it with --approve-removals"});
    }
    tripped |= held;
  }
  return tripped;
}

template <class Matches>
bool hold_matching(Plan& plan, const std::string& why, const Matches& matches) {
  bool held = false;
  for (Action& action : plan.actions) {
    if (!is_open(action) || !matches(action)) continue;
    hold(action, why);
    held = true;
  }
  return held;
}

/// The change of a row that has ended lets somebody in, as a grant does.
bool opens_ended_row(const Action& action, Instant now) {
  return action.kind == ActionKind::change && action.before.has_ended(now);
}

std::size_t people_inside_after(const Plan& plan, const Observed& observed, Instant now) {
  std::map<PersonKey, std::ptrdiff_t> rows;
  for (const RoleAssignment& row : observed.rows) {
    const auto person = row.person();
    if (person && !row.validity.has_ended(now)) ++rows[*person];
  }
  for (const Action& action : plan.actions) {
    if (!is_open(action) || action.group != observed.group) continue;
    if (action.kind == ActionKind::grant || opens_ended_row(action, now)) ++rows[action.person];
    if (action.kind == ActionKind::revoke && !action.before.has_ended(now)) --rows[action.person];
  }
  return static_cast<std::size_t>(
      std::ranges::count_if(rows, [](const auto& entry) { return entry.second > 0; }));
}

bool gives_access(const Action& action, Instant now) {
  return action.kind == ActionKind::grant || opens_ended_row(action, now) ||
         (action.kind == ActionKind::create_user && action.cause != Cause::user_import);
}

bool hold_grants_beyond(Plan& plan, const Observed& observed, std::size_t max_users, Instant now) {
  const std::size_t inside = people_inside_after(plan, observed, now);
  if (inside <= max_users) return false;
  const std::string why =
      fmt::format("{} people would have access, but limits.max_users is {}", inside, max_users);
  if (!hold_matching(plan, why, [now](const Action& action) { return gives_access(action, now); }))
    return false;
  plan.notices.push_back({"over_limit", "", why + ": all grants are held"});
  return true;
}

/// Nobody leaves a former group, or loses the row of their former e-mail, on the strength of a grant that is
/// held or cannot be made.
void hold_dependent_cleaning(Plan& plan, Instant now) {
  std::set<PersonKey> waiting;
  for (const Action& action : plan.actions) {
    if (gives_access(action, now) && !is_open(action)) waiting.insert(action.person);
  }
  for (Action& action : plan.actions) {
    if (!is_open(action)) continue;
    if (action.cause == Cause::former_group && waiting.contains(action.person)) {
      hold(action, "kept until the person is in the current group");
    } else if (action.successor && waiting.contains(*action.successor)) {
      hold(action, fmt::format("kept until {} is in the group", action.successor->email()));
    }
  }
}

}  // namespace

std::vector<PersonKey> find_missing_canaries(const Roster& roster, const std::vector<PersonKey>& canaries) {
  std::set<PersonKey> missing(canaries.begin(), canaries.end());
  for (std::size_t i = 0; i < roster.size() && !missing.empty(); ++i) {
    if (const auto person = roster.person(i)) missing.erase(*person);
  }
  return {missing.begin(), missing.end()};
}

std::vector<PersonKey> absent_to_verify(const Plan& plan, const Observed& observed, const Limits& limits,
                                        const Approvals& approvals, const RosterHealth& health, Scope scope) {
  if (!health.complete || health.empty || !health.missing_canaries.empty()) return {};
  Plan braked = plan;
  static_cast<void>(
      apply_brake(braked, Brake::absent, limits.absent, owned_rows(observed, scope), approvals));
  std::set<PersonKey> people;
  std::set<PersonKey> held;
  for (const Action& action : braked.actions) {
    if (action.brake == Brake::absent) (is_open(action) ? people : held).insert(action.person);
  }
  // Evidence is about a person: found for the sake of a former group, it would let them pass the other's
  // brake.
  std::erase_if(people, [&](const PersonKey& person) { return held.contains(person); });
  return {people.begin(), people.end()};
}

bool apply_limits(Plan& plan, const Observed& observed, const Limits& limits, const Approvals& approvals,
                  const RosterHealth& health, Scope scope, Instant now) {
  bool held = false;
  if (health.complete && !health.missing_canaries.empty()) {
    for (const PersonKey& canary : health.missing_canaries) {
      plan.notices.push_back(
          {"canary_missing", canary.email(), "must be in every complete Glofox list: everything is held"});
    }
    static_cast<void>(
        hold_matching(plan, "a canary is missing from the Glofox list", [](const Action&) { return true; }));
    held = true;
  }
  if (health.complete && health.empty &&
      hold_matching(plan, "the Glofox member list is empty",
                    [](const Action& action) { return action.removes(); })) {
    plan.notices.push_back(
        {"empty_source", "", "Glofox lists nobody, though we own rows: all removals are held"});
    held = true;
  }
  const auto rows = owned_rows(observed, scope);
  held |= apply_brake(plan, Brake::absent, limits.absent, rows, approvals);
  held |= hold_matching(plan, "absence was not verified",
                        [](const Action& action) { return action.brake == Brake::absent; });
  held |= apply_brake(plan, Brake::stated, limits.stated, rows, approvals);
  held |= hold_grants_beyond(plan, observed, limits.max_users, now);
  hold_dependent_cleaning(plan, now);
  std::ranges::sort(plan.notices);
  return held;
}

}  // namespace gk::reconcile
