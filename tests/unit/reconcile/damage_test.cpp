#include "reconcile/damage.hpp"

#include <catch2/catch.hpp>

#include "support/fake_services.hpp"

namespace gk::reconcile::damage_test {

using namespace gk::test;

namespace {

const Instant k_today = at("2026-03-01T12:00:00Z");

std::vector<std::string> emails_of(const Roster& roster) {
  std::vector<std::string> emails;
  for (std::size_t i = 0; i < roster.size(); ++i) emails.push_back(roster.email(i).as_written());
  return emails;
}

Roster six_people() {
  std::vector<Member> people;
  for (unsigned i = 0; i < 6; ++i) people.push_back(member(i, fmt::format("p{}@example.com", i)));
  return roster_of(people);
}

}  // namespace

TEST_CASE("an empty list has nobody, half a list every second person") {
  CHECK(damage_roster(six_people(), Damage::empty, k_today).empty());
  CHECK((emails_of(damage_roster(six_people(), Damage::half, k_today)) ==
         std::vector<std::string>{"p0@example.com", "p2@example.com", "p4@example.com"}));
}

TEST_CASE("a stale list lacks who joined since, and shows as expired who renewed since") {
  std::vector<Member> people{member(1, "old@example.com"), member(2, "new@example.com"),
                             member(3, "renewed@example.com")};
  people[0].membership.start = k_today - std::chrono::hours{24 * 300};
  people[1].membership.start = k_today - std::chrono::hours{24 * 5};
  people[2].membership.expiry = k_today + std::chrono::hours{24 * 20};
  const Roster stale = damage_roster(roster_of(people), Damage::stale, k_today);
  CHECK((emails_of(stale) == std::vector<std::string>{"old@example.com", "renewed@example.com"}));
  CHECK_FALSE(stale.expiry(0));
  REQUIRE(stale.expiry(1));
  CHECK(*stale.expiry(1) < k_today);
}

TEST_CASE("a garbled list has unknown statuses and unusable addresses, and as many people") {
  const Roster garbled = damage_roster(six_people(), Damage::garbled, k_today);
  REQUIRE(garbled.size() == 6);
  CHECK(garbled.status(0) == MembershipStatus::unknown);
  CHECK(garbled.email(1) == "(garbled)");
  CHECK(garbled.status(2) == MembershipStatus::active);
  CHECK(garbled.email(2) == "p2@example.com");
}

TEST_CASE("a damaged list stays whole or partial as it was read, and the service is not changed") {
  FakeGlofox glofox;
  for (unsigned i = 0; i < 6; ++i) glofox.members.push_back(member(i, fmt::format("p{}@example.com", i)));
  DamagedRoster damaged(glofox, Damage::half, k_today);
  auto snapshot = damaged.read_roster();
  REQUIRE(snapshot);
  CHECK(incomplete_because(snapshot->roster) == nullptr);
  CHECK(value_of(snapshot->roster).size() == 3);
  CHECK(damaged.account() == "6 people read, 3 left");
  CHECK(glofox.members.size() == 6);
  glofox.listing_fault = gk::Error{gk::Category::unavailable, "page 2: HTTP 503", 503};
  snapshot = damaged.read_roster();
  REQUIRE(snapshot);
  CHECK(incomplete_because(snapshot->roster) != nullptr);
}

}  // namespace gk::reconcile::damage_test
