#include "reconcile/plan.hpp"

#include <algorithm>
#include <tuple>

namespace gk::reconcile {

std::string_view action_name(ActionKind kind) {
  switch (kind) {
    case ActionKind::revoke:
      return "revoke";
    case ActionKind::change:
      return "change";
    case ActionKind::create_user:
      return "create_user";
    case ActionKind::grant:
      return "grant";
  }
  return "grant";
}

std::string_view outcome_name(ActionOutcome outcome) {
  switch (outcome) {
    case ActionOutcome::planned:
      return "planned";
    case ActionOutcome::applied:
      return "applied";
    case ActionOutcome::already_done:
      return "already_done";
    case ActionOutcome::failed:
      return "failed";
    case ActionOutcome::unknown:
      return "unknown";
    case ActionOutcome::held:
      return "held";
    case ActionOutcome::skipped:
      return "skipped";
  }
  return "planned";
}

namespace {

/// Creates and grants share a stage, so that both steps of a new person stand together. Booking windows come
/// before open-ended rights, the soonest first. Users who get no access wait until everybody else is inside.
auto order_of(const Action& action) {
  const int stage = action.former || action.successor    ? 4
                    : action.cause == Cause::user_import ? 3
                    : action.kind == ActionKind::revoke  ? 0
                    : action.kind == ActionKind::change  ? 1
                                                         : 2;
  const Instant starts =
      action.validity.is_open_ended() ? Instant::max() : action.validity.from.value_or(Instant::min());
  const Instant urgency = action.kind == ActionKind::revoke ? Instant::min() : starts;
  return std::tuple(stage, urgency, std::cref(action.person), action.kind, action.group,
                    action.row.value_or(RoleAssignmentId{}));
}

}  // namespace

void sort_actions(std::vector<Action>& actions) {
  std::ranges::sort(actions, [](const Action& a, const Action& b) {
    const auto key_a = order_of(a);
    const auto key_b = order_of(b);
    const auto flat = [](const auto& key) {
      return std::tuple(std::get<0>(key), std::get<1>(key), std::string_view(std::get<2>(key).get().email()),
                        std::get<3>(key), std::get<4>(key), std::get<5>(key));
    };
    return flat(key_a) < flat(key_b);
  });
}

}  // namespace gk::reconcile
