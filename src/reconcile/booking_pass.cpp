
#include "reconcile/booking_enquiry.hpp"
#include "reconcile/enquiry.hpp"
#include "reconcile/pass.hpp"

namespace gk::reconcile {

namespace {

/// sync-bookings; each member function is one step.
class BookingPass {
 public:
  BookingPass(const Job& job, const PassContext& context)
      : pass_(job, context, Scope::bookings), job_(job), context_(context) {}

  IntegrationReport run() { return conclude(pass_, plan_and_apply()); }

 private:
  Result<void> plan_and_apply() {
    GK_TRY_ASSIGN(BookedReading booked, read_both(pass_, [&] {
                    return read_booked(context_.roster, job_.bookings, context_.now);
                  }));
    insiders_ = insiders_of(pass_.observed, Scope::bookings);
    note_source(booked.roster);

    GK_TRY_ASSIGN(Reading<BookedRoster> roster, leave_out_online(std::move(booked.roster)));
    const auto desired = map_reading(Reading<BookedRoster>(roster), [&](BookedRoster&& all) {
      return derive_booking_rights(all, job_.bookings, context_.now, insiders_);
    });
    GK_TRY(resolve(pass_, desired));
    GK_TRY_ASSIGN(const Reading<Desired> proven, prove_removals(value_of(roster), desired));
    return finish(pass_, proven, "the list of Glofox bookings is incomplete, so nobody was removed");
  }

  void note_source(const Reading<BookedRoster>& reading) {
    const BookedRoster& roster = value_of(reading);
    const PeopleReading& people = roster.people;
    SourceSummary& source = pass_.report.source;
    source.bookings = roster.bookings.size();
    source.complete = incomplete_because(reading) == nullptr;
    pass_.health.complete = source.complete;
    if (people.list) {
      const Roster& members = value_of(*people.list);
      source.people = PeopleSource::list;
      source.members = members.size();
      pass_.health.empty = members.empty();
      pass_.health.missing_canaries = find_missing_canaries(members, job_.canaries);
    } else if (!people.people.empty() || !people.unread.empty()) {
      source.people = PeopleSource::singly;
    }
  }

  /// Windows are written for classes on site only. People whose row is right already were asked about when it
  /// was written, so in the steady state no class is read.
  Result<Reading<BookedRoster>> leave_out_online(Reading<BookedRoster> reading) {
    const Desired draft = derive_booking_rights(value_of(reading), job_.bookings, context_.now, insiders_);
    std::set<PersonKey> written;
    for (const Action& action : make_plan(draft, pass_.observed, pass_.policy, context_.now).actions) {
      if (action.kind == ActionKind::grant || action.kind == ActionKind::change)
        written.insert(action.person);
    }
    Result<void> asked;
    reading = map_reading(std::move(reading), [&](BookedRoster&& roster) {
      roster.people.list.reset();  // looked at, and as big as the gym
      asked = ask_for_classes(roster, written, job_.bookings, context_.roster, context_.now);
      return std::move(roster);
    });
    GK_TRY(asked);
    return reading;
  }

  /// Silence is turned into evidence: first by the list of the cancelled, then person by person.
  Result<Reading<Desired>> prove_removals(const BookedRoster& roster, Reading<Desired> desired) {
    const BookingEnquiry enquiry{roster,       pass_.observed,  job_.location,  job_.bookings,
                                 context_.now, context_.roster, context_.access};
    auto cancelled = read_cancellations(absent_people(desired), enquiry);
    if (!cancelled) return distrust(pass_, desired, std::move(cancelled.error()));
    desired = with_denials(std::move(desired), *std::move(cancelled));
    auto verified = verify_unbooked(absent_within_limits(pass_, desired), enquiry);
    if (!verified) return distrust(pass_, desired, std::move(verified.error()));
    return with_denials(std::move(desired), *std::move(verified));
  }

  [[nodiscard]] std::vector<PersonKey> absent_people(const Reading<Desired>& desired) const {
    std::set<PersonKey> people;
    for (const Action& action : plan_all(pass_, desired).actions) {
      if (action.brake == Brake::absent) people.insert(action.person);
    }
    return {people.begin(), people.end()};
  }

  Pass pass_;
  const Job& job_;
  const PassContext& context_;
  Insiders insiders_;
};

}  // namespace

IntegrationReport sync_bookings(const Job& job, const PassContext& context) {
  return BookingPass(job, context).run();
}

}  // namespace gk::reconcile
