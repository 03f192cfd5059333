#include "reconcile/desired.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "support/builders.hpp"

namespace gk::reconcile::desired_test {

using namespace gk::test;

namespace {

using enum MembershipStatus;

Desired derive(const std::vector<Member>& members, const Insiders& insiders = {}, bool import_all = false) {
  return derive_desired(roster_of(members), MembershipRules{}, zone("Europe/Dublin"),
                        at("2026-03-01T12:00:00Z"), insiders, import_all);
}

std::vector<std::string> kinds(const Desired& desired) {
  std::vector<std::string> words;
  for (const Notice& notice : desired.notices) words.push_back(notice.kind);
  return words;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("only eligible people have a right") {
  const Desired desired =
      derive({member(1, "ada@example.com"), lead(2, "bo@example.com"), member(3, "cy@example.com", paused)});
  REQUIRE(desired.rights.size() == 1);
  CHECK(desired.rights[0].person == key("ada@example.com"));
  CHECK(desired.rights[0].name == "Person 1");
  CHECK(desired.rights[0].validity == gk::Validity::open_ended());
  CHECK(desired.rights[0].cause == Cause::membership_active);
  CHECK(desired.denials.empty());
  CHECK(desired.clients.empty());
  CHECK(desired.notices.empty());
}

TEST_CASE("people who share an e-mail have the union of their access and one notice") {
  struct Row {
    const char* name;
    MembershipStatus first, second;
    bool right;
  };
  const Row rows[] = {
      {"both", active, active, true},        {"the first", active, cancelled, true},
      {"the second", expired, active, true}, {"one unknown", MembershipStatus::unknown, active, true},
      {"neither", paused, cancelled, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Desired desired =
        derive({member(1, "Family@example.com", row.first), member(2, " family@EXAMPLE.com", row.second)},
               {key("family@example.com")});
    CHECK(desired.rights.size() == (row.right ? 1 : 0));
    CHECK(desired.denials.size() == (row.right ? 0 : 1));
    CHECK(std::ranges::count(kinds(desired), "duplicate_email") == 1);
    if (!row.right) continue;
    CHECK(desired.rights[0].members.size() == 2);
    const unsigned granting = row.first == active ? 1 : 2;
    CHECK(desired.rights[0].members[0] == member_id(granting));
  }
}

TEST_CASE("shared e-mails of people without access and outside are nobody's business") {
  CHECK(derive({lead(1, "family@example.com"), lead(2, "family@example.com")}).notices.empty());
}

TEST_CASE("of several denials the undecided speak first, then the nearest to access") {
  struct Row {
    const char* name;
    Member first, second;
    Cause cause;
  };
  Member unknown_type = member(2, "ada@example.com");
  unknown_type.membership.type = MembershipType::unknown;
  Member pack = member(2, "ada@example.com");
  pack.membership.type = MembershipType::num_classes;
  const auto with = [](unsigned number, MembershipStatus status) {
    return member(number, "ada@example.com", status);
  };
  const Row rows[] = {
      {"no status before cancelled", with(1, cancelled), with(2, missing), Cause::incomplete_record},
      {"unknown status before paused", with(1, paused), with(2, MembershipStatus::unknown),
       Cause::unknown_status},
      {"unknown type before expired", with(1, expired), unknown_type, Cause::unknown_type},
      {"paused before expired", with(1, expired), with(2, paused), Cause::paused},
      {"cancelled before a pack", pack, with(1, cancelled), Cause::cancelled},
      {"a pack before no membership", lead(1, "ada@example.com"), pack, Cause::type_not_allowed},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Insiders inside{key("ada@example.com")};
    for (const auto& order : {std::vector{row.first, row.second}, std::vector{row.second, row.first}}) {
      const Desired desired = derive(order, inside);
      REQUIRE(desired.denials.size() == 1);
      CHECK(desired.denials.begin()->second.cause == row.cause);
      CHECK(desired.denials.begin()->second.members.size() == 2);
    }
  }
}

TEST_CASE("people with a right but no usable e-mail give a notice each, children without one too") {
  Member child = member(3, "");
  const Desired desired =
      derive({member(1, "no address"), member(2, "  "), child, lead(4, ""), lead(5, "@")});
  CHECK(desired.rights.empty());
  CHECK((kinds(desired) == Words{"missing_email", "missing_email", "missing_email"}));
}

TEST_CASE("what is known of people without a right is kept for insiders only") {
  const std::vector<Member> people{member(1, "ada@example.com", expired),
                                   member(2, "bo@example.com", expired), lead(3, "cy@example.com")};
  const Desired desired =
      derive(people, {key("bo@example.com"), key("cy@example.com"), key("dee@example.com")});
  REQUIRE(desired.denials.size() == 2);
  CHECK(desired.denials.at(key("bo@example.com")).cause == Cause::expired);
  CHECK((desired.denials.at(key("bo@example.com")).members == std::vector{member_id(2)}));
  CHECK(desired.denials.at(key("cy@example.com")).cause == Cause::no_membership);
}

TEST_CASE("unlisted words are reported once each, whoever carries them") {
  std::vector<Member> people;
  for (unsigned i = 0; i < 3; ++i) {
    people.push_back(member(i, fmt::format("p{}@example.com", i), MembershipStatus::unknown));
    people.back().membership.unknown_status = "INACTIVE";
  }
  people.push_back(member(9, "q@example.com"));
  people.back().membership.type = MembershipType::unknown;
  people.back().membership.unknown_type = "trial";
  const Desired desired = derive(people);
  CHECK(desired.rights.empty());
  CHECK((kinds(desired) == Words{"unknown_status", "unknown_type"}));
  CHECK(desired.notices[0].detail.find("'INACTIVE' gives no access (people: 3)") != std::string::npos);
}

TEST_CASE("with users.import: all every live client with an e-mail is named, once") {
  Member deleted = lead(3, "cy@example.com");
  deleted.active = false;
  const Desired desired = derive({lead(2, "Bo@example.com"), member(1, "ada@example.com"), deleted,
                                  lead(4, ""), lead(5, "bo@example.com")},
                                 {}, true);
  REQUIRE(desired.clients.size() == 2);
  CHECK(desired.clients[0].person == key("ada@example.com"));
  CHECK(desired.clients[1].person == key("bo@example.com"));
  CHECK(desired.clients[1].member == member_id(2));
  CHECK(desired.rights.size() == 1);
}

TEST_CASE("rows whose verdict rests on a missing field are read singly") {
  struct Row {
    const char* name;
    MembershipType type;
    MembershipStatus status;
    bool outside, inside;
  };
  const Row rows[] = {
      {"time without a status", MembershipType::time, missing, true, true},
      {"time_classes without a status", MembershipType::time_classes, missing, true, true},
      {"time with a status", MembershipType::time, active, false, false},
      {"time with an unknown status", MembershipType::time, MembershipStatus::unknown, false, false},
      {"an allowed pack without a status", MembershipType::num_classes, missing, false, true},
      {"a type that is not allowed", MembershipType::payg, missing, false, false},
      {"no membership", MembershipType::none, missing, false, false},
  };
  MembershipRules rules;
  rules.types.push_back(MembershipType::num_classes);
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Member person = member(1, "ada@example.com", row.status);
    person.membership.type = row.type;
    const auto rows_for = [&](const Insiders& insiders) {
      return rows_to_read_singly(roster_of({lead(2, "bo@example.com"), person}), rules, zone("Europe/Dublin"),
                                 at("2026-03-01T12:00:00Z"), insiders);
    };
    CHECK(rows_for({}) == (row.outside ? std::vector<std::size_t>{1} : std::vector<std::size_t>{}));
    CHECK(rows_for({key("ada@example.com")}) ==
          (row.inside ? std::vector<std::size_t>{1} : std::vector<std::size_t>{}));
  }
}

TEST_CASE("rows are asked for by id, whatever the order of the listing") {
  const auto rows = [](const std::vector<Member>& people) {
    std::vector<gk::MemberId> ids;
    const gk::Roster roster = roster_of(people);
    for (const std::size_t i :
         gk::reconcile::rows_to_read_singly(roster, {}, zone("UTC"), at("2026-03-01T12:00:00Z"), {}))
      ids.push_back(roster.id(i));
    return ids;
  };
  const Member a = member(1, "ada@example.com", missing);
  const Member b = member(2, "bo@example.com", missing);
  CHECK(rows({a, b}) == rows({b, a}));
}

TEST_CASE("the order of the listing does not matter") {
  std::vector<Member> people{member(1, "ada@example.com"),        member(2, "ada@example.com", expired),
                             member(3, "bo@example.com", paused), member(4, "no address"),
                             lead(5, "cy@example.com"),           member(6, "ada@example.com")};
  const Insiders insiders{key("bo@example.com")};
  const Desired first = derive(people, insiders, true);
  for (int i = 0; i < 20; ++i) {
    std::ranges::next_permutation(people, {}, &Member::id);
    const Desired again = derive(people, insiders, true);
    CHECK(again.notices == first.notices);
    REQUIRE(again.rights.size() == first.rights.size());
    CHECK(again.rights[0].members == first.rights[0].members);
    CHECK(again.rights[0].name == first.rights[0].name);
    REQUIRE(again.clients.size() == first.clients.size());
    for (std::size_t k = 0; k < first.clients.size(); ++k)
      CHECK(again.clients[k].member == first.clients[k].member);
  }
}

}  // namespace gk::reconcile::desired_test
