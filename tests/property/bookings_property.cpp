#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>

#include "reconcile/booking_rights.hpp"
#include "support/generators.hpp"

namespace gk::test::bookings_property {

// From random bookings to windows, against the words of contract 5 spelled out minute by minute.

namespace {

using std::chrono::minutes;

const Instant k_noon = at("2026-03-29T00:00:00Z");  // the night in which Europe's clocks change

std::vector<Booking> any_bookings(unsigned people) {
  const auto count = *rc::gen::inRange(0, 12);
  std::vector<Booking> bookings;
  for (int i = 0; i < count; ++i) {
    Booking entry;
    entry.id = BookingId{fmt::format("65bb{:020x}", i)};
    entry.member = member_id(*rc::gen::inRange(1U, people + 1));
    entry.start = k_noon + minutes{*rc::gen::inRange(-40 * 60, 40 * 60)};
    entry.end = entry.start + minutes{*rc::gen::inRange(1, 400)};
    entry.status = chance(80) ? BookingStatus::booked : BookingStatus::cancelled;
    entry.online = chance(10);
    bookings.push_back(std::move(entry));
  }
  return bookings;
}

BookingRules any_rules() {
  BookingRules rules;
  rules.opens_before = minutes{one_of<int>({0, 15, 60, 61})};
  rules.closes_after = minutes{one_of<int>({0, 15, 60, 61})};
  rules.lookahead = minutes{one_of<int>({15, 60, 24 * 60})};
  return rules;
}

/// Whether the specified windows open the door at `t`, as far as they are due at `now`.
bool opens(const std::vector<Booking>& bookings, const BookingRules& rules, Instant now, Instant t) {
  return std::ranges::any_of(bookings, [&](const Booking& entry) {
    const Instant from = entry.start - rules.opens_before;
    const Instant until = entry.end + rules.closes_after;
    const bool due = entry.status == BookingStatus::booked && !entry.online && until > now &&
                     from <= now + rules.lookahead;
    return due && from <= t && t < until;
  });
}

}  // namespace

TEST_CASE("booking laws") {
  rc::prop("the row opens exactly the first stretch that the bookings open from now on", [] {
    const std::vector<Booking> bookings = any_bookings(1);
    const BookingRules rules = any_rules();
    const auto validity = reconcile::due_validity(bookings, rules, k_noon);
    // Minute by minute: nothing before the stretch begins, everything inside it, not the minute after it.
    Instant t = k_noon;
    const Instant horizon = k_noon + std::chrono::hours{72};
    while (t < horizon && !opens(bookings, rules, k_noon, t)) t += minutes{1};
    RC_ASSERT(validity.has_value() == (t < horizon));
    if (!validity) return;
    RC_ASSERT(std::max(*validity->from, k_noon) == t);
    while (opens(bookings, rules, k_noon, t)) {
      RC_ASSERT(validity->is_active(t));
      t += minutes{1};
    }
    RC_ASSERT(*validity->until == t);
  });

  rc::prop("the order of the bookings does not matter, and neither does one that comes twice", [] {
    const BookingRules rules = any_rules();
    reconcile::BookedRoster roster;
    roster.bookings = any_bookings(4);
    for (unsigned i = 1; i <= 4; ++i) roster.people.people.emplace(member_id(i), lead(i, any_email()));
    const reconcile::Desired one = derive_booking_rights(roster, rules, k_noon, {});
    std::vector<Booking> again = shuffled(roster.bookings);
    if (!again.empty()) again.push_back(again.front());
    roster.bookings = again;
    const reconcile::Desired other = derive_booking_rights(roster, rules, k_noon, {});
    RC_ASSERT(one.rights.size() == other.rights.size());
    for (std::size_t i = 0; i < one.rights.size(); ++i) {
      RC_ASSERT(one.rights[i].person == other.rights[i].person);
      RC_ASSERT(one.rights[i].validity == other.rights[i].validity);
      RC_ASSERT(one.rights[i].members == other.rights[i].members);
    }
    RC_ASSERT(one.notices == other.notices);
  });

  rc::prop("wall clocks become instants that show the same wall clock, the start never after the end", [] {
    const Zone here = zone(one_of<const char*>({"Europe/Dublin", "America/New_York", "Australia/Lord_Howe",
                                                "Australia/Sydney", "America/Santiago", "Asia/Kathmandu"}));
    const auto day = *rc::gen::inRange(0, 3 * 366);
    const auto minute = *rc::gen::inRange(0, 24 * 60);
    const LocalTime wall = LocalTime{std::chrono::local_days{std::chrono::year{2024} / 1 / 1}} +
                           std::chrono::days{day} + minutes{minute};
    const Instant early = here.earliest(wall);
    const Instant late = here.latest(wall);
    RC_ASSERT(early <= late);
    RC_ASSERT(late - early <= std::chrono::hours{1});
    RC_ASSERT(here.earliest(wall + std::chrono::hours{3}) > here.earliest(wall));
  });

  rc::prop("a run writes what the bookings say, and the next one nothing", [] {
    InMemoryGym gym;
    gym.job.bookings = any_rules();
    gym.job.bookings.enabled = true;
    gym.kisi.switches = any_switches();
    gym.glofox.lists_people = chance(50);
    gym.clock = ManualClock(k_noon);
    for (unsigned i = 1; i <= 4; ++i)
      gym.glofox.members.push_back(lead(i, fmt::format("person.{}@example.com", i)));
    for (Booking& entry : any_bookings(4)) {
      if (entry.online) continue;
      gym.glofox.bookings[entry.member].push_back(entry);
    }
    RC_ASSERT(!gym.sync_bookings().error);
    for (unsigned i = 1; i <= 4; ++i) {
      const std::string email = fmt::format("person.{}@example.com", i);
      const auto wanted =
          reconcile::due_validity(gym.glofox.bookings[member_id(i)], gym.job.bookings, k_noon);
      const auto rows = gym.kisi.rows_of(email);
      RC_ASSERT(rows.size() == (wanted ? 1U : 0U));
      if (wanted) RC_ASSERT(rows.front().validity == *wanted);
    }
    RC_ASSERT(gym.sync_bookings().outcome == reconcile::IntegrationOutcome::in_sync);
  });
}

}  // namespace gk::test::bookings_property
