#include <catch2/catch.hpp>

#include <algorithm>

#include "support/fake_services.hpp"
#include "support/plans.hpp"

namespace gk::reconcile::pass_test {

using namespace gk::test;

// Whole passes of sync-members over both services in memory.

namespace {

bool has_notice(const IntegrationReport& report, std::string_view kind) {
  return std::ranges::find(report.plan.notices, kind, &gk::reconcile::Notice::kind) !=
         report.plan.notices.end();
}

}  // namespace

TEST_CASE("a first run fills the group, the second finds nothing to do") {
  InMemoryGym gym;
  gym.glofox.members = {member(1, "ada@example.com"), member(2, "Bo@Example.com"),
                        member(3, "cy@example.com", MembershipStatus::paused), lead(4, "dee@example.com")};
  gym.kisi.add_user("bo@example.com");
  const IntegrationReport first = gym.sync();
  CHECK(first.outcome == IntegrationOutcome::changed);
  CHECK_FALSE(first.error);
  CHECK(first.verified == true);
  CHECK(first.summary.create_user == 1);
  CHECK(first.summary.grant == 2);
  CHECK(first.summary.desired == 2);
  CHECK(first.source.members == 4U);
  CHECK(first.source.complete);
  CHECK(first.group_name == "Members");
  CHECK(first.time_zone == "Europe/Dublin");
  CHECK(gym.is_inside("ada@example.com"));
  CHECK(gym.is_inside("bo@example.com"));
  CHECK_FALSE(gym.is_inside("cy@example.com"));
  CHECK(gym.kisi.users.size() == 2);

  gym.kisi.calls.clear();
  const IntegrationReport second = gym.sync();
  CHECK(second.outcome == IntegrationOutcome::in_sync);
  CHECK_FALSE(second.verified);
  CHECK(second.plan.actions.empty());
  CHECK(second.summary.keep == 2);
  CHECK(gym.kisi.calls.size() == 1);
  CHECK(gym.glofox.single_reads + gym.glofox.searches + gym.glofox.booking_reads == 0);
}

TEST_CASE("who is no longer a member leaves the group and stays a Kisi user") {
  InMemoryGym gym;
  gym.add_settled(1, "ada@example.com");
  gym.add_settled(2, "bo@example.com");
  gym.glofox.find("ada@example.com").membership.status = MembershipStatus::cancelled;
  const IntegrationReport report = gym.sync();
  CHECK(report.outcome == IntegrationOutcome::changed);
  CHECK(report.verified == true);
  CHECK_FALSE(gym.is_inside("ada@example.com"));
  CHECK(gym.is_inside("bo@example.com"));
  CHECK(gym.kisi.users.size() == 2);
}

TEST_CASE("a dry run plans everything and writes nothing") {
  InMemoryGym gym;
  gym.add_settled(1, "ada@example.com");
  gym.glofox.find("ada@example.com").membership.status = MembershipStatus::expired;
  gym.glofox.members.push_back(member(2, "bo@example.com"));
  gym.dry_run = true;
  const IntegrationReport report = gym.sync();
  CHECK(report.outcome == IntegrationOutcome::pending);
  CHECK((lines_of(report.plan) == Lines{"revoke ada #9900000 expired", "create_user bo", "grant bo"}));
  CHECK(gym.kisi.writes.empty());
  CHECK(gym.kisi.count("read_group") == 1);
}

TEST_CASE("an incomplete Glofox listing grants but never removes") {
  InMemoryGym gym;
  gym.add_settled(1, "ada@example.com");
  gym.add_settled(2, "bo@example.com");
  gym.glofox.find("bo@example.com").membership.status = MembershipStatus::cancelled;
  gym.glofox.unlisted = {member_id(1)};
  gym.glofox.members.push_back(member(3, "cy@example.com"));
  gym.job.canaries = {key("ada@example.com")};
  gym.glofox.listing_fault = Error{Category::unavailable, "page 2: HTTP 503", 503};
  const IntegrationReport report = gym.sync();
  CHECK(report.outcome == IntegrationOutcome::partial);
  REQUIRE(report.error);
  CHECK(report.error->category == Category::unavailable);
  CHECK_FALSE(report.source.complete);
  CHECK(report.verified == true);
  CHECK_FALSE(report.limit_holds);
  for (const char* const email : {"ada@example.com", "bo@example.com", "cy@example.com"})
    CHECK(gym.is_inside(email));
  CHECK(gym.kisi.count("revoke") == 0);
}

TEST_CASE("an incomplete Kisi listing writes nothing") {
  InMemoryGym gym;
  gym.glofox.members = {member(1, "ada@example.com")};
  SECTION("the group") {
    gym.kisi.partial_groups[k_group] = Error{Category::protocol, "12 rows were read, 13 were declared"};
  }
  SECTION("a former group") {
    gym.job.former_groups = {k_former_group};
    gym.kisi.partial_groups[k_former_group] = Error{Category::protocol, "the list moved"};
  }
  const IntegrationReport report = gym.sync();
  CHECK(report.outcome == IntegrationOutcome::failed);
  REQUIRE(report.error);
  CHECK(report.error->category == Category::protocol);
  CHECK(gym.kisi.writes.empty());
  CHECK(gym.kisi.count("grant") == 0);
}

TEST_CASE("groups that must not be written to are refused") {
  InMemoryGym gym;
  gym.glofox.members = {member(1, "ada@example.com")};
  SECTION("a place-scoped group, in the dashboard's words") {
    gym.kisi.groups[k_group].place = gk::PlaceId{22801};
    const IntegrationReport report = gym.sync();
    REQUIRE(report.error);
    CHECK(report.error->category == Category::config);
    CHECK(report.error->message.find("The organization is ambiguous") != std::string::npos);
  }
  SECTION("a group with a marketplace integration in it") {
    const auto id = gym.kisi.add_foreign_row("cy@example.com");
    gym.kisi.rows[id].created_by = gk::Creator::marketplace_installation;
    const IntegrationReport report = gym.sync();
    REQUIRE(report.error);
    CHECK(report.error->category == Category::config);
    gym.dry_run = true;
    CHECK(gym.sync().error->category == Category::config);
  }
  CHECK(gym.kisi.count("create_user") + gym.kisi.count("grant") == 0);
}

TEST_CASE("when either service cannot be read nothing happens") {
  InMemoryGym gym;
  gym.add_settled(1, "ada@example.com");
  SECTION("Glofox") { gym.glofox.outage = Error{Category::unavailable, "connection refused"}; }
  SECTION("Kisi") {
    gym.kisi.fault = [](const Call&) { return Fault::unreachable; };
  }
  SECTION("the zone of the branch is missing") { gym.glofox.branch.time_zone.clear(); }
  SECTION("the zone of the branch is unknown here") { gym.glofox.branch.time_zone = "Mars/Olympus"; }
  const IntegrationReport report = gym.sync();
  CHECK(report.outcome == IntegrationOutcome::failed);
  REQUIRE(report.error);
  CHECK((report.error->category == Category::unavailable || report.error->category == Category::protocol));
  CHECK(gym.kisi.writes.empty());
}

TEST_CASE("a stop before planning changes nothing") {
  InMemoryGym gym;
  gym.glofox.members = {member(1, "ada@example.com")};
  gym.stop.request(15);
  const IntegrationReport report = gym.sync();
  CHECK(report.error->category == Category::interrupted);
  CHECK(gym.kisi.writes.empty());
}

TEST_CASE("one failing person does not stop the others") {
  InMemoryGym gym;
  gym.glofox.members = {member(1, "ada@example.com"), member(2, "bo@example.com"),
                        member(3, "cy@example.com")};
  gym.kisi.fault = [](const Call& call) {
    return call.verb == "create_user" && call.email == "bo@example.com" ? Fault::rejected : Fault::none;
  };
  const IntegrationReport report = gym.sync();
  CHECK(report.outcome == IntegrationOutcome::partial);
  CHECK(report.actions_failed);
  CHECK(report.verified == true);
  CHECK(gym.is_inside("ada@example.com"));
  CHECK(gym.is_inside("cy@example.com"));
  CHECK_FALSE(report.error);
}

TEST_CASE("a look-up that fails concerns one person") {
  InMemoryGym gym;
  gym.glofox.members = {member(1, "ada@example.com")};
  gym.kisi.fault = [](const Call& call) { return call.verb == "find_user" ? Fault::throttled : Fault::none; };
  const IntegrationReport report = gym.sync();
  CHECK(report.outcome == IntegrationOutcome::partial);
  CHECK(report.actions_failed);
  CHECK(gym.kisi.writes.empty());
}

TEST_CASE("a group that is not as planned afterwards is told") {
  InMemoryGym gym;
  gym.glofox.members = {member(1, "ada@example.com")};
  gym.kisi.fault = [&](const Call& call) {
    // Somebody else empties the group while we work.
    if (call.verb == "read_group" && !gym.kisi.writes.empty()) gym.kisi.rows.clear();
    return Fault::none;
  };
  const IntegrationReport report = gym.sync();
  CHECK(report.outcome == IntegrationOutcome::partial);
  CHECK(report.verified == false);
  CHECK(report.mismatch.find("ada@example.com") != std::string::npos);
}

TEST_CASE("a 401 while applying ends the run without reading back") {
  InMemoryGym gym;
  gym.glofox.members = {member(1, "ada@example.com"), member(2, "bo@example.com")};
  gym.kisi.fault = [](const Call& call) { return call.verb == "grant" ? Fault::unauthorized : Fault::none; };
  const IntegrationReport report = gym.sync();
  REQUIRE(report.stopped_by);
  CHECK(report.stopped_by->category == Category::auth);
  CHECK(gym.kisi.count("read_group") == 1);
  CHECK(gym.kisi.count("grant") == 1);
}

TEST_CASE("the deadline leaves the rest to the next run, and the read-back agrees") {
  InMemoryGym gym;
  for (unsigned i = 0; i < 6; ++i) gym.glofox.members.push_back(member(i, fmt::format("p{}@example.com", i)));
  gym.deadline = gym.clock.steady_now() + std::chrono::seconds{5};
  gym.kisi.fault = [&](const Call&) {
    gym.clock.advance(std::chrono::seconds{1});
    return Fault::none;
  };
  const IntegrationReport report = gym.sync();
  CHECK(report.stopped_by->category == Category::deadline);
  CHECK(report.verified == true);
  CHECK_FALSE(report.actions_failed);
  gym.deadline.reset();
  CHECK(gym.sync().outcome == IntegrationOutcome::changed);
  CHECK(gym.kisi.rows.size() == 6);
  CHECK(gym.kisi.users.size() == 6);
}

TEST_CASE("with users.import: all every client becomes a Kisi user, members get in") {
  InMemoryGym gym;
  gym.job.users.import_all = true;
  gym.job.limits.max_users = 1;
  gym.glofox.members = {member(1, "ada@example.com"), lead(2, "bo@example.com"), lead(3, "no address"),
                        lead(4, "cy@example.com")};
  gym.kisi.add_user("cy@example.com");
  const IntegrationReport report = gym.sync();
  CHECK(report.outcome == IntegrationOutcome::changed);
  CHECK(report.summary.create_user == 2);
  CHECK(report.summary.grant == 1);
  CHECK(report.verified == true);
  CHECK(gym.kisi.users.size() == 3);
  CHECK(gym.kisi.rows.size() == 1);
  CHECK(gym.sync().outcome == IntegrationOutcome::in_sync);
}

TEST_CASE("entries of memberships.plans are checked against the catalogue only when no member carries them") {
  InMemoryGym gym;
  gym.glofox.members = {member(1, "ada@example.com")};
  gym.glofox.members[0].membership.plan = {"65cc00000000000000000001", "Unlimited", "Monthly", "5"};
  gym.job.memberships.plans = gk::PlanFilter::of({"Unlimited"});
  SECTION("a member carries it") {
    CHECK_FALSE(has_notice(gym.sync(), "plan_filter"));
    CHECK(gym.glofox.catalogue_reads == 0);
  }
  SECTION("the catalogue has it") {
    gym.job.memberships.plans = gk::PlanFilter::of({"Unlimited", "Off-peak"});
    gym.glofox.catalogue = gk::Catalogue{{"65cc00000000000000000002", "Off-Peak", "Mornings", "6"}};
    CHECK_FALSE(has_notice(gym.sync(), "plan_filter"));
  }
  SECTION("nothing has it") {
    gym.job.memberships.plans = gk::PlanFilter::of({"Unlimited", "Of-peak"});
    const IntegrationReport report = gym.sync();
    CHECK(has_notice(report, "plan_filter"));
    CHECK(report.outcome == IntegrationOutcome::changed);
  }
  SECTION("the catalogue cannot be read") {
    gym.job.memberships.plans = gk::PlanFilter::of({"Unlimited", "Off-peak"});
    gym.glofox.catalogue = gk::fail(Category::unavailable, "503");
    const IntegrationReport report = gym.sync();
    CHECK(has_notice(report, "plan_filter"));
    CHECK_FALSE(report.error);
  }
  SECTION("the credentials are refused") {
    gym.job.memberships.plans = gk::PlanFilter::of({"Unlimited", "Off-peak"});
    gym.glofox.catalogue = gk::fail(Category::auth, "401");
    CHECK(gym.sync().error->category == Category::auth);
    CHECK(gym.kisi.writes.empty());
  }
}

TEST_CASE("moving to another group fills it and then cleans the former one") {
  InMemoryGym gym;
  gym.job.former_groups = {k_former_group};
  for (unsigned i = 0; i < 4; ++i) {
    gym.glofox.members.push_back(member(i, fmt::format("p{}@example.com", i)));
    gym.kisi.add_row(fmt::format("p{}@example.com", i), Validity::open_ended(), k_former_group);
  }
  gym.glofox.members[3].membership.status = MembershipStatus::expired;
  const IntegrationReport report = gym.sync();
  CHECK(report.outcome == IntegrationOutcome::changed);
  CHECK(report.verified == true);
  CHECK(gym.kisi.rows.size() == 3);
  CHECK(std::ranges::all_of(gym.kisi.rows, [](const auto& entry) { return entry.second.group == k_group; }));
  CHECK_FALSE(report.limit_holds);
}

TEST_CASE("a configuration that names the current group as a former one cleans nothing in it") {
  InMemoryGym gym;
  gym.add_settled(1, "ada@example.com");
  gym.job.former_groups = {k_group};
  const IntegrationReport report = gym.sync();
  CHECK(gym.is_inside("ada@example.com"));
  CHECK(gym.kisi.writes.empty());
}

}  // namespace gk::reconcile::pass_test
