#include "checkin/report.hpp"

#include <algorithm>

namespace gk::checkin {

std::string_view outcome_name(CheckinOutcome outcome) {
  switch (outcome) {
    case CheckinOutcome::planned: return "planned";
    case CheckinOutcome::applied: return "applied";
    case CheckinOutcome::already_done: return "already_done";
    case CheckinOutcome::ignored: return "ignored";
    case CheckinOutcome::failed: return "failed";
    case CheckinOutcome::unknown: break;
  }
  return "unknown";
}

std::string_view cause_name(IgnoreCause cause) {
  switch (cause) {
    case IgnoreCause::not_unlock: return "not-unlock";
    case IgnoreCause::denied: return "denied";
    case IgnoreCause::other_place: return "other-place";
    case IgnoreCause::not_a_user: return "not-a-user";
    case IgnoreCause::not_ours: return "not-ours";
    case IgnoreCause::too_old: return "too-old";
    case IgnoreCause::duplicate: return "duplicate";
    case IgnoreCause::no_booking: break;
  }
  return "no-booking";
}

CheckinResult result_of(const Unlock& unlock) {
  CheckinResult result;
  result.unlock_uuid = unlock.uuid;
  result.user = unlock.actor;
  result.email = unlock.email;
  result.lock = unlock.lock;
  if (unlock.at != Instant{}) result.at = unlock.at;
  return result;
}

CheckinCounts count_outcomes(const std::vector<CheckinResult>& results) {
  const auto count = [&results](CheckinOutcome outcome) {
    return static_cast<std::size_t>(std::ranges::count(results, outcome, &CheckinResult::outcome));
  };
  return {.planned = count(CheckinOutcome::planned),
          .applied = count(CheckinOutcome::applied),
          .already_done = count(CheckinOutcome::already_done),
          .ignored = count(CheckinOutcome::ignored),
          .failed = count(CheckinOutcome::failed),
          .unknown = count(CheckinOutcome::unknown)};
}

}  // namespace gk::checkin
