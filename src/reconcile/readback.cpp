#include "reconcile/readback.hpp"

#include <fmt/format.h>

#include <set>
#include <tuple>

namespace gk::reconcile {

namespace {

/// What an action is about: creating a user leaves no trace in the group, so it is not compared.
using Subject = std::tuple<PersonKey, GroupId, bool>;

Subject subject_of(const Action& action) {
  return {action.person, action.group, action.kind == ActionKind::revoke && !action.removes()};
}

/// What a change leaves when it ends between its two rows: the old one, as a duplicate.
Subject old_row_of(const Action& change) { return {change.person, change.group, true}; }

std::string describe(const Subject& subject) {
  return fmt::format("{} in group {}", std::get<0>(subject).email(), std::get<1>(subject));
}

std::string listed(std::string_view what, const std::set<Subject>& subjects) {
  constexpr std::size_t k_shown = 5;
  if (subjects.empty()) return {};
  std::string text = fmt::format("{} ({}):", what, subjects.size());
  std::size_t shown = 0;
  for (const Subject& subject : subjects) {
    if (shown++ == k_shown) return text + " ...";
    text += " " + describe(subject) + ";";
  }
  text.pop_back();
  return text;
}

}  // namespace

std::string compare_readback(const Plan& applied, const Plan& left) {
  std::set<Subject> must_be_left;
  std::set<Subject> may_be_left;
  for (const Action& action : applied.actions) {
    if (action.kind == ActionKind::create_user) continue;
    switch (action.outcome) {
      case ActionOutcome::applied:
      case ActionOutcome::already_done: break;
      case ActionOutcome::unknown:
      case ActionOutcome::failed:
        may_be_left.insert(subject_of(action));
        if (action.kind == ActionKind::change) may_be_left.insert(old_row_of(action));
        break;
      case ActionOutcome::skipped:
        if (action.kind == ActionKind::change) {
          // The deadline may have come between its two rows.
          may_be_left.insert(subject_of(action));
          may_be_left.insert(old_row_of(action));
        } else {
          must_be_left.insert(subject_of(action));
        }
        break;
      case ActionOutcome::planned:
      case ActionOutcome::held: must_be_left.insert(subject_of(action)); break;
    }
    // Kisi may drop rows that have ended by itself (kisi-api 7.1).
    if (action.cause == Cause::booking_ended && must_be_left.erase(subject_of(action)) > 0)
      may_be_left.insert(subject_of(action));
  }
  std::set<Subject> found;
  for (const Action& action : left.actions) {
    if (action.kind != ActionKind::create_user) found.insert(subject_of(action));
  }
  std::set<Subject> unexpected;
  for (const Subject& subject : found) {
    if (must_be_left.erase(subject) == 0 && !may_be_left.contains(subject)) unexpected.insert(subject);
  }
  std::string text = listed("Kisi does not show what this run left", unexpected);
  const std::string vanished = listed("somebody else changed this meanwhile", must_be_left);
  if (!text.empty() && !vanished.empty()) text += ". ";
  return text + vanished;
}

}  // namespace gk::reconcile
