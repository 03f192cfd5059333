#include "reconcile/pass.hpp"

#include <algorithm>

#include "reconcile/applier.hpp"
#include "reconcile/enquiry.hpp"
#include "reconcile/readback.hpp"

namespace gk::reconcile {

namespace {

bool has_outcome(const Plan& plan, ActionOutcome outcome) {
  return std::ranges::find(plan.actions, outcome, &Action::outcome) != plan.actions.end();
}

Result<void> read_back(Pass& pass, const Reading<Desired>& desired) {
  std::vector<GroupId> former;
  for (const Action& action : pass.report.plan.actions) {
    if (action.former && std::ranges::find(former, action.group) == former.end())
      former.push_back(action.group);
  }
  auto now = observe(pass.context.access, pass.group, former);
  if (!now) return fail(with_context("reading the group back after the changes", std::move(now.error())));
  pass.observed.rows = std::move(now->observed.rows);
  pass.observed.former = std::move(now->observed.former);
  pass.report.mismatch = compare_readback(pass.report.plan, plan_all(pass, desired));
  pass.report.verified = pass.report.mismatch.empty();
  return {};
}

Result<void> carry_out(Pass& pass, const Reading<Desired>& desired) {
  const PassContext& context = pass.context;
  const ApplyContext apply_context{context.access,   context.clock,     context.stop,
                                   context.deadline, pass.job.location, context.on_progress};
  ApplyResult result = apply(pass.report.plan, apply_context);
  pass.report.stopped_by = result.stopped_by;
  pass.wrote = result.writes > 0;
  if (!pass.wrote || (result.stopped_by && result.stopped_by->category == Category::auth)) return {};
  if (result.stopped_by && result.stopped_by->category == Category::interrupted) return {};
  return read_back(pass, desired);
}

IntegrationOutcome judge_outcome(const Pass& pass) {
  const IntegrationReport& report = pass.report;
  const bool planned = has_outcome(report.plan, ActionOutcome::planned);
  if (report.error && !pass.wrote && !planned) return IntegrationOutcome::failed;
  if (report.error || report.actions_failed || report.stopped_by || report.verified == false)
    return IntegrationOutcome::partial;
  if (report.limit_holds || report.people_held) return IntegrationOutcome::held;
  if (planned) return IntegrationOutcome::pending;
  return pass.wrote ? IntegrationOutcome::changed : IntegrationOutcome::in_sync;
}

}  // namespace

Pass::Pass(const Job& wanted, const PassContext& services, Scope scope)
    : job(wanted), context(services), group(scope == Scope::members ? wanted.group : wanted.booking_group()) {
  report.name = job.name;
  policy.scope = scope;
  policy.protected_people = job.protected_people;
  policy.send_emails = job.users.send_emails;
}

Result<void> resolve(Pass& pass, const Reading<Desired>& desired) {
  const auto people =
      people_to_resolve(value_of(desired), pass.observed, pass.policy.scope, pass.context.now);
  return resolve_users(people, pass.observed, pass.context.access);
}

Plan plan_all(const Pass& pass, const Reading<Desired>& desired) {
  Plan plan = make_plan(value_of(desired), pass.observed, pass.policy, pass.context.now);
  if (const auto* whole = std::get_if<Complete<Desired>>(&desired))
    plan_removals(*whole, pass.observed, pass.policy, pass.context.now, plan);
  return plan;
}

Plan plan_within_limits(Pass& pass, const Reading<Desired>& desired) {
  Plan plan = plan_all(pass, desired);
  pass.report.limit_holds = apply_limits(plan, pass.observed, pass.job.limits, pass.job.approvals,
                                         pass.health, pass.policy.scope, pass.context.now);
  return plan;
}

std::vector<PersonKey> absent_within_limits(const Pass& pass, const Reading<Desired>& desired) {
  return absent_to_verify(plan_all(pass, desired), pass.observed, pass.job.limits, pass.job.approvals,
                          pass.health, pass.policy.scope);
}

Reading<Desired> with_denials(Reading<Desired> desired, std::map<PersonKey, Denial> denials) {
  return map_reading(std::move(desired), [&](Desired&& known) {
    known.denials.merge(denials);
    return std::move(known);
  });
}

Result<void> finish(Pass& pass, const Reading<Desired>& desired, std::string_view not_whole) {
  pass.report.plan = plan_within_limits(pass, desired);
  if (!pass.context.dry_run) GK_TRY(carry_out(pass, desired));
  if (const Error* reason = incomplete_because(desired)) return fail(with_context(not_whole, *reason));
  return {};
}

Result<Reading<Desired>> distrust(Pass& pass, const Reading<Desired>& desired, Error error) {
  if (ends_run(error)) return fail(std::move(error));
  pass.report.source.complete = false;
  pass.health.complete = false;
  return Reading<Desired>(Partial<Desired>(value_of(desired), std::move(error)));
}

IntegrationReport conclude(Pass& pass, Result<void> done) {
  IntegrationReport& report = pass.report;
  if (!done) report.error = std::move(done.error());
  report.summary = summarise(report.plan);
  report.actions_failed =
      has_outcome(report.plan, ActionOutcome::failed) || has_outcome(report.plan, ActionOutcome::unknown);
  report.people_held = std::ranges::any_of(report.plan.actions, [](const Action& action) {
    return action.outcome == ActionOutcome::held && is_undecided(action.cause);
  });
  report.outcome = judge_outcome(pass);
  return std::move(report);
}

}  // namespace gk::reconcile
