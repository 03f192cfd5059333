#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>

#include "support/generators.hpp"

namespace gk::test::disturbance_property {

using gk::reconcile::IntegrationReport;

// Whatever goes wrong on the way, repeated runs end where one undisturbed run ends.

namespace {

/// Who may enter when, and who is a user; the mark in the metadata of adopted users is a courtesy that a run
/// may fail to leave.
std::multiset<std::string> state_without_metadata(const FakeKisi& kisi) {
  std::multiset<std::string> lines;
  for (const std::string& line : kisi.state()) {
    const bool user = line.starts_with("user ");
    lines.insert(user ? line.substr(0, line.find(' ', 5)) : line);
  }
  return lines;
}

bool is_write(const std::string& verb) {
  return verb == "create_user" || verb == "grant" || verb == "change" || verb == "revoke" ||
         verb == "merge_metadata";
}

Fault any_fault() {
  using enum Fault;
  return one_of<Fault>({none, none, none, lost, done_but_lost, unreachable, throttled, rejected, forbidden,
                        unauthorized, out_of_time});
}

/// Disturbs the first calls by the list, the later ones not at all.
std::function<Fault(const Call&)> disturb(std::vector<Fault> faults, bool reads_too) {
  return [faults = std::move(faults), next = std::size_t{0}, reads_too](const Call& call) mutable {
    if (next == faults.size() || (!reads_too && !is_write(call.verb))) return Fault::none;
    return faults[next++];
  };
}

std::vector<Fault> any_faults() {
  std::vector<Fault> faults(*rc::gen::inRange<std::size_t>(0, 30));
  std::ranges::generate(faults, any_fault);
  return faults;
}

bool has_duplicates(const FakeKisi& kisi) {
  std::set<std::string> users;
  for (const auto& [id, user] : kisi.users) {
    if (!users.insert(user.email.as_written()).second) return true;
  }
  std::set<std::pair<gk::UserId, gk::GroupId>> holders;
  for (const auto& [id, entry] : kisi.rows) {
    const bool membership = is_own_row(entry) && entry.validity.is_open_ended();
    if (membership && entry.group == k_group && entry.person() &&
        !holders.insert({entry.user, entry.group}).second)
      return true;
  }
  return false;
}

}  // namespace

TEST_CASE("disturbance laws") {
  rc::prop("under any failures repeated runs converge, without a duplicate user or row", [] {
    World world = any_world({.bookings = false, .tight_limits = false});
    world.kisi.switches = any_switches();
    InMemoryGym calm;
    RC_LOG() << describe(world);
    enter(calm, world);
    const IntegrationReport undisturbed = calm.sync();
    RC_PRE(!undisturbed.actions_failed);

    InMemoryGym gym;
    RC_LOG() << describe(world);
    enter(gym, world);
    gym.kisi.fault = disturb(any_faults(), true);
    for (int run = 0; run < 4; ++run) static_cast<void>(gym.sync());
    gym.kisi.fault = nullptr;
    static_cast<void>(gym.sync());
    const IntegrationReport last = gym.sync();
    RC_LOG() << "undisturbed:\n";
    for (const auto& line : lines_of(undisturbed.plan)) RC_LOG() << line << "\n";
    RC_ASSERT(!last.error);
    RC_ASSERT(state_without_metadata(gym.kisi) == state_without_metadata(calm.kisi));
    // Somebody who is held or protected may keep two rows.
    RC_ASSERT(has_duplicates(calm.kisi) || !has_duplicates(gym.kisi));
  });

  rc::prop("a run that is killed after any request and run once more ends like an undisturbed one", [] {
    World world = any_world({.bookings = true, .tight_limits = chance(30)});
    world.kisi.switches = any_switches();
    // A share of fewer rows lets fewer go: with one, the second run may hold what the first had not done yet.
    world.job.limits.absent.percent = 0;
    world.job.limits.stated.percent = 0;
    // Between the two requests of the last resort a lapsing member has no row by which sync-members could
    // know about the window; sync-bookings writes it. And their grant may be one too many for max_users.
    if (is_last_resort(world.kisi.switches)) {
      world.job.bookings.enabled = false;
      world.job.limits.max_users = 1000;
    }
    RC_LOG() << describe(world);
    // There the person is granted anew by the second run, which leaves the mark that a change does not.
    const auto state = [marks = !is_last_resort(world.kisi.switches)](const FakeKisi& kisi) {
      return marks ? kisi.state() : state_without_metadata(kisi);
    };
    InMemoryGym calm;
    enter(calm, world);
    static_cast<void>(calm.sync());
    const auto wanted = state(calm.kisi);
    for (std::size_t call = 1;; ++call) {
      InMemoryGym gym;
      enter(gym, world);
      gym.kisi.kill_at = call;
      bool killed = false;
      try {
        static_cast<void>(gym.sync());
      } catch (const Killed&) {
        killed = true;
      }
      if (!killed) break;
      gym.kisi.kill_at.reset();
      static_cast<void>(gym.sync());
      RC_LOG() << "killed at call " << call;
      RC_ASSERT(state(gym.kisi) == wanted);
    }
  });

  rc::prop("the read-back finds nothing but what the report says is left", [] {
    World world = any_world({.bookings = true, .tight_limits = chance(30)});
    world.kisi.switches = any_switches();
    InMemoryGym gym;
    RC_LOG() << describe(world);
    enter(gym, world);
    gym.kisi.fault = disturb(any_faults(), false);
    const IntegrationReport report = gym.sync();
    RC_LOG() << report.mismatch;
    RC_ASSERT(report.verified.value_or(true));
  });

  rc::prop("somebody whose right stands is never left outside by failures, but for the last resort", [] {
    World world = any_world({.bookings = false, .tight_limits = false});
    world.kisi.switches = any_switches();
    if (is_last_resort(world.kisi.switches)) world.kisi.switches.patch = KisiSwitches::Patch::works;
    InMemoryGym calm;
    enter(calm, world);
    static_cast<void>(calm.sync());
    InMemoryGym gym;
    RC_LOG() << describe(world);
    enter(gym, world);
    // A refusal that is not true of the service would teach the run the last resort.
    std::vector<Fault> faults = any_faults();
    std::ranges::replace(faults, Fault::rejected, Fault::throttled);
    gym.kisi.fault = disturb(faults, true);
    static_cast<void>(gym.sync());
    for (const auto& [id, user] : calm.kisi.users) {
      const bool stands = world.kisi.is_inside(user.email.as_written(), ManualClock::k_start) &&
                          calm.kisi.is_inside(user.email.as_written(), ManualClock::k_start);
      RC_ASSERT(!stands || gym.kisi.is_inside(user.email.as_written(), ManualClock::k_start));
    }
  });
}

}  // namespace gk::test::disturbance_property
