#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>

#include "support/generators.hpp"

namespace gk::test::pass_property {

using gk::reconcile::Action;
using gk::reconcile::ActionOutcome;
using gk::reconcile::IntegrationReport;

// Laws of whole passes over random gyms, without disturbances.

namespace {

using People = std::set<std::string>;

People people_inside(const FakeKisi& kisi, gk::Instant now, gk::GroupId group = k_group) {
  People people;
  for (const auto& [id, entry] : kisi.rows) {
    const auto person = entry.person();
    if (entry.group == group && person && entry.validity.is_active(now)) people.insert(person->email());
  }
  return people;
}

/// Rows that the integration must not touch, in full.
std::map<gk::RoleAssignmentId, std::string> foreign_rows(const FakeKisi& kisi) {
  std::map<gk::RoleAssignmentId, std::string> rows;
  for (const auto& [id, entry] : kisi.rows) {
    if (is_own_row(entry) && entry.person()) continue;
    rows[id] = fmt::format("{} {} {} {} {}", entry.user, entry.role, entry.email,
                           entry.validity.from.has_value(), entry.validity.until.has_value());
  }
  return rows;
}

bool is_held(const Action& action) {
  return action.outcome == ActionOutcome::held || action.outcome == ActionOutcome::failed;
}

}  // namespace

TEST_CASE("pass laws") {
  rc::prop("after a pass the next one has nothing left but what is held", [] {
    InMemoryGym gym;
    World world = any_world({.bookings = true, .tight_limits = chance(50)});
    world.kisi.switches = any_switches();
    // A share may let more go once new people have made the base larger.
    world.job.limits.absent.percent = 0;
    world.job.limits.stated.percent = 0;
    RC_LOG() << describe(world);
    enter(gym, world);
    const IntegrationReport first = gym.sync();
    RC_PRE(!first.actions_failed);
    RC_ASSERT(!first.error);
    RC_ASSERT(first.verified.value_or(true));
    gym.dry_run = true;
    gym.kisi.catch_up();
    const IntegrationReport second = gym.sync();
    RC_ASSERT(std::ranges::all_of(second.plan.actions, is_held));
  });

  rc::prop("rows that are not ours stay as they are, and users are never deleted or renamed", [] {
    InMemoryGym gym;
    World world = any_world({.bookings = true, .tight_limits = false});
    world.kisi.switches = any_switches();
    RC_LOG() << describe(world);
    enter(gym, world);
    static_cast<void>(gym.sync());
    RC_ASSERT(foreign_rows(gym.kisi) == foreign_rows(world.kisi));
    for (const auto& [id, user] : world.kisi.users) {
      RC_ASSERT(gym.kisi.users.contains(id));
      const gk::User& now = gym.kisi.users.at(id);
      RC_ASSERT(now.email == user.email);
      RC_ASSERT(now.name == user.name);
      RC_ASSERT(std::ranges::includes(now.metadata, user.metadata));
    }
  });

  rc::prop("protected people who were inside stay inside", [] {
    InMemoryGym gym;
    World world = any_world({.bookings = true, .tight_limits = false});
    world.kisi.switches = any_switches();
    for (int i = 0; i < 3; ++i) world.job.protected_people.insert(key(any_email()));
    RC_LOG() << describe(world);
    enter(gym, world);
    static_cast<void>(gym.sync());
    const People before = people_inside(world.kisi, ManualClock::k_start);
    const People after = people_inside(gym.kisi, ManualClock::k_start);
    for (const auto& person : world.job.protected_people)
      RC_ASSERT(!before.contains(person.email()) || after.contains(person.email()));
  });

  rc::prop("a partial roster removes nobody from any group", [] {
    InMemoryGym gym;
    World world = any_world({.bookings = true, .tight_limits = chance(50)});
    world.kisi.switches = any_switches();
    world.glofox.listing_fault = gk::Error{gk::Category::unavailable, "page 2: HTTP 503", 503};
    for (const gk::Member& entry : world.glofox.members) {
      if (chance(30)) world.glofox.unlisted.insert(entry.id);
    }
    RC_LOG() << describe(world);
    enter(gym, world);
    const IntegrationReport report = gym.sync();
    RC_ASSERT(report.error.has_value());
    for (const gk::GroupId group : {k_group, k_former_group}) {
      RC_ASSERT(std::ranges::includes(people_inside(gym.kisi, ManualClock::k_start, group),
                                      people_inside(world.kisi, ManualClock::k_start, group)));
    }
    RC_ASSERT(std::ranges::none_of(report.plan.actions, &Action::removes));
  });

  rc::prop("whoever is inside before and after a pass is inside all the time", [] {
    InMemoryGym gym;
    World world = any_world({.bookings = true, .tight_limits = false});
    world.kisi.switches = any_switches();
    if (is_last_resort(world.kisi.switches)) world.kisi.switches.patch = KisiSwitches::Patch::works;
    RC_LOG() << describe(world);
    enter(gym, world);
    std::vector<People> moments;
    gym.kisi.fault = [&](const Call&) {
      moments.push_back(people_inside(gym.kisi, ManualClock::k_start));
      return Fault::none;
    };
    static_cast<void>(gym.sync());
    People always;
    std::ranges::set_intersection(people_inside(world.kisi, ManualClock::k_start),
                                  people_inside(gym.kisi, ManualClock::k_start),
                                  std::inserter(always, always.end()));
    for (const People& moment : moments) RC_ASSERT(std::ranges::includes(moment, always));
  });

  rc::prop("a dry run writes nothing and plans what the real run does", [] {
    InMemoryGym gym;
    World world = any_world({.bookings = true, .tight_limits = chance(50)});
    world.kisi.switches = any_switches();
    RC_LOG() << describe(world);
    enter(gym, world);
    gym.dry_run = true;
    const IntegrationReport planned = gym.sync();
    RC_ASSERT(gym.kisi.writes.empty());
    gym.dry_run = false;
    const IntegrationReport done = gym.sync();
    RC_ASSERT(planned.plan.actions.size() == done.plan.actions.size());
    for (std::size_t i = 0; i < done.plan.actions.size(); ++i) {
      RC_ASSERT(planned.plan.actions[i].kind == done.plan.actions[i].kind);
      RC_ASSERT(planned.plan.actions[i].person == done.plan.actions[i].person);
    }
    RC_ASSERT(planned.limit_holds == done.limit_holds);
    RC_ASSERT(planned.people_held == done.people_held);
  });
}

}  // namespace gk::test::pass_property
