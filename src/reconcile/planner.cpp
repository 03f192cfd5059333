#include "reconcile/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "util/text.hpp"

namespace gk::reconcile {

namespace {

using Rows = std::vector<const RoleAssignment*>;

/// One person's rows in a group, by who may change them.
struct PersonRows {
  Rows managed;  ///< ours and this command's
  Rows other;    ///< ours and the other command's
  Rows foreign;

  Rows& of(Owner owner) {
    return owner == Owner::ours ? managed : owner == Owner::other_command ? other : foreign;
  }
};

struct GroupRows {
  std::map<PersonKey, PersonRows> people;
  Rows strange;  ///< foreign rows of teams and guests, and rows without a usable e-mail
  RowCounts counts;
};

GroupRows index_rows(const std::vector<RoleAssignment>& rows, const Self& self, Scope scope) {
  GroupRows index;
  for (const RoleAssignment& row : rows) {
    const auto person = row.person();
    const Owner owner = person ? owner_of(row, self.id, scope) : Owner::foreign;
    if (!person) {
      index.strange.push_back(&row);
    } else {
      index.people[*person].of(owner).push_back(&row);
    }
    ++index.counts.of(owner);
  }
  return index;
}

/// Whether a row opens exactly what is wanted from now on. A start that has passed no longer matters.
bool is_as_wanted(const Validity& has, const Validity& wanted, Instant now) {
  const auto opens = [&](const Validity& validity) { return std::max(validity.from.value_or(now), now); };
  return has.until == wanted.until && opens(has) == opens(wanted);
}

/// The row that stays when a person has several: one that is as wanted, then one that opens now, then one
/// without an end, then the oldest.
void put_best_first(Rows& rows, const Validity& wanted, Instant now) {
  std::ranges::sort(rows, {}, [&](const RoleAssignment* row) {
    return std::tuple(!is_as_wanted(row->validity, wanted, now), !row->validity.is_active(now),
                      !row->validity.is_open_ended(), row->id);
  });
}

bool any_covers(const Rows& rows, const Validity& wanted, Instant now) {
  return std::ranges::any_of(rows,
                             [&](const RoleAssignment* row) { return row->validity.covers(wanted, now); });
}

/// Whether one of the rows opens now, and for longer than `validity` does.
bool opens_beyond(const Rows& rows, const Validity& validity, Instant now) {
  return std::ranges::any_of(rows, [&](const RoleAssignment* row) {
    return row->validity.is_active(now) && !validity.covers(row->validity, now);
  });
}

Action action_on(ActionKind kind, const RoleAssignment& row, const PersonKey& person, Cause cause) {
  Action action{.kind = kind, .person = person, .name = row.name};
  action.user = row.user;
  action.row = row.id;
  action.group = row.group;
  action.before = row.validity;
  action.cause = cause;
  return action;
}

std::string describe(const RoleAssignment& row) {
  std::string text = fmt::format("row {} ({})", row.id, row.role);
  if (row.created_by == Creator::user) text += fmt::format(" by user {}", row.creator);
  if (row.created_by == Creator::marketplace_installation) text += " by a marketplace integration";
  if (row.validity.until) text += fmt::format(", until {}", format_rfc3339(*row.validity.until));
  return text;
}

void note_foreign(const GroupRows& index, const Self& self, std::vector<Notice>& notices) {
  for (const auto& [person, rows] : index.people) {
    for (const RoleAssignment* row : rows.foreign)
      notices.push_back({"foreign", person.email(), describe(*row) + ", kept"});
  }
  for (const RoleAssignment* row : index.strange) {
    const std::string who = row->email.empty() ? row->name : row->email.as_written();
    const std::string_view what = row->assignee == Assignee::team    ? "team, "
                                  : row->assignee == Assignee::guest ? "guest, "
                                  : is_ours(*row, self.id)           ? "ours, but no usable e-mail, "
                                                                     : "";
    notices.push_back({"foreign", who, fmt::format("{}{}, kept", what, describe(*row))});
  }
}

/// Builds the part of the plan that grants.
class Granter {
 public:
  Granter(const Observed& observed, const Policy& policy, Instant now, Plan& plan)
      : observed_(observed), policy_(policy), now_(now), plan_(plan) {}

  /// One person with a right: keep, change, or grant; and no second row of ours beside it.
  void settle(const Right& right, const PersonRows& rows) {
    if (keeps_more(right, rows.managed)) return;
    if (policy_.scope == Scope::bookings && any_covers(rows.other, right.validity, now_)) {
      drop(rows.managed, right);  // an open-ended row of ours covers every booking
      return;
    }
    if (rows.managed.empty() && any_covers(rows.foreign, right.validity, now_)) return;
    // A membership replaces the windows of bookings. All rows compete, so that the one that opens now is the
    // one that is changed and none that is needed until then is dropped.
    Rows rivals = rows.managed;
    if (policy_.scope == Scope::members) rivals.insert(rivals.end(), rows.other.begin(), rows.other.end());
    if (rivals.empty()) return grant(right);
    put_best_first(rivals, right.validity, now_);
    if (!is_as_wanted(rivals.front()->validity, right.validity, now_)) change(*rivals.front(), right);
    drop({rivals.begin() + 1, rivals.end()}, right);
  }

  /// users.import: all. A Kisi user without any right.
  void import_client(const Client& client) {
    const auto unresolved = observed_.unresolved.find(client.person);
    if (observed_.users.contains(client.person)) return;
    Action action{.kind = ActionKind::create_user, .person = client.person, .name = client.name};
    action.members = {client.member};
    action.group = observed_.group;
    action.cause = Cause::user_import;
    action.send_emails = policy_.send_emails;
    if (unresolved != observed_.unresolved.end()) mark_failed(action, unresolved->second);
    plan_.actions.push_back(std::move(action));
  }

 private:
  static void mark_failed(Action& action, const Error& error) {
    action.outcome = ActionOutcome::failed;
    action.error = error;
  }

  /// Protected people keep what opens now for longer than their booking does; the next window is written when
  /// that has ended.
  bool keeps_more(const Right& right, const Rows& rows) {
    const bool more =
        policy_.protected_people.contains(right.person) && opens_beyond(rows, right.validity, now_);
    if (more) {
      plan_.notices.push_back(
          {"protected", right.person.email(),
           "has more access than the booking gives, but is protected by the configuration: kept"});
    }
    return more;
  }

  void change(const RoleAssignment& row, const Right& right) {
    Action action = action_on(ActionKind::change, row, right.person, right.cause);
    action.members = right.members;
    action.validity = right.validity;
    plan_.actions.push_back(std::move(action));
  }

  void drop(const Rows& rows, const Right& right) {
    for (const RoleAssignment* row : rows) {
      Action action = action_on(ActionKind::revoke, *row, right.person, Cause::duplicate_row);
      action.members = right.members;
      plan_.actions.push_back(std::move(action));
    }
  }

  void grant(const Right& right) {
    Action action{.kind = ActionKind::grant, .person = right.person, .name = right.name};
    action.members = right.members;
    action.group = observed_.group;
    action.validity = right.validity;
    action.cause = right.cause;
    action.send_emails = policy_.send_emails;
    if (const auto unresolved = observed_.unresolved.find(right.person);
        unresolved != observed_.unresolved.end()) {
      mark_failed(action, unresolved->second);
    } else if (const auto user = observed_.users.find(right.person); user != observed_.users.end()) {
      action.user = user->second.id;
      action.adopt = user->second;
    } else {
      Action create = action;
      create.kind = ActionKind::create_user;
      create.validity = right.validity;  // keeps both steps of a new person together when sorted
      plan_.actions.push_back(std::move(create));
    }
    plan_.actions.push_back(std::move(action));
  }

  const Observed& observed_;
  const Policy& policy_;
  Instant now_;
  Plan& plan_;
};

/// The person's right; null when there is none.
const Right* right_of(const Desired& desired, const PersonKey& person) {
  const auto at = std::ranges::lower_bound(desired.rights, person, {}, &Right::person);
  return at != desired.rights.end() && at->person == person ? &*at : nullptr;
}

/// Builds the part of the plan that removes.
class Remover {
 public:
  Remover(const Desired& desired, const Policy& policy, Instant now, Plan& plan)
      : desired_(desired), policy_(policy), now_(now), plan_(plan) {}

  /// Rows of somebody without a right: protected, held, changed to a booking window, or revoked with the
  /// evidence.
  void remove(const PersonKey& person, const PersonRows& rows, bool former) {
    Rows managed = clean_ended(person, rows.managed, former);
    if (managed.empty()) return;
    if (policy_.protected_people.contains(person)) {
      plan_.notices.push_back({"protected", person.email(),
                               "has no right to access, but is protected by the configuration: kept"});
      return;
    }
    put_best_first(managed, Validity::open_ended(), now_);
    const auto booked = former ? policy_.booked.end() : policy_.booked.find(person);
    const bool keep_window = booked != policy_.booked.end() && !any_covers(rows.other, booked->second, now_);
    for (const RoleAssignment* row : managed) {
      Action action = action_on(ActionKind::revoke, *row, person, Cause::absent);
      action.brake = Brake::absent;
      action.former = former;
      add_evidence(action);
      if (keep_window && row == managed.front() && action.outcome != ActionOutcome::held) {
        action.kind = ActionKind::change;
        action.validity = booked->second;
      }
      plan_.actions.push_back(std::move(action));
    }
  }

  /// Revokes windows that have ended: they open nothing, so they count for no brake. Returns the others.
  Rows clean_ended(const PersonKey& person, const Rows& managed, bool former) {
    Rows standing;
    for (const RoleAssignment* row : managed) {
      if (!row->validity.has_ended(now_)) {
        standing.push_back(row);
        continue;
      }
      Action action = action_on(ActionKind::revoke, *row, person, Cause::booking_ended);
      action.former = former;
      plan_.actions.push_back(std::move(action));
    }
    return standing;
  }

  /// A former group's rows of somebody who is, or will be, in the current one.
  void clean_former(const PersonKey& person, const PersonRows& rows) {
    for (const RoleAssignment* row : rows.managed) {
      Action action = action_on(ActionKind::revoke, *row, person, Cause::former_group);
      action.former = true;
      plan_.actions.push_back(std::move(action));
    }
  }

 private:
  void add_evidence(Action& action) {
    const auto denial = desired_.denials.find(action.person);
    if (denial == desired_.denials.end()) return;
    action.cause = denial->second.cause;
    action.members = denial->second.members;
    action.detail = denial->second.detail;
    action.brake = Brake::stated;
    const auto& successor = denial->second.successor;
    if (successor && right_of(desired_, *successor) != nullptr) action.successor = successor;
    if (is_undecided(action.cause)) {
      hold(action,
           action.detail.empty()
               ? "Glofox does not say clearly whether this person has a right; access is kept"
               : action.detail,
           Category::protocol);
    }
  }

  const Desired& desired_;
  const Policy& policy_;
  Instant now_;
  Plan& plan_;
};

/// People who will be inside the current group when the plan is done: those with a right, by whatever row,
/// and those whose row stays. A row that stays but opens later lets nobody in yet.
std::set<PersonKey> people_inside(const Desired& desired, const GroupRows& current, const Plan& plan,
                                  Instant now) {
  std::set<PersonKey> removed;
  std::set<PersonKey> inside;
  for (const Right& right : desired.rights) inside.insert(right.person);
  for (const Action& action : plan.actions) {
    if (action.removes() || action.cause == Cause::booking_ended) removed.insert(action.person);
  }
  for (const auto& [person, rows] : current.people) {
    const bool stands = std::ranges::any_of(
        rows.managed, [&](const RoleAssignment* row) { return row->validity.is_active(now); });
    const bool keeps_row = stands && !removed.contains(person);
    if (keeps_row || any_covers(rows.foreign, Validity::open_ended(), now)) inside.insert(person);
  }
  return inside;
}

void finish(Plan& plan, GroupId group, Scope scope) {
  sort_actions(plan.actions);
  std::ranges::sort(plan.notices);
  const auto touched =
      static_cast<std::size_t>(std::ranges::count_if(plan.actions, [&](const Action& action) {
        return action.row && action.group == group && is_managed(action.before, scope);
      }));
  plan.keep = plan.rows.managed - touched;
}

}  // namespace

Insiders insiders_of(const Observed& observed, Scope scope) {
  Insiders insiders;
  observed.for_each_row([&](const RoleAssignment& row) {
    if (owner_of(row, observed.self.id, scope) != Owner::ours) return;
    if (auto person = row.person()) insiders.insert(*std::move(person));
  });
  return insiders;
}

std::vector<PersonKey> people_to_resolve(const Desired& desired, const Observed& observed, Scope scope,
                                         Instant now) {
  const GroupRows index = index_rows(observed.rows, observed.self, scope);
  std::vector<PersonKey> people;
  for (const Right& right : desired.rights) {
    const auto rows = index.people.find(right.person);
    const bool settled =
        rows != index.people.end() &&
        (!rows->second.managed.empty() || any_covers(rows->second.foreign, right.validity, now) ||
         any_covers(rows->second.other, right.validity, now) ||
         (scope == Scope::members && !rows->second.other.empty()));
    if (!settled) people.push_back(right.person);
  }
  for (const Client& client : desired.clients) {
    if (right_of(desired, client.person) == nullptr && !index.people.contains(client.person))
      people.push_back(client.person);
  }
  std::ranges::sort(people);
  return people;
}

Plan make_plan(const Desired& desired, const Observed& observed, const Policy& policy, Instant now) {
  const GroupRows index = index_rows(observed.rows, observed.self, policy.scope);
  Plan plan;
  plan.rows = index.counts;
  plan.desired = desired.rights.size();
  plan.open_now = static_cast<std::size_t>(std::ranges::count_if(
      desired.rights, [&](const Right& right) { return right.validity.is_active(now); }));
  plan.notices = desired.notices;
  note_foreign(index, observed.self, plan.notices);
  Granter granter(observed, policy, now, plan);
  for (const Right& right : desired.rights) {
    const auto rows = index.people.find(right.person);
    granter.settle(right, rows == index.people.end() ? PersonRows{} : rows->second);
  }
  for (const Client& client : desired.clients) {
    if (right_of(desired, client.person) == nullptr && !index.people.contains(client.person))
      granter.import_client(client);
  }
  finish(plan, observed.group, policy.scope);
  return plan;
}

void plan_removals(const Complete<Desired>& desired, const Observed& observed, const Policy& policy,
                   Instant now, Plan& plan) {
  const GroupRows current = index_rows(observed.rows, observed.self, policy.scope);
  Remover remover(desired.value(), policy, now, plan);
  for (const auto& [person, rows] : current.people) {
    if (!rows.managed.empty() && right_of(desired.value(), person) == nullptr)
      remover.remove(person, rows, false);
  }
  const std::set<PersonKey> inside = people_inside(desired.value(), current, plan, now);
  for (const FormerGroup& former : observed.former) {
    for (const auto& [person, rows] : index_rows(former.rows, observed.self, policy.scope).people) {
      if (rows.managed.empty()) continue;
      const Right* right = right_of(desired.value(), person);
      const bool needs_it = policy.protected_people.contains(person) && right != nullptr &&
                            opens_beyond(rows.managed, right->validity, now);
      if (inside.contains(person) && !needs_it) {
        remover.clean_former(person, rows);
      } else {
        remover.remove(person, rows, true);
      }
    }
  }
  finish(plan, observed.group, policy.scope);
}

}  // namespace gk::reconcile
