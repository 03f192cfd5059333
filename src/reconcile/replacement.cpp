#include "reconcile/replacement.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gk::reconcile {

namespace {

/// Why the grant after a revoke failed. Never as a request that was not sent, which the next run would merely
/// do: the person has lost the row.
Error left_outside(Error error, bool certain) {
  if (error.category == Category::interrupted || error.category == Category::deadline)
    error.category = Category::unavailable;
  error.message = fmt::format(
      "the old row was revoked, but its replacement failed: {}; the person {} no access until the "
      "next run",
      error.message, certain && !error.outcome_unknown ? "has" : "may have");
  return error;
}

}  // namespace

Result<RoleAssignmentId> Replacer::replace(const Action& action, std::size_t& writes) {
  const bool between_windows = !action.before.is_open_ended() && !action.validity.is_open_ended();
  if (between_windows) {
    GK_TRY_ASSIGN(const bool patched, patch(action, writes));
    if (patched) return *action.row;
  }
  GK_TRY_ASSIGN(const std::optional<RoleAssignmentId> second, add_second_row(action, writes));
  if (second) {
    ++writes;
    GK_TRY(access_.revoke(*action.row));
    return *second;
  }
  if (!between_windows) {
    GK_TRY_ASSIGN(const bool patched, patch(action, writes));
    if (patched) return *action.row;
  }
  return revoke_then_grant(action, writes);
}

Result<std::optional<RoleAssignmentId>> Replacer::add_second_row(const Action& action, std::size_t& writes) {
  if (second_row_ == Ability::no) return std::nullopt;
  ++writes;
  auto row = access_.grant(*action.user, action.group, action.validity);
  // A service that answers with the row that is there has made none: revoking "the old one" would lock the
  // person out.
  const bool is_second = row && *row != *action.row;
  if (is_second || row || row.error().category == Category::conflict) {
    second_row_ = is_second ? Ability::yes : Ability::no;
    return is_second ? std::optional(*row) : std::nullopt;
  }
  if (!row.error().outcome_unknown) return fail(std::move(row.error()));
  const auto rows = access_.read_rows_of(*action.user, action.group);
  if (!rows) return fail(std::move(row.error()));
  const auto made = std::ranges::find_if(*rows, [&](const RoleAssignment& candidate) {
    return candidate.id != *action.row && candidate.validity == action.validity;
  });
  if (made != rows->end()) return made->id;
  return fail(std::move(row.error()));
}

Result<bool> Replacer::patch(const Action& action, std::size_t& writes) {
  if (patching_ == Ability::no) return false;
  for (int attempt = 0;; ++attempt) {
    ++writes;
    auto changed = access_.change(*action.row, action.validity);
    const bool unknown = !changed && changed.error().outcome_unknown;
    const bool refused = !changed && (changed.error().category == Category::rejected ||
                                      changed.error().category == Category::not_found ||
                                      changed.error().category == Category::conflict);
    if (!changed && !unknown && !refused) return fail(std::move(changed.error()));
    auto standing = read_standing(action);
    if (!standing) {
      standing.error().outcome_unknown = !refused;
      return fail(std::move(standing.error()));
    }
    const std::optional<RoleAssignment>& row = *standing;
    if (!row) return false;  // gone; says nothing about PATCH
    const bool took_effect = row->validity == action.validity;
    if (took_effect || !unknown) {
      patching_ = took_effect ? Ability::yes : Ability::no;
      return took_effect;
    }
    // It was lost on its way, so it is sent once more; the row is as it was.
    if (attempt > 0) return fail(std::move(changed.error()));
  }
}

Result<std::optional<RoleAssignment>> Replacer::read_standing(const Action& action) {
  auto row = access_.read_row(*action.row);
  if (row) return std::optional(*std::move(row));
  if (row.error().category != Category::not_found) return fail(std::move(row.error()));
  GK_TRY_ASSIGN(const std::vector<RoleAssignment> rows, access_.read_rows_of(*action.user, action.group));
  const auto listed = std::ranges::find(rows, *action.row, &RoleAssignment::id);
  return listed == rows.end() ? std::nullopt : std::optional(*listed);
}

Result<RoleAssignmentId> Replacer::revoke_then_grant(const Action& action, std::size_t& writes) {
  GK_TRY_ASSIGN(const std::vector<RoleAssignment> standing, access_.read_rows_of(*action.user, action.group));
  for (const RoleAssignment& row : standing) {
    if (row.id == *action.row) continue;
    return fail(
        Category::conflict,
        fmt::format("row {0} ({1}) is in the way: Kisi would refuse the row that replaces ours, and the "
                    "person would have no access. Remove row {0} by hand",
                    row.id, row.role));
  }
  ++writes;
  auto revoked = access_.revoke(*action.row);
  // After a lost answer the grant still follows at once: it gives back the access of somebody whose row is
  // gone, and is refused for somebody whose row is there.
  if (!revoked && !revoked.error().outcome_unknown) return fail(std::move(revoked.error()));
  ++writes;
  auto row = access_.regrant(*action.user, action.group, action.validity);
  if (row && (revoked || *row != *action.row)) return *row;
  if (!revoked && (row || row.error().category == Category::conflict))
    return fail(std::move(revoked.error()));
  if (row.error().outcome_unknown || row.error().category == Category::conflict) {
    const auto rows = access_.read_rows_of(*action.user, action.group);
    if (!rows) {
      row.error().message += "; reading it back failed too: " + rows.error().message;
      return fail(left_outside(std::move(row.error()), false));
    }
    const auto made = std::ranges::find(*rows, action.validity, &RoleAssignment::validity);
    if (made != rows->end()) return made->id;
    if (row.error().outcome_unknown) {
      ++writes;
      row = access_.regrant(*action.user, action.group, action.validity);
      if (row) return *row;
    }
  }
  return fail(left_outside(std::move(row.error()), revoked.has_value()));
}

}  // namespace gk::reconcile
