#include "reconcile/report.hpp"

namespace gk::reconcile {

std::string_view outcome_name(IntegrationOutcome outcome) {
  switch (outcome) {
    case IntegrationOutcome::in_sync: return "in_sync";
    case IntegrationOutcome::pending: return "pending";
    case IntegrationOutcome::changed: return "changed";
    case IntegrationOutcome::partial: return "partial";
    case IntegrationOutcome::held: return "held";
    case IntegrationOutcome::failed: return "failed";
    case IntegrationOutcome::skipped: return "skipped";
  }
  return "failed";
}

std::string_view people_source_name(PeopleSource source) {
  switch (source) {
    case PeopleSource::none: return "none";
    case PeopleSource::list: return "list";
    case PeopleSource::singly: return "singly";
  }
  return "none";
}

Summary summarise(const Plan& plan) {
  Summary summary{.desired = plan.desired, .observed = plan.rows.managed, .foreign = plan.rows.foreign};
  summary.keep = plan.keep;
  summary.open_now = plan.open_now;
  for (const Action& action : plan.actions) {
    const ActionOutcome outcome = action.outcome;
    if (outcome == ActionOutcome::held) ++summary.held;
    if (outcome == ActionOutcome::failed || outcome == ActionOutcome::unknown) ++summary.failed;
    const bool counts = outcome == ActionOutcome::planned || outcome == ActionOutcome::applied ||
                        outcome == ActionOutcome::already_done;
    if (!counts) continue;
    switch (action.kind) {
      case ActionKind::create_user: ++summary.create_user; break;
      case ActionKind::grant: ++summary.grant; break;
      case ActionKind::change: ++summary.change; break;
      case ActionKind::revoke: ++summary.revoke; break;
    }
  }
  return summary;
}

}  // namespace gk::reconcile
