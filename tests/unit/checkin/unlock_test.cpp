#include "checkin/unlock.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/builders.hpp"

namespace gk::checkin::event_test {

namespace {

std::string fixture(const std::string& name) {
  std::ifstream in(std::string(GK_FIXTURES) + "/checkin/events/" + name, std::ios::binary);
  if (!in) FAIL("no fixture " << name);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Unlock parsed(const std::string& name) {
  INFO(name);
  auto unlock = parse_unlock(fixture(name));
  if (!unlock) FAIL(unlock.error().message);
  return *std::move(unlock);
}

}  // namespace

TEST_CASE("a webhook body becomes an event") {
  const Unlock unlock = parsed("webhook.json");
  CHECK(unlock.uuid == "0b6a4c1e-7c0e-4b57-9d1c-2f4de1a77a10");
  CHECK(unlock.is_unlock());
  CHECK(unlock.success);
  CHECK(unlock.actor == UserId{7710342});
  CHECK(unlock.email.empty());
  CHECK(unlock.lock == LockId{18842});
  CHECK(unlock.lock_name == "Front door");
  CHECK(unlock.place == PlaceId{22801});
  CHECK(unlock.at == test::at("2026-03-01T08:11:47Z"));
}

TEST_CASE("spellings of the same event are the same event") {
  const char* names[] = {"with_email.json",  "unknown_keys.json",       "bom.json",
                         "offset_time.json", "numbers_as_strings.json", "duplicate_keys.json"};
  for (const char* name : names) {
    const Unlock unlock = parsed(name);
    INFO(name);
    CHECK(unlock.is_unlock());
    CHECK(unlock.success);
    CHECK(unlock.actor == UserId{7710342});
    CHECK(unlock.lock == LockId{18842});
    CHECK(unlock.place == PlaceId{22801});
    CHECK(unlock.at == test::at("2026-03-01T08:11:47Z"));
  }
  CHECK(parsed("with_email.json").email == "Member.One@example.com");
}

TEST_CASE("what is no check-in is still understood") {
  CHECK_FALSE(parsed("denied.json").success);
  CHECK_FALSE(parsed("guest.json").actor.has_value());
  CHECK_FALSE(parsed("no_actor.json").actor.has_value());
  CHECK_FALSE(parsed("no_place.json").place.has_value());
  CHECK_FALSE(parsed("elevator.json").is_unlock());
  CHECK(parsed("other_type.json").type == "user.update");
  CHECK(parsed("uuid_with_path.json").uuid == "../../../../etc/cron.d/x");
  CHECK(parsed("uuid_with_nul.json").uuid == std::string("a\0b", 3));
}

TEST_CASE("every unusable event is refused, and none crashes") {
  int refused = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(GK_FIXTURES) + "/checkin/events")) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    const auto unlock = parse_unlock(fixture(name));
    CHECK(unlock.has_value() == !name.starts_with("bad_"));
    if (unlock) continue;
    CHECK(unlock.error().category == Category::protocol);
    CHECK(unlock.error().message.starts_with("the event cannot be used: "));
    ++refused;
  }
  CHECK(refused == 22);
}

TEST_CASE("the size limit is 64 KiB exactly") {
  std::string body = fixture("webhook.json");
  body.resize(k_max_unlock_bytes, ' ');
  CHECK(parse_unlock(body).has_value());
  body += ' ';
  REQUIRE_FALSE(parse_unlock(body).has_value());
  CHECK(parse_unlock(body).error().message.find("64 KiB") != std::string::npos);
}

}  // namespace gk::checkin::event_test
