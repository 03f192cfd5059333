#pragma once

#include <map>
#include <set>
#include <vector>

#include "domain/listing.hpp"
#include "domain/row.hpp"
#include "domain/user.hpp"
#include "reconcile/desired.hpp"
#include "reconcile/plan.hpp"

namespace gk::reconcile {

/// A group that was the target once; rows of ours that are left in it are cleaned.
struct FormerGroup {
  GroupId group;
  std::vector<RoleAssignment> rows;
};

/// What Kisi has: observed state. Complete by construction: a partial group is never planned on.
struct Observed {
  Self self;
  GroupId group;
  std::vector<RoleAssignment> rows;
  std::vector<FormerGroup> former;
  std::map<PersonKey, User> users;        ///< found by e-mail or by their rows, for people who need a grant
  std::map<PersonKey, Error> unresolved;  ///< people whose Kisi user could not be looked up

  /// Visits the rows of the group and of the former ones.
  template <class Visit>
  void for_each_row(const Visit& visit) const {
    for (const RoleAssignment& row : rows) visit(row);
    for (const FormerGroup& left : former) {
      for (const RoleAssignment& row : left.rows) visit(row);
    }
  }
};

/// What a plan may do.
struct Policy {
  Scope scope = Scope::members;
  std::set<PersonKey> protected_people;  ///< never removed
  bool send_emails = true;               ///< of users that are created
  /// People who lose an open-ended right but have a booking now or soon: the window that they keep instead.
  std::map<PersonKey, Validity> booked;
};

/// Everybody who holds a row of ours that `scope` manages, in the group or a former one.
[[nodiscard]] Insiders insiders_of(const Observed& observed, Scope scope);

/// People with a right and no covering row, whose Kisi user must be known before planning; and, when all
/// clients are imported, those.
[[nodiscard]] std::vector<PersonKey> people_to_resolve(const Desired& desired, const Observed& observed,
                                                       Scope scope, Instant now);

/// Grants, changes and duplicates: what follows from people whom Glofox did name. Holds for any roster, whole
/// or not. Removals are added by plan_removals() alone. Pure; the order of inputs does not matter.
[[nodiscard]] Plan make_plan(const Desired& desired, const Observed& observed, const Policy& policy,
                             Instant now);

/// Adds the removals, which are right only if the roster is whole: silence counts only in a Complete
/// (contract 8.1).
void plan_removals(const Complete<Desired>& desired, const Observed& observed, const Policy& policy,
                   Instant now, Plan& plan);

}  // namespace gk::reconcile
