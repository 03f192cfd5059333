#include <catch2/catch.hpp>
#include <fstream>

#include "support/door_world.hpp"

// What becomes of an unlock when a service, the disk or the program itself fails.
namespace gk::checkin::pass_faults_test {

namespace {

using namespace std::chrono_literals;
using test::DoorWorld;
using test::Fate;

constexpr const char* k_time = "2026-03-01T08:00:00Z";

/// That call meets that fate, always; all others are fine.
test::Fates when(std::string call, Fate fate) {
  return [call = std::move(call), fate](std::string_view name) { return name == call ? fate : Fate::fine; };
}

test::Fates fine() {
  return [](std::string_view) { return Fate::fine; };
}

struct Bench {
  DoorWorld world;
  UserId ada = world.add_person(1);
  Event event = DoorWorld::unlock("u1", ada, k_time);

  explicit Bench(bool booked = false) {
    if (booked) {
      world.glofox.bookings.push_back(
          test::booking(1, test::member_id(1), "2026-03-01T08:30:00Z", "2026-03-01T09:30:00Z"));
    }
  }
  std::string run() { return world.outcome(event); }
  [[nodiscard]] std::size_t entries() const { return world.glofox.entries.size(); }
  /// The stage in the event's file; empty: no file.
  [[nodiscard]] std::string stage() const {
    std::ifstream in(file());
    std::string text;
    in >> text;
    return text;
  }
  [[nodiscard]] std::filesystem::path file() const {
    return std::filesystem::path(world.cache_path) / test::k_branch.value() / "2026-03-01" /
           files::hashed_name("u1");
  }
};

}  // namespace

TEST_CASE("a read that fails leaves the unlock to the next run") {
  for (const char* call : {"read_door", "read_rows_of", "read_own_user", "read_user"}) {
    INFO(call);
    Bench bench;
    bench.world.kisi.fates = when(call, Fate::unsent);
    CHECK(bench.run() == "error unavailable");
    CHECK(bench.entries() == 0);
    CHECK(bench.stage().empty());
    bench.world.kisi.fates = fine();
    CHECK(bench.run() == "applied entry=applied");
  }
}

TEST_CASE("an entry that was surely not made is tried again by the next run") {
  for (const Fate fate : {Fate::refused, Fate::unsent}) {
    Bench bench;
    bench.world.glofox.fates = when("record_entry", fate);
    CHECK(bench.run() == "failed entry=failed");
    CHECK(bench.stage().empty());
    bench.world.glofox.fates = fine();
    CHECK(bench.run() == "applied entry=applied");
    CHECK(bench.entries() == 1);
  }
}

TEST_CASE("an entry that was refused holds no other door back") {
  Bench bench;
  bench.world.glofox.fates = when("record_entry", Fate::refused);
  CHECK(bench.run() == "failed entry=failed");
  bench.world.glofox.fates = fine();
  const Event other = DoorWorld::unlock("u2", bench.ada, "2026-03-01T08:01:00Z", test::k_back_door);
  CHECK(bench.world.outcome(other) == "applied entry=applied");
  CHECK(bench.entries() == 1);
}

TEST_CASE("that an entry is being sent is written down before it is sent") {
  Bench bench;
  std::string stage_while_sending;
  bench.world.glofox.fates = [&](std::string_view call) {
    if (call == "record_entry") stage_while_sending = bench.stage();
    return Fate::fine;
  };
  CHECK(bench.run() == "applied entry=applied");
  CHECK(stage_while_sending == "sending");
  CHECK(bench.stage() == "done");
}

TEST_CASE("an entry of unknown fate is never sent again") {
  for (const Fate fate : {Fate::lost_before, Fate::lost_after}) {
    Bench bench;
    bench.world.glofox.fates = when("record_entry", fate);
    CHECK(bench.run() == "unknown entry=unknown");
    CHECK(bench.stage() == "done");
    bench.world.glofox.fates = fine();
    CHECK(bench.run() == "ignored duplicate");
    CHECK(bench.entries() == (fate == Fate::lost_after ? 1 : 0));
  }
}

TEST_CASE("an entry of unknown fate still stands for the visit") {
  Bench bench(true);
  SECTION("when the booking is settled later") {
    bench.world.glofox.fates = [](std::string_view call) {
      if (call == "record_entry") return Fate::lost_after;
      return call == "mark_attended" ? Fate::lost_before : Fate::fine;
    };
    CHECK(bench.run() == "unknown entry=unknown attendance=failed");
    CHECK(bench.stage() == "sending");
    bench.world.glofox.fates = fine();
    CHECK(bench.run() == "unknown entry=unknown attendance=applied");
  }
  SECTION("at the next door") {
    bench.world.glofox.fates = when("record_entry", Fate::lost_after);
    CHECK(bench.run() == "unknown entry=unknown attendance=applied");
    bench.world.glofox.fates = fine();
    bench.event.uuid = "u2";
    CHECK(bench.run() == "already_done attendance=already_done");
  }
  CHECK(bench.entries() == 1);
}

TEST_CASE("an unknown entry does not keep the booking from being marked") {
  Bench bench(true);
  bench.world.glofox.fates = when("record_entry", Fate::lost_before);
  CHECK(bench.run() == "unknown entry=unknown attendance=applied");
  CHECK(bench.world.glofox.marks.size() == 1);
}

TEST_CASE("attendance of unknown fate is settled by reading") {
  SECTION("it had arrived") {
    Bench bench(true);
    bench.world.glofox.fates = when("mark_attended", Fate::lost_after);
    CHECK(bench.run() == "applied entry=applied attendance=applied");
    CHECK(bench.world.glofox.marks.begin()->second == 1);
  }
  SECTION("it had not, and the second try does") {
    Bench bench(true);
    int tries = 0;
    bench.world.glofox.fates = [&tries](std::string_view call) {
      return call == "mark_attended" && ++tries == 1 ? Fate::lost_before : Fate::fine;
    };
    CHECK(bench.run() == "applied entry=applied attendance=applied");
    CHECK(tries == 2);
  }
  SECTION("it never does: the next run tries, without another entry") {
    Bench bench(true);
    bench.world.glofox.fates = when("mark_attended", Fate::lost_before);
    CHECK(bench.run() == "failed entry=applied attendance=failed");
    CHECK(bench.stage() == "entered");
    bench.world.glofox.fates = fine();
    CHECK(bench.run() == "applied entry=already_done attendance=applied");
    CHECK(bench.entries() == 1);
    CHECK(bench.run() == "ignored duplicate");
  }
  SECTION("it cannot be read back") {
    Bench bench(true);
    int reads = 0;
    bench.world.glofox.fates = [&reads](std::string_view call) {
      if (call == "mark_attended") return Fate::lost_after;
      return call == "read_bookings_of" && ++reads == 2 ? Fate::unsent : Fate::fine;
    };
    CHECK(bench.run() == "unknown entry=applied attendance=unknown");
    bench.world.glofox.fates = fine();
    CHECK(bench.run() == "already_done entry=already_done attendance=already_done");
    CHECK(bench.world.glofox.marks.begin()->second == 1);
  }
  SECTION("Glofox says yes and does not do it") {
    Bench bench(true);
    bench.world.integration.checkin.mode = CheckinMode::attendance;
    bench.world.glofox.fates = when("mark_attended", Fate::lost_before);
    CHECK(bench.run() == "failed attendance=failed");
    CHECK(bench.stage().empty());
  }
  SECTION("Glofox does not name the booking") {
    Bench bench(true);
    bench.world.glofox.confirms = false;
    CHECK(bench.run() == "applied entry=applied attendance=applied");
    CHECK(bench.world.glofox.calls.back() == "read_bookings_of");
  }
}

TEST_CASE("bookings that cannot be read are looked up by the next run") {
  Bench bench(true);
  bench.world.glofox.fates = when("read_bookings_of", Fate::unsent);
  CHECK(bench.run() == "failed entry=applied attendance=failed");
  bench.world.glofox.fates = fine();
  CHECK(bench.run() == "applied entry=already_done attendance=applied");
  CHECK(bench.entries() == 1);
}

TEST_CASE("a run that was killed") {
  const auto leave = [](Bench& bench, Stage stage) {
    Cache cache = bench.world.cache();
    auto claim = cache.claim({"u1", test::at(k_time)});
    REQUIRE((*claim)->note(stage).has_value());
  };
  SECTION("before it sent anything: the entry is made") {
    Bench bench;
    leave(bench, Stage::claimed);
    CHECK(bench.run() == "applied entry=applied");
  }
  SECTION("while it sent the entry: told once, not sent, the booking settled") {
    Bench bench(true);
    leave(bench, Stage::sending);
    CHECK(bench.run() == "unknown entry=unknown attendance=applied");
    CHECK(bench.entries() == 0);
    CHECK(bench.run() == "ignored duplicate");
  }
  SECTION("after the entry: only the booking is left") {
    Bench bench(true);
    leave(bench, Stage::entered);
    CHECK(bench.run() == "applied entry=already_done attendance=applied");
    CHECK(bench.entries() == 0);
  }
  SECTION("what may have been sent is not forgotten when the next run fails too") {
    Bench bench;
    leave(bench, Stage::sending);
    bench.world.kisi.fates = when("read_user", Fate::unsent);
    CHECK(bench.run() == "error unavailable");
    bench.world.kisi.fates = fine();
    CHECK(bench.run() == "unknown entry=unknown");
    CHECK(bench.entries() == 0);
  }
  SECTION("a dry run sees it too") {
    Bench bench;
    leave(bench, Stage::sending);
    bench.world.options.dry_run = true;
    CHECK(bench.run() == "unknown entry=unknown");
  }
}

TEST_CASE("without a cache") {
  Bench bench(true);
  bench.world.cache_path = "/proc/nothing/here";
  SECTION("a hook sends: the person is at the door") {
    CHECK(bench.run() == "applied entry=applied attendance=applied");
  }
  SECTION("a catch-up sends no entry, but settles the booking") {
    bench.world.options.needs_cache = true;
    CHECK(bench.run() == "failed entry=failed attendance=applied");
    CHECK(bench.entries() == 0);
  }
}

TEST_CASE("refused credentials stop the run, and what was done is told") {
  Bench bench(true);
  SECTION("at a read") {
    bench.world.kisi.fates = when("read_user", Fate::unauthorised);
    CHECK(bench.run() == "error auth");
  }
  SECTION("at the entry: nothing more is sent") {
    bench.world.glofox.fates = when("record_entry", Fate::unauthorised);
    const auto handled = bench.world.run(bench.event);
    REQUIRE(handled.has_value());
    REQUIRE(handled->stop.has_value());
    CHECK(handled->stop->category == Category::auth);
    CHECK(handled->action.access == Outcome::failed);
    CHECK(bench.world.glofox.calls.size() == 1);
    CHECK(bench.stage().empty());
  }
  SECTION("after the entry: it is remembered") {
    bench.world.glofox.fates = when("mark_attended", Fate::unauthorised);
    const auto handled = bench.world.run(bench.event);
    REQUIRE(handled.has_value());
    CHECK(handled->stop.has_value());
    CHECK(handled->action.access == Outcome::applied);
    CHECK(bench.stage() == "entered");
  }
}

TEST_CASE("an event that another process has now is not handled") {
  Bench bench;
  Cache cache = bench.world.cache();
  const auto claim = cache.claim({"u1", test::at(k_time)});
  REQUIRE(claim.has_value());
  CHECK(bench.run() == "ignored duplicate");
  CHECK(bench.entries() == 0);
}

}  // namespace gk::checkin::pass_faults_test
