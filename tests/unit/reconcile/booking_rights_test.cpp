#include <catch2/catch.hpp>

#include "reconcile/booking_rights.hpp"
#include "support/builders.hpp"

namespace gk::reconcile::booking_rights_test {

using namespace gk::test;

// From bookings to windows (contract 5), without any service.

namespace {

const Instant k_now = at("2026-03-10T12:00:00Z");

BookedRoster roster_of_bookings(std::vector<Booking> bookings, const std::vector<Member>& members) {
  BookedRoster roster;
  roster.bookings = std::move(bookings);
  for (const Member& member : members) roster.people.people.emplace(member.id, member);
  return roster;
}

std::string shown(const std::optional<Validity>& validity) {
  if (!validity) return "none";
  return format_rfc3339(*validity->from).substr(5, 11) + " to " +
         format_rfc3339(*validity->until).substr(5, 11);
}

std::string kinds(const Desired& desired) {
  std::string text;
  for (const Notice& notice : desired.notices) text += (text.empty() ? "" : " ") + notice.kind;
  return text;
}

Booking booked_class(std::string_view start, std::string_view end,
                     BookingStatus status = BookingStatus::booked) {
  static unsigned number = 0;
  return booking(++number, member_id(1), start, end, status);
}

}  // namespace

TEST_CASE("the window that a person's row can hold") {
  struct Row {
    const char* name;
    std::vector<Booking> bookings;
    const char* window;
  };
  const Row rows[] = {
      {"nothing", {}, "none"},
      {"one hour before the start until one hour after the end",
       {booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z")},
       "03-10T14:00 to 03-10T17:00"},
      {"the current one before the next",
       {booked_class("2026-03-10T18:00:00Z", "2026-03-10T19:00:00Z"),
        booked_class("2026-03-10T11:00:00Z", "2026-03-10T12:00:00Z")},
       "03-10T10:00 to 03-10T13:00"},
      {"one that has just ended is no more",
       {booked_class("2026-03-10T10:00:00Z", "2026-03-10T11:00:00Z"),
        booked_class("2026-03-10T18:00:00Z", "2026-03-10T19:00:00Z")},
       "03-10T17:00 to 03-10T20:00"},
      {"overlapping ones are one",
       {booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z"),
        booked_class("2026-03-10T16:30:00Z", "2026-03-10T17:30:00Z")},
       "03-10T14:00 to 03-10T18:30"},
      {"touching ones are one",
       {booked_class("2026-03-10T17:00:00Z", "2026-03-10T18:00:00Z"),
        booked_class("2026-03-10T14:00:00Z", "2026-03-10T15:00:00Z")},
       "03-10T13:00 to 03-10T19:00"},
      {"a second between them keeps them apart",
       {booked_class("2026-03-10T14:00:00Z", "2026-03-10T15:00:00Z"),
        booked_class("2026-03-10T17:00:01Z", "2026-03-10T18:00:00Z")},
       "03-10T13:00 to 03-10T16:00"},
      {"the same booking twice changes nothing",
       {booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z"),
        booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z")},
       "03-10T14:00 to 03-10T17:00"},
      {"exactly at the lookahead",
       {booked_class("2026-03-11T13:00:00Z", "2026-03-11T14:00:00Z")},
       "03-11T12:00 to 03-11T15:00"},
      {"a second beyond it", {booked_class("2026-03-11T13:00:01Z", "2026-03-11T14:00:00Z")}, "none"},
      {"waiting",
       {booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z", BookingStatus::waiting)},
       "none"},
      {"cancelled",
       {booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z", BookingStatus::cancelled)},
       "none"},
      {"reserved",
       {booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z", BookingStatus::reserved)},
       "none"},
      {"failed",
       {booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z", BookingStatus::failed)},
       "none"},
      {"an unknown word",
       {booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z", BookingStatus::unknown)},
       "none"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(shown(due_validity(row.bookings, {}, k_now)) == row.window);
  }
}

TEST_CASE("opening and closing follow the configuration") {
  const std::vector<Booking> bookings{booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z")};
  BookingRules rules;
  rules.opens_before = std::chrono::minutes{20};
  rules.closes_after = std::chrono::seconds{0};
  CHECK(shown(due_validity(bookings, rules, k_now)) == "03-10T14:40 to 03-10T16:00");
  rules.lookahead = std::chrono::hours{2};
  CHECK(shown(due_validity(bookings, rules, k_now)) == "none");
  CHECK(shown(due_validity(bookings, rules, at("2026-03-10T12:40:00Z"))) == "03-10T14:40 to 03-10T16:00");
}

TEST_CASE("an online class gives no access, and a class tells the end that a booking lacks") {
  Booking entry = booked_class("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z");
  entry.class_id = ClassId{"65dd00000000000000000001"};
  SECTION("online") {
    apply_class({entry.class_id, std::chrono::minutes{45}, true}, entry);
    CHECK(shown(due_validity({entry}, {}, k_now)) == "none");
  }
  SECTION("the end is known: the class does not change it") {
    apply_class({entry.class_id, std::chrono::minutes{45}, false}, entry);
    CHECK(shown(due_validity({entry}, {}, k_now)) == "03-10T14:00 to 03-10T17:00");
  }
  SECTION("the end is not known") {
    entry.end_known = false;
    apply_class({entry.class_id, std::chrono::minutes{90}, false}, entry);
    CHECK(shown(due_validity({entry}, {}, k_now)) == "03-10T14:00 to 03-10T17:30");
  }
  SECTION("nobody knows the end") {
    entry.end_known = false;
    apply_class({entry.class_id, std::nullopt, false}, entry);
    CHECK(shown(due_validity({entry}, {}, k_now)) == "03-10T14:00 to 03-10T17:00");
  }
}

TEST_CASE("rights are joined by e-mail") {
  std::vector<Member> members{lead(1, "Family@Example.com "), lead(2, "family@example.com"),
                              lead(3, "bo@example.com")};
  const auto of = [](unsigned number, unsigned person, std::string_view start, std::string_view end) {
    return booking(number, member_id(person), start, end);
  };
  const BookedRoster roster = roster_of_bookings({of(1, 1, "2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z"),
                                                  of(2, 2, "2026-03-10T16:00:00Z", "2026-03-10T17:00:00Z"),
                                                  of(3, 3, "2026-03-10T20:00:00Z", "2026-03-10T21:00:00Z")},
                                                 members);
  const Desired desired = derive_booking_rights(roster, {}, k_now, {});
  REQUIRE(desired.rights.size() == 2);
  CHECK(desired.rights[0].person == key("bo@example.com"));
  CHECK(desired.rights[0].cause == Cause::booking);
  CHECK(desired.rights[1].person == key("family@example.com"));
  CHECK((desired.rights[1].members == std::vector{member_id(1), member_id(2)}));
  CHECK(shown(desired.rights[1].validity) == "03-10T14:00 to 03-10T18:00");
  CHECK(kinds(desired) == "duplicate_email");
}

TEST_CASE("bookers who cannot be let in are told, once each") {
  std::vector<Member> members{lead(1, "gone@example.com"), lead(2, ""), lead(3, "no address")};
  members[0].active = false;
  std::vector<Booking> bookings;
  for (unsigned person = 1; person <= 5; ++person) {
    for (unsigned i = 0; i < 3; ++i)
      bookings.push_back(
          booking(person * 10 + i, member_id(person), "2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z"));
  }
  BookedRoster roster = roster_of_bookings(bookings, members);
  roster.people.unread.emplace(member_id(5), Error{Category::unavailable, "HTTP 503", 503});
  const Desired desired = derive_booking_rights(roster, {}, k_now, {key("gone@example.com")});
  CHECK(desired.rights.empty());
  CHECK(kinds(desired) == "deleted_member missing_email missing_email unknown_member unread_member");
  REQUIRE(desired.denials.contains(key("gone@example.com")));
  CHECK(desired.denials.at(key("gone@example.com")).cause == Cause::deactivated);
}

TEST_CASE("somebody inside whose booking cannot be read is held, unless another booking gives a right") {
  const std::vector<Member> members{lead(1, "ada@example.com"), lead(2, "bo@example.com")};
  BookedRoster roster =
      roster_of_bookings({booking(1, member_id(2), "2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z")}, members);
  roster.unreadable = {{member_id(1), BookingId{"65ee00000000000000000001"}},
                       {member_id(2), BookingId{"65ee00000000000000000002"}}};
  const Desired desired =
      derive_booking_rights(roster, {}, k_now, {key("ada@example.com"), key("bo@example.com")});
  CHECK(desired.rights.size() == 1);
  REQUIRE(desired.denials.size() == 1);
  CHECK(desired.denials.at(key("ada@example.com")).cause == Cause::incomplete_record);
  CHECK(kinds(desired) == "unreadable_booking unreadable_booking");
}

TEST_CASE("ten thousand bookings of one person are one window") {
  std::vector<Booking> bookings;
  for (unsigned i = 0; i < 10'000; ++i)
    bookings.push_back(booking(i, member_id(1), "2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z"));
  const Desired desired =
      derive_booking_rights(roster_of_bookings(bookings, {lead(1, "ada@example.com")}), {}, k_now, {});
  REQUIRE(desired.rights.size() == 1);
  CHECK(shown(desired.rights[0].validity) == "03-10T14:00 to 03-10T17:00");
}

TEST_CASE("only classes of people who get a window are asked for, and only once") {
  const ClassId one{"65dd00000000000000000001"};
  const ClassId two{"65dd00000000000000000002"};
  std::vector<Booking> bookings{booking(1, member_id(1), "2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z"),
                                booking(2, member_id(2), "2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z"),
                                booking(3, member_id(1), "2026-03-12T15:00:00Z", "2026-03-12T16:00:00Z"),
                                booking(4, member_id(1), "2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z")};
  bookings[0].class_id = one;
  bookings[1].class_id = two;
  bookings[2].class_id = two;
  BookedRoster roster = roster_of_bookings(bookings, {lead(1, "ada@example.com"), lead(2, "bo@example.com")});
  CHECK(classes_to_ask(roster, {key("ada@example.com")}, {}, k_now) == std::set{one});
  roster.known_classes.insert(one);
  CHECK(classes_to_ask(roster, {key("ada@example.com")}, {}, k_now).empty());
}

}  // namespace gk::reconcile::booking_rights_test
