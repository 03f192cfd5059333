#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <set>
#include <tuple>

#include "support/door_world.hpp"

// Laws of check-in over random streams of unlocks, each handled as by a start of the program of its own.
namespace gk::test::checkin_property {

namespace {

using namespace std::chrono_literals;
using gk::checkin::Unlock;

constexpr unsigned k_people = 3;
const Instant k_first = gk::test::at("2026-03-01T08:00:00Z");
const Instant k_now = k_first + 12h;

/// When somebody came, and who.
using CheckIns = std::set<std::pair<Instant, MemberId>>;

template <class T>
std::vector<T> shuffled(std::vector<T> elements) {
  for (std::size_t i = elements.size(); i > 1; --i)
    std::swap(elements[i - 1], elements[*rc::gen::inRange<std::size_t>(0, i)]);
  return elements;
}

/// A stream in time order; no two unlocks at the same second, so that an entry tells its event.
std::vector<Unlock> any_stream(int longest_gap_seconds) {
  std::vector<Unlock> events;
  Instant time = k_first;
  const int size = *rc::gen::inRange(1, 9);
  for (int i = 0; i < size; ++i) {
    time += std::chrono::seconds{*rc::gen::inRange(1, longest_gap_seconds)};
    const auto person = *rc::gen::inRange<unsigned>(1, k_people + 1);
    const gk::UserId user{7710000 + static_cast<std::int64_t>(person)};
    events.push_back(DoorWorld::unlock(fmt::format("event {}", i), user, gk::format_rfc3339(time),
                                       gk::test::k_front_door));
  }
  return events;
}

/// A world in which everybody has two bookings, an hour and three hours after the first unlock.
std::unique_ptr<DoorWorld> make_world(bool entry_marks) {
  auto world = std::make_unique<DoorWorld>();
  world->now = k_now;
  world->integration.checkin.debounce = 0s;
  world->glofox.entry_marks = entry_marks;
  for (unsigned person = 1; person <= k_people; ++person) {
    world->add_person(person, person != 2);
    for (const unsigned hours : {1U, 3U}) {
      gk::Booking booking;
      booking.id = gk::BookingId{fmt::format("65bb{:019x}{}", person, hours)};
      booking.member = member_id(person);
      booking.status = gk::BookingStatus::booked;
      booking.start = k_first + std::chrono::hours{hours};
      booking.end = booking.start + 1h;
      world->glofox.bookings.push_back(booking);
    }
  }
  return world;
}

CheckIns entries_of(const DoorWorld& world) {
  CheckIns all;
  for (const auto& entry : world.glofox.entries) all.emplace(entry.at, entry.member);
  return all;
}

std::set<std::string> attended_of(const DoorWorld& world) {
  std::set<std::string> all;
  for (const gk::Booking& booking : world.glofox.bookings) {
    if (booking.attended) all.insert(booking.id.value());
  }
  return all;
}

void handle_all(DoorWorld& world, const std::vector<Unlock>& events) {
  for (const Unlock& unlock : events) static_cast<void>(world.outcome(unlock));
}

MemberId member_of(const Unlock& unlock) {
  return member_id(static_cast<unsigned>(unlock.actor->value() - 7710000));
}

}  // namespace

TEST_CASE("check-in laws") {
  rc::prop("replays, duplicates and another order give the same check-ins", [] {
    const bool entry_marks = *rc::gen::arbitrary<bool>();
    const std::vector<Unlock> stream = any_stream(3600);
    const auto straight = make_world(entry_marks);
    handle_all(*straight, stream);
    std::vector<Unlock> disturbed = stream;
    const int repeats = *rc::gen::inRange(0, 5);
    for (int i = 0; i < repeats; ++i)
      disturbed.push_back(stream[*rc::gen::inRange<std::size_t>(0, stream.size())]);
    const auto twisted = make_world(entry_marks);
    handle_all(*twisted, shuffled(disturbed));
    RC_ASSERT(entries_of(*straight).size() == stream.size());
    RC_ASSERT(straight->glofox.entries.size() == stream.size());
    RC_ASSERT(twisted->glofox.entries.size() == stream.size());
    RC_ASSERT(entries_of(*straight) == entries_of(*twisted));
    RC_ASSERT(attended_of(*straight) == attended_of(*twisted));
  });

  rc::prop("the debounce leaves one entry of a visit, in whatever order its unlocks come", [] {
    const auto world = make_world(false);
    world->integration.checkin.debounce = 10min;
    std::vector<Unlock> events;
    const int visits = *rc::gen::inRange(1, 5);
    for (int visit = 0; visit < visits; ++visit) {
      const int doors = *rc::gen::inRange(1, 5);
      for (int door = 0; door < doors; ++door) {
        const Instant time =
            k_first + std::chrono::hours{visit} + std::chrono::seconds{*rc::gen::inRange(0, 599)};
        events.push_back(DoorWorld::unlock(fmt::format("{} {}", visit, door), gk::UserId{7710001},
                                           gk::format_rfc3339(time)));
      }
    }
    handle_all(*world, shuffled(events));
    std::set<long> seen;
    for (const auto& entry : world->glofox.entries) seen.insert((entry.at - k_first) / 1h);
    RC_ASSERT(world->glofox.entries.size() == static_cast<std::size_t>(visits));
    RC_ASSERT(seen.size() == static_cast<std::size_t>(visits));
  });

  rc::prop("whatever comes, entries of a person keep their distance and no visit is without one", [] {
    const auto world = make_world(false);
    world->integration.checkin.debounce = 10min;
    const std::vector<Unlock> stream = any_stream(500);
    handle_all(*world, shuffled(stream));
    const auto apart = [](Instant a, Instant b) { return a < b ? b - a : a - b; };
    for (const auto& one : world->glofox.entries) {
      for (const auto& other : world->glofox.entries) {
        const bool same = &one == &other || one.member != other.member;
        RC_ASSERT(same || apart(one.at, other.at) >= 10min);
      }
    }
    for (const Unlock& unlock : stream) {
      const bool covered = std::ranges::any_of(world->glofox.entries, [&](const auto& entry) {
        return entry.member == member_of(unlock) && apart(entry.at, unlock.at) < 10min;
      });
      RC_ASSERT(covered);
    }
  });

  rc::prop(
      "with faults at every request each entry is made at most once, and after one catch-up at least once",
      [] {
        const auto world = make_world(*rc::gen::arbitrary<bool>());
        const std::vector<Unlock> stream = any_stream(3600);
        CheckIns unanswerable;  // whose entry was sent, lost before Glofox saw it, and may not be sent again
        const Unlock* current = nullptr;
        const auto fates = [&](std::string_view call) {
          const int dice = *rc::gen::inRange(0, 10);
          const Fate fate = dice < 6    ? Fate::fine
                            : dice == 6 ? Fate::refused
                            : dice == 7 ? Fate::unsent
                            : dice == 8 ? Fate::lost_before
                                        : Fate::lost_after;
          if (call == "record_entry" && fate == Fate::lost_before)
            unanswerable.emplace(current->at, member_of(*current));
          return fate;
        };
        world->kisi.fates = fates;
        world->glofox.fates = fates;
        std::vector<Unlock> deliveries;
        for (const Unlock& unlock : stream) {
          const int times = *rc::gen::inRange(0, 4);
          for (int i = 0; i < times; ++i) deliveries.push_back(unlock);
        }
        for (const Unlock& unlock : shuffled(deliveries)) {
          current = &unlock;
          static_cast<void>(world->outcome(unlock));
        }
        world->kisi.fates = world->glofox.fates = [](std::string_view) { return Fate::fine; };
        world->options.needs_cache = true;
        handle_all(*world, stream);

        RC_ASSERT(entries_of(*world).size() == world->glofox.entries.size());
        for (const Unlock& unlock : stream) {
          const bool entered = entries_of(*world).contains({unlock.at, member_of(unlock)});
          RC_ASSERT(entered != unanswerable.contains({unlock.at, member_of(unlock)}));
        }
        for (const auto& mark : world->glofox.marks) RC_ASSERT(mark.second == 1);
        const auto undisturbed = make_world(false);
        handle_all(*undisturbed, stream);
        const std::set<std::string> attended = attended_of(*world);
        for (const std::string& booking : attended_of(*undisturbed)) RC_ASSERT(attended.contains(booking));
      });
}

}  // namespace gk::test::checkin_property
