#include "reconcile/plan.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace gk::reconcile {

std::string_view action_name(ActionKind kind) {
  switch (kind) {
    case ActionKind::revoke: return "revoke";
    case ActionKind::change: return "change";
    case ActionKind::create_user: return "create_user";
    case ActionKind::grant: return "grant";
  }
  return "grant";
}

std::string_view outcome_name(ActionOutcome outcome) {
  switch (outcome) {
    case ActionOutcome::planned: return "planned";
    case ActionOutcome::applied: return "applied";
    case ActionOutcome::already_done: return "already_done";
    case ActionOutcome::failed: return "failed";
    case ActionOutcome::unknown: return "unknown";
    case ActionOutcome::held: return "held";
    case ActionOutcome::skipped: return "skipped";
  }
  return "planned";
}

namespace {

bool is_between_windows(const Action& action) {
  return action.kind == ActionKind::change && !action.before.is_open_ended() &&
         !action.validity.is_open_ended();
}

/// When somebody first misses the action: a window that opens as early as before is missed only when the old
/// one ends.
Instant needed_at(const Action& action) {
  if (action.kind == ActionKind::revoke) return Instant::min();
  if (action.validity.is_open_ended()) return Instant::max();
  const Instant opens = action.validity.from.value_or(Instant::min());
  const bool opened_already =
      is_between_windows(action) && action.before.from.value_or(Instant::min()) <= opens;
  return opened_already ? std::max(opens, *action.before.until) : opens;
}

/// Creates and grants share a turn, so that both steps of a new person stand together; windows that move are
/// among them, because all windows are written in the order in which they are needed. Then users who get no
/// access, rows that have ended, and at last former groups and changed e-mails.
auto order_of(const Action& action) {
  const int turn = action.former || action.successor      ? 5
                   : action.cause == Cause::booking_ended ? 4
                   : action.cause == Cause::user_import   ? 3
                   : action.kind == ActionKind::revoke    ? 0
                   : action.kind == ActionKind::change    ? (is_between_windows(action) ? 2 : 1)
                                                          : 2;
  const Instant urgency = needed_at(action);
  return std::tuple(turn, urgency, std::string_view(action.person.email()), action.kind, action.group,
                    action.row.value_or(RoleAssignmentId{}));
}

}  // namespace

void hold(Action& action, std::string why, Category category) {
  action.outcome = ActionOutcome::held;
  action.error = Error{category, std::move(why)};
}

void sort_actions(std::vector<Action>& actions) { std::ranges::sort(actions, {}, order_of); }

}  // namespace gk::reconcile
