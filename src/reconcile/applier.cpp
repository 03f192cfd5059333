#include "reconcile/applier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "reconcile/replacement.hpp"
#include "util/failure_streak.hpp"

namespace gk::reconcile {

namespace {

constexpr int k_searches = 3;  // after a 409: the search may lag behind (kisi-api 5.1)
constexpr std::chrono::seconds k_search_pause{2};

class Applier {
 public:
  Applier(Plan& plan, const ApplyContext& context)
      : plan_(plan), context_(context), replacer_(context.access) {}

  ApplyResult run() {
    const auto total = static_cast<std::size_t>(std::ranges::count_if(plan_.actions, is_pending));
    std::size_t done = 0;
    for (Action& action : plan_.actions) {
      if (!is_pending(action)) {
        if (action.kind == ActionKind::grant && action.outcome == ActionOutcome::failed)
          without_row_.insert(action.person);
        continue;
      }
      if (!result_.stopped_by) check_time();
      if (result_.stopped_by) {
        settle(action, ActionOutcome::skipped, *result_.stopped_by);
        continue;
      }
      perform(action);
      note_streak(action);
      if (context_.on_progress) context_.on_progress(++done, total);
    }
    return std::move(result_);
  }

 private:
  static bool is_pending(const Action& action) { return action.outcome == ActionOutcome::planned; }

  static void settle(Action& action, ActionOutcome outcome, Error error) {
    action.outcome = outcome;
    action.error = std::move(error);
  }

  void check_time() {
    if (context_.stop.requested()) {
      result_.stopped_by = Error{Category::interrupted, "stopped by a signal; the next run does the rest"};
    } else if (context_.deadline && context_.clock.steady_now() >= *context_.deadline) {
      result_.stopped_by = Error{Category::deadline, "the deadline was reached; the next run does the rest"};
    }
  }

  void perform(Action& action) {
    switch (action.kind) {
      case ActionKind::create_user: create_user(action); break;
      case ActionKind::grant: grant(action); break;
      case ActionKind::revoke: revoke(action); break;
      case ActionKind::change: change(action); break;
    }
    const bool gives =
        action.kind == ActionKind::grant || (action.kind == ActionKind::change && !action.removes());
    if (gives && !is_done(action)) without_row_.insert(action.person);
  }

  static bool is_done(const Action& action) {
    return action.outcome == ActionOutcome::applied || action.outcome == ActionOutcome::already_done;
  }

  void fail_with(Action& action, Error error) {
    const ActionOutcome outcome = error.outcome_unknown   ? ActionOutcome::unknown
                                  : is_out_of_time(error) ? ActionOutcome::skipped
                                                          : ActionOutcome::failed;
    settle(action, outcome, std::move(error));
  }

  void create_user(Action& action) {
    const NewUser wanted{action.person, action.name, action.send_emails, action.members.front(),
                         context_.branch};
    for (int attempt = 0;; ++attempt) {
      ++result_.writes;
      auto created = context_.access.create_user(wanted);
      if (created) return remember(action, created->id, ActionOutcome::applied);
      const bool exists = created.error().category == Category::conflict;
      if (!exists && !created.error().outcome_unknown) return fail_with(action, std::move(created.error()));
      auto found = search(action.person, exists);
      if (!found) {
        found.error().outcome_unknown = !exists;
        return fail_with(action, std::move(found.error()));
      }
      if (*found) return adopt(action, **found, exists);
      // Certainly not there, so a second try cannot make a second user: e-mails are unique in Kisi.
      if (exists || attempt > 0) return fail_with(action, std::move(created.error()));
    }
  }

  /// After a 409 the user must be there, so the search is repeated; after an unknown outcome one look is
  /// enough.
  Result<std::optional<User>> search(const PersonKey& person, bool exists) {
    for (int i = 0;; ++i) {
      auto found = context_.access.search_user(person);
      if (!found || *found || !exists || i + 1 == k_searches || context_.stop.requested()) return found;
      context_.clock.sleep_until(context_.clock.steady_now() + k_search_pause);
    }
  }

  void adopt(Action& action, const User& user, bool existed) {
    if (existed) merge_metadata(user, action);
    remember(action, user.id, existed ? ActionOutcome::already_done : ActionOutcome::applied);
  }

  void remember(Action& action, UserId user, ActionOutcome outcome) {
    action.user = user;
    action.outcome = outcome;
    created_.emplace(action.person, user);
  }

  /// Our mark on a user whom somebody else made; access does not depend on it.
  void merge_metadata(const User& user, const Action& action) {
    auto merged = context_.access.merge_metadata(user, action.members.front(), context_.branch);
    if (!merged) {
      plan_.notices.push_back({"metadata", action.person.email(), merged.error().message});
      if (merged.error().category == Category::auth) result_.stopped_by = std::move(merged.error());
    }
  }

  void grant(Action& action) {
    if (!action.user) {
      const auto created = created_.find(action.person);
      if (created == created_.end()) {
        return settle(action, ActionOutcome::skipped,
                      Error{Category::internal, "the Kisi user could not be created"});
      }
      action.user = created->second;
    }
    if (action.adopt) merge_metadata(*action.adopt, action);
    if (result_.stopped_by) return settle(action, ActionOutcome::skipped, *result_.stopped_by);
    for (int attempt = 0;; ++attempt) {
      ++result_.writes;
      auto row = context_.access.grant(*action.user, action.group, action.validity);
      if (row) {
        action.row = *row;
        action.outcome = ActionOutcome::applied;
        return;
      }
      const bool exists = row.error().category == Category::conflict;
      if (!exists && !row.error().outcome_unknown) return fail_with(action, std::move(row.error()));
      if (settle_grant_by_reading(action, exists, std::move(row.error()), attempt > 0)) return;
    }
  }

  /// After a 409 or an unknown outcome. True when the action is settled, false when it certainly did not
  /// happen and may be sent once more.
  bool settle_grant_by_reading(Action& action, bool exists, Error error, bool last_try) {
    auto rows = context_.access.read_rows_of(*action.user, action.group);
    if (!rows) {
      error.outcome_unknown = !exists;
      error.message += "; reading it back failed too: " + rows.error().message;
      fail_with(action, std::move(error));
      return true;
    }
    const Instant now = context_.clock.now();
    const auto covering = std::ranges::find_if(
        *rows, [&](const RoleAssignment& row) { return row.validity.covers(action.validity, now); });
    if (covering != rows->end()) {
      action.row = covering->id;
      action.outcome = exists ? ActionOutcome::already_done : ActionOutcome::applied;
      return true;
    }
    if (exists) {
      error.message = "Kisi says the person is already in the group";
      for (const RoleAssignment& row : *rows) {
        error.message += fmt::format(
            "; row {} ({}) is in the way and does not cover the right: remove it by hand", row.id, row.role);
      }
    } else if (!last_try) {
      return false;
    }
    error.outcome_unknown = error.outcome_unknown && rows->empty() && !exists;
    fail_with(action, std::move(error));
    return true;
  }

  void revoke(Action& action) {
    if (action.cause == Cause::former_group && without_row_.contains(action.person)) {
      return settle(action, ActionOutcome::skipped,
                    Error{Category::internal, "kept: the grant in the current group did not succeed"});
    }
    if (action.successor && without_row_.contains(*action.successor)) {
      return settle(action, ActionOutcome::skipped,
                    Error{Category::internal,
                          fmt::format("kept: the grant to {} did not succeed", action.successor->email())});
    }
    ++result_.writes;
    auto revoked = context_.access.revoke(*action.row);
    if (revoked) {
      action.outcome = ActionOutcome::applied;
      return;
    }
    if (revoked.error().outcome_unknown) {
      const auto rows = context_.access.read_rows_of(*action.user, action.group);
      const bool gone = rows && std::ranges::find(*rows, *action.row, &RoleAssignment::id) == rows->end();
      if (gone) {
        action.outcome = ActionOutcome::applied;
        return;
      }
    }
    fail_with(action, std::move(revoked.error()));
  }

  void change(Action& action) {
    auto row = replacer_.replace(action, result_.writes);
    if (!row) return fail_with(action, std::move(row.error()));
    action.row = *row;
    action.outcome = ActionOutcome::applied;
  }

  void note_streak(const Action& action) {
    if (action.error && ends_run(*action.error)) {
      result_.stopped_by = action.error;
      return;
    }
    // The grant of somebody who could not be created was never sent, so it ends no streak.
    if (action.outcome == ActionOutcome::skipped) return;
    if (auto streak = streak_.note(action.error)) result_.stopped_by = std::move(streak);
  }

  Plan& plan_;
  const ApplyContext& context_;
  Replacer replacer_;
  ApplyResult result_;
  std::map<PersonKey, UserId> created_;
  std::set<PersonKey> without_row_;  ///< people whose grant or change did not succeed
  FailureStreak streak_{"writes"};
};

}  // namespace

ApplyResult apply(Plan& plan, const ApplyContext& context) { return Applier(plan, context).run(); }

}  // namespace gk::reconcile
