#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include "sweep/arguments.hpp"
#include "sweep/delays.hpp"
#include "sweep/dice.hpp"
#include "sweep/front_door.hpp"
#include "sweep/play.hpp"

// sweep_month: both syncs and check-in every 15 minutes over simulated weeks, with joins, leaves, pauses,
// bookings, people at the doors, outages, steps of the machine's clock and daylight saving; both services in
// memory, against docs/invariants.md.
namespace gk::test {

namespace {

constexpr std::string_view k_help = R"(Usage: sweep_month [--cycles N] [--seed S] [--months N]
A cycle is 15 minutes; a month has 2,880. --months N simulates that many, each with its own seed.
)";

constexpr std::chrono::minutes k_cycle{15};
constexpr std::size_t k_people = 120;

std::string email_of(std::size_t number) { return fmt::format("m{}@example.com", number); }

struct Totals {
  Figures figures;
  std::uint64_t cycles = 0, outage_cycles = 0, clock_steps = 0;
  std::uint64_t approvals = 0, bookings = 0;
  Delays grant, revoke;
  Delays grant_outage, revoke_outage;  ///< of changes that met an outage
  DoorTotals doors;
  Delays revoke_braked;  ///< of removals that a brake held until they were approved
};

/// One gym through simulated time.
class Month {
 public:
  Month(std::uint64_t seed, Totals& totals)
      : dice_(seed), totals_(totals), door_dice_(seed + 1'000'000), door_(gym_, door_dice_, totals.doors) {
    gym_.glofox.branch.time_zone = "Europe/Dublin";
    // Daylight saving begins on 2026-03-29; the month starts on the first.
    gym_.job.limits.max_users = 1000;
    gym_.job.bookings.enabled = true;
    for (std::size_t i = 0; i < k_people; ++i) {
      Member person = member(static_cast<unsigned>(i + 1), email_of(i));
      if (i >= k_people * 2 / 3)
        person.membership = Membership{MembershipType::payg, MembershipStatus::active};
      door_.note_address(person.email.as_written(), person.id);
      gym_.glofox.members.push_back(person);
    }
    gym_.kisi.add_foreign_row("owner@example.com");
    static_cast<void>(run_undisturbed(gym_, totals_.figures));
  }

  void live(std::size_t cycles) {
    for (std::size_t cycle = 0; cycle < cycles; ++cycle) {
      ++totals_.cycles;
      // Life goes on between two runs, at a random moment of the quarter of an hour.
      const auto before = std::chrono::seconds{dice_.below(900)};
      gym_.clock.advance(before);
      door_.open(gym_.clock.now() - stepped_);
      for (std::size_t events = dice_.below(3); events > 0; --events) change_somebody();
      gym_.clock.advance(k_cycle - before);
      step_clock();
      start_or_end_outage();
      run_cycle();
      door_.catch_up(gym_.clock.now() - stepped_, outage_left_ > 0);
    }
  }

 private:
  /// What somebody is waiting for.
  struct Wait {
    bool in;  ///< access, else its end
    SteadyTime since;
    bool met_outage = false;
    bool braked = false;     ///< held by a brake until the operator approves
    std::size_t cycles = 0;  ///< undisturbed ones since
  };

  void change_somebody() {
    Member& person = gym_.glofox.members[dice_.below(gym_.glofox.members.size())];
    using Status = MembershipStatus;
    switch (dice_.below(9)) {
      case 6:
      case 7: book(person.id); break;
      case 8: cancel_or_move(person.id); break;
      case 0: person.membership = member(1, "x@example.com").membership; break;
      case 1: person.membership.status = Status::cancelled; break;
      case 2: person.membership.status = Status::paused; break;
      case 3:
        // Ends at the end of a local day, with the grace after it.
        if (person.membership.type == MembershipType::time)
          person.membership.expiry = gym_.clock.now() - std::chrono::hours{dice_.below(48)};
        break;
      case 4: person.active = !person.active; break;
      default:
        changed_[person.email.as_written()] = gym_.clock.steady_now();
        person.email = fmt::format("moved{}@example.com", ++moves_);
        door_.note_address(person.email.as_written(), person.id);
        break;
    }
    changed_[person.email.as_written()] = gym_.clock.steady_now();
  }

  /// A class within the next day and a half, on a quarter of an hour.
  void book(MemberId member) {
    Booking made =
        booking(static_cast<unsigned>(++bookings_), member, "2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z");
    made.start = gym_.clock.now() + std::chrono::minutes{15 * dice_.below(144)};
    made.end = made.start + std::chrono::hours{1};
    gym_.glofox.bookings[member].push_back(made);
    ++totals_.bookings;
  }

  void cancel_or_move(MemberId member) {
    const auto booked = gym_.glofox.bookings.find(member);
    if (booked == gym_.glofox.bookings.end() || booked->second.empty()) return;
    Booking& last = booked->second.back();
    if (dice_.chance(60)) {
      last.status = BookingStatus::cancelled;
    } else {
      const std::chrono::minutes by{15 * dice_.between(-8, 8)};
      last.start += by;
      last.end += by;
    }
  }

  /// A membership, or a booking whose window is open.
  [[nodiscard]] static bool may_enter(const Claim& claim, Instant now) {
    return claim.kind == Claim::Kind::right ||
           std::ranges::any_of(claim.windows, [now](const Window& window) { return window.contains(now); });
  }

  /// Somebody sets the machine's clock wrong, and later right again.
  void step_clock() {
    if (stepped_ != std::chrono::seconds{0}) {
      gym_.clock.jump(-stepped_);
      stepped_ = std::chrono::seconds{0};
    } else if (dice_.chance(1)) {
      stepped_ = std::chrono::seconds{dice_.between(-1800, 1800)};
      gym_.clock.jump(stepped_);
      ++totals_.clock_steps;
    }
  }

  void start_or_end_outage() {
    if (outage_left_ > 0 && --outage_left_ == 0) {
      gym_.glofox.outage.reset();
      gym_.glofox.listing_fault.reset();
      gym_.kisi.fault = nullptr;
    } else if (outage_left_ == 0 && dice_.chance(1)) {
      outage_left_ = 1 + dice_.below(24);
      switch (dice_.below(3)) {
        case 0: gym_.glofox.outage = Error{Category::unavailable, "HTTP 503", 503}; break;
        case 1: gym_.glofox.listing_fault = Error{Category::unavailable, "page 2: HTTP 503", 503}; break;
        default:
          gym_.kisi.fault = [this](const Call&) {
            return dice_.chance(50) ? dice_.one_of({Fault::throttled, Fault::lost, Fault::done_but_lost})
                                    : Fault::none;
          };
          break;
      }
    }
  }

  void run_cycle() {
    const bool outage = outage_left_ > 0;
    totals_.outage_cycles += outage ? 1 : 0;
    note_waits(outage);
    gym_.kisi.catch_up();
    gym_.kisi.calls.clear();
    gym_.kisi.writes.clear();
    if (outage) {
      static_cast<void>(run_and_check(gym_, totals_.figures, Command::bookings));
      static_cast<void>(run_and_check(gym_, totals_.figures));
    } else {
      const auto report = run_undisturbed(gym_, totals_.figures);
      last_words_ = words_of(report);
      look_after_brakes(report);
    }
    settle_waits(outage);
  }

  /// The operator looks at what a brake holds after four hours, and approves it.
  void look_after_brakes(const reconcile::IntegrationReport& report) {
    constexpr std::size_t k_cycles_to_approval = 16;
    gym_.job.approvals.clear();
    if (!report.limit_holds) {
      held_cycles_ = 0;
      held_.clear();
      return;
    }
    held_ = held_people(report);
    if (++held_cycles_ < k_cycles_to_approval) return;
    for (const reconcile::Action& action : report.plan.actions) {
      if (action.outcome == reconcile::ActionOutcome::held && action.row)
        gym_.job.approvals.insert({*action.row, action.person});
    }
    ++totals_.approvals;
  }

  /// Everybody whose claim differs from what they have begins to wait, now at the latest.
  void note_waits(bool outage) {
    const auto claims = claims_of(gym_.glofox, gym_.job, gym_.clock.now());
    const KisiState kisi = state_of(gym_.kisi);
    std::set<std::string> people;
    for (const auto& [email, claim] : claims) people.insert(email);
    for (const auto& [id, row] : kisi.rows) {
      if (row.ours) people.insert(row.email);
    }
    // An address that nobody has any more waits for nothing.
    std::erase_if(waits_, [&](const auto& entry) { return !people.contains(entry.first); });
    for (const std::string& email : people) {
      const auto claim = claims.find(email);
      const bool right = claim != claims.end() && may_enter(claim->second, gym_.clock.now());
      const bool inside = is_inside(kisi, email, k_group, gym_.clock.now());
      if (right == inside) {
        waits_.erase(email);
        continue;
      }
      auto [wait, fresh] = waits_.try_emplace(email, Wait{right, changed_at(email)});
      if (!fresh && wait->second.in != right) wait->second = Wait{right, changed_at(email)};
      wait->second.met_outage |= outage;
    }
  }

  /// When the claim changed; what time alone brought about counts from the cycle before, so that no delay is
  /// shown too short.
  [[nodiscard]] SteadyTime changed_at(const std::string& email) {
    const SteadyTime cycle = gym_.clock.steady_now() - k_cycle;
    const auto changed = changed_.find(email);
    return changed == changed_.end() ? cycle : std::max(cycle, changed->second);
  }

  void settle_waits(bool outage) {
    const KisiState kisi = state_of(gym_.kisi);
    for (auto wait = waits_.begin(); wait != waits_.end();) {
      const auto& [email, waiting] = *wait;
      const bool inside = is_inside(kisi, email, k_group, gym_.clock.now());
      if (inside == waiting.in) {
        const auto delay =
            std::chrono::duration_cast<std::chrono::seconds>(gym_.clock.steady_now() - waiting.since);
        delays_of(waiting).add(delay);
        wait = waits_.erase(wait);
        continue;
      }
      if (!outage) check_patience(email, wait->second);
      ++wait;
    }
  }

  /// Why a run was not clean; empty when it was.
  static std::string words_of(const reconcile::IntegrationReport& report) {
    if (report.error) return report.error->message;
    if (report.stopped_by) return report.stopped_by->message;
    for (const reconcile::Action& action : report.plan.actions) {
      if (action.error) return action.person.email() + ": " + action.error->message;
    }
    return report.mismatch;
  }

  Delays& delays_of(const Wait& wait) {
    if (wait.braked) return totals_.revoke_braked;
    if (wait.in) return wait.met_outage ? totals_.grant_outage : totals_.grant;
    return wait.met_outage ? totals_.revoke_outage : totals_.revoke;
  }

  void check_patience(const std::string& email, Wait& wait) {
    if (!wait.in && held_.contains(email)) {
      wait.braked = true;
      return;
    }
    if (++wait.cycles < 2) return;
    totals_.figures.violations.push_back(fmt::format(
        "{}: {} after {} undisturbed cycles at {}; the run said: {}", wait.in ? "late grant" : "late revoke",
        email, wait.cycles, format_rfc3339(gym_.clock.now()), last_words_));
  }

  InMemoryGym gym_;
  Dice dice_;
  Totals& totals_;
  Dice door_dice_;  ///< the doors' own, so that the syncs see the same life without them
  FrontDoor door_;
  std::map<std::string, Wait> waits_;
  std::chrono::seconds stepped_{0};
  std::size_t outage_left_ = 0;
  std::size_t moves_ = 0, bookings_ = 0;
  std::size_t held_cycles_ = 0;
  std::set<std::string> held_;
  std::map<std::string, SteadyTime> changed_;
  std::string last_words_;  ///< of the last run, when it was not clean
};

int run(const std::vector<std::string>& arguments) {
  Arguments given(arguments, k_help);
  const std::uint64_t cycles = given.number("--cycles", 2880);
  const std::uint64_t seed = given.number("--seed", 1);
  const std::uint64_t months = given.number("--months", 1);
  given.finish();
  Totals totals;
  for (std::uint64_t i = 0; i < months; ++i) Month(seed + i, totals).live(cycles);
  constexpr std::size_t k_shown = 20;
  auto& violations = totals.figures.violations;
  violations.insert(violations.end(), totals.doors.violations.begin(), totals.doors.violations.end());
  for (std::size_t i = 0; i < std::min(violations.size(), k_shown); ++i) fmt::print("{}\n", violations[i]);
  fmt::print(
      "seed={} months={} cycles={} outage_cycles={} clock_steps={} bookings={} grants={} revokes={} "
      "violations={}\n",
      seed, months, totals.cycles, totals.outage_cycles, totals.clock_steps, totals.bookings,
      totals.figures.grants, totals.figures.revokes, violations.size());
  fmt::print("{}\n{}\n{}\n{}\n", totals.grant.text("grant"), totals.revoke.text("revoke"),
             totals.grant_outage.text("grant_through_outage"),
             totals.revoke_outage.text("revoke_through_outage"));
  fmt::print("approvals={} {}\n", totals.approvals, totals.revoke_braked.text("revoke_braked"));
  fmt::print("unlocks={} entries={} unknown={} attended={} checkins_killed={}\n{}\n{}\n",
             totals.doors.unlocks, totals.doors.entries, totals.doors.unknown, totals.doors.attended,
             totals.doors.killed, totals.doors.delay.text("checkin"),
             totals.doors.delay_outage.text("checkin_through_outage"));
  return violations.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

}  // namespace gk::test

int main(int argc, char** argv) { return gk::test::run({argv + 1, argv + argc}); }
