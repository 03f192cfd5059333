#include "reconcile/reconciler.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reconcile/applier.hpp"
#include "reconcile/enquiry.hpp"
#include "reconcile/observation.hpp"
#include "reconcile/readback.hpp"

namespace gk::reconcile {

namespace {

/// Failures that leave nothing to go on with.
bool ends_the_run(const Error& error) {
  return error.category == Category::auth || error.category == Category::interrupted ||
         error.category == Category::deadline;
}

/// One pass, step by step: each member function is one stretch of the data's road.
class MemberPass {
 public:
  MemberPass(const MemberJob& job, const PassContext& context) : job_(job), context_(context) {
    report_.name = job.name;
    policy_.scope = Scope::members;
    policy_.protected_people = job.protected_people;
    policy_.send_emails = job.send_emails;
  }

  IntegrationReport run() {
    if (auto done = plan_and_apply(); !done) report_.error = std::move(done.error());
    conclude();
    return std::move(report_);
  }

 private:
  Result<void> plan_and_apply() {
    auto [roster, observation] = read_both(context_.roster, context_.access, job_.group, job_.former_groups);
    if (roster) report_.time_zone = roster->branch.time_zone;
    GK_TRY(observation);
    GK_TRY(roster);
    if (context_.stop.requested())
      return fail(Category::interrupted, "stopped by a signal before anything was changed");
    observed_ = std::move(observation->observed);
    report_.group_name = std::move(observation->group_name);

    GK_TRY_ASSIGN(const Reading<Desired> desired, derive(*std::move(roster)));
    GK_TRY(resolve_users(people_to_resolve(value_of(desired), observed_, policy_.scope, context_.now),
                         observed_, context_.access));
    GK_TRY_ASSIGN(const Reading<Desired> proven, prove_removals(desired));
    report_.plan = plan_within_limits(proven);
    if (!context_.dry_run) GK_TRY(carry_out(proven));
    if (const Error* reason = incomplete_because(proven)) {
      return fail(with_context("the Glofox member list is not whole, so nobody was removed", *reason));
    }
    return {};
  }

  /// Roster -> desired state, after the rows that need it were completed one by one.
  Result<Reading<Desired>> derive(RosterSnapshot snapshot) {
    if (const Error* reason = incomplete_because(snapshot.roster);
        reason != nullptr && reason->category == Category::interrupted) {
      return fail(*reason);
    }
    if (snapshot.branch.time_zone.empty()) {
      return fail(Category::protocol,
                  "Glofox gives no time zone for this location (address.timezone_id): days cannot be told, "
                  "nothing was changed");
    }
    GK_TRY_ASSIGN(const Zone zone, Zone::locate(snapshot.branch.time_zone));
    const Insiders insiders = insiders_of(observed_, policy_.scope);
    Result<void> completed;
    Reading<Roster> roster = map_reading(std::move(snapshot.roster), [&](Roster&& rows) {
      completed = complete_rows(rows, rows_to_read_singly(rows, job_.rules, zone, context_.now, insiders),
                                context_.roster);
      return std::move(rows);
    });
    GK_TRY(completed);

    const Roster& rows = value_of(roster);
    report_.source.members = rows.size();
    report_.source.complete = incomplete_because(roster) == nullptr;
    health_ = RosterHealth{report_.source.complete, rows.empty(), find_missing_canaries(rows, job_.canaries)};
    GK_TRY_ASSIGN(std::vector<Notice> notices, check_plan_filter(rows));
    return map_reading(std::move(roster), [&](Roster&& all) {
      Desired desired = derive_desired(all, job_.rules, zone, context_.now, insiders, job_.import_all);
      std::ranges::move(notices, std::back_inserter(desired.notices));
      return desired;
    });
  }

  /// A filter entry that some member carries is right. Only for the others the catalogue is asked.
  Result<std::vector<Notice>> check_plan_filter(const Roster& roster) {
    std::vector<Notice> notices;
    const std::vector<std::string> unused = job_.rules.plans.unmatched(roster.plans());
    if (unused.empty()) return notices;
    const auto catalogue = context_.roster.read_catalogue();
    if (!catalogue) {
      if (catalogue.error().category == Category::auth || catalogue.error().category == Category::interrupted)
        return fail(catalogue.error());
      notices.push_back({"plan_filter", "",
                         "the Glofox catalogue could not be read to check memberships.plans: " +
                             catalogue.error().message});
      return notices;
    }
    for (const std::string& entry : PlanFilter::of(unused).unmatched(*catalogue)) {
      notices.push_back(
          {"plan_filter", "",
           fmt::format("memberships.plans: '{}' matches nothing in the Glofox catalogue", entry)});
    }
    return notices;
  }

  Plan plan_all(const Reading<Desired>& desired) const {
    Plan plan = make_plan(value_of(desired), observed_, policy_, context_.now);
    if (const auto* whole = std::get_if<Complete<Desired>>(&desired))
      plan_removals(*whole, observed_, policy_, context_.now, plan);
    return plan;
  }

  Plan plan_within_limits(const Reading<Desired>& desired) {
    Plan plan = plan_all(desired);
    report_.limit_holds =
        apply_limits(plan, observed_, job_.limits, job_.approvals, health_, policy_.scope, context_.now);
    return plan;
  }

  /// Silence is turned into evidence, and bookings of the people who lose their membership are read.
  Result<Reading<Desired>> prove_removals(Reading<Desired> desired) {
    const std::vector<PersonKey> absent =
        absent_to_verify(plan_all(desired), observed_, job_.limits, job_.approvals, health_, policy_.scope);
    auto refusals = verify_absent(absent, observed_, job_.branch, context_.roster, context_.access);
    if (!refusals) {
      if (ends_the_run(refusals.error())) return fail(std::move(refusals.error()));
      // The list cannot be believed, so nobody is removed; whoever it does name may still come in (8.1, 8.2).
      report_.source.complete = false;
      health_.complete = false;
      return Reading<Desired>(Partial<Desired>(value_of(desired), std::move(refusals.error())));
    }
    desired = map_reading(std::move(desired), [&](Desired&& known) {
      known.refusals.merge(*refusals);
      return std::move(known);
    });
    if (!job_.bookings.enabled) return desired;
    GK_TRY_ASSIGN(Lapses lapses,
                  read_lapses(plan_within_limits(desired), job_.bookings, context_.roster, context_.now));
    policy_.booked = std::move(lapses.booked);
    return map_reading(std::move(desired), [&](Desired&& known) {
      for (const auto& [person, why] : lapses.unanswered) {
        Refusal& refusal = known.refusals[person];
        refusal.cause = Cause::incomplete_record;
        refusal.detail = "has no membership, but the bookings could not be read: " + why;
      }
      return std::move(known);
    });
  }

  Result<void> carry_out(const Reading<Desired>& desired) {
    const ApplyContext apply_context{context_.access,   context_.clock, context_.stop,
                                     context_.deadline, job_.branch,    context_.on_progress};
    ApplyResult result = apply(report_.plan, apply_context);
    report_.stopped_by = result.stopped_by;
    wrote_ = result.writes > 0;
    if (!wrote_ || (result.stopped_by && result.stopped_by->category == Category::auth)) return {};
    if (result.stopped_by && result.stopped_by->category == Category::interrupted) return {};
    return read_back(desired);
  }

  Result<void> read_back(const Reading<Desired>& desired) {
    std::vector<GroupId> former;
    for (const Action& action : report_.plan.actions) {
      if (action.former && std::ranges::find(former, action.group) == former.end())
        former.push_back(action.group);
    }
    auto now = observe(context_.access, job_.group, former);
    if (!now) return fail(with_context("reading the group back after the changes", std::move(now.error())));
    observed_.rows = std::move(now->observed.rows);
    observed_.former = std::move(now->observed.former);
    report_.mismatch = compare_readback(report_.plan, plan_all(desired));
    report_.verified = report_.mismatch.empty();
    return {};
  }

  void conclude() {
    report_.summary = summarise(report_.plan);
    const auto has = [&](ActionOutcome outcome) {
      return std::ranges::any_of(report_.plan.actions,
                                 [&](const Action& action) { return action.outcome == outcome; });
    };
    report_.actions_failed = has(ActionOutcome::failed) || has(ActionOutcome::unknown);
    report_.people_held = std::ranges::any_of(report_.plan.actions, [](const Action& action) {
      return action.outcome == ActionOutcome::held && is_undecided(action.cause);
    });
    report_.outcome = judge_outcome(has(ActionOutcome::planned));
  }

  IntegrationOutcome judge_outcome(bool planned) const {
    if (report_.error && !wrote_ && !planned) return IntegrationOutcome::failed;
    if (report_.error || report_.actions_failed || report_.stopped_by || report_.verified == false)
      return IntegrationOutcome::partial;
    if (report_.limit_holds || report_.people_held) return IntegrationOutcome::held;
    if (planned) return IntegrationOutcome::pending;
    return wrote_ ? IntegrationOutcome::changed : IntegrationOutcome::in_sync;
  }

  const MemberJob& job_;
  const PassContext& context_;
  IntegrationReport report_;
  Observed observed_;
  Policy policy_;
  RosterHealth health_;
  bool wrote_ = false;
};

}  // namespace

IntegrationReport sync_members(const MemberJob& job, const PassContext& context) {
  return MemberPass(job, context).run();
}

}  // namespace gk::reconcile
