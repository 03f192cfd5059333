#include "reconcile/booking_enquiry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reconcile/enquiry.hpp"

namespace gk::reconcile {

namespace {

/// Classes of bookings whose rows do not say when they end.
std::set<ClassId> classes_of_unknown_ends(const std::vector<Booking>& bookings) {
  std::set<ClassId> classes;
  for (const Booking& booking : bookings) {
    if (!booking.end_known && !booking.class_id.value().empty()) classes.insert(booking.class_id);
  }
  return classes;
}

/// Completes the bookings of these classes.
Result<void> ask_for(const std::set<ClassId>& classes, BookedRoster& roster, RosterSource& source,
                     const Window& span) {
  if (classes.empty()) return {};
  GK_TRY_ASSIGN(const auto found, source.read_classes(classes, span));
  roster.known_classes.insert(classes.begin(), classes.end());
  apply_classes(found, roster.bookings);
  return {};
}

bool overlaps(const Booking& booking, const std::vector<Validity>& rows, const BookingRules& rules) {
  const Instant from = booking.start - rules.opens_before;
  const Instant until = booking.end + rules.closes_after;
  return std::ranges::any_of(rows, [&](const Validity& row) {
    return (!row.until || from < *row.until) && (!row.from || *row.from < until);
  });
}

/// The windows that we gave one person.
std::vector<Validity> rows_of(const PersonKey& person, const Observed& observed) {
  std::vector<Validity> validities;
  observed.for_each_row([&](const RoleAssignment& row) {
    const bool is_window = owner_of(row, observed.self.id, Scope::bookings) == Owner::ours;
    if (is_window && row.person() == person) validities.push_back(row.validity);
  });
  return validities;
}

Error list_was_wrong(const PersonKey& person, const Booking& booking) {
  return Error{Category::protocol,
               fmt::format("Glofox did not list booking {} of {}, but shows it when asked about this person: "
                           "the list was wrong, so nobody was removed",
                           booking.id.value(), person.email())};
}

/// Somebody has a booking by which the door should be open, but no right came of it.
Result<Denial> judge_booked(const PersonKey& person, const Booking& booking, const BookingEnquiry& enquiry) {
  const auto answers = enquiry.source.read_members(std::vector{booking.member});
  const auto& answer = answers.front();
  if (!answer) {
    if (ends_run(answer.error())) return fail(answer.error());
    return unanswered(answer.error());
  }
  if (!*answer)
    return Denial{Cause::deactivated, {booking.member}, false, "Glofox no longer knows this person"};
  const Member& member = **answer;
  if (!member.active) return Denial{Cause::deactivated, {booking.member}, false, {}};
  const auto key = member.email.person();
  if (key && key != person)
    return Denial{Cause::email_changed, {booking.member}, false, "now " + key->email(), key};
  const bool listed =
      std::ranges::find(enquiry.roster.bookings, booking.id, &Booking::id) != enquiry.roster.bookings.end();
  if (key && !listed && !enquiry.roster.by_class) return fail(list_was_wrong(person, booking));
  return Denial{Cause::incomplete_record,
                {booking.member},
                false,
                "has a booking, but Glofox does not say clearly whose it is; access is kept"};
}

/// Judges one person by all bookings of the records behind them.
Result<Denial> judge_unbooked(const PersonKey& person, const std::vector<MemberId>& members,
                              const BookingEnquiry& enquiry) {
  const Window span = class_span(enquiry.rules, enquiry.now);
  std::vector<Booking> bookings;
  for (const MemberId& member : members) {
    auto found = enquiry.source.read_bookings_of(member, span);
    if (!found) {
      if (ends_run(found.error())) return fail(std::move(found.error()));
      return unanswered(found.error());
    }
    std::ranges::move(*found, std::back_inserter(bookings));
  }
  std::erase_if(bookings,
                [&](const Booking& booking) { return !is_due(booking, enquiry.rules, enquiry.now); });
  GK_TRY(complete_by_classes(bookings, enquiry.source, span));
  for (const Booking& booking : bookings) {
    if (is_due(booking, enquiry.rules, enquiry.now)) return judge_booked(person, booking, enquiry);
  }
  return Denial{Cause::booking_cancelled, members, false, "no booking now or soon"};
}

}  // namespace

Result<BookedReading> read_booked(RosterSource& source, const BookingRules& rules, Instant now) {
  const Window span = class_span(rules, now);
  GK_TRY_ASSIGN(BookingSnapshot snapshot, source.read_bookings(span, BookingStatus::booked));
  Result<void> completed;
  std::optional<Error> partial_people;
  Reading<BookedRoster> roster =
      map_reading(std::move(snapshot.bookings), [&](std::vector<Booking>&& bookings) {
        BookedRoster read{.bookings = std::move(bookings),
                          .unreadable = std::move(snapshot.unreadable),
                          .by_class = snapshot.by_class};
        completed = [&]() -> Result<void> {
          GK_TRY(ask_for(classes_of_unknown_ends(read.bookings), read, source, span));
          GK_TRY_ASSIGN(read.people, source.read_people(bookers(read, rules, now)));
          return {};
        }();
        if (read.people.list) {
          if (const Error* reason = incomplete_because(*read.people.list)) partial_people = *reason;
        }
        return read;
      });
  GK_TRY(completed);
  if (partial_people && incomplete_because(roster) == nullptr)
    roster = Partial<BookedRoster>(value_of(roster), *partial_people);
  return BookedReading{std::move(snapshot.branch), std::move(roster)};
}

Result<void> ask_for_classes(BookedRoster& roster, const std::set<PersonKey>& people,
                             const BookingRules& rules, RosterSource& source, Instant now) {
  return ask_for(classes_to_ask(roster, people, rules, now), roster, source, class_span(rules, now));
}

Result<std::map<PersonKey, Denial>> read_cancellations(const std::vector<PersonKey>& people,
                                                       const BookingEnquiry& enquiry) {
  std::map<PersonKey, Denial> denials;
  if (people.empty()) return denials;
  GK_TRY_ASSIGN(const auto known, known_members(people, enquiry.observed, enquiry.branch, enquiry.access));
  if (known.empty()) return denials;
  const auto cancelled =
      enquiry.source.read_bookings(class_span(enquiry.rules, enquiry.now), BookingStatus::cancelled);
  // Only evidence is missing then; the people are asked about one by one.
  if (!cancelled && ends_run(cancelled.error())) return fail(cancelled.error());
  for (const auto& [person, member] : known) {
    const auto record = enquiry.roster.people.people.find(member);
    const auto key =
        record == enquiry.roster.people.people.end() ? std::nullopt : record->second.email.person();
    if (key && record->second.active && key != person) {
      denials.emplace(person, Denial{Cause::email_changed, {member}, false, "now " + key->email(), key});
      continue;
    }
    if (!cancelled) continue;
    const std::vector<Validity> rows = rows_of(person, enquiry.observed);
    const MemberId id = member;
    const bool is_cancelled = std::ranges::any_of(value_of(cancelled->bookings), [&](const Booking& booking) {
      return booking.member == id && booking.status == BookingStatus::cancelled &&
             overlaps(booking, rows, enquiry.rules);
    });
    if (is_cancelled) denials.emplace(person, Denial{Cause::booking_cancelled, {member}, false, {}});
  }
  return denials;
}

Result<std::map<PersonKey, Denial>> verify_unbooked(const std::vector<PersonKey>& people,
                                                    const BookingEnquiry& enquiry) {
  std::map<PersonKey, Denial> denials;
  if (people.empty()) return denials;
  GK_TRY_ASSIGN(const auto known, known_members(people, enquiry.observed, enquiry.branch, enquiry.access));
  std::map<PersonKey, std::set<MemberId>> members;
  for (const auto& [person, member] : known) members[person].insert(member);
  for (const PersonKey& person : people) {
    // The id is of one record; somebody else may be booked under the same e-mail (families share them).
    const auto found = enquiry.source.find_members(person);
    if (!found) {
      if (ends_run(found.error())) return fail(found.error());
      denials.emplace(person, unanswered(found.error()));
      continue;
    }
    for (const Member& member : *found) members[person].insert(member.id);
    const std::vector<MemberId> records(members[person].begin(), members[person].end());
    GK_TRY_ASSIGN(Denial denial, judge_unbooked(person, records, enquiry));
    denials.emplace(person, std::move(denial));
  }
  return denials;
}

}  // namespace gk::reconcile
