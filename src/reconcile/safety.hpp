#pragma once

#include <set>
#include <vector>

#include "domain/rules.hpp"
#include "reconcile/planner.hpp"

namespace gk::reconcile {

/// One removal that a person has looked at and agreed to (contract 8.5).
struct Approval {
  RoleAssignmentId row;
  PersonKey person;
  friend auto operator<=>(const Approval&, const Approval&) = default;
};
using Approvals = std::set<Approval>;

/// What the roster says about itself, for the rules of contract 8.6.
struct RosterHealth {
  bool complete = false;
  bool empty = false;
  std::vector<PersonKey> missing_canaries;  ///< people who must be in every complete listing and are not
};

/// Canaries that a complete roster lacks. Pure.
[[nodiscard]] std::vector<PersonKey> find_missing_canaries(const Roster& roster,
                                                           const std::vector<PersonKey>& canaries);

/// People whose absence may be looked into before deciding: the absent removals of the plan that pass their
/// brake or are approved. Nobody when the list is empty or a canary is missing.
[[nodiscard]] std::vector<PersonKey> absent_to_verify(const Plan& plan, const Observed& observed,
                                                      const Limits& limits, const Approvals& approvals,
                                                      const RosterHealth& health, Scope scope);

/// Holds what the limits do not let pass; marks each held action with the reason, and adds the notices.
/// Absent removals that are still in the plan are always held: those that pass were verified and carry their
/// evidence now. True when a limit holds something (exit 4). Pure.
[[nodiscard]] bool apply_limits(Plan& plan, const Observed& observed, const Limits& limits,
                                const Approvals& approvals, const RosterHealth& health, Scope scope,
                                Instant now);

}  // namespace gk::reconcile
