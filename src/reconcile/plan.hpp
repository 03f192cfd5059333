#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/row.hpp"
#include "domain/user.hpp"
#include "reconcile/cause.hpp"
#include "reconcile/notice.hpp"
#include "util/error.hpp"

namespace gk::reconcile {

/// In the order in which the applier works (contract 7); a new person's create_user stands before
/// their grant.
enum class ActionKind { revoke, change, create_user, grant };

/// What became of an action (contract 9).
enum class ActionOutcome { planned, applied, already_done, failed, unknown, held, skipped };

/// Which brake an action that takes access away counts for (contract 8.3).
enum class Brake { none, absent, stated };

[[nodiscard]] std::string_view action_name(ActionKind kind);
[[nodiscard]] std::string_view outcome_name(ActionOutcome outcome);

/// One step of a plan. Values only: a plan can be compared, sorted, printed and replayed.
struct Action {
  ActionKind kind = ActionKind::grant;
  PersonKey person;
  std::string name;
  std::vector<MemberId> members;
  std::optional<UserId> user;           ///< nothing: created by the action before
  std::optional<RoleAssignmentId> row;  ///< the row that is revoked or changed
  GroupId group;
  Validity validity;  ///< wanted by a grant or change
  Validity before;    ///< of the row that is revoked or changed
  Cause cause = Cause::membership_active;
  std::string detail;  ///< more about the cause, for people
  Brake brake = Brake::none;
  bool former = false;  ///< cleans a former group: last, and only while the person is in the current one
  /// The same person under a new e-mail, who has a right: this row goes last, and only when they are inside.
  std::optional<PersonKey> successor;
  std::optional<User> adopt;  ///< grant to a user found by e-mail: our metadata is merged first
  bool send_emails = true;    ///< of a create_user
  ActionOutcome outcome = ActionOutcome::planned;
  std::optional<Error> error;  ///< why it is held, failed, unknown or skipped

  /// Whether somebody loses an open-ended right by it.
  [[nodiscard]] bool removes() const { return brake != Brake::none; }
};

/// What the rows of the group are; every row is counted in exactly one.
struct RowCounts {
  std::size_t managed = 0;        ///< ours, and this command's to change
  std::size_t other_command = 0;  ///< ours, but of the other sync command
  std::size_t foreign = 0;        ///< not ours, or ours without a usable e-mail

  std::size_t& of(Owner owner) {
    return owner == Owner::ours ? managed : owner == Owner::other_command ? other_command : foreign;
  }
};

/// Everything that one run will do to one integration, complete before the first write.
struct Plan {
  std::vector<Action> actions;  ///< in the order of application
  std::vector<Notice> notices;  ///< sorted
  RowCounts rows;               ///< of the current group
  std::size_t desired = 0;      ///< people with a right
  std::size_t open_now = 0;  ///< of them, those whose right opens the door at the moment that is planned for
  std::size_t keep = 0;      ///< rows that this command manages and that stay as they are
};

/// Holds the action for a human. The default category says that a limit of this program holds it.
void hold(Action& action, std::string why, Category category = Category::internal);

/// Sorts into the contract's order: revokes, changes, creates and grants (windows by when they are needed,
/// then open-ended rights by person), users without access, rows that have ended, then the former groups and
/// the rows of e-mails that were changed.
void sort_actions(std::vector<Action>& actions);

}  // namespace gk::reconcile
