#include <catch2/catch.hpp>

#include <algorithm>

#include "support/plans.hpp"

namespace gk::reconcile::planner_removal_test {

using namespace gk::test;

namespace {

Lines plan_lines(const Scene& scene) { return lines_of(scene.plan()); }

}  // namespace

TEST_CASE("people without a right lose our rows, with the evidence") {
  using enum Cause;
  for (const Cause cause : {cancelled, expired, paused, locked, future, no_membership, type_not_allowed,
                            plan_not_allowed, deactivated, email_changed}) {
    CAPTURE(cause_name(cause));
    Scene scene;
    scene.rows({row(1, 11, "ada@example.com")});
    scene.refuse("ada@example.com", cause);
    const Plan plan = scene.plan();
    CHECK((lines_of(plan) == Lines{fmt::format("revoke ada #1 {}", cause_name(cause))}));
    CHECK(plan.actions[0].brake == Brake::stated);
    CHECK(plan.actions[0].members == std::vector{member_id(900)});
    CHECK(scene.plan_grants().actions.empty());
  }
}

TEST_CASE("silence is absence") {
  Scene scene;
  scene.rows({row(1, 11, "ada@example.com"), row(2, 11, "ada@example.com")});
  const Plan plan = scene.plan();
  CHECK((lines_of(plan) == Lines{"revoke ada #1 absent", "revoke ada #2 absent"}));
  CHECK(plan.actions[0].brake == Brake::absent);
}

TEST_CASE("the undecided are held, not removed") {
  for (const Cause cause : {Cause::unknown_status, Cause::unknown_type, Cause::incomplete_record}) {
    CAPTURE(cause_name(cause));
    Scene scene;
    scene.rows({row(1, 11, "ada@example.com")});
    scene.refuse("ada@example.com", cause);
    scene.policy.booked[key("ada@example.com")] = hours(-1, 2);
    const Plan plan = scene.plan();
    CHECK((lines_of(plan) == Lines{fmt::format("revoke ada #1 {} held", cause_name(cause))}));
    CHECK(plan.actions[0].error);
  }
}

TEST_CASE("protected people keep their row and are told") {
  Scene scene;
  scene.rows({row(1, 11, "owner@example.com"), row(2, 12, "bo@example.com")});
  scene.former({row(3, 11, "owner@example.com"), row(4, 13, "chief@example.com")});
  scene.refuse("owner@example.com", Cause::cancelled);
  scene.policy.protected_people = {key("owner@example.com"), key("chief@example.com")};
  const Plan plan = scene.plan();
  CHECK((lines_of(plan) == Lines{"revoke bo #2 absent", "revoke owner #3 former former-group"}));
  CHECK(std::ranges::count(plan.notices, "protected", &gk::reconcile::Notice::kind) == 2);
}

TEST_CASE("what is not ours is never removed") {
  Scene scene;
  gk::RoleAssignment manager = row(2, 12, "bo@example.com");
  manager.role = "group_manager";
  gk::RoleAssignment installed = row(3, 13, "cy@example.com");
  installed.created_by = gk::Creator::marketplace_installation;
  gk::RoleAssignment team = row(4, 0, "");
  team.assignee = gk::Assignee::team;
  scene.rows({foreign_row(1, 11, "ada@example.com"), manager, installed, team, row(5, 15, "no address"),
              row(6, 16, "dee@example.com", hours(-1, 2))});
  scene.former({foreign_row(7, 17, "eve@example.com"), row(8, 18, "fay@example.com", hours(-1, 2))});
  CHECK(plan_lines(scene).empty());
}

TEST_CASE("a foreign row beside ours does not keep ours") {
  Scene scene;
  scene.rows({foreign_row(1, 11, "ada@example.com"), row(2, 11, "ada@example.com")});
  scene.refuse("ada@example.com", Cause::expired);
  CHECK((plan_lines(scene) == Lines{"revoke ada #2 expired"}));
}

TEST_CASE("who loses a membership but has a booking keeps its window") {
  struct Row {
    const char* name;
    std::vector<gk::RoleAssignment> rows;
    Lines plan;
  };
  const auto ours = [](std::int64_t id, Validity validity = Validity::open_ended()) {
    return row(id, 11, "ada@example.com", validity);
  };
  const Row rows[] = {
      {"the row becomes the window", {ours(1)}, {"change ada #1 expired"}},
      {"one of two rows becomes the window",
       {ours(1), ours(2)},
       {"revoke ada #2 expired", "change ada #1 expired"}},
      {"the window is there already", {ours(1), ours(2, hours(-1, 2))}, {"revoke ada #1 expired"}},
      {"another window is there", {ours(1), ours(2, hours(5, 6))}, {"change ada #1 expired"}},
  };
  for (const Row& entry : rows) {
    CAPTURE(entry.name);
    Scene scene;
    scene.rows(entry.rows);
    scene.refuse("ada@example.com", Cause::expired);
    scene.policy.booked[key("ada@example.com")] = hours(-1, 2);
    const Plan plan = scene.plan();
    CHECK(lines_of(plan) == entry.plan);
    for (const Action& action : plan.actions) {
      CHECK(action.brake == Brake::stated);
      if (action.kind == gk::reconcile::ActionKind::change) CHECK(action.validity == hours(-1, 2));
    }
  }
}

TEST_CASE("former groups are cleaned of our rows") {
  struct Row {
    const char* name;
    void (*arrange)(Scene&);
    Lines plan;
  };
  const Row rows[] = {
      {"has a row in the current group",
       [](Scene& scene) {
         scene.right("ada@example.com");
         scene.rows({row(1, 11, "ada@example.com")});
       },
       {"revoke ada #9 former former-group"}},
      {"is granted in the current group",
       [](Scene& scene) {
         scene.right("ada@example.com");
         scene.user(11, "ada@example.com");
       },
       {"grant ada", "revoke ada #9 former former-group"}},
      {"is covered by a foreign row in the current group",
       [](Scene& scene) {
         scene.right("ada@example.com");
         scene.rows({foreign_row(1, 11, "ada@example.com")});
       },
       {"revoke ada #9 former former-group"}},
      {"has a booking's row in the current group that becomes the membership's",
       [](Scene& scene) {
         scene.right("ada@example.com");
         scene.rows({row(1, 11, "ada@example.com", hours(-1, 2))});
       },
       {"change ada #1", "revoke ada #9 former former-group"}},
      {"has no right",
       [](Scene& scene) { scene.refuse("ada@example.com", Cause::expired); },
       {"revoke ada #9 former expired"}},
      {"is absent", [](Scene&) {}, {"revoke ada #9 former absent"}},
      {"is undecided",
       [](Scene& scene) { scene.refuse("ada@example.com", Cause::unknown_status); },
       {"revoke ada #9 former unknown-status held"}},
      {"has no right, but a foreign row in the current group",
       [](Scene& scene) {
         scene.refuse("ada@example.com", Cause::expired);
         scene.rows({row(1, 11, "ada@example.com"), foreign_row(2, 11, "ada@example.com")});
       },
       {"revoke ada #1 expired", "revoke ada #9 former former-group"}},
      {"has no right and leaves both",
       [](Scene& scene) {
         scene.refuse("ada@example.com", Cause::expired);
         scene.rows({row(1, 11, "ada@example.com")});
       },
       {"revoke ada #1 expired", "revoke ada #9 former expired"}},
  };
  for (const Row& entry : rows) {
    CAPTURE(entry.name);
    Scene scene;
    scene.former({row(9, 11, "ada@example.com")});
    entry.arrange(scene);
    CHECK(plan_lines(scene) == entry.plan);
    CHECK(std::ranges::none_of(scene.plan_grants().actions, &Action::former));
  }
}

TEST_CASE("a row that opens later does not let the one in the former group go") {
  const Validity later{k_now + std::chrono::hours{3}, std::nullopt};
  for (const Cause cause : {Cause::unknown_status, Cause::expired}) {
    CAPTURE(cause_name(cause));
    Scene scene;
    scene.rows({row(1, 11, "ada@example.com", later)});
    scene.former({row(9, 11, "ada@example.com")});
    scene.refuse("ada@example.com", cause);
    if (cause == Cause::expired) {
      scene.policy.protected_people = {key("ada@example.com")};
      CHECK(plan_lines(scene).empty());
    } else {
      CHECK((plan_lines(scene) ==
             Lines{"revoke ada #1 unknown-status held", "revoke ada #9 former unknown-status held"}));
    }
  }
}

TEST_CASE("bookings in a former group go when the person is covered here by whatever row") {
  for (const bool foreign : {true, false}) {
    CAPTURE(foreign);
    Scene scene;
    scene.policy.scope = Scope::bookings;
    scene.right("ada@example.com", hours(-1, 2));
    if (foreign) {
      scene.rows({foreign_row(1, 11, "ada@example.com", hours(-2, 3))});
    } else {
      scene.rows({row(1, 11, "ada@example.com")});
    }
    scene.former({row(9, 11, "ada@example.com", hours(-1, 2))});
    CHECK((plan_lines(scene) == Lines{"revoke ada #9 former former-group"}));
  }
}

TEST_CASE("insiders are people with a row of ours that the command manages") {
  Scene scene;
  scene.rows({row(1, 11, "ada@example.com"), foreign_row(2, 12, "bo@example.com"),
              row(3, 13, "cy@example.com", hours(-1, 2)), row(4, 14, "no address")});
  scene.former({row(5, 15, "Dee@example.com")});
  CHECK((insiders_of(scene.observed, Scope::members) ==
         gk::reconcile::Insiders{key("ada@example.com"), key("dee@example.com")}));
  CHECK((insiders_of(scene.observed, Scope::bookings) == gk::reconcile::Insiders{key("cy@example.com")}));
}

TEST_CASE("the row of a former e-mail goes after the grants when the new one has a right") {
  struct Row {
    const char* name;
    bool has_right;
    Lines lines;
  };
  const Row rows[] = {
      {"a right", true, {"create_user new", "grant new", "revoke old #1 email-changed"}},
      {"none", false, {"revoke old #1 email-changed", "create_user zoe", "grant zoe"}},
  };
  for (const Row& entry : rows) {
    CAPTURE(entry.name);
    Scene scene;
    scene.rows({row(1, 11, "old@example.com")});
    scene.refuse("old@example.com", Cause::email_changed);
    scene.desired.denials.at(key("old@example.com")).successor = key("new@example.com");
    scene.right(entry.has_right ? "new@example.com" : "zoe@example.com");
    const Plan plan = scene.plan();
    CHECK(lines_of(plan) == entry.lines);
    for (const Action& action : plan.actions)
      CHECK(action.successor.has_value() == (entry.has_right && action.removes()));
  }
}

}  // namespace gk::reconcile::planner_removal_test
