#include "checkin/visit.hpp"

#include <catch2/catch.hpp>

#include "support/door_world.hpp"

// What becomes of an unlock while both services work.
namespace gk::checkin::pass_test {

namespace {

using namespace std::chrono_literals;
using test::at;
using test::DoorWorld;
using Calls = std::vector<std::string>;

constexpr const char* k_time = "2026-03-01T08:00:00Z";

void book(DoorWorld& world, unsigned member, std::string_view start = "2026-03-01T08:30:00Z",
          std::string_view end = "2026-03-01T09:30:00Z", unsigned number = 1) {
  world.glofox.bookings.push_back(test::booking(number, test::member_id(member), start, end));
}

}  // namespace

TEST_CASE("an unlock becomes one entry at the time of the unlock") {
  DoorWorld world;
  const UserId ada = world.add_person(1);
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied");
  REQUIRE(world.glofox.entries.size() == 1);
  CHECK(world.glofox.entries[0].member == test::member_id(1));
  CHECK(world.glofox.entries[0].at == at(k_time));
  CHECK(world.glofox.entries[0].door == "Front door");
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "ignored duplicate");
  CHECK(world.glofox.entries.size() == 1);
}

TEST_CASE("requests of one unlock") {
  DoorWorld world;
  const UserId ada = world.add_person(1);
  book(world, 1);
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied attendance=applied");
  CHECK(world.kisi.calls == Calls{"read_door", "read_rows_of", "read_own_user", "read_user"});
  CHECK(world.glofox.calls == Calls{"record_entry", "read_bookings_of", "mark_attended"});
  CHECK(world.glofox.is_attended(world.glofox.bookings[0].id));
}

TEST_CASE("an entry that marks the booking leaves nothing to mark") {
  DoorWorld world;
  world.glofox.entry_marks = true;
  const UserId ada = world.add_person(1);
  book(world, 1);
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) ==
        "applied entry=applied attendance=already_done");
  CHECK(world.glofox.marks.empty());
}

TEST_CASE("modes") {
  for (const bool booked : {false, true}) {
    DoorWorld world;
    const UserId ada = world.add_person(1);
    if (booked) book(world, 1);
    SECTION("access sends the entry and asks nothing else") {
      world.integration.checkin.mode = CheckinMode::access;
      CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied");
      CHECK(world.glofox.calls == Calls{"record_entry"});
    }
    SECTION("attendance marks a booking, or does nothing") {
      world.integration.checkin.mode = CheckinMode::attendance;
      CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) ==
            (booked ? "applied attendance=applied" : "ignored no-booking"));
      CHECK(world.glofox.entries.empty());
      CHECK(world.outcome(DoorWorld::unlock("u2", ada, k_time)) ==
            (booked ? "already_done attendance=already_done" : "ignored no-booking"));
      if (booked) CHECK(world.glofox.marks.begin()->second == 1);
    }
  }
}

TEST_CASE("attendance alone is read back") {
  DoorWorld world;
  world.integration.checkin.mode = CheckinMode::attendance;
  const UserId ada = world.add_person(1);
  book(world, 1);
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied attendance=applied");
  CHECK(world.glofox.calls == Calls{"read_bookings_of", "mark_attended", "read_bookings_of"});
}

TEST_CASE("nobody else's unlock is checked in") {
  struct Row {
    const char* name;
    void (*change)(DoorWorld&, Unlock&);
    const char* outcome;
  };
  const Row rows[] = {
      {"a lock of another place behind our place's name",
       [](DoorWorld&, Unlock& unlock) { unlock.lock = test::k_foreign_door; }, "ignored other-place"},
      {"a lock that Kisi does not show", [](DoorWorld&, Unlock& unlock) { unlock.lock = LockId{1}; },
       "ignored other-place"},
      {"no place in the event, a door elsewhere",
       [](DoorWorld&, Unlock& unlock) {
         unlock.place.reset();
         unlock.lock = test::k_foreign_door;
       },
       "ignored other-place"},
      {"no place in the event, our door", [](DoorWorld&, Unlock& unlock) { unlock.place.reset(); },
       "applied entry=applied"},
      {"a foreign row", [](DoorWorld& world, Unlock&) { world.kisi.rows[0].creator = UserId{6999999}; },
       "ignored not-ours"},
      {"no row", [](DoorWorld& world, Unlock&) { world.kisi.rows.clear(); }, "ignored not-ours"},
      {"a row of a former group",
       [](DoorWorld& world, Unlock&) { world.kisi.rows[0].group = test::k_former_group; },
       "ignored not-ours"},
      {"a row that had ended",
       [](DoorWorld& world, Unlock&) { world.kisi.rows[0].validity.until = at(k_time); }, "ignored not-ours"},
      {"a guest", [](DoorWorld&, Unlock& unlock) { unlock.actor.reset(); }, "ignored not-a-user"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    DoorWorld world;
    Unlock unlock = DoorWorld::unlock("u1", world.add_person(1), k_time);
    row.change(world, unlock);
    CHECK(world.outcome(unlock) == row.outcome);
    CHECK((world.glofox.entries.empty() && world.glofox.calls.empty()) ==
          std::string_view(row.outcome).starts_with("ignored"));
  }
}

TEST_CASE("a user whom Kisi hides behind a grant that it shows is told of, and tried again") {
  DoorWorld world;
  const Unlock unlock = DoorWorld::unlock("u1", world.add_person(1), k_time);
  const auto users = std::exchange(world.kisi.users, {});
  CHECK(world.outcome(unlock) == "failed");
  CHECK(world.glofox.calls.empty());
  world.kisi.users = users;
  CHECK(world.outcome(unlock) == "applied entry=applied");
}

TEST_CASE("what an event says of itself costs no request and leaves no file") {
  DoorWorld world;
  Unlock unlock = DoorWorld::unlock("u1", world.add_person(1), k_time);
  unlock.success = false;
  CHECK(world.outcome(unlock) == "ignored denied");
  CHECK(world.kisi.calls.empty());
  CHECK_FALSE(std::filesystem::exists(world.cache_path));
}

TEST_CASE("a decision against one integration binds no other of the same location") {
  DoorWorld world;
  const UserId ada = world.add_person(1);
  world.integration.group = GroupId{45999};
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "ignored not-ours");
  world.integration.group = test::k_group;
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied");
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "ignored duplicate");
}

TEST_CASE("several doors, one entry; the booking that opens meanwhile is marked") {
  DoorWorld world;
  const UserId ada = world.add_person(1);
  book(world, 1, "2026-03-01T09:05:00Z", "2026-03-01T10:00:00Z");  // its window opens at 08:05
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, "2026-03-01T08:00:00Z")) == "applied entry=applied");
  CHECK(world.outcome(DoorWorld::unlock("u2", ada, "2026-03-01T08:01:00Z", test::k_back_door)) ==
        "ignored duplicate");
  CHECK(world.outcome(DoorWorld::unlock("u3", ada, "2026-03-01T08:06:00Z")) == "applied attendance=applied");
  CHECK(world.glofox.entries.size() == 1);
  world.now = at("2026-03-01T08:20:00Z");
  CHECK(world.outcome(DoorWorld::unlock("u4", ada, "2026-03-01T08:10:00Z")) ==
        "applied entry=applied attendance=already_done");
  CHECK(world.glofox.entries.size() == 2);
}

TEST_CASE("the mark names the person, whatever the e-mails say") {
  DoorWorld world;
  const UserId ada = world.add_person(1);
  world.add_person(2);
  world.kisi.users[ada].email = "person.2@example.com";
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied");
  CHECK(world.glofox.entries[0].member == test::member_id(1));
  CHECK(std::count(world.glofox.calls.begin(), world.glofox.calls.end(), "find_members") == 0);
}

TEST_CASE("without a mark the exact e-mail does") {
  DoorWorld world;
  const UserId ada = world.add_person(1, false);
  world.kisi.users[ada].email = " Person.1@Example.com ";
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied");
  world.kisi.users[ada].metadata["glofox_member_id"] = "\"65aa00000000000000000002\"";
  world.kisi.users[ada].metadata["glofox_branch_id"] = "\"64b0c0ffee00000000000b02\"";
  world.now = at("2026-03-01T10:00:00Z");
  CHECK(world.outcome(DoorWorld::unlock("u2", ada, "2026-03-01T09:59:00Z")) == "applied entry=applied");
  CHECK(world.glofox.entries[1].member == test::member_id(1));
}

TEST_CASE("several records behind one e-mail") {
  DoorWorld world;
  const UserId ada = world.add_person(1, false);
  world.glofox.members.push_back(test::lead(2, "person.1@example.com"));
  SECTION("the one with the membership") {
    CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied");
    CHECK(world.glofox.entries[0].member == test::member_id(1));
  }
  SECTION("the one with the booking") {
    book(world, 2);
    CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied attendance=applied");
    CHECK(world.glofox.entries[0].member == test::member_id(2));
  }
  SECTION("nobody when two have a membership, and it is reported") {
    world.glofox.members.push_back(test::member(3, "person.1@example.com"));
    CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "failed");
    CHECK(world.glofox.entries.empty());
  }
  SECTION("those who are deleted or elsewhere do not count") {
    world.glofox.members[0].membership = Membership{};
    world.glofox.members[1].active = false;
    Member visitor = test::lead(3, "person.1@example.com");
    visitor.other_branch = true;
    world.glofox.members.push_back(visitor);
    CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied");
    CHECK(world.glofox.entries[0].member == test::member_id(1));
  }
  SECTION("a thin row is asked about") {
    world.glofox.members[0].membership.status = MembershipStatus::missing;
    CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied");
    CHECK(world.glofox.entries[0].member == test::member_id(1));
  }
  SECTION("a crowd is not looked at one by one") {
    for (unsigned number = 3; number < 9; ++number)
      world.glofox.members.push_back(test::lead(number, "person.1@example.com"));
    CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "failed");
    CHECK(world.glofox.calls == Calls{"find_members"});
  }
}

TEST_CASE("nobody in Glofox is a failure that can be tried again") {
  DoorWorld world;
  const UserId ada = world.add_person(1, false);
  world.glofox.members.clear();
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "failed");
  world.glofox.members.push_back(test::member(1, "person.1@example.com"));
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied");
  world.kisi.users[ada].email = "nobody";
  CHECK(world.outcome(DoorWorld::unlock("u9", ada, k_time)) == "failed");
}

TEST_CASE("a dry run says what it would send, and does nothing") {
  DoorWorld world;
  const UserId ada = world.add_person(1);
  book(world, 1);
  world.options.dry_run = true;
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "planned entry=planned attendance=planned");
  CHECK(world.glofox.calls == Calls{"read_bookings_of"});
  CHECK_FALSE(std::filesystem::exists(world.cache_path));
  world.options.dry_run = false;
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "applied entry=applied attendance=applied");
  world.options.dry_run = true;
  CHECK(world.outcome(DoorWorld::unlock("u1", ada, k_time)) == "ignored duplicate");
  CHECK(world.outcome(DoorWorld::unlock("u2", ada, k_time)) == "already_done attendance=already_done");
}

TEST_CASE("what Glofox is told about the door can be printed") {
  DoorWorld world;
  Unlock unlock = DoorWorld::unlock("u1", world.add_person(1), k_time);
  unlock.lock_name = "Front\x1b[31m\n door";
  CHECK(world.outcome(unlock) == "applied entry=applied");
  CHECK(world.glofox.entries[0].door.find('\x1b') == std::string::npos);
  CHECK(world.glofox.entries[0].door.find('\n') == std::string::npos);
  unlock.uuid = "u2";
  unlock.lock_name.clear();
  unlock.at += 1h;
  world.now = unlock.at;
  CHECK(world.outcome(unlock) == "applied entry=applied");
  CHECK(world.glofox.entries[1].door == "Front door");  // Kisi's own name of it
}

}  // namespace gk::checkin::pass_test
