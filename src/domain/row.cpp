#include "domain/row.hpp"

namespace gk {

std::optional<PersonKey> RoleAssignment::person() const {
  return assignee == Assignee::user ? email.person() : std::nullopt;
}

bool is_ours(const RoleAssignment& row, UserId self) {
  return row.role == k_group_role && row.assignee == Assignee::user && row.created_by == Creator::user &&
         row.creator == self;
}

bool is_managed(const Validity& validity, Scope scope) {
  return validity.is_open_ended() == (scope == Scope::members);
}

Owner owner_of(const RoleAssignment& row, UserId self, Scope scope) {
  if (!is_ours(row, self)) return Owner::foreign;
  return is_managed(row.validity, scope) ? Owner::ours : Owner::other_command;
}

}  // namespace gk
