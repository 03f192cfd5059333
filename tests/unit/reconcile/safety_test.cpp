#include "reconcile/safety.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "support/plans.hpp"

namespace gk::reconcile::safety_test {

using namespace gk::test;

namespace {

const RosterHealth k_healthy{true, false, {}};

std::string person(std::size_t number) { return fmt::format("p{:03}@example.com", number); }

/// `rows` people inside, of whom the first `absent` are absent and the next `stated` are cancelled.
Scene gym(std::size_t rows, std::size_t absent, std::size_t stated) {
  Scene scene;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto id = static_cast<std::int64_t>(i + 1);
    scene.rows({row(id, 1000 + id, person(i))});
    if (i >= absent + stated) {
      scene.right(person(i));
    } else if (i >= absent) {
      scene.refuse(person(i), Cause::cancelled);
    }
  }
  return scene;
}

/// What the reconciler does between planning and the limits: the absent who may be looked into are found
/// gone.
void verify(Scene& scene, const Limits& limits, const Approvals& approvals) {
  for (const auto& who :
       absent_to_verify(scene.plan(), scene.observed, limits, approvals, k_healthy, Scope::members))
    scene.desired.denials.emplace(who, gk::reconcile::Denial{Cause::deactivated, {}, false, {}});
}

struct Limited {
  Plan plan;
  bool holds;

  [[nodiscard]] std::size_t count(ActionKind kind, ActionOutcome outcome) const {
    return static_cast<std::size_t>(std::ranges::count_if(plan.actions, [&](const Action& action) {
      return action.kind == kind && action.outcome == outcome;
    }));
  }
  [[nodiscard]] std::size_t revokes() const { return count(ActionKind::revoke, ActionOutcome::planned); }
  [[nodiscard]] std::size_t held() const {
    return static_cast<std::size_t>(std::ranges::count(plan.actions, ActionOutcome::held, &Action::outcome));
  }
  [[nodiscard]] bool has_notice(std::string_view kind) const {
    return std::ranges::find(plan.notices, kind, &gk::reconcile::Notice::kind) != plan.notices.end();
  }
};

Limited limit(const Scene& scene, const Limits& limits = {}, const Approvals& approvals = {},
              const RosterHealth& health = k_healthy) {
  Plan plan = scene.plan();
  const bool holds = apply_limits(plan, scene.observed, limits, approvals, health, Scope::members, k_now);
  return {std::move(plan), holds};
}

}  // namespace

TEST_CASE("a limit is the larger of a number and a share, rounded down") {
  struct Row {
    BrakeLimit limit;
    std::size_t rows, allowed;
  };
  const Row rows[] = {
      {{3, 2}, 0, 3},     {{3, 2}, 199, 3},      {{3, 2}, 200, 4},  {{3, 2}, 249, 4}, {{3, 2}, 250, 5},
      {{10, 20}, 54, 10}, {{10, 20}, 55, 11},    {{0, 0}, 1000, 0}, {{0, 1}, 99, 0},  {{0, 1}, 100, 1},
      {{0, 100}, 7, 7},   {{5000, 0}, 10, 5000}, {{0, 20}, 4, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.limit.count, row.limit.percent, row.rows);
    CHECK(row.limit.allowed(row.rows) == row.allowed);
  }
}

TEST_CASE("both brakes: exactly at the limit passes, one above holds all of the kind") {
  struct Row {
    const char* name;
    std::size_t rows, absent, stated, revoked, held;
  };
  // The contract's limits: absent max(3, 2 %), stated max(10, 20 %).
  const Row rows[] = {
      {"nothing to remove", 20, 0, 0, 0, 0},
      {"absent, at the number", 20, 3, 0, 3, 0},
      {"absent, one above", 20, 4, 0, 0, 4},
      {"absent, at the share", 200, 4, 0, 4, 0},
      {"absent, one above the share", 200, 5, 0, 0, 5},
      {"absent, just below the next per cent", 199, 4, 0, 0, 4},
      {"stated, at the number", 20, 0, 10, 10, 0},
      {"stated, one above", 20, 0, 11, 0, 11},
      {"stated, at the share", 100, 0, 20, 20, 0},
      {"stated, one above the share", 100, 0, 21, 0, 21},
      {"absent trips, stated goes on", 20, 4, 5, 5, 4},
      {"stated trips, verified absent count with it", 20, 3, 8, 0, 11},
      {"the whole group of ten", 10, 0, 10, 10, 0},
  };
  for (const Row& entry : rows) {
    CAPTURE(entry.name);
    Scene scene = gym(entry.rows, entry.absent, entry.stated);
    verify(scene, {}, {});
    const Limited limited = limit(scene);
    CHECK(limited.revokes() == entry.revoked);
    CHECK(limited.held() == entry.held);
    CHECK(limited.holds == (entry.held > 0));
    CHECK(limited.has_notice("over_limit") == (entry.held > 0));
  }
}

TEST_CASE("grants and changes go on when a brake holds") {
  Scene scene = gym(20, 0, 11);
  scene.right("new@example.com");
  scene.user(9, "new@example.com");
  scene.right("booked@example.com");
  scene.rows({row(900, 901, "booked@example.com", hours(-1, 2))});
  const Limited limited = limit(scene);
  CHECK(limited.held() == 11);
  CHECK(limited.count(ActionKind::grant, ActionOutcome::planned) == 1);
  CHECK(limited.count(ActionKind::change, ActionOutcome::planned) == 1);
}

TEST_CASE("a membership that becomes a booking's window counts for the brake") {
  Scene scene = gym(20, 0, 11);
  for (std::size_t i = 0; i < 11; ++i) scene.policy.booked[key(person(i))] = hours(-1, 2);
  const Limited limited = limit(scene);
  CHECK(limited.count(ActionKind::change, ActionOutcome::held) == 11);
}

TEST_CASE("duplicates, undecided people and the cleaning after a move never count") {
  Scene scene = gym(20, 0, 10);
  for (std::int64_t i = 0; i < 8; ++i) scene.rows({row(500 + i, 1019, person(18))});
  std::vector<gk::RoleAssignment> former;
  for (std::int64_t i = 0; i < 15; ++i) former.push_back(row(600 + i, 1020, person(19)));
  scene.former(former);
  scene.rows({row(700, 1700, "odd@example.com")});
  scene.refuse("odd@example.com", Cause::unknown_status);
  const Limited limited = limit(scene);
  CHECK(limited.held() == 1);
  CHECK_FALSE(limited.holds);
  CHECK(limited.revokes() == 10 + 8 + 15);
}

TEST_CASE("each group has its own brake") {
  Scene scene = gym(20, 0, 10);
  std::vector<gk::RoleAssignment> former;
  for (std::int64_t i = 0; i < 11; ++i) {
    former.push_back(row(600 + i, 1600 + i, person(static_cast<std::size_t>(600 + i))));
    scene.refuse(person(static_cast<std::size_t>(600 + i)), Cause::expired);
  }
  scene.former(former);
  const Limited limited = limit(scene);
  CHECK(limited.revokes() == 10);
  CHECK(limited.held() == 11);
  CHECK(std::ranges::all_of(limited.plan.actions, [](const Action& action) {
    return action.former == (action.outcome == ActionOutcome::held);
  }));
}

TEST_CASE("only rows that the command owns are the base of the share") {
  Scene scene = gym(50, 0, 11);
  CHECK_FALSE(limit(gym(55, 0, 11)).holds);
  for (std::int64_t i = 0; i < 50; ++i) {
    scene.rows({foreign_row(500 + i, 1500 + i, person(static_cast<std::size_t>(500 + i))),
                row(600 + i, 1600 + i, person(static_cast<std::size_t>(600 + i)), hours(-1, 2))});
  }
  CHECK(limit(scene).holds);
}

TEST_CASE("an approval lets through what it names and nothing else") {
  Scene scene = gym(20, 0, 12);
  Approvals approvals{{gk::RoleAssignmentId{1}, key(person(0))}, {gk::RoleAssignmentId{2}, key(person(1))}};
  approvals.insert({gk::RoleAssignmentId{3}, key(person(5))});    // the row now belongs to somebody else
  approvals.insert({gk::RoleAssignmentId{99}, key(person(3))});   // the person has another row now
  approvals.insert({gk::RoleAssignmentId{15}, key(person(14))});  // has a right again
  const Limited limited = limit(scene, {}, approvals);
  CHECK(limited.revokes() == 2);
  CHECK(limited.held() == 10);
  CHECK(limited.holds);
}

TEST_CASE("when all removals are approved nothing is held") {
  Scene scene = gym(20, 0, 12);
  Approvals approvals;
  for (std::int64_t i = 0; i < 12; ++i)
    approvals.insert({gk::RoleAssignmentId{i + 1}, key(person(static_cast<std::size_t>(i)))});
  const Limited limited = limit(scene, {}, approvals);
  CHECK(limited.revokes() == 12);
  CHECK_FALSE(limited.holds);
}

TEST_CASE("of absent people above the limit only the approved are looked into, the others stay held") {
  Scene scene = gym(20, 5, 0);
  const Approvals approvals{{gk::RoleAssignmentId{1}, key(person(0))},
                            {gk::RoleAssignmentId{2}, key(person(1))},
                            {gk::RoleAssignmentId{3}, key(person(2))}};
  CHECK((absent_to_verify(scene.plan(), scene.observed, {}, approvals, k_healthy, Scope::members) ==
         std::vector{key(person(0)), key(person(1)), key(person(2))}));
  verify(scene, {}, approvals);
  const Limited limited = limit(scene, {}, approvals);
  CHECK(limited.revokes() == 3);
  CHECK(limited.held() == 2);
  CHECK(limited.holds);
}

TEST_CASE("who is held in one group is not looked into for the sake of another") {
  Scene scene = gym(20, 4, 0);
  scene.former({row(800, 1001, person(0)), row(801, 1801, "other@example.com")});
  CHECK((absent_to_verify(scene.plan(), scene.observed, {}, {}, k_healthy, Scope::members) ==
         std::vector{key("other@example.com")}));
}

TEST_CASE("an absence that was not verified is held") {
  const Limited limited = limit(gym(20, 2, 0));
  CHECK(limited.held() == 2);
  CHECK(limited.holds);
}

TEST_CASE("nobody is looked into when the list cannot be believed") {
  const Scene scene = gym(20, 2, 0);
  const auto people = [&](const RosterHealth& health) {
    return absent_to_verify(scene.plan(), scene.observed, {}, {}, health, Scope::members).size();
  };
  CHECK(people(k_healthy) == 2);
  CHECK(people({false, false, {}}) == 0);
  CHECK(people({true, true, {}}) == 0);
  CHECK(people({true, false, {key("owner@example.com")}}) == 0);
}

TEST_CASE("an empty member list removes nobody, however few there are") {
  Scene scene = gym(1, 1, 0);
  Limited limited = limit(scene, {}, {}, {true, true, {}});
  CHECK(limited.held() == 1);
  CHECK(limited.holds);
  CHECK(limited.has_notice("empty_source"));
  const Approvals approvals{{gk::RoleAssignmentId{1}, key(person(0))}};
  CHECK(limit(scene, {}, approvals, {true, true, {}}).held() == 1);
}

TEST_CASE("an empty member list is no trouble while we own nothing") {
  const Limited limited = limit(Scene{}, {}, {}, {true, true, {}});
  CHECK_FALSE(limited.holds);
  CHECK_FALSE(limited.has_notice("empty_source"));
}

TEST_CASE("a missing canary holds everything") {
  Scene scene = gym(20, 0, 1);
  scene.right("new@example.com");
  scene.rows({row(900, 1019, person(18))});
  const Limited limited = limit(scene, {}, {}, {true, false, {key("owner@example.com")}});
  CHECK(limited.held() == limited.plan.actions.size());
  CHECK(limited.plan.actions.size() == 4);
  CHECK(limited.holds);
  CHECK(limited.has_notice("canary_missing"));
  const RosterHealth partial{false, false, {key("owner@example.com")}};
  CHECK(limit(scene, {}, {}, partial).count(ActionKind::grant, ActionOutcome::planned) == 1);
}

TEST_CASE("canaries are looked for by normalised e-mail") {
  const gk::Roster roster = roster_of({member(1, " Owner@Example.com "), lead(2, "bo@example.com")});
  CHECK((gk::reconcile::find_missing_canaries(
             roster, {key("owner@example.com"), key("cy@example.com"), key("bo@example.com")}) ==
         std::vector{key("cy@example.com")}));
  CHECK(gk::reconcile::find_missing_canaries(roster, {}).empty());
  CHECK(gk::reconcile::find_missing_canaries({}, {key("owner@example.com")}).size() == 1);
}

TEST_CASE("all grants are held when more people than max_users would be inside") {
  struct Row {
    const char* name;
    std::size_t limit;
    void (*arrange)(Scene&);
    std::size_t held;
  };
  const auto newcomers = [](Scene& scene) {
    scene.right("new1@example.com");
    scene.right("new2@example.com");
    scene.user(9, "new2@example.com");
  };
  const Row rows[] = {
      {"exactly at the limit", 22, newcomers, 0},
      {"one above: both grants and the create", 21, newcomers, 3},
      {"above already, nobody new", 5, [](Scene&) {}, 0},
      {"a removal makes room", 20,
       [](Scene& scene) {
         scene.refuse(person(0), Cause::expired);
         std::erase_if(scene.desired.rights,
                       [](const auto& right) { return right.person == key(person(0)); });
         scene.right("new1@example.com");
       },
       0},
      {"foreign people count", 21,
       [](Scene& scene) {
         scene.rows({foreign_row(900, 1900, "guest@example.com")});
         scene.right("new1@example.com");
       },
       2},
      {"people count once", 21,
       [](Scene& scene) {
         scene.rows({foreign_row(900, 1001, person(0))});
         scene.right("new1@example.com");
       },
       0},
      {"rows of ended bookings do not count", 21,
       [](Scene& scene) {
         scene.rows({row(900, 1900, "past@example.com", hours(-9, -8))});
         scene.right("new1@example.com");
       },
       0},
      {"somebody who is inside after the change of an ended row does", 21,
       [](Scene& scene) {
         scene.rows({row(900, 1900, "past@example.com", hours(-9, -8))});
         scene.right("past@example.com");
         scene.right("new1@example.com");
       },
       3},
  };
  for (const Row& entry : rows) {
    CAPTURE(entry.name);
    Scene scene = gym(20, 0, 0);
    entry.arrange(scene);
    Limits limits;
    limits.max_users = entry.limit;
    const Limited limited = limit(scene, limits);
    CHECK(limited.held() == entry.held);
    CHECK(limited.holds == (entry.held > 0));
    CHECK(limited.has_notice("over_limit") == (entry.held > 0));
  }
}

TEST_CASE("Kisi users without a right do not count for max_users") {
  Scene scene = gym(20, 0, 0);
  for (std::size_t i = 0; i < 5; ++i)
    scene.desired.clients.push_back({key(person(500 + i)), "", member_id(1)});
  Limits limits;
  limits.max_users = 20;
  CHECK_FALSE(limit(scene, limits).holds);
}

TEST_CASE("nobody leaves a former group while their grant is held or cannot be made") {
  Scene scene = gym(2, 0, 0);
  scene.right("new@example.com");
  scene.right("lost@example.com");
  scene.observed.unresolved.emplace(key("lost@example.com"),
                                    gk::Error{gk::Category::unavailable, "503", 503});
  scene.former(
      {row(800, 1800, "new@example.com"), row(801, 1001, person(0)), row(802, 1802, "lost@example.com")});
  Limits limits;
  limits.max_users = 2;
  const Limited limited = limit(scene, limits);
  const auto outcome_of = [&](std::int64_t id) {
    return std::ranges::find(limited.plan.actions, std::optional(gk::RoleAssignmentId{id}), &Action::row)
        ->outcome;
  };
  CHECK(outcome_of(800) == ActionOutcome::held);
  CHECK(outcome_of(801) == ActionOutcome::planned);
  CHECK(outcome_of(802) == ActionOutcome::held);
}

TEST_CASE("a grant that cannot be made keeps the former row, also when no limit holds anything") {
  Scene scene = gym(2, 0, 0);
  scene.right("lost@example.com");
  scene.observed.unresolved.emplace(key("lost@example.com"),
                                    gk::Error{gk::Category::unavailable, "503", 503});
  scene.former({row(802, 1802, "lost@example.com")});
  const Limited limited = limit(scene);
  CHECK_FALSE(limited.holds);
  CHECK(limited.held() == 1);
}

TEST_CASE("the row of a former e-mail is held with the grant to the new one") {
  for (const bool over : {false, true}) {
    CAPTURE(over);
    Scene scene = gym(2, 0, 0);
    scene.rows({row(900, 1900, "old@example.com")});
    scene.refuse("old@example.com", Cause::email_changed);
    scene.desired.denials.at(key("old@example.com")).successor = key("new@example.com");
    scene.right("new@example.com");
    Limits limits;
    limits.max_users = over ? 2 : 3;
    const Limited limited = limit(scene, limits);
    CHECK(limited.count(ActionKind::grant, ActionOutcome::held) == (over ? 1 : 0));
    CHECK(limited.count(ActionKind::revoke, ActionOutcome::held) == (over ? 1 : 0));
    CHECK(limited.revokes() == (over ? 0 : 1));
  }
}

}  // namespace gk::reconcile::safety_test
