#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>

#include "support/fake_services.hpp"

namespace gk::test::week_property {

// A simulated week in which cron runs both syncs every quarter of an hour while people book, cancel, move,
// join and lapse, and both services fail now and then. At every minute the door is asked.

namespace {

using std::chrono::minutes;

constexpr unsigned k_people = 6;
constexpr int k_cycles = 7 * 24 * 4;
constexpr minutes k_cycle{15};

std::string email_of(unsigned person) { return fmt::format("person.{}@example.com", person); }

class Week {
 public:
  Week(unsigned seed, const KisiSwitches& switches) : random_(seed) {
    gym_.kisi.switches = switches;
    gym_.job.bookings.enabled = true;
    gym_.job.limits.absent = gym_.job.limits.stated = {1000, 100};
    gym_.clock = ManualClock(at("2026-03-26T00:00:00Z"));  // a clock change lies in it
    for (unsigned i = 1; i <= k_people; ++i) {
      gym_.glofox.members.push_back(i % 2 == 0 ? lead(i, email_of(i)) : member(i, email_of(i)));
      changed_[i] = gym_.clock.now();
    }
  }

  void live() {
    for (int cycle = 0; cycle < k_cycles; ++cycle) {
      for (int i = 0; i < 3; ++i) change_something();
      run_both();
      for (int minute = 0; minute < k_cycle.count(); ++minute) {
        ask_the_door();
        gym_.clock.advance(minutes{1});
      }
    }
    CHECK(opened_ > 0);
    CHECK(faults_ > 0);
    CHECK(users_are_unique());
  }

 private:
  int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  bool now_and_then(int percent) { return number(100) < percent; }

  void change_something() {
    if (!now_and_then(20)) return;
    const unsigned person = 1 + static_cast<unsigned>(number(k_people));
    changed_[person] = gym_.clock.now();
    auto& bookings = gym_.glofox.bookings[member_id(person)];
    switch (number(6)) {
      case 0:
      case 1: {
        Booking entry;
        entry.id = BookingId{fmt::format("65bb{:020x}", ++booked_)};
        entry.member = member_id(person);
        entry.status = BookingStatus::booked;
        entry.start = gym_.clock.now() + minutes{5 * number(12 * 30)};
        entry.end = entry.start + minutes{5 + 5 * number(20)};
        bookings.push_back(entry);
        break;
      }
      case 2:
        if (!bookings.empty()) {
          Booking& entry = bookings[static_cast<std::size_t>(number(static_cast<int>(bookings.size())))];
          entry.status =
              entry.status == BookingStatus::booked ? BookingStatus::cancelled : BookingStatus::booked;
        }
        break;
      case 3:
        if (!bookings.empty()) {
          const minutes by{5 * (number(60) - 30)};
          bookings.back().start += by;
          bookings.back().end += by;
        }
        break;
      case 4:
        if (!bookings.empty()) bookings.pop_back();
        break;
      default: toggle_membership(person); break;
    }
  }

  void toggle_membership(unsigned person) {
    Membership& membership = gym_.glofox.find(email_of(person)).membership;
    if (membership.type == MembershipType::none) {
      membership.type = MembershipType::time;
      membership.status = MembershipStatus::active;
    } else {
      membership.status = membership.status == MembershipStatus::active ? MembershipStatus::expired
                                                                        : MembershipStatus::active;
    }
  }

  /// As cron.example does: bookings first.
  void run_both() {
    const bool glofox_down = now_and_then(3);
    const bool kisi_stumbles = now_and_then(8);
    if (glofox_down) gym_.glofox.outage = Error{Category::unavailable, "HTTP 503", 503};
    if (kisi_stumbles) {
      gym_.kisi.fault = [this](const Call&) {
        constexpr std::array faults{Fault::lost, Fault::done_but_lost, Fault::throttled, Fault::unreachable};
        return now_and_then(30) ? faults[static_cast<std::size_t>(number(4))] : Fault::none;
      };
    }
    const auto bookings = gym_.sync_bookings();
    const auto members = gym_.sync();
    gym_.glofox.outage.reset();
    gym_.kisi.fault = nullptr;
    gym_.kisi.catch_up();
    if (glofox_down || kisi_stumbles) {
      ++faults_;
      faulted_ = gym_.clock.now();
      return;
    }
    CAPTURE(format_rfc3339(gym_.clock.now()));
    CHECK(bookings.verified.value_or(true));
    CHECK(members.verified.value_or(true));
    CHECK_FALSE(bookings.error);
    CHECK_FALSE(members.error);
  }

  bool is_entitled(unsigned person, Instant t) {
    const Membership& membership = gym_.glofox.find(email_of(person)).membership;
    if (membership.type == MembershipType::time && membership.status == MembershipStatus::active) return true;
    return std::ranges::any_of(gym_.glofox.bookings[member_id(person)], [t](const Booking& entry) {
      return entry.status == BookingStatus::booked && entry.start - std::chrono::hours{1} <= t &&
             t < entry.end + std::chrono::hours{1};
    });
  }

  void ask_the_door() {
    const Instant now = gym_.clock.now();
    for (unsigned person = 1; person <= k_people; ++person) {
      const bool inside = gym_.kisi.is_inside(email_of(person), now);
      const bool entitled = is_entitled(person, now);
      opened_ += inside ? 1 : 0;
      if (entitled && !was_entitled_[person]) began_[person] = now;
      was_entitled_[person] = entitled;
      if (inside == entitled) continue;
      // What changed since the last good run cannot be known yet; a fault may last until the run after it.
      const Instant known = std::max(changed_[person], faulted_);
      if (now < known + k_cycle) continue;
      // One row per person: a window that begins right after another is written by the run in between.
      if (entitled && now < began_[person] + k_cycle) continue;
      CAPTURE(email_of(person), format_rfc3339(now), inside, entitled, format_rfc3339(changed_[person]),
              format_rfc3339(faulted_));
      REQUIRE(inside == entitled);
    }
  }

  bool users_are_unique() const {
    std::set<std::string> emails;
    return std::ranges::all_of(gym_.kisi.users, [&](const auto& entry) {
      return emails.insert(entry.second.email.as_written()).second;
    });
  }

  InMemoryGym gym_;
  std::mt19937 random_;
  std::map<unsigned, Instant> changed_, began_;
  std::map<unsigned, bool> was_entitled_;
  Instant faulted_{};
  unsigned booked_ = 0;
  std::size_t opened_ = 0, faults_ = 0;
};

/// More weeks on demand: GK_WEEKS=100.
unsigned weeks() {
  const char* const wanted = std::getenv("GK_WEEKS");
  return wanted == nullptr ? 1 : static_cast<unsigned>(std::strtoul(wanted, nullptr, 10));
}

}  // namespace

TEST_CASE(
    "over a week no door opens without a right, and nobody is shut out for longer than a fault and a cycle") {
  using SecondRow = KisiSwitches::SecondRow;
  using Patch = KisiSwitches::Patch;
  const auto [second_row, patch] = GENERATE(table<SecondRow, Patch>({{SecondRow::conflict, Patch::works},
                                                                     {SecondRow::conflict, Patch::ignored},
                                                                     {SecondRow::extra, Patch::works},
                                                                     {SecondRow::extra, Patch::refused}}));
  for (unsigned seed = 1; seed <= weeks(); ++seed) {
    CAPTURE(seed, static_cast<int>(second_row), static_cast<int>(patch));
    KisiSwitches switches;
    switches.second_row = second_row;
    switches.patch = patch;
    Week(seed, switches).live();
  }
}

}  // namespace gk::test::week_property
