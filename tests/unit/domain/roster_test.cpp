#include "domain/roster.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "support/builders.hpp"

namespace gk::domain::roster_test {

using gk::test::at;
using gk::test::member;
using gk::test::member_id;

TEST_CASE("membership types are read leniently, and unlisted words are unknown") {
  CHECK(gk::parse_membership_type("time") == MembershipType::time);
  CHECK(gk::parse_membership_type(" TIME_CLASSES ") == MembershipType::time_classes);
  CHECK(gk::parse_membership_type("num_classes") == MembershipType::num_classes);
  CHECK(gk::parse_membership_type("payg") == MembershipType::payg);
  for (const char* const word : {"", "none", "times", "time classes", "unlimited"}) {
    CAPTURE(word);
    CHECK(gk::parse_membership_type(word) == MembershipType::unknown);
  }
}

TEST_CASE("membership statuses are read leniently, and unlisted words are unknown") {
  CHECK(gk::parse_membership_status("ACTIVE") == MembershipStatus::active);
  CHECK(gk::parse_membership_status(" active\n") == MembershipStatus::active);
  CHECK(gk::parse_membership_status("FUTURE") == MembershipStatus::future);
  CHECK(gk::parse_membership_status("LOCKED") == MembershipStatus::locked);
  CHECK(gk::parse_membership_status("PAUSED") == MembershipStatus::paused);
  CHECK(gk::parse_membership_status("CANCELED") == MembershipStatus::cancelled);
  CHECK(gk::parse_membership_status("CANCELLED") == MembershipStatus::cancelled);
  CHECK(gk::parse_membership_status("EXPIRED") == MembershipStatus::expired);
  for (const char* const word : {"", "INACTIVE", "ACTIVE!", "missing"}) {
    CAPTURE(word);
    CHECK(gk::parse_membership_status(word) == MembershipStatus::unknown);
  }
}

TEST_CASE("a roster gives back what was put in") {
  Member ada = member(1, "Ada@Example.com ");
  ada.name = "Ada Example";
  ada.active = false;
  ada.membership = {MembershipType::time_classes,
                    MembershipStatus::paused,
                    at("1969-07-20T20:17:40Z"),
                    at("2126-03-01T00:00:00Z"),
                    false,
                    PlanNames{"65cc00000000000000000001", "Unlimited", "Monthly", "17"},
                    {},
                    {}};
  const Roster roster = gk::test::roster_of({ada, gk::test::lead(2, "")});
  REQUIRE(roster.size() == 2);
  CHECK(roster.id(0) == member_id(1));
  CHECK(roster.email(0) == "Ada@Example.com ");
  CHECK(roster.person(0) == gk::test::key("ada@example.com"));
  CHECK(roster.email(0).person() == roster.person(0));
  CHECK(roster.person_hash(0) == Roster::hash_of("ada@example.com"));
  CHECK(roster.name(0) == "Ada Example");
  CHECK_FALSE(roster.active(0));
  CHECK(roster.type(0) == MembershipType::time_classes);
  CHECK(roster.status(0) == MembershipStatus::paused);
  CHECK(roster.start(0) == at("1969-07-20T20:17:40Z"));
  CHECK(roster.expiry(0) == at("2126-03-01T00:00:00Z"));
  CHECK(roster.plan(0).plan_name == "Monthly");
  CHECK(roster.email(1).empty());
  CHECK_FALSE(roster.person(1).has_value());
  CHECK(roster.type(1) == MembershipType::none);
  CHECK(roster.status(1) == MembershipStatus::missing);
  CHECK_FALSE(roster.start(1));
  CHECK_FALSE(roster.expiry(1));
  CHECK((roster.plan(1) == PlanNames{}));
}

TEST_CASE("an id that comes twice keeps its first row") {
  Roster roster;
  CHECK(roster.add(member(1, "ada@example.com")));
  CHECK(roster.add(member(2, "bo@example.com")));
  CHECK_FALSE(roster.add(member(1, "cy@example.com")));
  REQUIRE(roster.size() == 2);
  CHECK(roster.email(0) == "ada@example.com");
}

TEST_CASE("thousands of ids stay apart while the index grows") {
  constexpr unsigned k_people = 20000;
  Roster roster;
  roster.reserve(k_people / 3);
  for (unsigned i = 0; i < k_people; ++i) REQUIRE(roster.add(member(i, fmt::format("p{}@example.com", i))));
  for (unsigned i = 0; i < k_people; ++i) REQUIRE_FALSE(roster.add(member(i, "")));
  roster.seal();
  REQUIRE(roster.size() == k_people);
  for (unsigned i = 0; i < k_people; i += 97) {
    REQUIRE(roster.id(i) == member_id(i));
    REQUIRE(roster.email(i) == fmt::format("p{}@example.com", i));
    REQUIRE(roster.name(i) == fmt::format("Person {}", i));
  }
}

TEST_CASE("a total that cannot be true does not take all memory") {
  Roster roster;
  roster.reserve(std::size_t{1} << 60U);
  CHECK(roster.add(member(1, "ada@example.com")));
}

TEST_CASE("overlong texts: no e-mail rather than a cut one, a name is cut") {
  Member odd = member(1, std::string(401, 'a'));
  odd.name = std::string(500, 'n');
  const Roster roster = gk::test::roster_of({odd});
  CHECK(roster.email(0).empty());
  CHECK(roster.name(0) == std::string(400, 'n'));
  CHECK_FALSE(
      gk::test::roster_of({member(2, "ada@example.com" + std::string(400, ' '))}).person(0).has_value());
}

TEST_CASE("a member comes back as it was put in") {
  Member ada = member(1, " Ada@Example.com");
  ada.active = false;
  ada.membership.start = at("2026-03-01T00:00:00Z");
  ada.membership.unreadable_date = true;
  ada.membership.plan.plan_name = "Monthly";
  const Member read = gk::test::roster_of({ada}).member(0);
  CHECK(read.id == ada.id);
  CHECK(read.email == ada.email);
  CHECK(read.name == ada.name);
  CHECK(read.active == ada.active);
  CHECK(read.membership.type == ada.membership.type);
  CHECK(read.membership.status == ada.membership.status);
  CHECK(read.membership.start == ada.membership.start);
  CHECK(read.membership.expiry == ada.membership.expiry);
  CHECK(read.membership.unreadable_date);
  CHECK((read.membership.plan == ada.membership.plan));
}

TEST_CASE("an amended row has the membership of the single-member route and keeps its identity") {
  Roster roster = gk::test::roster_of({member(1, "ada@example.com", MembershipStatus::missing)});
  Member fuller = member(1, "other@example.com", MembershipStatus::expired);
  fuller.active = false;
  fuller.membership.expiry = at("2026-01-01T00:00:00Z");
  fuller.membership.plan.plan_name = "Monthly";
  roster.amend(0, fuller);
  CHECK(roster.email(0) == "ada@example.com");
  CHECK(roster.status(0) == MembershipStatus::expired);
  CHECK(roster.expiry(0) == at("2026-01-01T00:00:00Z"));
  CHECK(roster.plan(0).plan_name == "Monthly");
  CHECK_FALSE(roster.active(0));
}

TEST_CASE("plans are kept once each") {
  std::vector<Member> people;
  for (unsigned i = 0; i < 10; ++i) {
    people.push_back(member(i, "p@example.com"));
    people.back().membership.plan.plan_name = i % 2 == 0 ? "Monthly" : "Yearly";
  }
  const Roster roster = gk::test::roster_of(people);
  CHECK(roster.plan(0).plan_name == "Monthly");
  CHECK(roster.plan(9).plan_name == "Yearly");
  CHECK(roster.plans().size() <= 3);
}

TEST_CASE("more plans than fit become unnamed, never somebody else's") {
  constexpr unsigned k_plans = 66000;
  Roster roster;
  for (unsigned i = 0; i < k_plans; ++i) {
    Member person = member(i, "");
    person.membership.plan.plan_name = fmt::format("Plan {}", i);
    static_cast<void>(roster.add(person));
  }
  std::size_t unnamed = 0;
  for (unsigned i = 0; i < k_plans; ++i) {
    const std::string& name = roster.plan(i).plan_name;
    if (name.empty()) ++unnamed;
    REQUIRE((name.empty() || name == fmt::format("Plan {}", i)));
  }
  CHECK(unnamed == k_plans - 65534);
}

TEST_CASE("unlisted words are counted by word") {
  std::vector<Member> people;
  for (unsigned i = 0; i < 3; ++i) {
    people.push_back(member(i, "", MembershipStatus::unknown));
    people.back().membership.unknown_status = "INACTIVE";
  }
  people.push_back(member(9, ""));
  people.back().membership.type = MembershipType::unknown;
  people.back().membership.unknown_type = "trial";
  const Roster roster = gk::test::roster_of(people);
  CHECK((roster.unknown_statuses() == std::map<std::string, std::size_t>{{"INACTIVE", 3}}));
  CHECK((roster.unknown_types() == std::map<std::string, std::size_t>{{"trial", 1}}));
}

}  // namespace gk::domain::roster_test
