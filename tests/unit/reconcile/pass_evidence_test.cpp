#include <catch2/catch.hpp>

#include <algorithm>

#include "support/fake_services.hpp"
#include "support/plans.hpp"

namespace gk::reconcile::pass_evidence_test {

using namespace gk::test;

// Whole passes in which somebody may lose access: what must be asked first, and what holds them.

namespace {

/// Ten settled people p0 to p9.
struct FullGym : InMemoryGym {
  FullGym() {
    for (unsigned i = 0; i < 10; ++i) add_settled(i, fmt::format("p{}@example.com", i));
  }
};

const Action& action_on(const IntegrationReport& report, std::string_view email) {
  const auto found = std::ranges::find(report.plan.actions, key(email), &Action::person);
  REQUIRE(found != report.plan.actions.end());
  return *found;
}

/// Today's booking from 13:00 to 14:00; the run is at 08:00, the window opens at 12:00.
gk::Booking todays_class(gk::MemberId who, gk::BookingStatus status = gk::BookingStatus::booked) {
  return booking(1, who, "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", status);
}

const Validity k_todays_window{at("2026-03-01T12:00:00Z"), at("2026-03-01T15:00:00Z")};

}  // namespace

TEST_CASE("silence about somebody is asked about before they are removed") {
  struct Row {
    const char* name;
    void (*arrange)(InMemoryGym&);
    Cause cause;
    bool removed;
  };
  const Row rows[] = {
      {"gone from Glofox", [](InMemoryGym& gym) { gym.glofox.remove("p1@example.com"); }, Cause::deactivated,
       true},
      {"soft-deleted", [](InMemoryGym& gym) { gym.glofox.find("p1@example.com").active = false; },
       Cause::deactivated, true},
      {"moved to another location",
       [](InMemoryGym& gym) {
         gym.glofox.unlisted = {member_id(1)};
         gym.glofox.find("p1@example.com").other_branch = true;
       },
       Cause::deactivated, true},
      {"another e-mail now",
       [](InMemoryGym& gym) { gym.glofox.find("p1@example.com").email = "new@example.com"; },
       Cause::email_changed, true},
      {"no e-mail any more", [](InMemoryGym& gym) { gym.glofox.find("p1@example.com").email = ""; },
       Cause::incomplete_record, false},
      {"no answer",
       [](InMemoryGym& gym) {
         gym.glofox.unlisted = {member_id(1)};
         gym.glofox.member_faults[member_id(1)] = Error{Category::unavailable, "503", 503};
       },
       Cause::incomplete_record, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    FullGym gym;
    row.arrange(gym);
    const IntegrationReport report = gym.sync();
    CHECK_FALSE(report.error);
    CHECK(action_on(report, "p1@example.com").cause == row.cause);
    CHECK(gym.is_inside("p1@example.com") == !row.removed);
    CHECK(report.people_held == !row.removed);
    CHECK(report.outcome == (row.removed ? IntegrationOutcome::changed : IntegrationOutcome::held));
    CHECK_FALSE(report.limit_holds);
    CHECK(gym.glofox.single_reads == 1);
    // Somebody else may have a right under the same e-mail.
    CHECK(gym.glofox.searches == (row.removed ? 1 : 0));
  }
}

TEST_CASE("a changed e-mail moves the right to the new address in one run") {
  FullGym gym;
  gym.glofox.find("p1@example.com").email = "new@example.com";
  const IntegrationReport report = gym.sync();
  CHECK(report.verified == true);
  CHECK(gym.is_inside("new@example.com"));
  CHECK_FALSE(gym.is_inside("p1@example.com"));
  CHECK(gym.kisi.users.size() == 11);
}

TEST_CASE("people without our metadata are asked for by e-mail") {
  struct Row {
    const char* name;
    void (*arrange)(InMemoryGym&);
    bool wrong_listing, removed;
  };
  const Row rows[] = {
      {"nobody has it", [](InMemoryGym& gym) { gym.glofox.remove("p1@example.com"); }, false, true},
      {"somebody inactive has it", [](InMemoryGym& gym) { gym.glofox.find("p1@example.com").active = false; },
       false, true},
      {"somebody of another location has it",
       [](InMemoryGym& gym) {
         gym.glofox.unlisted = {member_id(1)};
         gym.glofox.find("p1@example.com").other_branch = true;
       },
       false, true},
      {"an active person has it", [](InMemoryGym& gym) { gym.glofox.unlisted = {member_id(1)}; }, true,
       false},
      {"no answer",
       [](InMemoryGym& gym) {
         gym.glofox.unlisted = {member_id(1)};
         gym.glofox.search_faults[key("p1@example.com")] = Error{Category::rate_limited, "429", 429};
       },
       false, false},
  };
  for (const Row& row : rows) {
    for (const bool other_location : {false, true}) {
      CAPTURE(row.name, other_location);
      FullGym gym;
      gk::User& user = gym.kisi.users.at(gym.kisi.add_user("p1@example.com"));
      if (other_location) {
        user.metadata[std::string(gk::k_metadata_branch)] = "\"64b0c0ffee00000000000b02\"";
      } else {
        user.metadata.clear();
      }
      row.arrange(gym);
      const IntegrationReport report = gym.sync();
      CHECK((report.error && report.error->category == Category::protocol) == row.wrong_listing);
      CHECK(gym.is_inside("p1@example.com") == !row.removed);
      CHECK(gym.glofox.searches == 1);
      CHECK(gym.glofox.single_reads == 0);
    }
  }
}

TEST_CASE("an active member whom the list lacks saves whoever shared the e-mail with somebody deactivated") {
  FullGym gym;
  gym.glofox.find("p1@example.com").active = false;
  gym.glofox.members.push_back(member(20, "p1@example.com"));
  gym.glofox.unlisted = {member_id(20)};
  const IntegrationReport report = gym.sync();
  REQUIRE(report.error);
  CHECK(report.error->category == Category::protocol);
  CHECK(gym.is_inside("p1@example.com"));
}

TEST_CASE("somebody whose e-mail could not be asked for stays, though the id is gone") {
  FullGym gym;
  gym.glofox.remove("p1@example.com");
  gym.glofox.search_faults[key("p1@example.com")] = Error{Category::rate_limited, "429", 429};
  const IntegrationReport report = gym.sync();
  CHECK(action_on(report, "p1@example.com").cause == Cause::incomplete_record);
  CHECK(report.people_held);
  CHECK(gym.is_inside("p1@example.com"));
}

TEST_CASE("an active member whom the list lacks proves the list wrong: nobody is removed") {
  FullGym gym;
  gym.glofox.unlisted = {member_id(1)};
  gym.glofox.find("p2@example.com").membership.status = MembershipStatus::cancelled;
  const IntegrationReport report = gym.sync();
  REQUIRE(report.error);
  CHECK(report.error->category == Category::protocol);
  CHECK(report.error->message.find("p1@example.com") != std::string::npos);
  CHECK(report.outcome == IntegrationOutcome::failed);
  CHECK(gym.kisi.count("revoke") == 0);
  CHECK(gym.is_inside("p2@example.com"));
}

TEST_CASE("an id that proves the list wrong needs no second question") {
  FullGym gym;
  gym.glofox.unlisted = {member_id(1)};
  gym.glofox.search_faults[key("p1@example.com")] = Error{Category::rate_limited, "429", 429};
  const IntegrationReport report = gym.sync();
  REQUIRE(report.error);
  CHECK(report.error->category == Category::protocol);
  CHECK(gym.glofox.searches == 0);
}

TEST_CASE("refused credentials while asking stop the run") {
  FullGym gym;
  gym.glofox.unlisted = {member_id(1)};
  gym.glofox.member_faults[member_id(1)] = Error{Category::auth, "401", 401};
  gym.glofox.members.push_back(member(20, "new@example.com"));
  CHECK(gym.sync().error->category == Category::auth);
  CHECK(gym.kisi.writes.empty());
}

TEST_CASE("more absent people than the brake lets pass are not asked about, and held") {
  FullGym gym;
  for (unsigned i = 0; i < 4; ++i) gym.glofox.remove(fmt::format("p{}@example.com", i));
  const IntegrationReport report = gym.sync();
  CHECK(report.limit_holds);
  CHECK(report.outcome == IntegrationOutcome::held);
  CHECK(report.summary.held == 4);
  CHECK(gym.glofox.single_reads == 0);
  CHECK(gym.kisi.count("revoke") == 0);
  CHECK_FALSE(report.verified);
}

TEST_CASE("an empty member list removes nobody") {
  InMemoryGym gym;
  gym.add_settled(1, "ada@example.com");
  gym.glofox.members.clear();
  const IntegrationReport report = gym.sync();
  CHECK(report.limit_holds);
  CHECK(report.outcome == IntegrationOutcome::held);
  CHECK(gym.is_inside("ada@example.com"));
  CHECK(gym.glofox.searches + gym.glofox.single_reads == 0);
}

TEST_CASE("a missing canary holds the whole run") {
  FullGym gym;
  gym.job.canaries = {key("canary@example.com")};
  gym.glofox.find("p1@example.com").membership.status = MembershipStatus::cancelled;
  gym.glofox.remove("p2@example.com");
  gym.glofox.members.push_back(member(20, "new@example.com"));
  const IntegrationReport report = gym.sync();
  CHECK(report.limit_holds);
  CHECK(report.outcome == IntegrationOutcome::held);
  CHECK(gym.kisi.writes.empty());
}

TEST_CASE("a held kind of removal does not stop grants") {
  FullGym gym;
  for (unsigned i = 0; i < 4; ++i) gym.glofox.remove(fmt::format("p{}@example.com", i));
  gym.glofox.find("p5@example.com").membership.status = MembershipStatus::expired;
  gym.glofox.members.push_back(member(20, "new@example.com"));
  const IntegrationReport report = gym.sync();
  CHECK(report.limit_holds);
  CHECK(report.verified == true);
  CHECK(gym.is_inside("new@example.com"));
  CHECK(gym.is_inside("p0@example.com"));
  CHECK_FALSE(gym.is_inside("p5@example.com"));
}

TEST_CASE("rows without the field that decides are read singly") {
  struct Row {
    const char* name;
    void (*arrange)(InMemoryGym&);
    bool inside, held;
  };
  const Row rows[] = {
      {"active after all", [](InMemoryGym&) {}, true, false},
      {"paused",
       [](InMemoryGym& gym) {
         gym.glofox.find("p1@example.com").membership.status = MembershipStatus::paused;
       },
       false, false},
      {"still without a status",
       [](InMemoryGym& gym) {
         gym.glofox.find("p1@example.com").membership.status = MembershipStatus::missing;
       },
       true, true},
      {"an unknown status",
       [](InMemoryGym& gym) {
         gym.glofox.find("p1@example.com").membership.status = MembershipStatus::unknown;
       },
       true, true},
      {"no answer",
       [](InMemoryGym& gym) {
         gym.glofox.member_faults[member_id(1)] = Error{Category::unavailable, "503", 503};
       },
       true, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    FullGym gym;
    gk::Membership thin = gym.glofox.find("p1@example.com").membership;
    thin.status = MembershipStatus::missing;
    gym.glofox.thin[member_id(1)] = thin;
    row.arrange(gym);
    const IntegrationReport report = gym.sync();
    CHECK(gym.is_inside("p1@example.com") == row.inside);
    CHECK(report.people_held == row.held);
    CHECK(gym.glofox.single_reads == 1);
    if (row.held) CHECK(report.outcome == IntegrationOutcome::held);
  }
}

TEST_CASE("who loses a membership but is booked keeps the window of the class") {
  struct Row {
    const char* name;
    void (*arrange)(InMemoryGym&);
    std::vector<Validity> left;
    bool held;
  };
  const Row rows[] = {
      {"booked today",
       [](InMemoryGym& gym) { gym.glofox.bookings[member_id(1)] = {todays_class(member_id(1))}; },
       {k_todays_window},
       false},
      {"nothing booked", [](InMemoryGym&) {}, {}, false},
      {"on the waiting list",
       [](InMemoryGym& gym) {
         gym.glofox.bookings[member_id(1)] = {todays_class(member_id(1), gk::BookingStatus::waiting)};
       },
       {},
       false},
      {"a class that is over",
       [](InMemoryGym& gym) {
         gym.glofox.bookings[member_id(1)] = {
             booking(1, member_id(1), "2026-03-01T06:00:00Z", "2026-03-01T07:00:00Z")};
       },
       {},
       false},
      {"a class that ended less than an hour ago",
       [](InMemoryGym& gym) {
         gym.glofox.bookings[member_id(1)] = {
             booking(1, member_id(1), "2026-03-01T06:00:00Z", "2026-03-01T07:00:01Z")};
       },
       {Validity{at("2026-03-01T05:00:00Z"), at("2026-03-01T08:00:01Z")}},
       false},
      {"exactly as far ahead as is written",
       [](InMemoryGym& gym) {
         gym.glofox.bookings[member_id(1)] = {
             booking(1, member_id(1), "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z")};
       },
       {Validity{at("2026-03-02T08:00:00Z"), at("2026-03-02T11:00:00Z")}},
       false},
      {"a second further ahead",
       [](InMemoryGym& gym) {
         gym.glofox.bookings[member_id(1)] = {
             booking(1, member_id(1), "2026-03-02T09:00:01Z", "2026-03-02T10:00:00Z")};
       },
       {},
       false},
      {"two classes in a row are one window",
       [](InMemoryGym& gym) {
         gym.glofox.bookings[member_id(1)] = {
             booking(2, member_id(1), "2026-03-01T15:00:00Z", "2026-03-01T16:00:00Z"),
             todays_class(member_id(1))};
       },
       {Validity{at("2026-03-01T12:00:00Z"), at("2026-03-01T17:00:00Z")}},
       false},
      {"the bookings cannot be read",
       [](InMemoryGym& gym) {
         gym.glofox.booking_faults[member_id(1)] = Error{Category::unavailable, "503", 503};
       },
       {Validity::open_ended()},
       true},
      {"a soft-deleted person has no booking",
       [](InMemoryGym& gym) {
         gym.glofox.find("p1@example.com").active = false;
         gym.glofox.bookings[member_id(1)] = {todays_class(member_id(1))};
       },
       {},
       false},
      {"the booking goes with the new e-mail",
       [](InMemoryGym& gym) {
         gym.glofox.find("p1@example.com").email = "new@example.com";
         gym.glofox.bookings[member_id(1)] = {todays_class(member_id(1))};
       },
       {},
       false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    FullGym gym;
    gym.job.bookings.enabled = true;
    gym.glofox.find("p1@example.com").membership.status = MembershipStatus::expired;
    row.arrange(gym);
    const IntegrationReport report = gym.sync();
    std::vector<Validity> left;
    for (const auto& entry : gym.kisi.rows_of("p1@example.com")) left.push_back(entry.validity);
    CHECK((left == row.left));
    CHECK(report.people_held == row.held);
    CHECK(report.verified.value_or(true));
    CHECK_FALSE(report.error);
  }
}

TEST_CASE("bookings are asked for only when it can matter") {
  FullGym gym;
  gym.glofox.find("p1@example.com").membership.status = MembershipStatus::expired;
  SECTION("bookings are off") { gym.job.bookings.enabled = false; }
  SECTION("bookings have a group of their own") {
    gym.job.bookings.enabled = true;
    gym.job.bookings.group = gk::GroupId{45512};
  }
  SECTION("nobody loses anything") {
    gym.job.bookings.enabled = true;
    gym.glofox.find("p1@example.com").membership.status = MembershipStatus::active;
  }
  SECTION("the removals are held") {
    gym.job.bookings.enabled = true;
    gym.job.limits.stated = {0, 0};
  }
  static_cast<void>(gym.sync());
  CHECK(gym.glofox.booking_reads == 0);
}

TEST_CASE("a person with two rows of ours is asked about once") {
  FullGym gym;
  gym.job.bookings.enabled = true;
  gym.kisi.add_row("p1@example.com");
  gym.glofox.find("p1@example.com").membership.status = MembershipStatus::expired;
  gym.glofox.bookings[member_id(1)] = {todays_class(member_id(1))};
  const IntegrationReport report = gym.sync();
  CHECK(gym.glofox.booking_reads == 1);
  CHECK(gym.kisi.rows_of("p1@example.com").size() == 1);
  CHECK(report.verified == true);
}

TEST_CASE("a person who becomes a member while booked is never outside") {
  using SecondRow = KisiSwitches::SecondRow;
  using Patch = KisiSwitches::Patch;
  for (const auto second : {SecondRow::conflict, SecondRow::extra}) {
    for (const auto patch : {Patch::works, Patch::ignored, Patch::refused}) {
      FullGym gym;
      gym.kisi.switches = {second, patch};
      gym.kisi.add_row("new@example.com", Validity{at("2026-03-01T07:00:00Z"), at("2026-03-01T10:00:00Z")});
      gym.glofox.members.push_back(member(20, "new@example.com"));
      const bool last_resort = second == SecondRow::conflict && patch != Patch::works;
      gym.kisi.fault = [&](const Call&) {
        if (!last_resort) CHECK(gym.is_inside("new@example.com"));
        return Fault::none;
      };
      const IntegrationReport report = gym.sync();
      CHECK(report.verified == true);
      REQUIRE(gym.kisi.rows_of("new@example.com").size() == 1);
      CHECK(gym.kisi.rows_of("new@example.com")[0].validity == Validity::open_ended());
    }
  }
}

TEST_CASE("a changed e-mail never puts the person outside when the new address does not get in") {
  struct Row {
    const char* name;
    void (*arrange)(InMemoryGym&);
    IntegrationOutcome outcome;
  };
  const Row rows[] = {
      {"held", [](InMemoryGym& gym) { gym.job.limits.max_users = 9; }, IntegrationOutcome::held},
      {"refused",
       [](InMemoryGym& gym) {
         gym.kisi.fault = [](const Call& call) {
           return call.verb == "create_user" ? Fault::rejected : Fault::none;
         };
       },
       IntegrationOutcome::partial},
      {"the grant fails",
       [](InMemoryGym& gym) {
         gym.kisi.fault = [](const Call& call) {
           return call.verb == "grant" ? Fault::forbidden : Fault::none;
         };
       },
       IntegrationOutcome::partial},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    FullGym gym;
    gym.glofox.find("p1@example.com").email = "new@example.com";
    row.arrange(gym);
    const IntegrationReport report = gym.sync();
    CHECK(report.outcome == row.outcome);
    CHECK(report.mismatch.empty());
    CHECK(gym.is_inside("p1@example.com"));
    gym.kisi.fault = nullptr;
    gym.job.limits.max_users = 100;
    CHECK(gym.sync().verified == true);
    CHECK(gym.is_inside("new@example.com"));
    CHECK_FALSE(gym.is_inside("p1@example.com"));
  }
}

}  // namespace gk::reconcile::pass_evidence_test
