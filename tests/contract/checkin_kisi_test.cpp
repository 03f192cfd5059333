#include <catch2/catch.hpp>

#include "contract/sandbox_kisi.hpp"
#include "kisi/checkin_client.hpp"

// Kisi around one unlock, in every setting of the switches that its questions depend on.
namespace gk::test::checkin_kisi_test {

namespace {

struct SandboxDoors {
  SandboxKisi sandbox;
  std::unique_ptr<http::Stack> stack;
  std::unique_ptr<kisi::CheckinClient> doors;

  explicit SandboxDoors(const std::string& setting = {}, const std::string& key = {})
      : sandbox(setting.empty() ? std::vector<std::string>{"--people", "0"}
                                : std::vector<std::string>{"--people", "0", "--switch", setting}) {
    stack = sandbox.make_stack(sandbox.kisi_options(key));
    doors = std::make_unique<kisi::CheckinClient>(stack->transport(), sandbox.client(), sandbox.log());
  }
  std::int64_t add_row(const std::string& body) {
    return sandbox.post("/kisi/role_assignments", body).root()["id"].as_integer().value();
  }
};

}  // namespace

TEST_CASE("a door and its place", "[checkin]") {
  SandboxDoors kisi;
  const auto door = kisi.doors->read_door(LockId{18842});
  REQUIRE(door.has_value());
  REQUIRE(door->has_value());
  CHECK((*door)->place == PlaceId{22801});
  CHECK((*door)->name == "Front door");
  CHECK((*kisi.doors->read_door(LockId{18850}))->place == PlaceId{22802});
}

TEST_CASE("what Kisi does not show is nothing, however it says so", "[checkin]") {
  const std::string setting = GENERATE("missing_id=mixed", "missing_id=403", "missing_id=404");
  SandboxDoors kisi(setting);
  const auto door = kisi.doors->read_door(LockId{99});
  REQUIRE(door.has_value());
  CHECK_FALSE(door->has_value());
  const auto user = kisi.doors->read_user(UserId{99});
  REQUIRE(user.has_value());
  CHECK_FALSE(user->has_value());
  const auto rows = kisi.doors->read_rows_of(UserId{99});
  REQUIRE(rows.has_value());
  CHECK(rows->empty());
}

TEST_CASE("a user with our mark, and the user behind the key", "[checkin]") {
  SandboxDoors kisi;
  const UserId id = kisi.sandbox.add_user(
      "ada@example.com",
      R"({"glofox_member_id":"65aa00000000000000000001","glofox_branch_id":"64b0c0ffee00000000000b01"})");
  const auto user = kisi.doors->read_user(id);
  REQUIRE(user.has_value());
  REQUIRE(user->has_value());
  CHECK((*user)->email == "ada@example.com");
  CHECK((*user)->metadata_text(k_metadata_member) == "65aa00000000000000000001");
  CHECK(kisi.doors->read_own_user() == k_key_user);
  CHECK((*kisi.doors->find_user(*PersonKey::from_email("ADA@example.com")))->id == id);
  CHECK_FALSE(kisi.doors->find_user(*PersonKey::from_email("bo@example.com"))->has_value());
}

TEST_CASE("the rows of one person in all groups, whatever Kisi filters", "[checkin]") {
  const std::string setting = GENERATE("", "extra_filters=ignored", "role_row_form=old", "list_order=id_desc",
                                       "expired_rows=dropped", "range_header=absent");
  CAPTURE(setting);
  SandboxDoors kisi(setting);
  const UserId ada = kisi.sandbox.add_user("ada@example.com");
  const std::int64_t member = kisi.add_row(fmt::format(R"({{"user_id":{}}})", ada));
  const std::int64_t booked = kisi.add_row(
      fmt::format(R"({{"user_id":{},"group_id":45512,"valid_until":"2099-01-01T00:00:00Z"}})", ada));
  const std::int64_t foreign =
      kisi.add_row(fmt::format(R"({{"user_id":{},"group_id":45513,"created_by_id":6999999}})", ada));
  kisi.add_row(R"({"email":"bo@example.com"})");
  const auto rows = kisi.doors->read_rows_of(ada);
  REQUIRE(rows.has_value());
  std::map<std::int64_t, RoleAssignment> by_id;
  for (const RoleAssignment& row : *rows) by_id[row.id.value()] = row;
  REQUIRE(by_id.size() == 3);
  CHECK(by_id.at(member).group == GroupId{45510});
  CHECK(by_id.at(member).creator == k_key_user);
  CHECK(by_id.at(booked).group == GroupId{45512});
  CHECK(by_id.at(booked).validity.until.has_value());
  CHECK(by_id.at(foreign).creator == UserId{6999999});
}

TEST_CASE("failures of the account and of the service", "[checkin]") {
  SandboxDoors refused("", "wrong-key");
  CHECK(refused.doors->read_door(LockId{18842}).error().category == Category::auth);
  CHECK(refused.doors->read_user(UserId{7000001}).error().category == Category::auth);
  CHECK(refused.doors->read_rows_of(UserId{7000001}).error().category == Category::auth);
  SandboxDoors kisi;
  kisi.sandbox.post("/faults", R"({"service":"kisi","kind":"status","status":503})");
  CHECK(kisi.doors->read_door(LockId{18842}).error().category == Category::unavailable);
  CHECK(kisi.doors->read_user(UserId{7000001}).error().category == Category::unavailable);
  kisi.sandbox.erase("/faults");
  kisi.sandbox.post("/faults", R"({"service":"kisi","kind":"malformed"})");
  CHECK(kisi.doors->read_door(LockId{18842}).error().category == Category::protocol);
  CHECK_FALSE(kisi.doors->read_rows_of(UserId{7000001}).has_value());
  kisi.sandbox.erase("/faults");
  kisi.sandbox.post("/faults", R"({"service":"kisi","path":"^/locks","kind":"body","body":{"id":18842}})");
  CHECK(kisi.doors->read_door(LockId{18842}).error().category == Category::protocol);
  kisi.sandbox.erase("/faults");
  kisi.sandbox.post("/faults",
                    R"({"service":"kisi","path":"^/locks","kind":"body","body":{"id":1,"place_id":22801}})");
  CHECK(kisi.doors->read_door(LockId{18842}).error().category == Category::protocol);
}

}  // namespace gk::test::checkin_kisi_test
