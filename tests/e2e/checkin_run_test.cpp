#include "e2e/checkin_gym.hpp"

// The catch-up and the unlock by hand, with the real program.
namespace gk::test::checkin_run_test {

namespace {

std::string minutes_ago(std::int64_t minutes) {
  return fmt::format(R"(,"at":"{}")", time_from_now(-minutes));
}

std::vector<std::string> outcomes(const Ended& run) {
  const json::Document report = parse(run.out);
  const json::View actions = report.root()["integrations"].at(0)["actions"];
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const json::View action = actions.at(i);
    lines.push_back(fmt::format("{} {}", text_of(action["email"]), text_of(action["outcome"])));
  }
  return lines;
}

}  // namespace

TEST_CASE("the catch-up does what no hook did, in time order, once", "[checkin]") {
  CheckinGym gym;
  const std::string ada = gym.add_member("ada@example.com");
  gym.add_member("bo@example.com");
  gym.sync_members();
  const std::string booking = gym.book(ada, -30);
  const Delivery delivered = gym.unlock("bo@example.com", minutes_ago(40));
  require_exit(gym.deliver(delivered), 0);
  static_cast<void>(gym.unlock("ada@example.com", minutes_ago(5)));
  static_cast<void>(gym.unlock("ada@example.com", minutes_ago(35)));
  static_cast<void>(gym.unlock("ada@example.com", minutes_ago(34) + R"(,"lock_id":18843)"));
  static_cast<void>(gym.unlock("bo@example.com", minutes_ago(3) + R"(,"success":false)"));
  static_cast<void>(gym.unlock("bo@example.com", minutes_ago(2) + R"(,"lock_id":18850)"));
  static_cast<void>(gym.unlock("bo@example.com", minutes_ago(90)));
  const Ended preview = gym.catch_up("1h", {"--dry-run", "--output", "json"});
  require_exit(preview, 0);
  CHECK(gym.entries() == 1);
  const Ended first = gym.catch_up("1h", {"--output", "json"});
  require_exit(first, 0);
  CHECK(outcomes(first) == std::vector<std::string>{"bo@example.com ignored", "ada@example.com applied",
                                                    "ada@example.com already_done",
                                                    "ada@example.com applied"});
  CHECK(gym.entries() == 3);
  CHECK(gym.attended(booking));
  gym.clear_journal();
  require_exit(gym.catch_up("1h", {"--quiet"}), 0);
  CHECK(gym.entries() == 3);
  CHECK(gym.writes() == 0);
}

TEST_CASE("a catch-up asks about each person and door once", "[checkin]") {
  CheckinGym gym(R"("mode":"access","debounce":"0s")");
  for (int i = 0; i < 3; ++i) gym.add_member(fmt::format("person.{}@example.com", i));
  gym.sync_members();
  for (int i = 0; i < 60; ++i)
    static_cast<void>(gym.unlock(fmt::format("person.{}@example.com", i % 3), minutes_ago(i / 2 + 1)));
  require_exit(gym.catch_up(), 0);
  CHECK(gym.entries() == 60);
  CHECK(gym.kisi().requests <= 1 + 3 + 1 + 3 * 2);  // own user, event set and its pages, door, two per person
  gym.clear_journal();
  require_exit(gym.catch_up(), 0);
  CHECK(gym.kisi().requests <= 4);
  CHECK(gym.glofox().requests == 0);
}

TEST_CASE("a catch-up after a killed hook", "[checkin]") {
  CheckinGym gym(R"("mode":"both")");
  const std::string ada = gym.add_member("ada@example.com");
  gym.sync_members();
  gym.set_switch("access_marks", "never");
  const std::string booking = gym.book(ada, 20);
  const Delivery delivery = gym.unlock("ada@example.com");
  gym.add_fault(R"({"service":"glofox","path":"access","kind":"timeout_after","ms":20000,"count":1})");
  Process hook(gym.checkin({"--event", "-", "--signature", delivery.signature}, delivery.body));
  REQUIRE(happens_within(std::chrono::seconds{20}, [&] { return gym.entries() == 1; }));
  const Ended killed = hook.kill_and_wait();
  CHECK(killed.signal == 9);
  const Ended run = gym.catch_up("1h", {"--output", "json"});
  require_exit(run, 3);
  CHECK(outcomes(run) == std::vector<std::string>{"ada@example.com unknown"});
  CHECK(gym.entries() == 1);
  CHECK(gym.attended(booking));
  require_exit(gym.catch_up(), 0);
  CHECK(gym.entries() == 1);
}

TEST_CASE("faults of the event sets", "[checkin]") {
  struct Row {
    const char* fault;
    int code;
  };
  const Row rows[] = {
      {R"({"service":"kisi","path":"event_sets","kind":"status","status":503,"count":2})", 0},
      {R"({"service":"kisi","path":"event_sets","kind":"status","status":503})", 69},
      {R"({"service":"kisi","path":"event_sets","kind":"status","status":401})", 77},
      {R"({"service":"kisi","path":"event_sets","kind":"malformed"})", 65},
  };
  for (const Row& row : rows) {
    CAPTURE(row.fault);
    CheckinGym gym(R"("mode":"access")");
    gym.add_member("ada@example.com");
    gym.sync_members();
    static_cast<void>(gym.unlock("ada@example.com", minutes_ago(2)));
    gym.add_fault(row.fault);
    require_exit(gym.catch_up(), row.code);
    gym.clear_faults();
    require_exit(gym.catch_up(), 0);
    CHECK(gym.entries() == 1);
  }
}

TEST_CASE("one that fails does not stop the others, three refusals do", "[checkin]") {
  CheckinGym gym(R"("mode":"access")");
  for (int i = 0; i < 6; ++i) gym.add_member(fmt::format("person.{}@example.com", i));
  gym.sync_members();
  for (int i = 0; i < 6; ++i)
    static_cast<void>(gym.unlock(fmt::format("person.{}@example.com", i), minutes_ago(20 - i)));
  SECTION("one") {
    gym.add_fault(R"({"service":"glofox","path":"access","nth":2,"kind":"status","status":403})");
    require_exit(gym.catch_up(), 3);
    CHECK(gym.entries() == 5);
    require_exit(gym.catch_up(), 0);
    CHECK(gym.entries() == 6);
  }
  SECTION("three in a row") {
    gym.add_fault(R"({"service":"glofox","path":"access","kind":"status","status":403})");
    require_exit(gym.catch_up(), 77);
    CHECK(gym.count("POST", "/2.0/access") == 3);
  }
}

TEST_CASE("an unlock by hand follows the same rules", "[checkin]") {
  CheckinGym gym(R"("mode":"access")");
  gym.add_member("ada@example.com");
  gym.sync_members();
  const auto by_hand = [&](const std::vector<std::string>& arguments) {
    const Ended run = run_program(gym.checkin(arguments));
    require_exit(run, 0);
    return run.out;
  };
  CHECK(contains(by_hand({"--user", "ada@example.com", "--lock", "18842", "--dry-run"}), "planned"));
  CHECK(gym.entries() == 0);
  CHECK(contains(by_hand({"--user", "Ada@Example.com", "--lock", "18842", "--at", time_from_now(-30)}),
                 "applied"));
  CHECK(contains(by_hand({"--user", "ada@example.com", "--lock", "18842", "--at", time_from_now(-29)}),
                 "duplicate"));
  CHECK(contains(by_hand({"--user", "ada@example.com", "--lock", "18850"}), "other-place"));
  CHECK(contains(by_hand({"--user", "nobody@example.com", "--lock", "18842"}), "not-a-user"));
  CHECK(contains(by_hand({"--user", "7000001", "--lock", "18842"}), "not-ours"));
  CHECK(contains(by_hand({"--user", "ada@example.com", "--lock", "18842", "--at", time_from_now(-60 * 25)}),
                 "too-old"));
  CHECK(gym.entries() == 1);
  require_exit(
      run_program(gym.checkin({"--user", "ada@example.com", "--lock", "18842", "--at", time_from_now(60)})),
      64);
}

TEST_CASE("nobody checks in where it is not enabled", "[checkin]") {
  CheckinGym gym;
  gym.add_member("ada@example.com");
  gym.sync_members();
  const Delivery delivery = gym.unlock("ada@example.com");
  gym.settings.integration = R"(,"place_id":22801)";
  for (const Ended& run : {gym.deliver(delivery), gym.catch_up(), gym.catch_up("1h", {"--quiet"})}) {
    require_exit(run, 0);
  }
  CHECK(contains(gym.catch_up().out, "skipped"));
  CHECK(gym.kisi().requests + gym.glofox().requests == 0);
  require_exit(run_program(gym.checkin({"--since", "1h", "--integration", "nowhere"})), 64);
}

TEST_CASE("two integrations of one location and place make one entry", "[checkin]") {
  CheckinGym gym(R"("mode":"access")");
  gym.add_member("ada@example.com");
  gym.sync_members();
  gym.settings.more_integrations = fmt::format(R"(,{{"name":"second","location_id":"{}","group_id":{}{}}})",
                                               k_branch, k_second_group, gym.settings.integration);
  SECTION("a member of both groups") {
    gym.add_row("ada@example.com", fmt::format(R"(,"group_id":{})", k_second_group));
    require_exit(gym.deliver(gym.unlock("ada@example.com")), 0);
    CHECK(gym.entries() == 1);
  }
  SECTION("a member of the second group alone") {
    gym.add_member("bo@example.com");
    gym.add_row("bo@example.com", fmt::format(R"(,"group_id":{})", k_second_group));
    const Ended run = gym.deliver(gym.unlock("bo@example.com"));
    require_exit(run, 0);
    CHECK(contains(run.out, "not-ours"));
    CHECK(gym.entries() == 1);
  }
}

TEST_CASE("a key of another integration is not enough", "[checkin]") {
  CheckinGym gym(R"("mode":"access")");
  gym.add_member("ada@example.com");
  gym.sync_members();
  gym.environment["OTHER_KEY"] = "another-secret-of-another-webhook";
  std::string other = gym.settings.integration;
  const std::string name = "KISI_WEBHOOK_KEY";
  other.replace(other.find(name), name.size(), "OTHER_KEY");
  gym.settings.more_integrations = fmt::format(R"(,{{"name":"second","location_id":"{}","group_id":{}{}}})",
                                               k_branch, k_second_group, other);
  require_exit(gym.deliver(gym.unlock("ada@example.com")), 77);
  CHECK(gym.entries() == 0);
  const Ended run = gym.deliver(gym.unlock("ada@example.com"), {"--integration", "riverside"});
  require_exit(run, 0);
  CHECK(gym.entries() == 1);
}

TEST_CASE("validate-config looks at check-in", "[checkin]") {
  CheckinGym gym;
  const auto status_of = [&](const std::string& check) {
    const json::Document report = parse(
        run_program(gym.product({"validate-config", "--config", gym.config_path(), "--output", "json"})).out);
    const json::View checks = report.root()["checks"];
    for (std::size_t i = 0; i < checks.size(); ++i) {
      if (checks.at(i)["check"].as_string() == check) return text_of(checks.at(i)["status"]);
    }
    return std::string("absent");
  };
  CHECK(status_of("kisi.webhook") == "fail");  // a key, and no webhook that could use it
  CHECK(status_of("checkin.dedupe_dir") == "ok");
  CHECK(status_of("checkin.bookings") == "ok");
  CHECK(status_of("checkin.routes") == "skipped");
  CHECK(gym.writes() == 0);
  CHECK_FALSE(std::filesystem::exists(gym.cache()));
  gym.set_rules("", false);
  CHECK(status_of("kisi.webhook") == "warn");
  gym.add_webhook();
  CHECK(status_of("kisi.webhook") == "ok");
  gym.patch("/kisi/integrations/31077", R"({"disabled_due_to_error":true})");
  CHECK(status_of("kisi.webhook") == "fail");
  gym.patch("/kisi/integrations/31077", R"({"disabled_due_to_error":false,"enabled":false})");
  CHECK(status_of("kisi.webhook") == "fail");
  gym.patch("/kisi/integrations/31077", R"({"enabled":true,"enabled_events":["user.update"]})");
  CHECK(status_of("kisi.webhook") == "fail");
  gym.write_file("checkins", "in the way");
  CHECK(status_of("checkin.dedupe_dir") == "fail");
  gym.settings.integration = "";
  CHECK(status_of("checkin.dedupe_dir") == "skipped");
}

}  // namespace gk::test::checkin_run_test
