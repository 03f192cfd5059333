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

Event parsed(const std::string& name) {
  INFO(name);
  auto event = parse_event(fixture(name));
  if (!event) FAIL(event.error().message);
  return *std::move(event);
}

}  // namespace

TEST_CASE("a webhook body becomes an event") {
  const Event event = parsed("webhook.json");
  CHECK(event.uuid == "0b6a4c1e-7c0e-4b57-9d1c-2f4de1a77a10");
  CHECK(event.is_unlock());
  CHECK(event.success);
  CHECK(event.actor == UserId{7710342});
  CHECK(event.email.empty());
  CHECK(event.lock == LockId{18842});
  CHECK(event.lock_name == "Front door");
  CHECK(event.place == PlaceId{22801});
  CHECK(event.at == test::at("2026-03-01T08:11:47Z"));
}

TEST_CASE("spellings of the same event are the same event") {
  const char* names[] = {"with_email.json",  "unknown_keys.json",       "bom.json",
                         "offset_time.json", "numbers_as_strings.json", "duplicate_keys.json"};
  for (const char* name : names) {
    const Event event = parsed(name);
    INFO(name);
    CHECK(event.is_unlock());
    CHECK(event.success);
    CHECK(event.actor == UserId{7710342});
    CHECK(event.lock == LockId{18842});
    CHECK(event.place == PlaceId{22801});
    CHECK(event.at == test::at("2026-03-01T08:11:47Z"));
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
    const auto event = parse_event(fixture(name));
    CHECK(event.has_value() == !name.starts_with("bad_"));
    if (event) continue;
    CHECK(event.error().category == Category::protocol);
    CHECK(event.error().message.starts_with("the event cannot be used: "));
    ++refused;
  }
  CHECK(refused == 22);
}

TEST_CASE("the size limit is 64 KiB exactly") {
  std::string body = fixture("webhook.json");
  body.resize(k_max_event_bytes, ' ');
  CHECK(parse_event(body).has_value());
  body += ' ';
  REQUIRE_FALSE(parse_event(body).has_value());
  CHECK(parse_event(body).error().message.find("64 KiB") != std::string::npos);
}

}  // namespace gk::checkin::event_test
