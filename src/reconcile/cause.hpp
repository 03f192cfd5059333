#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gk::reconcile {

/// Why somebody has, gets, keeps or loses access; printed with every action (contract 8.2).
enum class Cause : std::uint8_t {
  membership_active,  ///< eligible by membership
  booking,            ///< eligible by a booking
  user_import,        ///< a Kisi user for every Glofox client (users.import: all)
  cancelled,
  expired,
  paused,
  locked,
  future,  ///< membership not started
  no_membership,
  type_not_allowed,
  plan_not_allowed,
  status_not_allowed,  ///< ACTIVE, but the configuration does not list ACTIVE
  deactivated,         ///< soft-deleted, or no longer known to Glofox
  email_changed,
  booking_ended,
  booking_cancelled,
  absent,             ///< silence: not in a complete listing
  duplicate_row,      ///< we have a better row for the same person
  former_group,       ///< the person holds a row in the current group
  unknown_status,     ///< a word we do not know: held
  unknown_type,       ///< a word we do not know: held
  incomplete_record,  ///< Glofox did not give the field that decides: held
};

/// "membership-active", "type-not-allowed": the words of the report.
[[nodiscard]] std::string_view cause_name(Cause cause);

/// Of several denials behind one e-mail the nearest to access speaks; the undecided come first, because they
/// may be rights.
[[nodiscard]] std::ptrdiff_t distance_from_access(Cause cause);

/// True for causes that say "we do not know": they never grant and never remove.
[[nodiscard]] bool is_undecided(Cause cause);

}  // namespace gk::reconcile
