#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/booking.hpp"
#include "domain/listing.hpp"
#include "domain/roster.hpp"
#include "domain/row.hpp"
#include "domain/user.hpp"
#include "domain/zone.hpp"

// Short ways to make domain values in tests. All people are invented and live at example.com.
namespace gk::test {

inline const Self k_self{UserId{7000001}, "sync@example.com", 3981, "Example Gym"};
inline const GroupId k_group{45510};
inline const GroupId k_former_group{45509};
inline const BranchId k_branch{"64b0c0ffee00000000000b01"};

/// "2026-03-01T08:00:00Z" as an instant; a wrong text ends the test.
inline Instant at(std::string_view text) { return parse_rfc3339(text).value(); }

inline PersonKey key(std::string_view email) { return PersonKey::from_email(email).value(); }

inline MemberId member_id(unsigned number) {
  return MemberId::parse(fmt::format("65aa{:020x}", number)).value();
}

inline Window window(std::string_view from, std::string_view until) {
  return Window::make(at(from), at(until)).value();
}

inline Zone zone(std::string_view name) { return Zone::locate(name).value(); }

/// An active member of type `time` with an open end.
inline Member member(unsigned number, std::string_view email) {
  Member person;
  person.id = member_id(number);
  person.email = email;
  person.name = fmt::format("Person {}", number);
  person.membership.type = MembershipType::time;
  person.membership.status = MembershipStatus::active;
  return person;
}

inline Member member(unsigned number, std::string_view email, MembershipStatus status) {
  Member person = member(number, email);
  person.membership.status = status;
  return person;
}

inline Member lead(unsigned number, std::string_view email) {
  Member person = member(number, email);
  person.membership = Membership{};
  return person;
}

inline Roster roster_of(const std::vector<Member>& members) {
  Roster roster;
  for (const Member& person : members) static_cast<void>(roster.add(person));
  return roster;
}

template <class T>
[[nodiscard]] Reading<T> whole(T value) {
  ListingTally tally;
  tally.ended_properly = true;
  return certify(std::move(value), tally);
}

template <class T>
[[nodiscard]] Complete<T> complete(T value) {
  return std::get<Complete<T>>(whole(std::move(value)));
}

template <class T>
[[nodiscard]] Reading<T> partial(T value) {
  return Partial<T>(std::move(value), Error{Category::unavailable, "page 2: HTTP 503", 503});
}

/// A row of ours.
inline RoleAssignment row(std::int64_t id, std::int64_t user, std::string_view email,
                          Validity validity = Validity::open_ended()) {
  RoleAssignment made;
  made.id = RoleAssignmentId{id};
  made.group = k_group;
  made.assignee = Assignee::user;
  made.user = UserId{user};
  made.email = email;
  made.name = email;
  made.role = k_group_role;
  made.created_by = Creator::user;
  made.creator = k_self.id;
  made.validity = validity;
  return made;
}

/// The words of contract 6, spelled apart from the product's own test of them.
inline bool is_own_row(const RoleAssignment& entry) {
  return entry.role == "group_basic" && entry.assignee == Assignee::user &&
         entry.created_by == Creator::user && entry.creator == k_self.id;
}

/// A row that a person in the dashboard made.
inline RoleAssignment foreign_row(std::int64_t id, std::int64_t user, std::string_view email,
                                  Validity validity = Validity::open_ended()) {
  RoleAssignment made = row(id, user, email, validity);
  made.creator = UserId{7000002};
  return made;
}

inline Booking booking(unsigned number, MemberId person, std::string_view start, std::string_view end,
                       BookingStatus status = BookingStatus::booked) {
  Booking made;
  made.id = BookingId{fmt::format("65bb{:020x}", number)};
  made.member = person;
  made.status = status;
  made.start = at(start);
  made.end = at(end);
  return made;
}

}  // namespace gk::test
