#include <catch2/catch.hpp>

#include "checks/group.hpp"
#include "support/builders.hpp"
#include "unit/checks/finding.hpp"

namespace gk::app::checks_group_test {

namespace {

using reconcile::GroupSnapshot;
using test::k_fail;
using test::k_ok;
using test::k_skipped;
using test::k_warn;

constexpr PlaceId k_place{22801};

RoleAssignment row(std::int64_t id) {
  RoleAssignment out;
  out.id = RoleAssignmentId{id};
  out.group = gk::test::k_group;
  out.assignee = Assignee::user;
  out.user = UserId{id};
  out.role = k_group_role;
  out.created_by = Creator::user;
  out.creator = gk::test::k_self.id;
  return out;
}

Reading<std::vector<RoleAssignment>> whole(std::vector<RoleAssignment> rows) {
  ListingTally tally;
  tally.unique_rows = rows.size();
  tally.declared_total = rows.size();
  tally.ended_properly = true;
  return certify(std::move(rows), tally);
}

/// What one integration's Kisi side is judged on.
struct Facts {
  KisiFacts kisi;
  config::Integration integration;
  IntegrationFacts facts;

  GroupSnapshot& snapshot() { return **facts.group.snapshot; }
  std::vector<kisi::GroupLock>& locks() { return **facts.group.locks; }
};

Facts good() {
  Facts facts;
  facts.kisi.base_url = "https://kisi.example.com";
  facts.kisi.self = gk::test::k_self;
  facts.integration.place = k_place;
  facts.facts.group.id = gk::test::k_group;
  facts.facts.group.snapshot = GroupSnapshot{
      gk::test::k_self, {gk::test::k_group, "Members - Riverside", {}, 2}, whole({row(1), row(2)})};
  facts.facts.group.locks =
      std::vector<kisi::GroupLock>{{LockId{1}, "Front", k_place}, {LockId{2}, "Back", k_place}};
  facts.facts.place = kisi::Place{k_place, "Riverside", 3981};
  return facts;
}

template <Finding (*judge)(const GroupContext&)>
Finding of_group(const Facts& facts) {
  return judge({facts.kisi, facts.facts.group, facts.integration.place});
}

}  // namespace

TEST_CASE("kisi.group") {
  test::check_table<Facts>(
      good(),
      {
          {"exists", [](Facts&) {}, k_ok, ExitCode::done, R"(group "Members - Riverside" (45510))"},
          {"hostile name", [](Facts& f) { f.snapshot().group.name = "\x1b[2JX"; }, k_ok, ExitCode::done,
           R"(\x1b[2JX)"},
          {"no name", [](Facts& f) { f.snapshot().group.name.clear(); }, k_ok, ExitCode::done, "group 45510"},
          {"out of sight", [](Facts& f) { f.facts.group.snapshot = fail(Category::config, "not shown"); },
           k_fail, ExitCode::config, "not shown", "correct the id"},
          {"rows refused", [](Facts& f) { f.facts.group.snapshot = fail(Category::auth, "rows"); }, k_fail,
           ExitCode::refused, "rows", "administrator"},
          {"too large", [](Facts& f) { f.facts.group.snapshot = fail(Category::protocol, "offset 20000"); },
           k_fail, ExitCode::bad_data, "offset 20000", "-v"},
      },
      of_group<check_group>);
}

TEST_CASE("kisi.group.scope") {
  test::check_table<Facts>(
      good(),
      {
          {"organization", [](Facts&) {}, k_ok, ExitCode::done, "organization"},
          {"place", [](Facts& f) { f.snapshot().group.place = k_place; }, k_fail, ExitCode::config,
           "The organization is ambiguous", "create a new group without choosing a place"},
      },
      of_group<check_group_scope>);
}

TEST_CASE("kisi.group.doors") {
  constexpr PlaceId k_other{22802};
  test::check_table<Facts>(
      good(),
      {
          {"here", [](Facts&) {}, k_ok, ExitCode::done, R"(2 doors: "Front" (1), "Back" (2))"},
          {"no place configured", [](Facts& f) { f.integration.place.reset(); }, k_ok, ExitCode::done,
           "place_id is not set"},
          {"none", [](Facts& f) { f.locks().clear(); }, k_fail, ExitCode::config, "opens no door", "add"},
          {"one elsewhere", [&](Facts& f) { f.locks()[1].place = k_other; }, k_warn, ExitCode::done,
           R"(1 of 2 doors not in place 22801: "Back" (2))", "remove these doors"},
          {"all elsewhere", [&](Facts& f) { f.locks()[0].place = f.locks()[1].place = k_other; }, k_fail,
           ExitCode::config, "none of the group's doors", "place_id"},
          {"many", [](Facts& f) { f.locks().resize(8, f.locks()[0]); }, k_ok, ExitCode::done, "and 3 more"},
          {"refused", [](Facts& f) { f.facts.group.locks = fail(Category::auth, "doors"); }, k_fail,
           ExitCode::refused, "doors", "administrator"},
          {"not asked", [](Facts& f) { f.facts.group.locks.reset(); }, k_skipped, ExitCode::done,
           "not asked"},
      },
      of_group<check_group_doors>);
}

TEST_CASE("kisi.group.writers") {
  const auto with = [](Facts& facts, const RoleAssignment& third) {
    facts.snapshot().rows = whole({row(1), row(2), third});
  };
  test::check_table<Facts>(
      good(),
      {
          {"only ours", [](Facts&) {}, k_ok, ExitCode::done, "2 rows of ours; 0 by others"},
          {"another user's",
           [&](Facts& f) {
             RoleAssignment third = row(3);
             third.creator = UserId{12};
             with(f, third);
           },
           k_ok, ExitCode::done, "2 rows of ours; 1 by others"},
          {"another role",
           [&](Facts& f) {
             RoleAssignment third = row(3);
             third.role = "group_manager";
             with(f, third);
           },
           k_ok, ExitCode::done, "1 by others"},
          {"a team",
           [&](Facts& f) {
             RoleAssignment third = row(3);
             third.assignee = Assignee::team;
             with(f, third);
           },
           k_ok, ExitCode::done, "1 by others"},
          {"marketplace",
           [&](Facts& f) {
             RoleAssignment third = row(3);
             third.created_by = Creator::marketplace_installation;
             with(f, third);
           },
           k_fail, ExitCode::config, "marketplace: 1", "switch that integration off"},
      },
      of_group<check_group_writers>);
}

TEST_CASE("kisi.group.size") {
  const auto sized = [](std::size_t rows) {
    return [rows](Facts& f) { f.snapshot().rows = whole(std::vector<RoleAssignment>(rows)); };
  };
  const auto partial = [](Category category) {
    return [category](Facts& f) {
      f.snapshot().rows = Partial<std::vector<RoleAssignment>>({}, {category, "not whole"});
    };
  };
  test::check_table<Facts>(
      good(),
      {
          {"small", sized(2), k_ok, ExitCode::done, "2 rows of at most 20250"},
          {"below the warning", sized(18'224), k_ok, ExitCode::done, "18224"},
          {"near the limit", sized(18'225), k_warn, ExitCode::done, "no more than 20250", "own"},
          {"not whole", partial(Category::protocol), k_fail, ExitCode::bad_data, "not whole", "few minutes"},
          {"broke off", partial(Category::unavailable), k_fail, ExitCode::unavailable, "not whole",
           "can reach"},
      },
      of_group<check_group_size>);
}

TEST_CASE("kisi.place") {
  test::check_table<Facts>(
      good(),
      {
          {"exists", [](Facts&) {}, k_ok, ExitCode::done, R"(place "Riverside" (22801))"},
          {"unset", [](Facts& f) { f.integration.place.reset(); }, k_skipped, ExitCode::done, "not set"},
          {"another organization's", [](Facts& f) { (*f.facts.place)->organization = 7; }, k_fail,
           ExitCode::config, "organization 7, the key to organization 3981", "place_id"},
          {"Kisi does not say whose", [](Facts& f) { (*f.facts.place)->organization = 0; }, k_ok,
           ExitCode::done, ""},
          {"unknown", [](Facts& f) { f.facts.place = fail(Category::config, "no such place"); }, k_fail,
           ExitCode::config, "no such place", "correct the id"},
      },
      [](const Facts& f) { return check_place(f.kisi, f.integration, f.facts); });
}

TEST_CASE("checkin.place") {
  Facts facts = good();
  facts.integration.checkin.enabled = true;
  test::check_table<Facts>(facts,
                           {
                               {"doors", [](Facts&) {}, k_ok, ExitCode::done, "2 doors"},
                               {"disabled", [](Facts& f) { f.integration.checkin.enabled = false; },
                                k_skipped, ExitCode::done, "not enabled"},
                               {"doors unknown", [](Facts& f) { f.facts.group.locks.reset(); }, k_skipped,
                                ExitCode::done, "not known"},
                               {"elsewhere",
                                [](Facts& f) {
                                  for (kisi::GroupLock& lock : f.locks()) lock.place = PlaceId{1};
                                },
                                k_fail, ExitCode::config, "no unlock", "place_id"},
                           },
                           [](const Facts& f) { return check_checkin_place(f.integration, f.facts); });
}

}  // namespace gk::app::checks_group_test
