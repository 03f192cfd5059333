#include "checkin/report.hpp"

namespace gk::checkin {

std::string_view outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::planned:
      return "planned";
    case Outcome::applied:
      return "applied";
    case Outcome::already_done:
      return "already_done";
    case Outcome::ignored:
      return "ignored";
    case Outcome::failed:
      return "failed";
    case Outcome::unknown:
      break;
  }
  return "unknown";
}

std::string_view cause_name(Cause cause) {
  switch (cause) {
    case Cause::not_unlock:
      return "not-unlock";
    case Cause::denied:
      return "denied";
    case Cause::other_place:
      return "other-place";
    case Cause::not_a_user:
      return "not-a-user";
    case Cause::not_ours:
      return "not-ours";
    case Cause::too_old:
      return "too-old";
    case Cause::duplicate:
      return "duplicate";
    case Cause::no_booking:
      break;
  }
  return "no-booking";
}

Action action_of(const Event& event) {
  Action action;
  action.event_uuid = event.uuid;
  action.user = event.actor;
  action.email = event.email;
  action.lock = event.lock;
  if (event.at != Instant{}) action.at = event.at;
  return action;
}

Summary summarise(const std::vector<Action>& actions) {
  Summary summary;
  for (const Action& action : actions) {
    switch (action.outcome) {
      case Outcome::planned:
        ++summary.planned;
        break;
      case Outcome::applied:
        ++summary.applied;
        break;
      case Outcome::already_done:
        ++summary.already_done;
        break;
      case Outcome::ignored:
        ++summary.ignored;
        break;
      case Outcome::failed:
        ++summary.failed;
        break;
      case Outcome::unknown:
        ++summary.unknown;
        break;
    }
  }
  return summary;
}

}  // namespace gk::checkin
