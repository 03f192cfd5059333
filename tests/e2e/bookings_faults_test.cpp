#include <fmt/format.h>
#include <signal.h>

#include <catch2/catch.hpp>
#include <thread>

#include "e2e/sandbox_gym.hpp"

// What goes wrong while bookings are read or written, and bookings that make no sense.
namespace gk::test::bookings_faults_test {

namespace {

const std::string k_enabled = R"(,"bookings":{"enabled":true})";

std::string payg(const SandboxGym& gym, const std::string& email) {
  return gym.add_member(email, Membership{.type = "payg", .name = ""});
}

/// Something to do of every kind: a new person, a known user, a moved class, a cancelled one, an ended row, a
/// duplicate row.
void prepare(SandboxGym& gym) {
  gym.settings.integration = k_enabled;
  gym.add_booking(payg(gym, "ada@example.com"), time_from_now(30), time_from_now(90));
  gym.add_user("bo@example.com");
  gym.add_booking(payg(gym, "bo@example.com"), time_from_now(60), time_from_now(120));
  gym.add_booking(payg(gym, "cy@example.com"), time_from_now(60), time_from_now(120));
  gym.add_row("cy@example.com", fmt::format(R"(,"valid_from":"{}","valid_until":"{}")", time_from_now(-30),
                                            time_from_now(150)));
  const std::string dee = payg(gym, "dee@example.com");
  gym.add_booking(dee, time_from_now(60), time_from_now(120), R"(,"status":"CANCELED")");
  gym.add_row("dee@example.com",
              fmt::format(R"(,"valid_from":"{}","valid_until":"{}")", time_from_now(0), time_from_now(180)));
  gym.add_row("eli@example.com",
              R"(,"valid_from":"2026-01-01T00:00:00Z","valid_until":"2026-01-01T03:00:00Z")");
  gym.add_row("by.hand@example.net", R"(,"created_by_id":6999999)");
}

void require_right(const SandboxGym& gym) {
  gym.clear_faults();
  CHECK(gym.windows() == gym.expected_windows());
  CHECK(gym.group().size() == gym.windows().size() + 1);
  gym.clear_journal();
  require_exit(gym.sync_bookings(), 0);
  CHECK(gym.writes() == 0);
  require_no_duplicates(gym);
}

}  // namespace

TEST_CASE("killed after any request and run once more, bookings are as after an undisturbed run",
          "[bookings]") {
  SandboxGym gym;
  prepare(gym);
  const std::string state = gym.get("/state");
  gym.clear_journal();
  require_exit(gym.sync_bookings(), 0);
  const std::int64_t requests = gym.kisi().requests + gym.glofox().requests;
  require_right(gym);
  REQUIRE(requests > 12);
  const std::string fault = GENERATE("timeout_after", "timeout_before");
  for (std::int64_t number = 1; number <= requests; ++number) {
    CAPTURE(fault, number);
    gym.put("/state", state);
    kill_at_request(gym, gym.bookings_program(), number, fault);
    gym.clear_faults();
    require_exit(gym.sync_bookings(), 0);
    require_right(gym);
  }
}

TEST_CASE("trouble with a service removes nobody and has its exit code", "[bookings]") {
  struct Row {
    const char* name;
    const char* fault;
    int code;
  };
  const auto row = GENERATE(values<Row>({
      {"bookings unreachable", R"({"service":"glofox","path":"/bookings","kind":"status","status":503})", 69},
      {"bookings refused", R"({"service":"glofox","path":"/bookings","kind":"success_false"})", 65},
      {"HTML", R"({"service":"glofox","path":"/bookings","kind":"html502"})", 69},
      {"truncated", R"({"service":"glofox","path":"/bookings","kind":"malformed"})", 65},
      {"a total that is wrong", R"({"service":"glofox","path":"/bookings","kind":"wrong_total","delta":5})",
       65},
      {"a list that lost its last row",
       R"({"service":"glofox","path":"/bookings","kind":"short_page","rows":1})", 65},
      {"credentials", R"({"service":"glofox","kind":"status","status":401})", 77},
      {"Kisi's group incomplete",
       R"({"service":"kisi","path":"role_assignments","kind":"wrong_total","delta":1})", 65},
  }));
  CAPTURE(row.name);
  SandboxGym gym;
  prepare(gym);
  const auto before = gym.group();
  gym.add_fault(row.fault);
  const Ended run = gym.sync_bookings();
  require_exit(run, row.code);
  CHECK_FALSE(run.err.empty());
  for (const GroupRow& entry : before) {
    const auto now = gym.group();
    // cy's class has moved, which an incomplete list may say as well.
    const bool stays = entry.email == "cy@example.com" || std::ranges::find(now, entry) != now.end();
    CHECK(stays);
  }
  gym.clear_faults();
  require_exit(gym.sync_bookings(), 0);
  require_right(gym);
}

TEST_CASE("a time zone that is missing or unknown refuses bookings, never UTC", "[bookings]") {
  SandboxGym gym;
  prepare(gym);
  const std::string zone = GENERATE(R"(null)", R"("")", R"("Mars/Olympus_Mons")");
  gym.add_fault(fmt::format(
      R"({{"service":"glofox","path":"/2.0/branches/{0}$","kind":"body","body":"{{\"_id\":\"{0}\",\"address\":{{\"timezone_id\":{1}}}}}"}})",
      k_branch,
      zone == "null"    ? "null"
      : zone == R"("")" ? R"(\"\")"
                        : R"(\"Mars/Olympus_Mons\")"));
  gym.clear_journal();
  const Ended run = gym.sync_bookings();
  require_exit(run, 65);
  CHECK(contains(run.err, "bookings were left as they are"));
  CHECK(gym.writes() == 0);
}

TEST_CASE("bookings that make no sense are tolerated or told, and harm nobody else", "[bookings]") {
  SandboxGym gym;
  gym.settings.integration = k_enabled;
  gym.add_booking(payg(gym, "ada@example.com"), time_from_now(30), time_from_now(90));
  const std::string bo = payg(gym, "bo@example.com");
  SECTION("the end before the start: an hour is assumed") {
    gym.add_booking(bo, time_from_now(30), time_from_now(-30));
  }
  SECTION("forty hours: an hour is assumed") {
    const std::string id = gym.add_booking(bo, time_from_now(30), time_from_now(30 + 40 * 60));
    require_exit(gym.sync_bookings(), 0);
    const auto windows = gym.windows();
    REQUIRE(windows.size() == 2);
    CHECK(windows[0].until == windows[1].until);
    return;
  }
  SECTION("in 1970") { gym.add_booking(bo, "1970-01-01 10:00:00", "1970-01-01 11:00:00"); }
  SECTION("an unknown type") {
    gym.add_booking(bo, time_from_now(30), time_from_now(90), R"(,"type":"sauna","model":"sauna")");
  }
  SECTION("of a deleted person") {
    gym.add_booking(bo, time_from_now(30), time_from_now(90));
    gym.change_person(bo, R"({"active":false})");
    const Ended run = gym.sync_bookings({"--output", "json"});
    require_exit(run, 0);
    CHECK((has_notice(parse(run.out), "deleted_member") || has_notice(parse(run.out), "unknown_member")));
  }
  SECTION("of a person without an e-mail") {
    const std::string nobody = gym.add_member("", Membership{.type = "payg", .name = ""});
    gym.add_booking(nobody, time_from_now(30), time_from_now(90));
    const Ended run = gym.sync_bookings({"--output", "json"});
    require_exit(run, 0);
    CHECK(has_notice(parse(run.out), "missing_email"));
  }
  SECTION("waiting, reserved, failed, cancelled, and guests have no identity") {
    for (const char* status : {"WAITING", "RESERVED", "FAILED", "CANCELED"})
      gym.add_booking(bo, time_from_now(30), time_from_now(90), fmt::format(R"(,"status":"{}")", status));
    gym.add_booking(payg(gym, "host@example.com"), time_from_now(30), time_from_now(90),
                    R"(,"guest_bookings":3)");
  }
  SECTION("a thousand of one person") {
    for (int i = 0; i < 1000; ++i) gym.add_booking(bo, time_from_now(30), time_from_now(90));
  }
  require_exit(gym.sync_bookings(), 0);
  CHECK(gym.windows() == gym.expected_windows());
  CHECK_FALSE(gym.windows().empty());
  gym.clear_journal();
  require_exit(gym.sync_bookings(), 0);
  CHECK(gym.writes() == 0);
}

TEST_CASE("a foreign row in the way fails that person by name and nobody else", "[bookings]") {
  SandboxGym gym;
  gym.settings.integration = k_enabled;
  gym.add_booking(payg(gym, "ada@example.com"), time_from_now(90), time_from_now(150));
  gym.add_booking(payg(gym, "bo@example.com"), time_from_now(90), time_from_now(150));
  gym.add_row("ada@example.com",
              fmt::format(R"(,"created_by_id":6999999,"valid_until":"{}")", time_from_now(60)));
  const Ended run = gym.sync_bookings();
  require_exit(run, 3);
  CHECK(contains(run.out, "is in the way"));
  REQUIRE(gym.windows().size() == 1);
  CHECK(gym.windows().front().email == "bo@example.com");
}

TEST_CASE("SIGTERM in the middle of the writes ends in order, and the next run does the rest", "[bookings]") {
  SandboxGym gym;
  gym.settings.integration = k_enabled;
  for (int i = 0; i < 6; ++i)
    gym.add_booking(payg(gym, fmt::format("person.{}@example.com", i)), time_from_now(30 + i),
                    time_from_now(90 + i));
  gym.add_fault(
      R"({"service":"kisi","method":"POST","path":"role_assignments","nth":2,"kind":"latency","ms":800})");
  Process run(gym.bookings_program({"--output", "json"}));
  wait_for_fault(gym, run);
  run.send_signal(SIGTERM);
  require_exit(run.wait(), 128 + SIGTERM);
  CHECK(gym.windows().size() == 2);
  gym.clear_faults();
  require_exit(gym.sync_bookings(), 0);
  CHECK(gym.windows() == gym.expected_windows());
}

}  // namespace gk::test::bookings_faults_test
