#include <fmt/format.h>

#include <algorithm>

#include "reconcile/enquiry.hpp"
#include "reconcile/pass.hpp"

namespace gk::reconcile {

namespace {

/// sync-members; each member function is one step.
class MemberPass {
 public:
  MemberPass(const Job& job, const PassContext& context)
      : pass_(job, context, Scope::members), job_(job), context_(context) {}

  IntegrationReport run() { return conclude(pass_, plan_and_apply()); }

 private:
  Result<void> plan_and_apply() {
    GK_TRY_ASSIGN(RosterSnapshot roster, read_both(pass_, [&] { return context_.roster.read_roster(); }));
    GK_TRY_ASSIGN(const Reading<Desired> desired, derive(std::move(roster)));
    GK_TRY(resolve(pass_, desired));
    GK_TRY_ASSIGN(const Reading<Desired> proven, prove_removals(desired));
    return finish(pass_, proven, "the Glofox member list is incomplete, so nobody was removed");
  }

  /// Roster -> desired state, after the rows that need it were completed one by one.
  Result<Reading<Desired>> derive(RosterSnapshot snapshot) {
    if (const Error* reason = incomplete_because(snapshot.roster);
        reason != nullptr && reason->category == Category::interrupted) {
      return fail(*reason);
    }
    GK_TRY_ASSIGN(const Zone zone, Zone::locate(snapshot.branch.time_zone));
    const Insiders insiders = insiders_of(pass_.observed, pass_.policy.scope);
    Result<void> completed;
    Reading<Roster> roster = map_reading(std::move(snapshot.roster), [&](Roster&& rows) {
      completed = complete_rows(
          rows, rows_to_read_singly(rows, job_.memberships, zone, context_.now, insiders), context_.roster);
      return std::move(rows);
    });
    GK_TRY(completed);

    const Roster& rows = value_of(roster);
    pass_.report.source = {.members = rows.size(),
                           .people = PeopleSource::list,
                           .complete = incomplete_because(roster) == nullptr};
    pass_.health = {pass_.report.source.complete, rows.empty(), find_missing_canaries(rows, job_.canaries)};
    GK_TRY_ASSIGN(std::vector<Notice> notices, check_plan_filter(rows));
    return map_reading(std::move(roster), [&](Roster&& all) {
      Desired desired =
          derive_desired(all, job_.memberships, zone, context_.now, insiders, job_.users.import_all);
      std::ranges::move(notices, std::back_inserter(desired.notices));
      return desired;
    });
  }

  /// A filter entry that some member carries is right. Only for the others the catalogue is asked.
  Result<std::vector<Notice>> check_plan_filter(const Roster& roster) {
    std::vector<Notice> notices;
    const std::vector<std::string> unused = job_.memberships.plans.unmatched(roster.plans());
    if (unused.empty()) return notices;
    const auto catalogue = context_.roster.read_catalogue();
    if (!catalogue) {
      // With no time left the plan can still be made and shown: a check of the filter must not prevent that.
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

  /// Silence is turned into evidence, and bookings of the people who lose their membership are read.
  Result<Reading<Desired>> prove_removals(Reading<Desired> desired) {
    auto denials = verify_absent(absent_within_limits(pass_, desired), pass_.observed, job_.location,
                                 context_.roster, context_.access);
    if (!denials) return distrust(pass_, desired, std::move(denials.error()));
    desired = with_denials(std::move(desired), *std::move(denials));
    if (!job_.bookings.enabled || job_.has_separate_booking_group()) return desired;
    GK_TRY_ASSIGN(Lapses lapses, read_lapses(plan_within_limits(pass_, desired), job_.bookings,
                                             context_.roster, context_.now));
    pass_.policy.booked = std::move(lapses.booked);
    return map_reading(std::move(desired), [&](Desired&& known) {
      for (const auto& [person, why] : lapses.unanswered) {
        Denial& denial = known.denials[person];
        denial.cause = Cause::incomplete_record;
        denial.detail = "has no membership, but the bookings could not be read: " + why;
      }
      return std::move(known);
    });
  }

  Pass pass_;
  const Job& job_;
  const PassContext& context_;
};

}  // namespace

IntegrationReport sync_members(const Job& job, const PassContext& context) {
  return MemberPass(job, context).run();
}

}  // namespace gk::reconcile
