#include "reconcile/planner.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "support/plans.hpp"

namespace gk::reconcile::planner_test {

using namespace gk::test;

namespace {

const Validity k_open = Validity::open_ended();

Lines plan_lines(const Scene& scene) { return lines_of(scene.plan()); }

}  // namespace

TEST_CASE("somebody with a membership gets one open-ended row") {
  struct Row {
    const char* name;
    std::vector<gk::RoleAssignment> rows;
    Lines plan;
  };
  const auto ours = [](std::int64_t id, Validity validity = k_open) {
    return row(id, 11, "ada@example.com", validity);
  };
  const auto foreign = [](std::int64_t id, Validity validity = k_open) {
    return foreign_row(id, 11, "ada@example.com", validity);
  };
  const Validity later{k_now + std::chrono::hours{1}, std::nullopt};
  const Validity earlier{k_now - std::chrono::hours{1}, std::nullopt};
  const Row rows[] = {
      {"no row", {}, {"grant ada"}},
      {"the row is there", {ours(1)}, {}},
      {"the row began in the past", {ours(1, earlier)}, {}},
      {"the row begins later", {ours(1, later)}, {"change ada #1"}},
      {"two rows: the other goes", {ours(1), ours(2)}, {"revoke ada #2 duplicate-row"}},
      {"of two the one that opens now stays", {ours(1, later), ours(2)}, {"revoke ada #1 duplicate-row"}},
      {"a booking's row is replaced", {ours(1, hours(-1, 2))}, {"change ada #1"}},
      {"an ended booking's row is replaced too", {ours(1, hours(-9, -8))}, {"change ada #1"}},
      {"of two booking rows the open one is replaced",
       {ours(1, hours(3, 4)), ours(2, hours(-1, 2))},
       {"revoke ada #1 duplicate-row", "change ada #2"}},
      {"a booking's row beside the membership's goes",
       {ours(1), ours(2, hours(-1, 2))},
       {"revoke ada #2 duplicate-row"}},
      {"the open booking row is kept until the right is there",
       {ours(1, later), ours(2, hours(-1, 2))},
       {"revoke ada #1 duplicate-row", "change ada #2"}},
      {"covered by a foreign row", {foreign(1)}, {}},
      {"covered by a foreign row, ours beside it stays", {foreign(1), ours(2)}, {}},
      {"covered by a foreign row, the booking's beside it stays", {foreign(1), ours(2, hours(-1, 2))}, {}},
      {"a foreign row that ends does not cover", {foreign(1, hours(-1, 900))}, {"grant ada"}},
      {"a foreign row that begins later does not cover", {foreign(1, later)}, {"grant ada"}},
  };
  for (const Row& entry : rows) {
    CAPTURE(entry.name);
    Scene scene;
    scene.right("ada@example.com");
    scene.user(11, "ada@example.com");
    scene.rows(entry.rows);
    CHECK(plan_lines(scene) == entry.plan);
    CHECK(lines_of(scene.plan_grants()) == entry.plan);
  }
}

TEST_CASE("somebody with a booking gets one row for its window") {
  struct Row {
    const char* name;
    std::vector<gk::RoleAssignment> rows;
    Lines plan;
  };
  const auto ours = [](std::int64_t id, Validity validity) {
    return row(id, 11, "ada@example.com", validity);
  };
  const auto foreign = [](std::int64_t id, Validity validity) {
    return foreign_row(id, 11, "ada@example.com", validity);
  };
  const Row rows[] = {
      {"no row", {}, {"grant ada"}},
      {"the row is there", {ours(1, hours(-1, 2))}, {}},
      {"the row began at another time, in the past", {ours(1, hours(-3, 2))}, {}},
      {"the class got longer", {ours(1, hours(-1, 1))}, {"change ada #1"}},
      {"a row of an ended class", {ours(1, hours(-9, -8))}, {"change ada #1"}},
      {"a row of a later class", {ours(1, hours(5, 8))}, {"change ada #1"}},
      {"two rows", {ours(1, hours(-1, 1)), ours(2, hours(-1, 2))}, {"revoke ada #1 duplicate-row"}},
      {"a membership covers it", {ours(1, k_open)}, {}},
      {"a membership covers it, its window goes",
       {ours(1, k_open), ours(2, hours(-1, 2))},
       {"revoke ada #2 duplicate-row"}},
      {"a foreign open-ended row covers it", {foreign(1, k_open)}, {}},
      {"a foreign wider window covers it", {foreign(1, hours(-2, 3))}, {}},
      {"a foreign narrower window does not", {foreign(1, hours(-1, 1))}, {"grant ada"}},
  };
  for (const Row& entry : rows) {
    CAPTURE(entry.name);
    Scene scene;
    scene.policy.scope = Scope::bookings;
    scene.right("ada@example.com", hours(-1, 2));
    scene.user(11, "ada@example.com");
    scene.rows(entry.rows);
    CHECK(plan_lines(scene) == entry.plan);
  }
}

TEST_CASE("a new person is created and granted, one known by e-mail is adopted") {
  Scene scene;
  scene.right("ada@example.com");
  scene.right("bo@example.com");
  scene.user(12, "bo@example.com");
  scene.policy.send_emails = false;
  const Plan plan = scene.plan();
  CHECK((lines_of(plan) == Lines{"create_user ada", "grant ada", "grant bo"}));
  CHECK_FALSE(plan.actions[0].send_emails);
  CHECK_FALSE(plan.actions[1].user);
  CHECK_FALSE(plan.actions[1].adopt);
  CHECK(plan.actions[2].user == gk::UserId{12});
  CHECK(plan.actions[2].adopt->id == gk::UserId{12});
  CHECK(plan.actions[2].group == k_group);
}

TEST_CASE("somebody whose Kisi user could not be looked up fails alone") {
  Scene scene;
  scene.right("ada@example.com");
  scene.right("bo@example.com");
  scene.user(12, "bo@example.com");
  scene.observed.unresolved.emplace(key("ada@example.com"), gk::Error{gk::Category::unavailable, "503", 503});
  const Plan plan = scene.plan();
  CHECK((lines_of(plan) == Lines{"grant ada failed", "grant bo"}));
  CHECK(plan.actions[0].error->http_status == 503);
}

TEST_CASE("with users.import: all clients become users, and nothing more") {
  Scene scene;
  scene.right("ada@example.com");
  scene.user(11, "ada@example.com");
  scene.user(13, "cy@example.com");
  scene.rows({row(4, 14, "dee@example.com")});
  for (const char* const email : {"ada@example.com", "bo@example.com", "cy@example.com", "dee@example.com"})
    scene.desired.clients.push_back({key(email), email, member_id(1)});
  scene.refuse("dee@example.com", gk::reconcile::Cause::cancelled);
  CHECK((plan_lines(scene) == Lines{"revoke dee #4 cancelled", "grant ada", "create_user bo"}));
  CHECK((people_to_resolve(scene.desired, scene.observed, Scope::members, k_now) ==
         std::vector{key("ada@example.com"), key("bo@example.com"), key("cy@example.com")}));
}

TEST_CASE("only people who need a grant are looked up") {
  Scene scene;
  for (const char* const email : {"new@example.com", "kept@example.com", "covered@example.com",
                                  "booked@example.com", "shadowed@example.com"})
    scene.right(email);
  scene.rows({row(1, 11, "kept@example.com"), foreign_row(2, 12, "covered@example.com"),
              row(3, 13, "booked@example.com", hours(-1, 2)),
              foreign_row(4, 14, "shadowed@example.com", hours(-1, 2))});
  CHECK((people_to_resolve(scene.desired, scene.observed, Scope::members, k_now) ==
         std::vector{key("new@example.com"), key("shadowed@example.com")}));
}

TEST_CASE("every row is counted in exactly one class, foreign ones are told") {
  Scene scene;
  gk::RoleAssignment team = row(5, 0, "");
  team.assignee = gk::Assignee::team;
  team.name = "Coaches";
  gk::RoleAssignment guest = row(6, 0, "guest@example.com");
  guest.assignee = gk::Assignee::guest;
  scene.rows({row(1, 11, "ada@example.com"), row(2, 12, "bo@example.com", hours(-1, 2)),
              foreign_row(3, 13, "cy@example.com"), row(4, 14, "no address"), team, guest});
  const Plan plan = scene.plan();
  CHECK(plan.rows.managed == 1);
  CHECK(plan.rows.other_command == 1);
  CHECK(plan.rows.foreign == 4);
  CHECK(std::ranges::count(plan.notices, "foreign", &gk::reconcile::Notice::kind) == 4);
  CHECK(plan.keep == 0);
  scene.policy.scope = Scope::bookings;
  CHECK(scene.plan().rows.managed == 1);
  CHECK(scene.plan().rows.foreign == 4);
}

TEST_CASE("kept rows are those of the command that no action touches") {
  Scene scene;
  scene.right("ada@example.com");
  scene.rows({row(1, 11, "ada@example.com"), row(2, 11, "ada@example.com"), row(3, 12, "bo@example.com"),
              row(4, 13, "cy@example.com", hours(-1, 2))});
  scene.refuse("bo@example.com", gk::reconcile::Cause::unknown_status);
  const Plan plan = scene.plan();
  CHECK(plan.rows.managed == 3);
  CHECK(plan.desired == 1);
  CHECK(plan.keep == 1);
  CHECK(scene.plan_grants().keep == 2);
}

TEST_CASE("actions stand in the order of the contract") {
  const auto action = [](ActionKind kind, const char* email, Validity validity = k_open,
                         bool former = false) {
    Action made{.kind = kind, .person = key(email)};
    made.group = k_group;
    made.validity = validity;
    made.former = former;
    return made;
  };
  const std::vector<Action> wanted{
      action(ActionKind::revoke, "x@example.com"),
      action(ActionKind::revoke, "y@example.com"),
      action(ActionKind::change, "w@example.com"),
      action(ActionKind::grant, "z@example.com", hours(1, 2)),
      action(ActionKind::create_user, "b@example.com", hours(3, 4)),
      action(ActionKind::grant, "b@example.com", hours(3, 4)),
      action(ActionKind::create_user, "a@example.com"),
      action(ActionKind::grant, "a@example.com"),
      action(ActionKind::grant, "m@example.com"),
      action(ActionKind::revoke, "a@example.com", k_open, true),
  };
  std::vector<Action> shuffled(wanted.rbegin(), wanted.rend());
  sort_actions(shuffled);
  const auto lines = [](const std::vector<Action>& actions) {
    Plan plan;
    plan.actions = actions;
    return lines_of(plan);
  };
  CHECK(lines(shuffled) == lines(wanted));
}

}  // namespace gk::reconcile::planner_test
