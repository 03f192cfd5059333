#include "reconcile/readback.hpp"

#include <catch2/catch.hpp>

#include "support/plans.hpp"

namespace gk::reconcile::readback_test {

using namespace gk::test;

namespace {

Action grant(const char* email, ActionOutcome outcome) {
  Action action{.kind = ActionKind::grant, .person = key(email)};
  action.group = k_group;
  action.outcome = outcome;
  return action;
}

Action removal(const char* email, ActionOutcome outcome, std::int64_t id = 1) {
  Action action = grant(email, outcome);
  action.kind = ActionKind::revoke;
  action.row = gk::RoleAssignmentId{id};
  action.cause = Cause::cancelled;
  action.brake = Brake::stated;
  return action;
}

Action duplicate(const char* email, ActionOutcome outcome, std::int64_t id = 2) {
  Action action = removal(email, outcome, id);
  action.cause = Cause::duplicate_row;
  action.brake = Brake::none;
  return action;
}

Action change(const char* email, ActionOutcome outcome) {
  Action action = grant(email, outcome);
  action.kind = ActionKind::change;
  action.row = gk::RoleAssignmentId{1};
  return action;
}

Plan plan_of(std::vector<Action> actions) {
  Plan plan;
  plan.actions = std::move(actions);
  return plan;
}

}  // namespace

TEST_CASE("what is left must be what was held, failed or skipped") {
  using enum ActionOutcome;
  struct Row {
    const char* name;
    std::vector<Action> applied, left;
    bool matches;
  };
  const char* const ada = "ada@example.com";
  const char* const bo = "bo@example.com";
  const Row rows[] = {
      {"nothing at all", {}, {}, true},
      {"all done", {grant(ada, applied), removal(bo, already_done)}, {}, true},
      {"reported as done, still to do", {grant(ada, applied)}, {grant(ada, planned)}, false},
      {"somebody new to do", {grant(ada, applied)}, {removal(bo, planned)}, false},
      {"held is left", {removal(ada, held)}, {removal(ada, planned)}, true},
      {"held has vanished", {removal(ada, held)}, {}, false},
      {"skipped is left", {grant(ada, skipped)}, {grant(ada, planned)}, true},
      {"skipped has vanished", {grant(ada, skipped)}, {}, false},
      {"failed is left", {grant(ada, failed)}, {grant(ada, planned)}, true},
      {"failed but there after all", {grant(ada, failed)}, {}, true},
      {"unknown is left", {grant(ada, unknown)}, {grant(ada, planned)}, true},
      {"unknown and done", {grant(ada, unknown)}, {}, true},
      {"two held rows of one person",
       {removal(ada, held, 1), removal(ada, held, 2)},
       {removal(ada, planned, 1), removal(ada, planned, 2)},
       true},
      {"one of two removals failed",
       {removal(ada, applied, 1), removal(ada, failed, 2)},
       {removal(ada, planned, 2)},
       true},
      {"a change stopped after its second row", {change(ada, failed)}, {duplicate(ada, planned)}, true},
      {"a change that the deadline stopped after its second row",
       {change(ada, skipped)},
       {duplicate(ada, planned)},
       true},
      {"a change that the deadline kept from starting", {change(ada, skipped)}, {change(ada, planned)}, true},
      {"a duplicate nobody tried to remove", {grant(ada, applied)}, {duplicate(ada, planned)}, false},
      {"a duplicate that could not be removed", {duplicate(ada, failed)}, {duplicate(ada, planned)}, true},
      {"a user that was to be created leaves no trace in the group",
       {[&] {
         Action action = grant(ada, failed);
         action.kind = ActionKind::create_user;
         return action;
       }()},
       {},
       true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(compare_readback(plan_of(row.applied), plan_of(row.left)).empty() == row.matches);
  }
}

TEST_CASE("a difference names the people and the group, some of them") {
  std::vector<Action> left;
  for (const char* const email :
       {"a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com", "f@example.com"})
    left.push_back(grant(email, ActionOutcome::planned));
  const std::string text = compare_readback({}, plan_of(left));
  CHECK(text.find("Kisi does not show what this run left (6):") == 0);
  CHECK(text.find("a@example.com in group 45510") != std::string::npos);
  CHECK(text.find("f@example.com") == std::string::npos);
}

}  // namespace gk::reconcile::readback_test
