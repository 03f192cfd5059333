#include <catch2/catch.hpp>
#include <fstream>

#include "support/door_world.hpp"
#include "util/digest.hpp"

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

struct SingleUnlock {
  DoorWorld world;
  UserId ada = world.add_person(1);
  Unlock unlock = DoorWorld::unlock("u1", ada, k_time);

  explicit SingleUnlock(bool booked = false) {
    if (booked) {
      world.glofox.bookings.push_back(
          test::booking(1, test::member_id(1), "2026-03-01T08:30:00Z", "2026-03-01T09:30:00Z"));
    }
  }
  std::string run() { return world.outcome(unlock); }
  [[nodiscard]] std::size_t entries() const { return world.glofox.entries.size(); }
  /// The stage in the event's file; empty: no file.
  [[nodiscard]] std::string stage() const {
    std::ifstream in(file());
    std::string text;
    in >> text;
    return text;
  }
  [[nodiscard]] std::filesystem::path file() const {
    return std::filesystem::path(world.cache_path) / test::k_branch.value() / "2026-03-01" / sha256_hex("u1");
  }
};

}  // namespace

TEST_CASE("a read that fails leaves the unlock to the next run") {
  for (const char* call : {"read_door", "read_rows_of", "read_own_user", "read_user"}) {
    INFO(call);
    SingleUnlock single;
    single.world.kisi.fates = when(call, Fate::unsent);
    CHECK(single.run() == "error unavailable");
    CHECK(single.entries() == 0);
    CHECK(single.stage().empty());
    single.world.kisi.fates = fine();
    CHECK(single.run() == "applied entry=applied");
  }
}

TEST_CASE("an entry that was surely not made is tried again by the next run") {
  for (const Fate fate : {Fate::refused, Fate::unsent}) {
    SingleUnlock single;
    single.world.glofox.fates = when("record_entry", fate);
    CHECK(single.run() == "failed entry=failed");
    CHECK(single.stage().empty());
    single.world.glofox.fates = fine();
    CHECK(single.run() == "applied entry=applied");
    CHECK(single.entries() == 1);
  }
}

TEST_CASE("an entry that was refused holds no other door back") {
  SingleUnlock single;
  single.world.glofox.fates = when("record_entry", Fate::refused);
  CHECK(single.run() == "failed entry=failed");
  single.world.glofox.fates = fine();
  const Unlock other = DoorWorld::unlock("u2", single.ada, "2026-03-01T08:01:00Z", test::k_back_door);
  CHECK(single.world.outcome(other) == "applied entry=applied");
  CHECK(single.entries() == 1);
}

TEST_CASE("that an entry is being sent is written down before it is sent") {
  SingleUnlock single;
  std::string stage_while_sending;
  single.world.glofox.fates = [&](std::string_view call) {
    if (call == "record_entry") stage_while_sending = single.stage();
    return Fate::fine;
  };
  CHECK(single.run() == "applied entry=applied");
  CHECK(stage_while_sending == "sending");
  CHECK(single.stage() == "done");
}

TEST_CASE("an entry of unknown fate is never sent again") {
  for (const Fate fate : {Fate::lost_before, Fate::lost_after}) {
    SingleUnlock single;
    single.world.glofox.fates = when("record_entry", fate);
    CHECK(single.run() == "unknown entry=unknown");
    CHECK(single.stage() == "done");
    single.world.glofox.fates = fine();
    CHECK(single.run() == "ignored duplicate");
    CHECK(single.entries() == (fate == Fate::lost_after ? 1 : 0));
  }
}

TEST_CASE("an entry of unknown fate still stands for the visit") {
  SingleUnlock single(true);
  SECTION("when the booking is settled later") {
    single.world.glofox.fates = [](std::string_view call) {
      if (call == "record_entry") return Fate::lost_after;
      return call == "mark_attended" ? Fate::lost_before : Fate::fine;
    };
    CHECK(single.run() == "unknown entry=unknown attendance=failed");
    CHECK(single.stage() == "sending");
    single.world.glofox.fates = fine();
    CHECK(single.run() == "unknown entry=unknown attendance=applied");
  }
  SECTION("at the next door") {
    single.world.glofox.fates = when("record_entry", Fate::lost_after);
    CHECK(single.run() == "unknown entry=unknown attendance=applied");
    single.world.glofox.fates = fine();
    single.unlock.uuid = "u2";
    CHECK(single.run() == "already_done attendance=already_done");
  }
  CHECK(single.entries() == 1);
}

TEST_CASE("an unknown entry does not keep the booking from being marked") {
  SingleUnlock single(true);
  single.world.glofox.fates = when("record_entry", Fate::lost_before);
  CHECK(single.run() == "unknown entry=unknown attendance=applied");
  CHECK(single.world.glofox.marks.size() == 1);
}

TEST_CASE("attendance of unknown fate is settled by reading") {
  SECTION("it had arrived") {
    SingleUnlock single(true);
    single.world.glofox.fates = when("mark_attended", Fate::lost_after);
    CHECK(single.run() == "applied entry=applied attendance=applied");
    CHECK(single.world.glofox.marks.begin()->second == 1);
  }
  SECTION("it had not, and the second try does") {
    SingleUnlock single(true);
    int tries = 0;
    single.world.glofox.fates = [&tries](std::string_view call) {
      return call == "mark_attended" && ++tries == 1 ? Fate::lost_before : Fate::fine;
    };
    CHECK(single.run() == "applied entry=applied attendance=applied");
    CHECK(tries == 2);
  }
  SECTION("it never does: the next run tries, without another entry") {
    SingleUnlock single(true);
    single.world.glofox.fates = when("mark_attended", Fate::lost_before);
    CHECK(single.run() == "failed entry=applied attendance=failed");
    CHECK(single.stage() == "entered");
    single.world.glofox.fates = fine();
    CHECK(single.run() == "applied entry=already_done attendance=applied");
    CHECK(single.entries() == 1);
    CHECK(single.run() == "ignored duplicate");
  }
  SECTION("it cannot be read back") {
    SingleUnlock single(true);
    int reads = 0;
    single.world.glofox.fates = [&reads](std::string_view call) {
      if (call == "mark_attended") return Fate::lost_after;
      return call == "read_bookings_of" && ++reads == 2 ? Fate::unsent : Fate::fine;
    };
    CHECK(single.run() == "unknown entry=applied attendance=unknown");
    single.world.glofox.fates = fine();
    CHECK(single.run() == "already_done entry=already_done attendance=already_done");
    CHECK(single.world.glofox.marks.begin()->second == 1);
  }
  SECTION("Glofox says yes and does not do it") {
    SingleUnlock single(true);
    single.world.integration.checkin.mode = CheckinMode::attendance;
    single.world.glofox.fates = when("mark_attended", Fate::lost_before);
    CHECK(single.run() == "failed attendance=failed");
    CHECK(single.stage().empty());
  }
  SECTION("Glofox does not name the booking") {
    SingleUnlock single(true);
    single.world.glofox.confirms = false;
    CHECK(single.run() == "applied entry=applied attendance=applied");
    CHECK(single.world.glofox.calls.back() == "read_bookings_of");
  }
}

TEST_CASE("bookings that cannot be read are looked up by the next run") {
  SingleUnlock single(true);
  single.world.glofox.fates = when("read_bookings_of", Fate::unsent);
  CHECK(single.run() == "failed entry=applied attendance=failed");
  single.world.glofox.fates = fine();
  CHECK(single.run() == "applied entry=already_done attendance=applied");
  CHECK(single.entries() == 1);
}

TEST_CASE("a run that was killed") {
  const auto leave = [](SingleUnlock& single, Stage stage) {
    Cache cache = single.world.cache();
    auto claim = cache.claim({"u1", test::at(k_time)});
    REQUIRE((*claim)->note(stage).has_value());
  };
  SECTION("before it sent anything: the entry is made") {
    SingleUnlock single;
    leave(single, Stage::claimed);
    CHECK(single.run() == "applied entry=applied");
  }
  SECTION("while it sent the entry: told once, not sent, the booking settled") {
    SingleUnlock single(true);
    leave(single, Stage::sending);
    CHECK(single.run() == "unknown entry=unknown attendance=applied");
    CHECK(single.entries() == 0);
    CHECK(single.run() == "ignored duplicate");
  }
  SECTION("after the entry: only the booking is left") {
    SingleUnlock single(true);
    leave(single, Stage::entered);
    CHECK(single.run() == "applied entry=already_done attendance=applied");
    CHECK(single.entries() == 0);
  }
  SECTION("what may have been sent is not forgotten when the next run fails too") {
    SingleUnlock single;
    leave(single, Stage::sending);
    single.world.kisi.fates = when("read_user", Fate::unsent);
    CHECK(single.run() == "error unavailable");
    single.world.kisi.fates = fine();
    CHECK(single.run() == "unknown entry=unknown");
    CHECK(single.entries() == 0);
  }
  SECTION("a dry run sees it too") {
    SingleUnlock single;
    leave(single, Stage::sending);
    single.world.options.dry_run = true;
    CHECK(single.run() == "unknown entry=unknown");
  }
}

TEST_CASE("without a cache") {
  SingleUnlock single(true);
  single.world.cache_path = "/proc/nothing/here";
  SECTION("a hook sends: the person is at the door") {
    CHECK(single.run() == "applied entry=applied attendance=applied");
  }
  SECTION("a catch-up sends no entry, but settles the booking") {
    single.world.options.needs_cache = true;
    CHECK(single.run() == "failed entry=failed attendance=applied");
    CHECK(single.entries() == 0);
  }
}

TEST_CASE("refused credentials stop the run, and what was done is told") {
  SingleUnlock single(true);
  SECTION("at a read") {
    single.world.kisi.fates = when("read_user", Fate::unauthorised);
    CHECK(single.run() == "error auth");
  }
  SECTION("at the entry: nothing more is sent") {
    single.world.glofox.fates = when("record_entry", Fate::unauthorised);
    const auto handled = single.world.run(single.unlock);
    REQUIRE(handled.has_value());
    REQUIRE(handled->stop.has_value());
    CHECK(handled->stop->category == Category::auth);
    CHECK(handled->result.access == CheckinOutcome::failed);
    CHECK(single.world.glofox.calls.size() == 1);
    CHECK(single.stage().empty());
  }
  SECTION("after the entry: it is remembered") {
    single.world.glofox.fates = when("mark_attended", Fate::unauthorised);
    const auto handled = single.world.run(single.unlock);
    REQUIRE(handled.has_value());
    CHECK(handled->stop.has_value());
    CHECK(handled->result.access == CheckinOutcome::applied);
    CHECK(single.stage() == "entered");
  }
}

TEST_CASE("an event that another process has now is not handled") {
  SingleUnlock single;
  Cache cache = single.world.cache();
  const auto claim = cache.claim({"u1", test::at(k_time)});
  REQUIRE(claim.has_value());
  CHECK(single.run() == "ignored duplicate");
  CHECK(single.entries() == 0);
}

}  // namespace gk::checkin::pass_faults_test
