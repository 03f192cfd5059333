#include <catch2/catch.hpp>

#include <algorithm>

#include "support/fake_services.hpp"
#include "support/plans.hpp"

namespace gk::reconcile::booking_pass_test {

using namespace gk::test;

// Whole passes of sync-bookings over both services in memory. It is 2026-03-01T08:00:00Z, in Dublin too.

namespace {

/// Class at nine, open from eight to eleven.
const Validity k_class{at("2026-03-01T08:00:00Z"), at("2026-03-01T11:00:00Z")};

struct BookingGym : InMemoryGym {
  BookingGym() { job.bookings.enabled = true; }

  /// A pay-as-you-go person with a class; the Kisi user carries our mark when they hold a row.
  Booking& book(unsigned number, std::string_view email, std::string_view start = "2026-03-01T09:00:00Z",
                std::string_view end = "2026-03-01T10:00:00Z") {
    if (std::ranges::find(glofox.members, member_id(number), &Member::id) == glofox.members.end())
      glofox.members.push_back(lead(number, email));
    auto& list = glofox.bookings[member_id(number)];
    list.push_back(booking(number * 100 + static_cast<unsigned>(list.size()), member_id(number), start, end));
    return list.back();
  }
  RoleAssignmentId hold(unsigned number, std::string_view email, Validity validity = k_class) {
    const RoleAssignmentId id = kisi.add_row(email, validity);
    User& user = kisi.users.at(kisi.add_user(email));
    user.metadata[std::string(k_metadata_sync)] = "\"v1\"";
    user.metadata[std::string(k_metadata_member)] = "\"" + member_id(number).text() + "\"";
    user.metadata[std::string(k_metadata_branch)] = "\"" + k_branch.value() + "\"";
    return id;
  }
  std::vector<Validity> windows(std::string_view email, GroupId group = k_group) const {
    std::vector<Validity> found;
    for (const RoleAssignment& entry : kisi.rows_of(email, group)) found.push_back(entry.validity);
    return found;
  }
  bool has_notice(const IntegrationReport& report, std::string_view kind) const {
    return std::ranges::find(report.plan.notices, kind, &reconcile::Notice::kind) !=
           report.plan.notices.end();
  }
};

using Windows = std::vector<Validity>;

}  // namespace

TEST_CASE("a booking becomes a window, and the run after it has nothing to do") {
  BookingGym gym;
  gym.book(1, "Ada@Example.com");
  const IntegrationReport first = gym.sync_bookings();
  CHECK(first.outcome == IntegrationOutcome::changed);
  CHECK_FALSE(first.error);
  CHECK(first.verified == true);
  CHECK(first.source.bookings == 1U);
  CHECK(first.source.people == reconcile::PeopleSource::singly);
  CHECK(first.summary.open_now == 1);
  CHECK((lines_of(first.plan) == Lines{"create_user ada applied", "grant ada #9900000 applied"}));
  CHECK((gym.windows("ada@example.com") == Windows{k_class}));

  gym.kisi.calls.clear();
  const IntegrationReport second = gym.sync_bookings();
  CHECK(second.outcome == IntegrationOutcome::in_sync);
  CHECK(gym.kisi.calls.size() == 1);
  CHECK(gym.glofox.booking_reads + gym.glofox.searches == 0);
}

TEST_CASE("who holds an open-ended row needs no window, whoever gave it") {
  BookingGym gym;
  gym.book(1, "ada@example.com");
  SECTION("ours") { gym.kisi.add_row("ada@example.com"); }
  SECTION("foreign") { gym.kisi.add_foreign_row("ada@example.com"); }
  SECTION("a foreign window that contains it") {
    gym.kisi.add_foreign_row("ada@example.com", {at("2026-03-01T07:00:00Z"), at("2026-03-01T12:00:00Z")});
  }
  CHECK(gym.sync_bookings().outcome == IntegrationOutcome::in_sync);
  CHECK(gym.kisi.writes.empty());
}

TEST_CASE("in a separate group everybody with a booking gets a row, members too") {
  BookingGym gym;
  gym.job.bookings.group = GroupId{45512};
  gym.kisi.groups[GroupId{45512}] = Group{GroupId{45512}, "Bookings", {}, 0};
  gym.add_settled(1, "ada@example.com");
  gym.book(1, "ada@example.com");
  const IntegrationReport report = gym.sync_bookings();
  CHECK(report.outcome == IntegrationOutcome::changed);
  CHECK((gym.windows("ada@example.com", GroupId{45512}) == Windows{k_class}));
  CHECK((gym.windows("ada@example.com") == Windows{Validity::open_ended()}));
  CHECK(gym.sync().outcome == IntegrationOutcome::in_sync);
}

TEST_CASE("a class that moves moves the window, whichever way Kisi works") {
  const auto second_row = GENERATE(KisiSwitches::SecondRow::conflict, KisiSwitches::SecondRow::extra);
  const auto patch =
      GENERATE(KisiSwitches::Patch::works, KisiSwitches::Patch::ignored, KisiSwitches::Patch::refused);
  CAPTURE(static_cast<int>(second_row), static_cast<int>(patch));
  BookingGym gym;
  gym.kisi.switches.second_row = second_row;
  gym.kisi.switches.patch = patch;
  for (unsigned i = 1; i <= 3; ++i) {
    const std::string email = fmt::format("person.{}@example.com", i);
    gym.book(i, email, "2026-03-01T09:30:00Z", "2026-03-01T10:30:00Z");
    gym.hold(i, email);
  }
  const IntegrationReport report = gym.sync_bookings();
  CHECK(report.outcome == IntegrationOutcome::changed);
  CHECK(report.summary.change == 3);
  const Validity moved{at("2026-03-01T08:30:00Z"), at("2026-03-01T11:30:00Z")};
  for (unsigned i = 1; i <= 3; ++i)
    CHECK((gym.windows(fmt::format("person.{}@example.com", i)) == Windows{moved}));
  // What does not work is tried once a run.
  CHECK(gym.kisi.count("change") == (patch == KisiSwitches::Patch::works ? 3U : 1U));
}

TEST_CASE("a cancelled booking loses its access at the next run") {
  BookingGym gym;
  gym.book(1, "ada@example.com").status = BookingStatus::cancelled;
  gym.hold(1, "ada@example.com");
  const IntegrationReport report = gym.sync_bookings();
  CHECK(report.outcome == IntegrationOutcome::changed);
  CHECK((lines_of(report.plan) == Lines{"revoke ada #9900000 booking-cancelled applied"}));
  CHECK(gym.windows("ada@example.com").empty());
  // The list of the cancelled was evidence enough.
  CHECK(gym.glofox.booking_reads == 0);
}

TEST_CASE("a whole class that is cancelled counts for the brake on stated removals") {
  BookingGym gym;
  for (unsigned i = 1; i <= 12; ++i) {
    const std::string email = fmt::format("person.{}@example.com", i);
    gym.book(i, email).status = BookingStatus::cancelled;
    gym.hold(i, email);
  }
  const bool allowed = GENERATE(true, false);
  gym.job.limits.stated.count = allowed ? 12 : 11;
  const IntegrationReport report = gym.sync_bookings();
  CHECK(report.limit_holds == !allowed);
  CHECK(report.summary.revoke == (allowed ? 12U : 0U));
  CHECK(gym.kisi.rows.size() == (allowed ? 0U : 12U));
}

TEST_CASE("somebody whose booking is gone without a word is asked about") {
  BookingGym gym;
  gym.glofox.members.push_back(lead(1, "ada@example.com"));
  gym.hold(1, "ada@example.com");
  SECTION("no booking any more") {
    const IntegrationReport report = gym.sync_bookings();
    CHECK((lines_of(report.plan) == Lines{"revoke ada #9900000 booking-cancelled applied"}));
  }
  SECTION("moved beyond the lookahead") {
    gym.book(1, "ada@example.com", "2026-03-09T09:00:00Z", "2026-03-09T10:00:00Z");
    const IntegrationReport report = gym.sync_bookings();
    CHECK((lines_of(report.plan) == Lines{"revoke ada #9900000 booking-cancelled applied"}));
  }
  SECTION("the list was wrong") {
    gym.glofox.unlisted_bookings = {gym.book(1, "ada@example.com").id};
    const IntegrationReport report = gym.sync_bookings();
    CHECK(report.outcome == IntegrationOutcome::failed);
    REQUIRE(report.error);
    CHECK(report.error->category == Category::protocol);
    CHECK(gym.kisi.writes.empty());
  }
  SECTION("the list was wrong, and another booking of theirs was cancelled: that says nothing") {
    const BookingId hidden = gym.book(1, "ada@example.com").id;
    gym.book(1, "ada@example.com", "2026-03-01T15:00:00Z", "2026-03-01T16:00:00Z").status =
        BookingStatus::cancelled;
    gym.glofox.unlisted_bookings = {hidden};
    const IntegrationReport report = gym.sync_bookings();
    CHECK(report.outcome == IntegrationOutcome::failed);
    CHECK(gym.glofox.booking_reads == 1);
    CHECK(gym.kisi.writes.empty());
  }
  SECTION("no answer") {
    gym.glofox.booking_faults[member_id(1)] = Error{Category::unavailable, "HTTP 503", 503};
    const IntegrationReport report = gym.sync_bookings();
    CHECK(report.people_held);
    CHECK((lines_of(report.plan) == Lines{"revoke ada #9900000 incomplete-record held"}));
    CHECK(gym.kisi.writes.empty());
  }
  SECTION("too many at once: they are held before anybody is asked") {
    for (unsigned i = 2; i <= 4; ++i) gym.hold(i, fmt::format("person.{}@example.com", i));
    const IntegrationReport report = gym.sync_bookings();
    CHECK(report.limit_holds);
    CHECK(report.summary.held == 4);
    CHECK(gym.glofox.booking_reads == 0);
    CHECK(gym.kisi.writes.empty());
  }
  SECTION("without our mark the e-mail leads to them") {
    gym.kisi.users.clear();
    gym.kisi.rows.clear();
    gym.kisi.add_row("ada@example.com", k_class);
    const IntegrationReport report = gym.sync_bookings();
    CHECK(report.summary.revoke == 1);
    CHECK(gym.glofox.searches == 1);
  }
}

TEST_CASE("a booker who could not be read keeps the row") {
  BookingGym gym;
  gym.book(1, "ada@example.com");
  gym.hold(1, "ada@example.com");
  gym.glofox.member_faults[member_id(1)] = Error{Category::unavailable, "HTTP 503", 503};
  const IntegrationReport report = gym.sync_bookings();
  CHECK(report.people_held);
  CHECK(gym.has_notice(report, "unread_member"));
  CHECK(gym.kisi.writes.empty());
}

TEST_CASE("a deleted booker leaves, a changed e-mail moves") {
  BookingGym gym;
  gym.book(1, "ada@example.com");
  gym.hold(1, "ada@example.com");
  SECTION("deleted") {
    gym.glofox.find("ada@example.com").active = false;
    const IntegrationReport report = gym.sync_bookings();
    CHECK((lines_of(report.plan) == Lines{"revoke ada #9900000 deactivated applied"}));
  }
  SECTION("a new address") {
    gym.glofox.find("ada@example.com").email = "countess@example.com";
    const IntegrationReport report = gym.sync_bookings();
    CHECK((lines_of(report.plan) == Lines{"create_user countess applied", "grant countess #9900001 applied",
                                          "revoke ada #9900000 email-changed applied"}));
  }
}

TEST_CASE("ended windows are cleaned up last and count for no brake") {
  BookingGym gym;
  const Validity ended{at("2026-02-28T08:00:00Z"), at("2026-02-28T11:00:00Z")};
  for (unsigned i = 10; i < 40; ++i) gym.hold(i, fmt::format("person.{}@example.com", i), ended);
  gym.book(1, "ada@example.com");
  const IntegrationReport report = gym.sync_bookings();
  CHECK_FALSE(report.limit_holds);
  CHECK(report.outcome == IntegrationOutcome::changed);
  CHECK(report.verified == true);
  CHECK(lines_of(report.plan).front() == "create_user ada applied");
  CHECK(report.summary.revoke == 30);
  CHECK(gym.kisi.rows.size() == 1);
}

TEST_CASE("a row that has ended becomes the next window instead of a second row") {
  BookingGym gym;
  gym.book(1, "ada@example.com");
  gym.hold(1, "ada@example.com", {at("2026-02-28T08:00:00Z"), at("2026-02-28T11:00:00Z")});
  const IntegrationReport report = gym.sync_bookings();
  CHECK(report.summary.change == 1);
  CHECK((gym.windows("ada@example.com") == Windows{k_class}));
}

TEST_CASE("online classes give no access, and cost nothing where no window is written") {
  BookingGym gym;
  const ClassId online{"65dd00000000000000000001"};
  gym.glofox.classes[online] = GymClass{online, std::nullopt, true};
  gym.book(1, "ada@example.com").class_id = online;
  SECTION("alone") {
    CHECK(gym.sync_bookings().outcome == IntegrationOutcome::in_sync);
    CHECK(gym.glofox.event_reads == 1);
  }
  SECTION("beside a class on site") {
    gym.book(1, "ada@example.com", "2026-03-01T10:30:00Z", "2026-03-01T11:30:00Z");
    gym.sync_bookings();
    CHECK((gym.windows("ada@example.com") ==
           Windows{{at("2026-03-01T09:30:00Z"), at("2026-03-01T12:30:00Z")}}));
    CHECK(gym.sync_bookings().outcome == IntegrationOutcome::in_sync);
  }
  SECTION("somebody whose row stands as it should is not asked about") {
    gym.glofox.bookings.clear();
    gym.book(1, "ada@example.com").class_id = ClassId{"65dd00000000000000000002"};
    gym.hold(1, "ada@example.com");
    CHECK(gym.sync_bookings().outcome == IntegrationOutcome::in_sync);
    CHECK(gym.glofox.event_reads == 0);
  }
}

TEST_CASE("a list of bookings that is not whole grants but never removes") {
  BookingGym gym;
  gym.book(1, "ada@example.com");
  gym.hold(2, "bo@example.com");
  gym.glofox.booking_listing_fault = Error{Category::unavailable, "page 2: HTTP 503", 503};
  const IntegrationReport report = gym.sync_bookings();
  CHECK(report.outcome == IntegrationOutcome::partial);
  REQUIRE(report.error);
  CHECK(report.error->category == Category::unavailable);
  CHECK((gym.windows("ada@example.com") == Windows{k_class}));
  CHECK((gym.windows("bo@example.com") == Windows{k_class}));
}

TEST_CASE("a member list that is not whole removes nobody either") {
  BookingGym gym;
  gym.book(1, "ada@example.com");
  gym.book(2, "bo@example.com").status = BookingStatus::cancelled;
  gym.hold(2, "bo@example.com");
  gym.glofox.lists_people = true;
  gym.glofox.listing_fault = Error{Category::unavailable, "page 2: HTTP 503", 503};
  const IntegrationReport report = gym.sync_bookings();
  REQUIRE(report.error);
  CHECK((gym.windows("ada@example.com") == Windows{k_class}));
  CHECK((gym.windows("bo@example.com") == Windows{k_class}));
}

TEST_CASE("a canary that the member list lacks holds everything") {
  BookingGym gym;
  gym.book(1, "ada@example.com");
  gym.glofox.lists_people = true;
  gym.job.canaries = {key("owner@example.com")};
  const IntegrationReport report = gym.sync_bookings();
  CHECK(report.limit_holds);
  CHECK(gym.kisi.writes.empty());
}

TEST_CASE("protected people keep their window until it ends") {
  BookingGym gym;
  gym.job.protected_people = {key("ada@example.com")};
  gym.hold(1, "ada@example.com");
  CHECK(gym.sync_bookings().outcome == IntegrationOutcome::in_sync);
  gym.clock.advance(std::chrono::hours{4});
  CHECK(gym.sync_bookings().summary.revoke == 1);
}

TEST_CASE("protected people get their next window only when what they have has ended") {
  BookingGym gym;
  gym.job.protected_people = {key("ada@example.com")};
  gym.hold(1, "ada@example.com");
  gym.book(1, "ada@example.com", "2026-03-01T17:00:00Z", "2026-03-01T18:00:00Z");
  // Something else to write, so that the end is read back.
  gym.book(2, "bo@example.com");
  const IntegrationReport kept = gym.sync_bookings();
  CHECK((gym.windows("ada@example.com") == Windows{k_class}));
  CHECK(gym.has_notice(kept, "protected"));
  CHECK(kept.verified == true);
  CHECK_FALSE(kept.error);
  gym.clock.advance(std::chrono::hours{3});
  CHECK(gym.sync_bookings().summary.change == 1);
  CHECK(
      (gym.windows("ada@example.com") == Windows{{at("2026-03-01T16:00:00Z"), at("2026-03-01T19:00:00Z")}}));
}

TEST_CASE("protected people keep what opens now in a former group until their booking opens") {
  BookingGym gym;
  gym.job.protected_people = {key("ada@example.com")};
  gym.job.former_groups = {k_former_group};
  gym.kisi.rows.at(gym.hold(1, "ada@example.com")).group = k_former_group;
  gym.book(1, "ada@example.com", "2026-03-01T17:00:00Z", "2026-03-01T18:00:00Z");
  const IntegrationReport kept = gym.sync_bookings();
  CHECK((gym.windows("ada@example.com", k_former_group) == Windows{k_class}));
  CHECK(gym.windows("ada@example.com").size() == 1);
  CHECK(gym.has_notice(kept, "protected"));
  gym.clock.advance(std::chrono::hours{3});
  CHECK(gym.sync_bookings().summary.revoke == 1);
  CHECK(gym.windows("ada@example.com", k_former_group).empty());
}

TEST_CASE("protected people keep what opens now beside a row of theirs that opens later") {
  BookingGym gym;
  gym.job.protected_people = {key("ada@example.com")};
  gym.hold(1, "ada@example.com");
  gym.hold(1, "ada@example.com", {at("2026-03-01T14:00:00Z"), std::nullopt});
  // The later row covers the booking.
  gym.book(1, "ada@example.com", "2026-03-01T17:00:00Z", "2026-03-01T18:00:00Z");
  const IntegrationReport kept = gym.sync_bookings();
  CHECK(gym.kisi.writes.empty());
  CHECK(gym.has_notice(kept, "protected"));
  CHECK(gym.is_inside("ada@example.com"));
}

TEST_CASE("membership and booking follow each other without a moment outside") {
  BookingGym gym;
  gym.add_settled(1, "ada@example.com");
  gym.book(1, "ada@example.com");
  REQUIRE(gym.sync_bookings().outcome == IntegrationOutcome::in_sync);

  gym.glofox.find("ada@example.com").membership.status = MembershipStatus::expired;
  const IntegrationReport lapse = gym.sync();
  CHECK(lapse.summary.change == 1);
  CHECK((gym.windows("ada@example.com") == Windows{k_class}));
  CHECK(gym.sync_bookings().outcome == IntegrationOutcome::in_sync);

  gym.glofox.find("ada@example.com").membership.status = MembershipStatus::active;
  CHECK(gym.sync().summary.change == 1);
  CHECK((gym.windows("ada@example.com") == Windows{Validity::open_ended()}));
  CHECK(gym.sync_bookings().outcome == IntegrationOutcome::in_sync);
}

TEST_CASE("a lapsing member whose only booking is online is removed") {
  BookingGym gym;
  const ClassId online{"65dd00000000000000000001"};
  gym.glofox.classes[online] = GymClass{online, std::nullopt, true};
  gym.add_settled(1, "ada@example.com");
  gym.book(1, "ada@example.com").class_id = online;
  gym.glofox.find("ada@example.com").membership.status = MembershipStatus::expired;
  CHECK(gym.sync().summary.revoke == 1);
  CHECK(gym.windows("ada@example.com").empty());
}

TEST_CASE("windows are written in the order in which they are needed, after the revokes") {
  BookingGym gym;
  gym.book(1, "later@example.com", "2026-03-01T20:00:00Z", "2026-03-01T21:00:00Z");
  gym.book(2, "now@example.com");
  gym.book(3, "gone@example.com").status = BookingStatus::cancelled;
  gym.hold(3, "gone@example.com");
  // Extended by an hour, but open until eleven anyway.
  gym.book(4, "longer@example.com", "2026-03-01T09:00:00Z", "2026-03-01T11:00:00Z");
  gym.hold(4, "longer@example.com");
  // Moved to the evening of the same day.
  gym.book(5, "moved@example.com", "2026-03-01T19:00:00Z", "2026-03-01T20:00:00Z");
  gym.hold(5, "moved@example.com");
  gym.kisi.add_user("later@example.com");
  gym.kisi.add_user("now@example.com");
  const IntegrationReport report = gym.sync_bookings();
  std::vector<std::string> order;
  for (const reconcile::Action& action : report.plan.actions) order.push_back(action.person.email());
  CHECK((order == Lines{"gone@example.com", "now@example.com", "longer@example.com", "moved@example.com",
                        "later@example.com"}));
}

TEST_CASE("at the deadline the rest is left, the most urgent is done") {
  BookingGym gym;
  gym.book(1, "later@example.com", "2026-03-01T20:00:00Z", "2026-03-01T21:00:00Z");
  gym.book(2, "now@example.com");
  gym.kisi.add_user("later@example.com");
  gym.kisi.add_user("now@example.com");
  gym.deadline = gym.clock.steady_now() + std::chrono::seconds{1};
  gym.kisi.fault = [&](const Call& call) {
    if (call.verb == "grant") gym.clock.advance(std::chrono::seconds{2});
    return Fault::none;
  };
  const IntegrationReport report = gym.sync_bookings();
  REQUIRE(report.stopped_by);
  CHECK(report.stopped_by->category == Category::deadline);
  CHECK((gym.windows("now@example.com") == Windows{k_class}));
  CHECK(gym.windows("later@example.com").empty());
}

TEST_CASE("former groups are cleaned of our windows, too") {
  BookingGym gym;
  gym.job.former_groups = {k_former_group};
  gym.kisi.groups[k_former_group] = Group{k_former_group, "Old", {}, 0};
  gym.book(1, "ada@example.com");
  gym.kisi.add_row("ada@example.com", k_class, k_former_group);
  gym.kisi.add_row("member@example.com", Validity::open_ended(), k_former_group);
  const IntegrationReport report = gym.sync_bookings();
  CHECK(report.outcome == IntegrationOutcome::changed);
  CHECK((gym.windows("ada@example.com") == Windows{k_class}));
  CHECK(gym.windows("ada@example.com", k_former_group).empty());
  CHECK(gym.windows("member@example.com", k_former_group).size() == 1);
}

}  // namespace gk::reconcile::booking_pass_test
