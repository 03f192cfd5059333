#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "support/generators.hpp"

namespace gk::test::planner_property {

using gk::reconcile::Action;
using gk::reconcile::ActionKind;
using gk::reconcile::ActionOutcome;
using gk::reconcile::Plan;

// Laws of the pure planner and the limits over random states of both services.

namespace {

Scope any_scope() { return one_of<Scope>({Scope::members, Scope::bookings}); }

std::string describe(const gk::Validity& validity) {
  return fmt::format("{}..{}", validity.from ? gk::format_rfc3339(*validity.from) : "",
                     validity.until ? gk::format_rfc3339(*validity.until) : "");
}

/// Everything about a plan that somebody could see.
Lines whole_text(const Plan& plan) {
  Lines lines{fmt::format("rows {} {} {} desired {} keep {}", plan.rows.managed, plan.rows.other_command,
                          plan.rows.foreign, plan.desired, plan.keep)};
  for (const Action& action : plan.actions) {
    lines.push_back(fmt::format("{} group {} user {} {} -> {}", line_of(action), action.group,
                                action.user.value_or(gk::UserId{}), describe(action.before),
                                describe(action.validity)));
  }
  for (const auto& notice : plan.notices)
    lines.push_back(fmt::format("{} {} {}", notice.kind, notice.who, notice.detail));
  return lines;
}

using RowIds = std::set<std::int64_t>;

/// Rows by which somebody loses an open right.
RowIds removed_rows(const Plan& plan) {
  RowIds rows;
  for (const Action& action : plan.actions) {
    if (action.removes() && action.outcome == ActionOutcome::planned) rows.insert(action.row->value());
  }
  return rows;
}

const gk::RoleAssignment& row_of(const Scene& scene, gk::RoleAssignmentId id) {
  for (const auto& entry : scene.observed.rows) {
    if (entry.id == id) return entry;
  }
  for (const auto& entry : scene.observed.former[0].rows) {
    if (entry.id == id) return entry;
  }
  throw std::out_of_range("a row that was not observed");
}

/// All absent are found gone when they are asked about.
void verify_absent(Scene& scene) {
  for (const Action& action : scene.plan().actions) {
    if (action.brake == gk::reconcile::Brake::absent)
      scene.desired.denials.emplace(action.person,
                                    gk::reconcile::Denial{gk::reconcile::Cause::deactivated, {}, false, {}});
  }
}

}  // namespace

TEST_CASE("planner laws") {
  rc::prop("the order of rows does not matter, and equal input gives equal output", [] {
    const Scene scene = any_scene(any_scope());
    Scene other = scene;
    other.observed.rows = shuffled(scene.observed.rows);
    other.observed.former[0].rows = shuffled(scene.observed.former[0].rows);
    RC_ASSERT(whole_text(scene.plan()) == whole_text(scene.plan()));
    RC_ASSERT(whole_text(scene.plan()) == whole_text(other.plan()));
    RC_ASSERT(whole_text(scene.plan_grants()) == whole_text(other.plan_grants()));
  });

  rc::prop("only rows of ours are touched, each once, and nobody protected loses access", [] {
    const Scene scene = any_scene(any_scope());
    RowIds touched;
    for (const Action& action : scene.plan().actions) {
      RC_ASSERT(!(action.removes() && scene.policy.protected_people.contains(action.person)));
      if (!action.row) continue;
      RC_ASSERT(touched.insert(action.row->value()).second);
      const gk::RoleAssignment& entry = row_of(scene, *action.row);
      RC_ASSERT(is_own_row(entry));
      RC_ASSERT(entry.person() == action.person);
      RC_ASSERT(entry.user == *action.user);
      RC_ASSERT(entry.group == action.group);
    }
  });

  rc::prop("a command touches rows of the other command only of people with a right", [] {
    const Scope scope = any_scope();
    const Scene scene = any_scene(scope);
    std::set<gk::PersonKey> with_right;
    for (const auto& right : scene.desired.rights) with_right.insert(right.person);
    for (const Action& action : scene.plan().actions) {
      if (!action.row) continue;
      const bool managed = action.before.is_open_ended() == (scope == Scope::members);
      RC_ASSERT(managed || (scope == Scope::members && with_right.contains(action.person)));
    }
  });

  rc::prop("without a whole roster nothing is removed", [] {
    const Scene scene = any_scene(any_scope());
    for (const Action& action : scene.plan_grants().actions) {
      RC_ASSERT(!action.removes());
      RC_ASSERT(!action.former);
      RC_ASSERT(action.kind != ActionKind::revoke || action.cause == gk::reconcile::Cause::duplicate_row);
    }
  });

  rc::prop("nobody is both let in and removed in one group, and nobody is let in twice", [] {
    const Scene scene = any_scene(any_scope());
    std::map<std::pair<gk::PersonKey, gk::GroupId>, std::pair<int, int>> counts;
    for (const Action& action : scene.plan().actions) {
      auto& [in, out] = counts[{action.person, action.group}];
      in += action.kind == ActionKind::grant || (action.kind == ActionKind::change && !action.removes());
      out += action.removes();
    }
    for (const auto& entry : counts) {
      RC_ASSERT(entry.second.first <= 1);
      RC_ASSERT(entry.second.first == 0 || entry.second.second == 0);
    }
  });

  rc::prop("one more person with a right never adds a removal", [] {
    const Scene scene = any_scene(any_scope());
    Scene more = scene;
    const gk::PersonKey newcomer = key(any_email());
    std::erase_if(more.desired.rights, [&](const auto& right) { return right.person == newcomer; });
    more.desired.denials.erase(newcomer);
    more.right(newcomer.email(),
               scene.policy.scope == Scope::members ? gk::Validity::open_ended() : hours(-1, 2));
    const RowIds before = removed_rows(scene.plan());
    const RowIds after = removed_rows(more.plan());
    RC_ASSERT(std::ranges::includes(before, after));
  });

  rc::prop("every row of the group is counted in exactly one class, and kept or touched", [] {
    const Scene scene = any_scene(any_scope());
    const Plan plan = scene.plan();
    RC_ASSERT(plan.rows.managed + plan.rows.other_command + plan.rows.foreign == scene.observed.rows.size());
    std::size_t foreign = 0;
    for (const auto& notice : plan.notices) foreign += notice.kind == "foreign";
    RC_ASSERT(foreign == plan.rows.foreign);
    RC_ASSERT(plan.keep <= plan.rows.managed);
  });

  rc::prop("raising a limit never removes fewer, and never lets fewer in", [] {
    Scene scene = any_scene(Scope::members);
    verify_absent(scene);
    const auto small = [] { return *rc::gen::inRange<std::size_t>(0, 5); };
    gk::Limits low{small() + 2, {small(), 10 * small()}, {small(), 10 * small()}};
    gk::Limits high = low;
    high.max_users += small();
    high.absent.count += small();
    high.absent.percent += 5 * small();
    high.stated.count += small();
    high.stated.percent += 5 * small();
    const gk::reconcile::RosterHealth healthy{true, false, {}};
    const auto limited = [&](const gk::Limits& limits) {
      Plan plan = scene.plan();
      static_cast<void>(apply_limits(plan, scene.observed, limits, {}, healthy, Scope::members, k_now));
      return plan;
    };
    RC_ASSERT(std::ranges::includes(removed_rows(limited(high)), removed_rows(limited(low))));
    // Held removals leave people inside, so only with equal brakes is more room never fewer grants.
    gk::Limits roomy = low;
    roomy.max_users += small();
    const auto grants = [&](const Plan& plan) {
      return std::ranges::count_if(plan.actions, [](const Action& action) {
        return action.kind == ActionKind::grant && action.outcome == ActionOutcome::planned;
      });
    };
    RC_ASSERT(grants(limited(roomy)) >= grants(limited(low)));
  });

  rc::prop("limits hold and never add: every action is as planned or held with a reason", [] {
    Scene scene = any_scene(Scope::members);
    const Plan before = scene.plan();
    Plan after = before;
    const gk::reconcile::RosterHealth health{true, chance(20), {}};
    static_cast<void>(
        apply_limits(after, scene.observed, {3, {1, 0}, {1, 0}}, {}, health, Scope::members, k_now));
    RC_ASSERT(before.actions.size() == after.actions.size());
    for (std::size_t i = 0; i < before.actions.size(); ++i) {
      const Action& action = after.actions[i];
      RC_ASSERT(action.outcome == before.actions[i].outcome ||
                (action.outcome == ActionOutcome::held && action.error));
      if (health.empty) RC_ASSERT(!action.removes() || action.outcome == ActionOutcome::held);
    }
  });
}

}  // namespace gk::test::planner_property
