#include "checkin/decision.hpp"

#include <catch2/catch.hpp>

#include "support/door_world.hpp"

namespace gk::checkin::decision_test {

namespace {

using namespace std::chrono_literals;
using test::at;
using test::DoorWorld;

const Instant k_now = at("2026-03-01T12:00:00Z");
const UserId k_user{7710001};

Unlock unlock() { return DoorWorld::unlock("u1", k_user, "2026-03-01T11:59:00Z"); }

std::string cause_of(const Unlock& unlock) {
  const auto cause = reason_to_ignore(unlock, DoorWorld::default_integration(), k_now);
  return std::string(cause ? cause_name(*cause) : "");
}

}  // namespace

TEST_CASE("an event is judged by itself first") {
  struct Row {
    const char* name;
    void (*change)(Unlock&);
    const char* cause;
  };
  const Row rows[] = {
      {"a plain unlock", [](Unlock&) {}, ""},
      {"another type", [](Unlock& e) { e.type = "lock.open"; }, "not-unlock"},
      {"no lock", [](Unlock& e) { e.lock.reset(); }, "not-unlock"},
      {"denied", [](Unlock& e) { e.success = false; }, "denied"},
      {"a guest", [](Unlock& e) { e.actor.reset(); }, "not-a-user"},
      {"another place", [](Unlock& e) { e.place = PlaceId{22802}; }, "other-place"},
      {"no place, so the door is asked", [](Unlock& e) { e.place.reset(); }, ""},
      {"exactly max_age old", [](Unlock& e) { e.at = k_now - 24h; }, ""},
      {"a second older", [](Unlock& e) { e.at = k_now - 24h - 1s; }, "too-old"},
      {"denied long ago by nobody elsewhere",
       [](Unlock& e) {
         e.success = false;
         e.actor.reset();
         e.place = PlaceId{1};
         e.at = at("2020-01-01T00:00:00Z");
       },
       "denied"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    Unlock changed = unlock();
    row.change(changed);
    CHECK(cause_of(changed) == row.cause);
  }
}

TEST_CASE("the future is unusable beyond the slack of clocks") {
  Unlock ahead = unlock();
  ahead.at = k_now + k_clock_slack;
  CHECK(check_time(ahead, k_now).has_value());
  ahead.at += 1s;
  REQUIRE_FALSE(check_time(ahead, k_now).has_value());
  CHECK(check_time(ahead, k_now).error().category == Category::protocol);
}

TEST_CASE("a row of ours") {
  struct Row {
    const char* name;
    void (*change)(RoleAssignment&);
    bool ours;
  };
  const Row rows[] = {
      {"open-ended", [](RoleAssignment&) {}, true},
      {"foreign creator", [](RoleAssignment& r) { r.creator = UserId{6999999}; }, false},
      {"no creator",
       [](RoleAssignment& r) {
         r.created_by = Creator::none;
         r.creator = UserId{};
       },
       false},
      {"a marketplace", [](RoleAssignment& r) { r.created_by = Creator::marketplace_installation; }, false},
      {"another role", [](RoleAssignment& r) { r.role = "group_admin"; }, false},
      {"a team", [](RoleAssignment& r) { r.assignee = Assignee::team; }, false},
      {"somebody else", [](RoleAssignment& r) { r.user = UserId{1}; }, false},
      {"another group", [](RoleAssignment& r) { r.group = GroupId{45509}; }, false},
      {"the bookings group", [](RoleAssignment& r) { r.group = GroupId{45512}; }, true},
      {"ended at that second", [](RoleAssignment& r) { r.validity.until = k_now; }, false},
      {"ends a second later", [](RoleAssignment& r) { r.validity.until = k_now + 1s; }, true},
      {"begins at that second", [](RoleAssignment& r) { r.validity.from = k_now; }, true},
      {"begins a second later", [](RoleAssignment& r) { r.validity.from = k_now + 1s; }, false},
  };
  Integration integration = DoorWorld::default_integration();
  integration.bookings.group = GroupId{45512};
  for (const Row& row : rows) {
    INFO(row.name);
    RoleAssignment one = test::row(1, k_user.value(), "ada@example.com");
    row.change(one);
    CHECK(holds_our_row(std::vector{one}, k_user, test::k_self.id, integration, k_now) == row.ours);
    // Beside a foreign row nothing changes.
    const auto foreign = test::foreign_row(2, k_user.value(), "ada@example.com");
    CHECK(holds_our_row(std::vector{foreign, one}, k_user, test::k_self.id, integration, k_now) == row.ours);
  }
  CHECK_FALSE(holds_our_row({}, k_user, test::k_self.id, integration, k_now));
}

TEST_CASE("the booking of an unlock is the nearest whose window is open") {
  const MemberId ada = test::member_id(1);
  const auto named = [](const Booking* booking) {
    return booking == nullptr ? std::string() : booking->id.value().substr(22);
  };
  std::vector<Booking> bookings{test::booking(1, ada, "2026-03-01T14:00:00Z", "2026-03-01T15:00:00Z"),
                                test::booking(2, ada, "2026-03-01T15:00:00Z", "2026-03-01T16:00:00Z")};
  const auto at_time = [&](std::string_view time) { return named(nearest_booking(bookings, at(time), 1h)); };
  CHECK(at_time("2026-03-01T12:59:59Z").empty());
  CHECK(at_time("2026-03-01T13:00:00Z") == "01");
  CHECK(at_time("2026-03-01T14:10:00Z") == "01");
  CHECK(at_time("2026-03-01T14:30:00Z") == "01");  // as near to both: the earlier
  CHECK(at_time("2026-03-01T14:31:00Z") == "02");
  CHECK(at_time("2026-03-01T15:59:59Z") == "02");
  CHECK(at_time("2026-03-01T16:00:00Z").empty());
  bookings[0].attended = true;
  CHECK(at_time("2026-03-01T14:10:00Z") == "01");  // a second door does not attend the next class
  bookings[0].status = BookingStatus::cancelled;
  CHECK(at_time("2026-03-01T14:10:00Z") == "02");
  bookings[1].status = BookingStatus::waiting;
  CHECK(at_time("2026-03-01T14:10:00Z").empty());
}

TEST_CASE("every booking that an unlock can belong to starts in its span") {
  const Instant unlock = at("2026-03-01T14:00:00Z");
  const Window span = booking_span(unlock, 1h);
  CHECK(span.contains(unlock + 1h));
  CHECK_FALSE(span.contains(unlock + 1h + 1s));
  CHECK(span.contains(unlock - 24h));
}

TEST_CASE("one of several records behind one e-mail") {
  const Integration integration = DoorWorld::default_integration();
  const Instant unlock = at("2026-03-01T14:00:00Z");
  const auto booked = [&](unsigned number) {
    return Candidate{
        test::lead(number, "family@example.com"),
        {test::booking(number, test::member_id(number), "2026-03-01T14:30:00Z", "2026-03-01T15:30:00Z")}};
  };
  const auto active = [](unsigned number) {
    return Candidate{test::member(number, "family@example.com"), {}};
  };
  const auto idle = [](unsigned number) { return Candidate{test::lead(number, "family@example.com"), {}}; };
  const auto chosen = [&](const std::vector<Candidate>& candidates) {
    const Candidate* one = choose_candidate(candidates, integration, unlock);
    return one == nullptr ? std::string("nobody") : one->member.id.text().substr(23);
  };
  CHECK(chosen({idle(1)}) == "1");
  CHECK(chosen({idle(1), booked(2)}) == "2");
  CHECK(chosen({active(1), booked(2)}) == "2");
  CHECK(chosen({active(1), idle(2), idle(3)}) == "1");
  CHECK(chosen({booked(1), booked(2)}) == "nobody");
  CHECK(chosen({booked(1), booked(2), active(3)}) == "nobody");
  CHECK(chosen({active(1), active(2)}) == "nobody");
  CHECK(chosen({idle(1), idle(2)}) == "nobody");
  CHECK(chosen({}) == "nobody");
  Candidate payg = active(1);
  payg.member.membership.type = MembershipType::payg;
  CHECK(chosen({payg, idle(2)}) == "nobody");
}

TEST_CASE("the outcome of both writes") {
  using O = CheckinOutcome;
  CHECK(combine(O::applied, O::failed) == O::failed);
  CHECK(combine(O::unknown, O::failed) == O::unknown);
  CHECK(combine(O::applied, O::already_done) == O::applied);
  CHECK(combine(O::already_done, O::applied) == O::applied);
  CHECK(combine(std::nullopt, O::already_done) == O::already_done);
  CHECK(combine(O::planned, O::already_done) == O::planned);
  CHECK(combine(std::nullopt, std::nullopt) == std::nullopt);
}

}  // namespace gk::checkin::decision_test
