#include "reconcile/cause.hpp"

#include <algorithm>
#include <array>

namespace gk::reconcile {

std::string_view cause_name(Cause cause) {
  switch (cause) {
    case Cause::membership_active: return "membership-active";
    case Cause::booking: return "booking";
    case Cause::user_import: return "user-import";
    case Cause::cancelled: return "cancelled";
    case Cause::expired: return "expired";
    case Cause::paused: return "paused";
    case Cause::locked: return "locked";
    case Cause::future: return "future";
    case Cause::no_membership: return "no-membership";
    case Cause::type_not_allowed: return "type-not-allowed";
    case Cause::plan_not_allowed: return "plan-not-allowed";
    case Cause::status_not_allowed: return "status-not-allowed";
    case Cause::deactivated: return "deactivated";
    case Cause::email_changed: return "email-changed";
    case Cause::booking_ended: return "booking-ended";
    case Cause::booking_cancelled: return "booking-cancelled";
    case Cause::absent: return "absent";
    case Cause::duplicate_row: return "duplicate-row";
    case Cause::former_group: return "former-group";
    case Cause::unknown_status: return "unknown-status";
    case Cause::unknown_type: return "unknown-type";
    case Cause::incomplete_record: return "incomplete-record";
  }
  return "unknown";
}

bool is_undecided(Cause cause) {
  return cause == Cause::unknown_status || cause == Cause::unknown_type || cause == Cause::incomplete_record;
}

std::ptrdiff_t distance_from_access(Cause cause) {
  constexpr std::array k_nearest_first{Cause::incomplete_record,
                                       Cause::unknown_status,
                                       Cause::unknown_type,
                                       Cause::paused,
                                       Cause::locked,
                                       Cause::future,
                                       Cause::expired,
                                       Cause::cancelled,
                                       Cause::status_not_allowed,
                                       Cause::plan_not_allowed,
                                       Cause::type_not_allowed,
                                       Cause::no_membership};
  return std::ranges::find(k_nearest_first, cause) - k_nearest_first.begin();
}

}  // namespace gk::reconcile
