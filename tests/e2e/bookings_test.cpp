#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "e2e/sandbox_gym.hpp"
#include "support/golden.hpp"

// sync-bookings as its users see it (contract 1.3, 2, 5 to 10).
namespace gk::test::bookings_test {

namespace {

const std::string k_enabled = R"(,"bookings":{"enabled":true})";

/// A gym in Stockholm with one pay-as-you-go person, who has booked the class at three on the tenth of March.
struct ContractGym : SandboxGym {
  ContractGym()
      : SandboxGym({"--people", "0", "--time-zone", "Europe/Stockholm", "--now", "2026-03-10T08:00:00Z"}) {
    settings.integration = k_enabled;
    person = add_member("ada.example@example.com", Membership{.type = "payg", .name = ""});
    add_booking(person, "2026-03-10 15:00:00", "2026-03-10 16:00:00");
  }
  std::string preview_at(const std::string& time) const {
    const Ended run = sync_bookings({"--dry-run", "--as-of", time});
    require_exit(run, 0);
    CHECK(run.err.empty());
    return run.out;
  }
  std::string person;
};

/// A pay-as-you-go person with a class that starts in so many minutes and takes an hour.
std::string book(const SandboxGym& gym, const std::string& email, std::int64_t minutes,
                 const std::string& more = {}) {
  const std::string person = gym.add_member(email, Membership{.type = "payg", .name = ""});
  gym.add_booking(person, time_from_now(minutes), time_from_now(minutes + 60), more);
  return person;
}

void require_windows_settled(const SandboxGym& gym) {
  gym.clear_journal();
  require_exit(gym.sync_bookings(), 0);
  CHECK(gym.writes() == 0);
}

json::Document report_of(const SandboxGym& gym, std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--output", "json"});
  return parse(gym.sync_bookings(more).out);
}

}  // namespace

TEST_CASE("class at three: no access at 13:59, access at two, for the preview of any moment", "[bookings]") {
  const ContractGym gym;
  check_golden("e2e/bookings_1359.txt", gym.preview_at("2026-03-10T13:59:00+01:00"));
  check_golden("e2e/bookings_1400.txt", gym.preview_at("2026-03-10T14:00:00+01:00"));
  check_golden("e2e/bookings_1700.txt", gym.preview_at("2026-03-10T17:00:00+01:00"));
  CHECK(contains(gym.preview_at("2026-03-10T13:59:00+01:00"),
                 "people let in by a booking at 2026-03-10 13:59 CET: 0."));
  CHECK(contains(gym.preview_at("2026-03-10T14:00:00+01:00"),
                 "people let in by a booking at 2026-03-10 14:00 CET: 1."));
  CHECK(contains(gym.preview_at("2026-03-10T16:59:59+01:00"),
                 "people let in by a booking at 2026-03-10 16:59 CET: 1."));
  CHECK(contains(gym.preview_at("2026-03-10T17:00:00+01:00"),
                 "people let in by a booking at 2026-03-10 17:00 CET: 0."));
  CHECK(gym.group().empty());
}

TEST_CASE("a booking becomes a window of exactly the right time, and goes when it is cancelled",
          "[bookings]") {
  SandboxGym gym;
  gym.settings.integration = k_enabled;
  const std::string person = book(gym, "Ada.Example@example.com", 120);
  require_exit(gym.sync_bookings(), 0);
  const auto wanted = gym.expected_windows();
  REQUIRE(wanted.size() == 1);
  CHECK(gym.windows() == wanted);
  CHECK(gym.users("ada.example@example.com").size() == 1);
  CHECK(contains(gym.users("ada.example@example.com").front(), person));
  require_windows_settled(gym);
  // The other command leaves it alone.
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  CHECK(gym.writes() == 0);

  const json::Document state = parse(gym.get("/state"));
  const std::string booking = text_of(state.root()["bookings"].at(0)["_id"]);
  gym.patch("/bookings/" + booking, R"({"status":"CANCELED"})");
  const json::Document report = report_of(gym);
  CHECK((actions_of(report) ==
         std::vector<std::string>{"revoke ada.example@example.com booking-cancelled applied"}));
  CHECK(gym.group().empty());
  // Booked again: the same row of Glofox comes back.
  gym.patch("/bookings/" + booking, R"({"status":"BOOKED"})");
  require_exit(gym.sync_bookings(), 0);
  CHECK(gym.windows() == wanted);
}

TEST_CASE("a class that moves moves the window, whichever way Kisi works", "[bookings]") {
  SandboxGym gym;
  gym.settings.integration = k_enabled;
  const auto patch = GENERATE(values<std::string>({"works", "ignored", "refused"}));
  const auto duplicate = GENERATE(values<std::string>({"conflict", "unprocessable", "extra_row"}));
  CAPTURE(patch, duplicate);
  gym.set_switch("patch_window", patch);
  gym.set_switch("duplicate_assignment", duplicate);
  book(gym, "ada@example.com", 30);
  book(gym, "bo@example.com", 60);
  require_exit(gym.sync_bookings(), 0);
  const json::Document state = parse(gym.get("/state"));
  for (std::size_t i = 0; i < 2; ++i) {
    gym.patch(
        "/bookings/" + text_of(state.root()["bookings"].at(i)["_id"]),
        fmt::format(R"({{"time_start":"{}","time_finish":"{}"}})", time_from_now(45), time_from_now(105)));
  }
  const json::Document report = report_of(gym);
  CHECK(number_of(report.root()["integrations"].at(0)["summary"]["change"]) == 2);
  CHECK(gym.windows() == gym.expected_windows());
  require_windows_settled(gym);
}

TEST_CASE("membership and booking follow each other in one step", "[bookings]") {
  SandboxGym gym;
  gym.settings.integration = k_enabled;
  const std::string person = gym.add_member("ada@example.com");
  gym.add_booking(person, time_from_now(30), time_from_now(90));
  require_exit(gym.sync(), 0);
  require_windows_settled(gym);
  gym.change_membership(person, Membership{.status = "EXPIRED"});
  const Ended lapse = gym.sync({"--output", "json"});
  require_exit(lapse, 0);
  CHECK((actions_of(parse(lapse.out)) == std::vector<std::string>{"change ada@example.com expired applied"}));
  CHECK(gym.windows() == gym.expected_windows());
  require_windows_settled(gym);
  gym.change_membership(person, Membership{});
  require_exit(gym.sync(), 0);
  CHECK(gym.members_inside() == std::vector<std::string>{"ada@example.com"});
  require_windows_settled(gym);
}

TEST_CASE("a group of their own keeps bookings and members apart", "[bookings]") {
  SandboxGym gym;
  gym.settings.integration = fmt::format(R"(,"bookings":{{"enabled":true,"group_id":{}}})", k_second_group);
  const std::string member = gym.add_member("ada@example.com");
  gym.add_booking(member, time_from_now(30), time_from_now(90));
  book(gym, "bo@example.com", 30);
  require_exit(gym.sync(), 0);
  require_exit(gym.sync_bookings(), 0);
  CHECK(gym.members_inside() == std::vector<std::string>{"ada@example.com"});
  CHECK(gym.windows().empty());
  CHECK(gym.windows(k_second_group) == gym.expected_windows());
  CHECK(gym.windows(k_second_group).size() == 2);
  require_windows_settled(gym);
  require_settled(gym);
}

TEST_CASE("a gym full of bookings is right whatever Glofox leaves open", "[bookings]") {
  const auto one = GENERATE(values<std::string>(
      {"bookings_local_filter=wall_clock", "bookings_local_filter=instant", "bookings_local_filter=ignored",
       "booking_order=shuffled", "single_wrapper=data", "deleted_member=404", "glofox_over_limit=error"}));
  const auto zone = GENERATE(values<std::string>({"America/New_York", "Australia/Lord_Howe"}));
  CAPTURE(one, zone);
  SandboxGym gym(
      {"--people", "150", "--bookings", "500", "--seed", "11", "--time-zone", zone, "--switch", one});
  gym.settings.integration = k_enabled;
  gym.add_booking("65aaffffffffffffffffffff", time_from_now(30), time_from_now(90));  // nobody knows them
  const Ended run = gym.sync_bookings({"--output", "json"});
  require_exit(run, 0);
  const auto wanted = gym.expected_windows();
  REQUIRE(wanted.size() > 20);
  CHECK(gym.windows() == wanted);
  CHECK(has_notice(parse(run.out), "unknown_member"));
  require_windows_settled(gym);
}

TEST_CASE("a run without changes costs what the contract says", "[bookings]") {
  const auto [people, bookings] =
      GENERATE(table<int, int>({{40, 0}, {40, 1}, {40, 30}, {950, 2}, {950, 150}}));
  CAPTURE(people, bookings);
  SandboxGym gym;
  gym.settings.integration = k_enabled;
  for (int i = 0; i < people; ++i) {
    const std::string id =
        gym.add_member(fmt::format("person.{}@example.com", i), Membership{.type = "payg", .name = ""});
    if (i < bookings) gym.add_booking(id, time_from_now(90), time_from_now(150));
  }
  require_exit(gym.sync_bookings(), 0);
  gym.clear_journal();
  const json::Document report = report_of(gym);
  const json::View source = report.root()["integrations"].at(0)["source"];
  const auto pages = [](std::int64_t rows, std::int64_t limit) {
    return std::max<std::int64_t>(1, (rows + limit - 1) / limit);
  };
  CHECK(gym.writes() == 0);
  CHECK(number_of(source["bookings"]) == bookings);
  const std::int64_t most = 1 + pages(people, 100) + pages(bookings, 100);
  CHECK(gym.glofox().requests <= most);
  CHECK(gym.kisi().requests == 2 + pages(bookings, 250));
  const std::string way = text_of(source["people"]);
  if (bookings == 0) {
    CHECK(way == "none");
    CHECK(gym.glofox().requests == 2);
  } else if (bookings == 1) {
    CHECK(way == "singly");
    CHECK(gym.glofox().requests == 3);
  } else if (bookings == 2) {
    CHECK(way == "singly");
    CHECK(gym.glofox().requests <= 5);
  } else {
    CHECK(way == "list");
    CHECK(gym.glofox().requests == most);
  }
}

TEST_CASE("bookings that are not enabled are nobody's business", "[bookings]") {
  SandboxGym gym;
  book(gym, "ada@example.com", 30);
  gym.clear_journal();
  const Ended run = gym.sync_bookings();
  require_exit(run, 0);
  CHECK(contains(run.out, "riverside: skipped"));
  require_exit(gym.sync_bookings({"--quiet"}), 0);
  CHECK(gym.kisi().requests + gym.glofox().requests == 0);
}

TEST_CASE("both syncs started at the same moment both do their work, within the rate", "[bookings]") {
  constexpr int k_tries =
      4;  // a busy machine may deliver two requests closer to each other than they were sent
  Traffic kisi;
  for (int i = 0; i < k_tries; ++i) {
    SandboxGym gym({"--people", "0", "--kisi-rate-limit", "5"});
    gym.settings.integration = k_enabled;
    gym.settings.kisi_rate = 5;
    gym.add_member("member@example.com");
    book(gym, "ada@example.com", 30);
    gym.clear_journal();
    Process bookings(gym.bookings_program({"--lock-wait", "60s"}));
    Process members(gym.sync_program({"--lock-wait", "60s"}));
    require_exit(bookings.wait(), 0);
    require_exit(members.wait(), 0);
    CHECK(gym.members_inside() == std::vector<std::string>{"member@example.com"});
    CHECK(gym.windows() == gym.expected_windows());
    kisi = gym.kisi();
    if (kisi.throttled == 0 && kisi.most_in_one_second <= 5) break;
  }
  CHECK(kisi.throttled == 0);
  CHECK(kisi.most_in_one_second <= 5);
}

TEST_CASE("a member list that is larger than it helps is not read", "[bookings]") {
  SandboxGym gym({"--people", "1366", "--seed", "7"});
  gym.settings.integration = k_enabled;
  book(gym, "ada@example.com", 30);
  gym.clear_journal();
  const Ended run = gym.sync_bookings();
  require_exit(run, 0);
  CHECK(contains(run.out, "Bookings read: 1; people looked up one by one"));
  for (const JournalEntry& entry : gym.journal()) CHECK_FALSE(entry.path.ends_with("/2.0/members"));
}

TEST_CASE("removals held by a brake go with an approval", "[bookings]") {
  SandboxGym gym;
  gym.settings.integration =
      R"(,"bookings":{"enabled":true},"limits":{"removals":{"stated":{"count":2,"percent":0}}})";
  for (int i = 0; i < 5; ++i) book(gym, fmt::format("person.{}@example.com", i), 30);
  require_exit(gym.sync_bookings(), 0);
  const json::Document state = parse(gym.get("/state"));
  for (std::size_t i = 0; i < state.root()["bookings"].size(); ++i)
    gym.patch("/bookings/" + text_of(state.root()["bookings"].at(i)["_id"]), R"({"status":"CANCELED"})");
  require_exit(gym.sync_bookings(), 4);
  CHECK(gym.windows().size() == 5);
  const Ended preview = gym.sync_bookings({"--dry-run", "--output", "json"});
  require_exit(preview, 4);
  const std::string file = gym.write_file("plan.json", preview.out);
  require_exit(gym.sync_bookings({"--approve-removals", file}), 0);
  CHECK(gym.windows().empty());
  // An approval for the other command is none.
  require_exit(gym.sync({"--approve-removals", file}), 64);
}

TEST_CASE("the lines of cron.example do what they promise", "[bookings]") {
  SandboxGym gym;
  gym.settings.integration = k_enabled;
  gym.add_member("member@example.com");
  book(gym, "ada@example.com", 30);
  std::ifstream file(std::string(GK_FIXTURES) + "/../../cron.example");
  std::string line;
  int runs = 0;
  while (std::getline(file, line)) {
    const auto user = line.find(" glofox-kisi ");
    if (line.empty() || line.front() == '#' || user == std::string::npos) continue;
    if (contains(line, "checkin")) continue;
    Program program = gym.product({});
    program.argv = {"/bin/sh", "-c", line.substr(user + std::string_view(" glofox-kisi ").size())};
    program.environment["PATH"] = std::filesystem::path(GK_BINARY).parent_path().string() + ":/usr/bin:/bin";
    program.environment["GLOFOX_KISI_CONFIG"] = gym.config_path();
    const Ended run = run_program(program);
    CAPTURE(line);
    require_exit(run, 0);
    CHECK(run.out + run.err == "");
    ++runs;
  }
  CHECK(runs >= 2);
  CHECK(gym.members_inside() == std::vector<std::string>{"member@example.com"});
  CHECK(gym.windows() == gym.expected_windows());
}

TEST_CASE("a first import that reaches its deadline leaves the bookings their turn", "[bookings]") {
  SandboxGym gym;
  gym.settings.integration = k_enabled;
  for (int i = 0; i < 60; ++i) gym.add_member(fmt::format("member.{}@example.com", i));
  book(gym, "ada@example.com", 30);
  gym.add_fault(R"({"service":"kisi","method":"POST","kind":"latency","ms":50})");
  require_exit(gym.sync({"--deadline", "1s"}), 10);
  CHECK(gym.members_inside().size() < 60);
  require_exit(gym.sync_bookings(), 0);
  CHECK(gym.windows() == gym.expected_windows());
  CHECK(gym.windows().size() == 1);
}

TEST_CASE("the door opens and shuts on time, also when nothing runs any more", "[bookings]") {
  SandboxGym gym;
  gym.settings.integration = k_enabled;
  book(gym, "ada@example.com", 120);
  require_exit(gym.sync_bookings(), 0);
  const auto is_inside = [&](std::int64_t minutes) {
    gym.put("/clock", fmt::format(R"({{"now":"{}","frozen":true}})", time_from_now(minutes)));
    return contains(gym.get("/inside"), "ada@example.com");
  };
  CHECK_FALSE(is_inside(58));
  CHECK(is_inside(61));
  CHECK(is_inside(238));
  CHECK_FALSE(is_inside(241));
}

}  // namespace gk::test::bookings_test
