#include "reconcile/booking_rights.hpp"

#include "domain/class_length.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gk::reconcile {

namespace {

/// One person's due bookings and the records behind them.
struct Booker {
  std::set<MemberId> members;
  std::vector<Booking> bookings;
  std::string name;
};

class Joiner {
 public:
  Joiner(const BookedRoster& roster, const Insiders& insiders) : roster_(roster), insiders_(insiders) {}

  /// The e-mail of a booker who may enter; else tells why there is none.
  std::optional<PersonKey> person_of(MemberId id) {
    const auto found = roster_.people.people.find(id);
    if (found == roster_.people.people.end()) {
      note_missing(id);
      return std::nullopt;
    }
    const Member& member = found->second;
    auto key = member.email.person();
    if (!member.active) {
      if (key && insiders_.contains(*key))
        desired.denials.emplace(*key, Denial{Cause::deactivated, {id}, false, {}});
      note("deleted_member", id, member.email.as_written(),
           "has a booking but is deleted in Glofox: no access");
      return std::nullopt;
    }
    if (!key) {
      note("missing_email", id, member.email.as_written(),
           member.email.empty()
               ? "has a booking but no e-mail address; no access until Glofox has one"
               : "has a booking but an invalid e-mail address; no access until Glofox has a valid one");
    }
    return key;
  }

  Desired desired;

 private:
  void note_missing(MemberId id) {
    const auto unread = roster_.people.unread.find(id);
    if (unread == roster_.people.unread.end()) {
      note("unknown_member", id, "", "has a booking, but Glofox no longer knows them: no access");
    } else {
      note("unread_member", id, "",
           "has a booking, but their record could not be read, so access waits for the next run: " +
               unread->second.message);
    }
  }

  /// Once per record, however many bookings it has.
  void note(std::string kind, MemberId id, std::string who, std::string_view what) {
    if (noted_.insert(id).second)
      desired.notices.push_back({std::move(kind), std::move(who), fmt::format("member {} {}", id, what)});
  }

  const BookedRoster& roster_;
  const Insiders& insiders_;
  std::set<MemberId> noted_;
};

}  // namespace

Window class_span(const BookingRules& rules, Instant now) {
  return *Window::make(now - rules.closes_after - k_longest_class,
                       now + rules.lookahead + rules.opens_before + std::chrono::seconds{1});
}

std::optional<Window> booking_window(const Booking& booking, const BookingRules& rules) {
  if (booking.status != BookingStatus::booked || booking.online) return std::nullopt;
  return Window::make(booking.start - rules.opens_before, booking.end + rules.closes_after);
}

bool is_due(const Booking& booking, const BookingRules& rules, Instant now) {
  const auto window = booking_window(booking, rules);
  return window && window->until() > now && window->from() <= now + rules.lookahead;
}

std::optional<Validity> due_validity(const std::vector<Booking>& bookings, const BookingRules& rules,
                                     Instant now) {
  std::vector<Window> windows;
  for (const Booking& booking : bookings) {
    if (is_due(booking, rules, now)) windows.push_back(*booking_window(booking, rules));
  }
  if (windows.empty()) return std::nullopt;
  return Validity::of(merge(std::move(windows)).front());
}

std::vector<MemberId> bookers(const BookedRoster& roster, const BookingRules& rules, Instant now) {
  std::set<MemberId> members;
  for (const auto& [member, booking] : roster.unreadable) members.insert(member);
  for (const Booking& booking : roster.bookings) {
    if (is_due(booking, rules, now)) members.insert(booking.member);
  }
  return {members.begin(), members.end()};
}

std::set<ClassId> classes_to_ask(const BookedRoster& roster, const std::set<PersonKey>& people,
                                 const BookingRules& rules, Instant now) {
  std::set<ClassId> classes;
  for (const Booking& booking : roster.bookings) {
    if (booking.class_id.value().empty() || roster.known_classes.contains(booking.class_id)) continue;
    if (!is_due(booking, rules, now)) continue;
    const auto member = roster.people.people.find(booking.member);
    if (member == roster.people.people.end()) continue;
    const auto key = member->second.email.person();
    if (key && people.contains(*key)) classes.insert(booking.class_id);
  }
  return classes;
}

Desired derive_booking_rights(const BookedRoster& roster, const BookingRules& rules, Instant now,
                              const Insiders& insiders) {
  Joiner joiner(roster, insiders);
  std::map<PersonKey, Booker> people;
  for (const Booking& booking : roster.bookings) {
    if (!is_due(booking, rules, now)) continue;
    const auto person = joiner.person_of(booking.member);
    if (!person) continue;
    Booker& booker = people[*person];
    booker.members.insert(booking.member);
    booker.bookings.push_back(booking);
  }
  Desired& desired = joiner.desired;
  for (auto& [person, booker] : people) {
    if (booker.members.size() > 1) {
      desired.notices.push_back(
          {"duplicate_email", person.email(),
           fmt::format("{} Glofox members with bookings have this e-mail", booker.members.size())});
    }
    for (const MemberId& id : booker.members) {
      if (booker.name.empty()) booker.name = roster.people.people.at(id).name;
    }
    desired.rights.push_back({person,
                              booker.name,
                              {booker.members.begin(), booker.members.end()},
                              *due_validity(booker.bookings, rules, now),
                              Cause::booking});
    desired.denials.erase(person);  // of another record behind the same e-mail
  }
  for (const auto& [id, booking] : roster.unreadable) {
    const auto person = joiner.person_of(id);
    desired.notices.push_back(
        {"unreadable_booking", person ? person->email() : "",
         fmt::format("booking {} of member {} has no readable time, so it gives no access", booking.value(),
                     id)});
    if (person && insiders.contains(*person) && !people.contains(*person)) {
      desired.denials.insert_or_assign(
          *person, Denial{Cause::incomplete_record, {id}, false, "has a booking whose time cannot be read"});
    }
  }
  if (roster.by_class) {
    desired.notices.push_back({"bookings_by_class", "",
                               "Glofox lists too many bookings, so they were read class by class; bookings "
                               "without a class (time slots) are not found this way"});
  }
  std::ranges::sort(desired.notices);
  return std::move(joiner.desired);
}

}  // namespace gk::reconcile
