#include "reconcile/cause.hpp"

namespace gk::reconcile {

std::string_view cause_name(Cause cause) {
  switch (cause) {
    case Cause::membership_active:
      return "membership-active";
    case Cause::booking:
      return "booking";
    case Cause::user_import:
      return "user-import";
    case Cause::cancelled:
      return "cancelled";
    case Cause::expired:
      return "expired";
    case Cause::paused:
      return "paused";
    case Cause::locked:
      return "locked";
    case Cause::future:
      return "future";
    case Cause::no_membership:
      return "no-membership";
    case Cause::type_not_allowed:
      return "type-not-allowed";
    case Cause::plan_not_allowed:
      return "plan-not-allowed";
    case Cause::status_not_allowed:
      return "status-not-allowed";
    case Cause::deactivated:
      return "deactivated";
    case Cause::email_changed:
      return "email-changed";
    case Cause::booking_ended:
      return "booking-ended";
    case Cause::booking_cancelled:
      return "booking-cancelled";
    case Cause::absent:
      return "absent";
    case Cause::duplicate_row:
      return "duplicate-row";
    case Cause::former_group:
      return "former-group";
    case Cause::unknown_status:
      return "unknown-status";
    case Cause::unknown_type:
      return "unknown-type";
    case Cause::incomplete_record:
      return "incomplete-record";
  }
  return "unknown";
}

bool is_undecided(Cause cause) {
  return cause == Cause::unknown_status || cause == Cause::unknown_type || cause == Cause::incomplete_record;
}

}  // namespace gk::reconcile
