#include <catch2/catch.hpp>

#include <set>

#include "contract/sandbox_kisi.hpp"
#include "kisi/event_sets.hpp"

// Kisi's record of unlocks, in every setting of the switches about event sets.
namespace gk::test::checkin_event_sets_test {

namespace {

using namespace std::chrono_literals;

const Instant k_now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

struct SandboxUnlocks {
  SandboxKisi sandbox;
  std::unique_ptr<http::Stack> stack;
  UserId ada{};

  explicit SandboxUnlocks(const std::vector<std::string>& settings = {}) : sandbox(with_defaults(settings)) {
    stack = sandbox.make_stack(sandbox.kisi_options());
    ada = sandbox.add_user("ada@example.com");
  }
  static std::vector<std::string> with_defaults(const std::vector<std::string>& settings) {
    std::vector<std::string> arguments{"--people", "0", "--now", "2026-03-01T12:00:00Z"};
    bool limited = false;
    for (const std::string& setting : settings) {
      arguments.insert(arguments.end(), {"--switch", setting});
      limited = limited || setting.starts_with("event_set_limit");
    }
    if (!limited) arguments.insert(arguments.end(), {"--switch", "event_set_limit=off"});
    return arguments;
  }
  void add_unlock(Instant at, const std::string& more = {}) {
    sandbox.post("/events", fmt::format(R"({{"actor_id":{},"at":"{}"{}}})", ada, format_rfc3339(at), more));
  }
  /// So many, ten seconds apart, the last one a minute ago.
  void add_unlocks(int count) {
    for (int i = 0; i < count; ++i) add_unlock(k_now - 60s - 10s * i);
  }
  Result<checkin::Unlocks> read(kisi::EventSetOptions options = quick(), std::optional<PlaceId> place = {}) {
    kisi::EventSetClient client(stack->transport(), sandbox.clock(), sandbox.log(), options);
    return client.read_unlocks(*Window::make(k_now - 10h, k_now), place);
  }
  static kisi::EventSetOptions quick() {
    kisi::EventSetOptions options;
    options.between_sets = 0ms;
    options.between_polls = 1ms;
    options.finish_within = 300ms;
    return options;
  }
};

std::size_t different_uuids(const checkin::Unlocks& unlocks) {
  std::set<std::string> uuids;
  for (const checkin::Unlock& unlock : unlocks.usable) uuids.insert(unlock.uuid);
  return uuids.size();
}

void check_sorted(const checkin::Unlocks& unlocks) {
  for (std::size_t i = 1; i < unlocks.usable.size(); ++i)
    CHECK(unlocks.usable[i - 1].at <= unlocks.usable[i].at);
}

}  // namespace

TEST_CASE("every unlock once, in time order, in every setting", "[checkin]") {
  const std::string setting =
      GENERATE("event_order=descending", "event_order=ascending", "event_order=shuffled", "event_set_polls=0",
               "event_set_polls=3", "rate_limit_body=html");
  CAPTURE(setting);
  SandboxUnlocks kisi({setting});
  kisi.add_unlocks(7);
  const auto unlocks = kisi.read();
  REQUIRE(unlocks.has_value());
  CHECK(unlocks->usable.size() == 7);
  CHECK(different_uuids(*unlocks) == 7);
  CHECK(unlocks->unusable == 0);
  CHECK_FALSE(unlocks->cut_short);
  check_sorted(*unlocks);
  CHECK(unlocks->usable.front().actor == kisi.ada);
  CHECK(unlocks->usable.front().email == "ada@example.com");
  CHECK(unlocks->usable.front().place == PlaceId{22801});
}

TEST_CASE("pages are followed by their cursors", "[checkin]") {
  const std::string polls = GENERATE("event_set_polls=0", "event_set_polls=1");
  SandboxUnlocks kisi({polls});
  kisi.add_unlocks(420);
  const auto unlocks = kisi.read();
  REQUIRE(unlocks.has_value());
  CHECK(unlocks->usable.size() == 420);
  check_sorted(*unlocks);
}

TEST_CASE("a full set is split until nothing is cut off", "[checkin]") {
  SandboxUnlocks kisi({"event_cap=10"});
  kisi.add_unlocks(35);
  kisi::EventSetOptions options = SandboxUnlocks::quick();
  options.cap = 10;
  const auto unlocks = kisi.read(options);
  REQUIRE(unlocks.has_value());
  CHECK(unlocks->usable.size() == 35);
  CHECK(different_uuids(*unlocks) == 35);
  CHECK_FALSE(unlocks->cut_short);
  check_sorted(*unlocks);
}

TEST_CASE("a second that is too full is told", "[checkin]") {
  SandboxUnlocks kisi({"event_cap=5"});
  for (int i = 0; i < 8; ++i) kisi.add_unlock(k_now - 1h);
  kisi::EventSetOptions options = SandboxUnlocks::quick();
  options.cap = 5;
  const auto unlocks = kisi.read(options);
  REQUIRE(unlocks.has_value());
  CHECK(unlocks->cut_short);
}

TEST_CASE("only successful unlocks, of the place when it is named", "[checkin]") {
  SandboxUnlocks kisi;
  kisi.add_unlock(k_now - 1h);
  kisi.add_unlock(k_now - 1h, R"(,"success":false)");
  kisi.add_unlock(k_now - 1h, R"(,"type":"lock.open")");
  kisi.add_unlock(k_now - 1h, R"(,"lock_id":18850)");
  kisi.add_unlock(k_now - 11h);
  CHECK(kisi.read()->usable.size() == 2);
  CHECK(kisi.read(SandboxUnlocks::quick(), PlaceId{22802})->usable.size() == 1);
}

TEST_CASE("sets are made a second apart", "[checkin]") {
  SandboxUnlocks kisi({"event_set_limit=on", "event_cap=3"});
  kisi.add_unlocks(5);
  kisi::EventSetOptions options = SandboxUnlocks::quick();
  options.between_sets = kisi::EventSetOptions{}.between_sets;
  options.cap = 3;
  kisi.sandbox.erase("/journal");
  const auto unlocks = kisi.read(options);
  REQUIRE(unlocks.has_value());
  CHECK(unlocks->usable.size() == 5);
  CHECK(kisi.sandbox.get("/journal/summary").root()["kisi"]["status_429"].as_integer() == 0);
}

TEST_CASE("a set that fails, vanishes or is refused for a moment is made anew", "[checkin]") {
  const std::string fault = GENERATE(
      R"({"service":"kisi","path":"^/event_sets$","kind":"body","body":{"id":1,"status":"failed"},"count":2})",
      R"({"service":"kisi","path":"^/event_sets$","kind":"status","status":503,"count":2})",
      R"({"service":"kisi","path":"^/event_sets$","kind":"status","status":429,"count":2})",
      R"({"service":"kisi","path":"^/event_sets/","kind":"status","status":404,"count":1})",
      R"({"service":"kisi","path":"^/event_sets/","kind":"status","status":400,"count":1})",
      R"({"service":"kisi","path":"^/event_sets/","kind":"body","body":{"id":1,"status":"failed"},"count":0})");
  CAPTURE(fault);
  SandboxUnlocks kisi;
  kisi.add_unlocks(3);
  kisi.sandbox.post("/faults", fault);
  const auto unlocks = kisi.read();
  REQUIRE(unlocks.has_value());
  CHECK(unlocks->usable.size() == 3);
}

TEST_CASE("sets that never get ready are no endless wait", "[checkin]") {
  const std::string setting = GENERATE("event_set_polls=100000", "");
  SandboxUnlocks kisi(setting.empty() ? std::vector<std::string>{} : std::vector<std::string>{setting});
  if (setting.empty()) {
    kisi.sandbox.post(
        "/faults",
        R"({"service":"kisi","path":"^/event_sets$","kind":"body","body":{"id":1,"status":"failed"}})");
  }
  const auto unlocks = kisi.read();
  REQUIRE_FALSE(unlocks.has_value());
  CHECK(unlocks.error().category == Category::unavailable);
}

TEST_CASE("a cursor that comes back ends the pages", "[checkin]") {
  SandboxUnlocks kisi;
  kisi.add_unlocks(2);
  kisi.sandbox.post("/faults",
                    R"({"service":"kisi","path":"^/event_sets","kind":"status","status":200,"body":
    {"id":5500001,"status":"finished","cursor":"same","events":[
      {"uuid":"a","type":"lock.unlock","success":true,"actor_type":"User","actor_id":1,"object_type":"Lock",
       "object_id":18842,"place_id":22801,"created_at":"2026-03-01T11:00:00Z"},
      {"uuid":17,"type":"lock.unlock"}]}})");
  const auto unlocks = kisi.read();
  INFO((unlocks ? "" : unlocks.error().message));
  REQUIRE(unlocks.has_value());
  CHECK(unlocks->usable.size() == 1);
  CHECK(unlocks->unusable == 2);
  CHECK_FALSE(unlocks->cut_short);
}

TEST_CASE("answers that are no event set", "[checkin]") {
  const std::string body = GENERATE("[]", "{}", R"({"id":1})", R"({"id":1,"status":"finished"})",
                                    R"({"id":1,"status":"finished","events":{}})");
  SandboxUnlocks kisi;
  kisi.sandbox.post(
      "/faults", fmt::format(R"({{"service":"kisi","path":"^/event_sets","kind":"body","body":{}}})", body));
  const auto unlocks = kisi.read();
  REQUIRE_FALSE(unlocks.has_value());
  CHECK(unlocks.error().category == Category::protocol);
}

}  // namespace gk::test::checkin_event_sets_test
