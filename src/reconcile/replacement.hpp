#pragma once

#include "reconcile/plan.hpp"
#include "reconcile/ports.hpp"

namespace gk::reconcile {

/// Gives a row of ours another validity without a moment in which a person with a right at both ends has
/// none, whichever way the service works (kisi-api 7.2, 7.4: both unknown). What works is learnt once per
/// run.
class Replacer {
 public:
  explicit Replacer(AccessControl& access) : access_(access) {}

  /// From open-ended to a window or back: a second row first if the service allows one, then the old one
  /// goes; else PATCH, proven by reading; else revoke and grant at once (contract 6). From one window
  /// to another: PATCH first, because that works on the row that is there. Returns the row that holds the new
  /// validity. `writes` counts what was sent.
  [[nodiscard]] Result<RoleAssignmentId> replace(const Action& action, std::size_t& writes);

 private:
  enum class Ability { untried, yes, no };

  /// nullopt: the service does not allow a second row.
  [[nodiscard]] Result<std::optional<RoleAssignmentId>> add_second_row(const Action& action,
                                                                       std::size_t& writes);
  /// False: the service ignores or refuses new bounds.
  [[nodiscard]] Result<bool> patch(const Action& action, std::size_t& writes);
  /// The action's row as it is now; nothing when it is gone. One 404 does not prove that: the list is asked
  /// too, because what follows is the last resort, which revokes before it grants.
  [[nodiscard]] Result<std::optional<RoleAssignment>> read_standing(const Action& action);
  /// Once the revoke is sent, neither a signal nor the deadline keeps the grant from following.
  [[nodiscard]] Result<RoleAssignmentId> revoke_then_grant(const Action& action, std::size_t& writes);

  AccessControl& access_;
  Ability second_row_ = Ability::untried;
  Ability patching_ = Ability::untried;
};

}  // namespace gk::reconcile
