#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "e2e/sandbox_gym.hpp"

// Contract 5 to 7: what a run does to users and rows, and what it leaves alone.
namespace gk::test::apply_test {

namespace {

std::string window(std::int64_t from_minutes, std::int64_t until_minutes) {
  return fmt::format(R"(,"valid_from":"{}","valid_until":"{}")", time_from_now(from_minutes),
                     time_from_now(until_minutes));
}

std::string in_group(std::int64_t group) { return fmt::format(R"(,"group_id":{})", group); }

const std::string k_by_somebody_else = R"(,"created_by_id":6999999)";
const std::string k_in_use = R"(,"bookings":{"enabled":true})";

std::size_t rows_of(const SandboxGym& gym, const std::string& email, std::int64_t group = k_group) {
  const auto rows = gym.group(group);
  return static_cast<std::size_t>(std::ranges::count(rows, email, &GroupRow::email));
}

}  // namespace

TEST_CASE("people of every kind: the end state is the sandbox's own opinion", "[oracle]") {
  const int seed = GENERATE(1, 2, 3, 4, 5);
  CAPTURE(seed);
  const SandboxGym gym(
      {"--people", "400", "--eligible-percent", "40", "--seed", std::to_string(seed), "--foreign", "3"});
  require_exit(gym.sync(), 0);
  require_settled(gym);
  CHECK(gym.group().size() == gym.expected().size() + 3);
}

TEST_CASE("whatever the services answer where their documents are silent, the end state is right",
          "[oracle]") {
  const auto [name, value] = GENERATE(table<std::string, std::string>({
      {"email_filter", "case_sensitive"},
      {"email_filter", "prefix"},
      {"email_filter", "ignored"},
      {"duplicate_email", "422"},
      {"duplicate_assignment", "unprocessable"},
      {"duplicate_assignment", "extra_row"},
      {"metadata_patch", "merge"},
      {"expired_rows", "dropped"},
      {"window_end", "inclusive"},
      {"users_count", "rows"},
      {"users_count", "current"},
      {"range_past_end", "star"},
      {"missing_id", "403"},
      {"missing_id", "404"},
      {"role_row_form", "old"},
      {"role_post_form", "new"},
      {"list_order", "id_desc"},
      {"deprecation", "all"},
      {"access_enabled_default", "false"},
      {"list_thin_membership", "yes"},
      {"member_order", "modified_desc"},
      {"member_order", "id"},
      {"member_order", "shuffled"},
      {"glofox_over_limit", "error"},
      {"deleted_member", "404"},
      {"deleted_member", "row"},
      {"single_wrapper", "data"},
      {"unknown_path", "success_false"},
      {"v3_search", "401"},
      {"has_more", "absent"},
      {"has_more", "always"},
  }));
  CAPTURE(name, value);
  const SandboxGym gym({"--people", "150", "--eligible-percent", "30"});
  gym.set_switch(name, value);
  // One step of every kind beside the new people.
  gym.add_user("adopted@example.com", R"(,"metadata":{"locker":"7"})");
  gym.add_member("adopted@example.com");
  gym.add_member("left@example.com", Membership{.status = "CANCELLED"});
  gym.add_row("left@example.com");
  gym.add_row("vanished@example.com");
  gym.add_member("twice@example.com");
  gym.add_row("twice@example.com");
  gym.add_row("twice@example.com");
  require_exit(gym.sync(), 0);
  require_settled(gym);
}

TEST_CASE("of two rows for one person one goes, brake or not", "[apply]") {
  SandboxGym gym;
  gym.settings.integration = R"(,"limits":{"removals":{"stated":{"count":0,"percent":0}}})";
  gym.add_member("ada@example.com");
  gym.add_row("ada@example.com");
  gym.add_row("Ada@Example.com");
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  CHECK(actions_of(parse(run.out)) ==
        std::vector<std::string>{"revoke ada@example.com duplicate-row applied"});
  require_settled(gym);
}

TEST_CASE("a user that the search does not show yet is found after the refusal", "[apply]") {
  const std::string refusal = GENERATE("409", "422");
  CAPTURE(refusal);
  const SandboxGym gym;
  gym.set_switch("duplicate_email", refusal);
  gym.add_user("ada@example.com", R"(,"metadata":{"locker":"12"})");
  gym.add_member("ada@example.com");
  gym.set_switch("search_lag", "1");
  SECTION("when the search catches up meanwhile, the person is in at once") {
    gym.clear_journal();
    Process run(gym.sync_program({"--output", "json"}));
    REQUIRE(happens_within(std::chrono::seconds{30}, [&] { return gym.kisi().writes > 0; }));
    gym.set_switch("search_lag", "0");
    const Ended ended = run.wait();
    require_exit(ended, 0);
    CHECK(actions_of(parse(ended.out)) ==
          std::vector<std::string>{"create_user ada@example.com membership-active already_done",
                                   "grant ada@example.com membership-active applied"});
    REQUIRE(gym.users("ada@example.com").size() == 1);
    CHECK(contains(gym.users("ada@example.com").front(), R"("locker":"12")"));
  }
  SECTION("when it does not, the person fails and the next run brings it") {
    require_exit(gym.sync(), 3);
    CHECK(gym.members_inside().empty());
    gym.set_switch("search_lag", "0");
    require_completion(gym);
  }
}

TEST_CASE("an existing user is used as it is, and foreign metadata survives", "[apply]") {
  const std::string patching = GENERATE("replace", "merge");
  CAPTURE(patching);
  const SandboxGym gym;
  gym.set_switch("metadata_patch", patching);
  gym.add_user("ada@example.com",
               R"(,"name":"Her Own Name","metadata":{"locker":"12","vip":true,"visits":3})");
  const std::string id = gym.add_member("Ada@example.com", R"(,"name":"Ada Example")");
  require_exit(gym.sync(), 0);
  REQUIRE(gym.users("ada@example.com").size() == 1);
  const std::string user = gym.users("ada@example.com").front();
  INFO(user);
  for (const std::string& part :
       {std::string(R"("locker":"12")"), std::string(R"("vip":true)"), std::string(R"("visits":3)"),
        R"("glofox_member_id":")" + id + "\"", fmt::format(R"("glofox_branch_id":"{}")", k_branch),
        std::string(R"("name":"Her Own Name")")})
    CHECK(contains(user, part));
  require_settled(gym);
}

TEST_CASE("users.import all makes everybody a user, but lets only members in", "[apply]") {
  SandboxGym gym({"--people", "120"});
  gym.settings.integration = R"(,"users":{"import":"all"})";
  require_exit(gym.sync(), 0);
  CHECK(gym.members_inside() == gym.expected());
  CHECK(gym.all_user_emails().size() > 80);
  require_settled(gym);
}

TEST_CASE("users.send_emails is passed on when a user is created", "[apply]") {
  const bool sends = GENERATE(true, false);
  CAPTURE(sends);
  SandboxGym gym;
  if (!sends) gym.settings.integration = R"(,"users":{"send_emails":false})";
  gym.add_member("ada@example.com");
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  const auto writes = gym.journal(true);
  REQUIRE(writes.size() == 2);
  CHECK(contains(writes[0].body, fmt::format(R"("send_emails":{})", sends)));
}

TEST_CASE("the plan filter lets in whom it names, and says which entry matches nothing", "[apply]") {
  SandboxGym gym;
  gym.settings.integration = R"(,"memberships":{"plans":[" unlimited","No Such Plan"]})";
  gym.add_member("ada@example.com");
  gym.add_member("bo@example.com", Membership{.name = "Off Peak"});
  gym.add_row("bo@example.com");
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  CHECK(gym.members_inside() == std::vector<std::string>{"ada@example.com"});
  const json::Document report = parse(run.out);
  CHECK(has_notice(report, "plan_filter"));
  const auto actions = actions_of(report);
  CHECK(std::ranges::find(actions, "revoke bo@example.com plan-not-allowed applied") != actions.end());
  CHECK(contains(run.out, "No Such Plan"));
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  CHECK(gym.writes() == 0);
}

TEST_CASE("access ends a grace period after the expiry day", "[apply]") {
  // Expiry days in the branch's zone, far enough from the limit for any hour at which this test runs.
  const auto [hours, inside] = GENERATE(table<int, bool>({{24, true}, {-1, true}, {-72, false}}));
  CAPTURE(hours);
  const SandboxGym gym;
  gym.add_member("ada@example.com", Membership{.expiry = hours_from_now(hours)});
  gym.add_row("ada@example.com");
  require_exit(gym.sync(), 0);
  CHECK(gym.members_inside().size() == (inside ? 1U : 0U));
  require_settled(gym);
}

TEST_CASE("a preview shows the present run, or with --as-of a later one", "[apply]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com", Membership{.expiry = hours_from_now(24 * 5)});
  gym.add_row("ada@example.com");
  gym.add_member("bo@example.com", Membership{.start = hours_from_now(24 * 5)});
  gym.clear_journal();
  CHECK(actions_of(gym.preview()).empty());
  CHECK(actions_of(gym.preview({"--as-of", time_from_now(60 * 24 * 10)})) ==
        std::vector<std::string>{"create_user bo@example.com membership-active planned",
                                 "grant bo@example.com membership-active planned",
                                 "revoke ada@example.com expired planned"});
  CHECK(gym.writes() == 0);
}

TEST_CASE("rows that somebody else made are never touched", "[foreign]") {
  const SandboxGym gym;
  gym.add_row("manager@example.net", R"(,"role_id":"group_manager")");
  gym.add_row("by.hand@example.net", k_by_somebody_else);
  gym.add_row("orphan@example.net", R"(,"created_by_id":null)");
  gym.add_member("covered@example.com");
  gym.add_row("covered@example.com", k_by_somebody_else);
  gym.add_member("left@example.com", Membership{.status = "CANCELLED"});
  gym.add_row("left@example.com", k_by_somebody_else);
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  CHECK(gym.writes() == 0);
  CHECK(gym.group().size() == 5);
  CHECK(has_notice(parse(run.out), "foreign"));
}

TEST_CASE("a foreign row in the way fails that person, and names the row", "[foreign]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  const std::int64_t row = gym.add_row("ada@example.com", k_by_somebody_else + window(-60, 60));
  gym.add_member("bo@example.com");
  SECTION("when Kisi allows one row per person") {
    const Ended run = gym.sync();
    require_exit(run, 3);
    CHECK(contains(run.out, std::to_string(row)));
    CHECK(gym.members_inside() == std::vector<std::string>{"bo@example.com"});
  }
  SECTION("when Kisi allows another row beside it, there is no trouble") {
    gym.set_switch("duplicate_assignment", "extra_row");
    require_exit(gym.sync(), 0);
    require_settled(gym);
  }
  CHECK(rows_of(gym, "ada@example.com") >= 1);
}

TEST_CASE("a group of one place is refused in the dashboard's words, with the way out", "[group]") {
  SandboxGym gym;
  gym.settings.group = k_place_group;
  gym.add_member("ada@example.com");
  gym.clear_journal();
  const Ended run = gym.sync();
  require_exit(run, 78);
  CHECK(contains(run.err, "The organization is ambiguous"));
  CHECK(contains(run.err, "create a new group"));
  CHECK(gym.writes() == 0);
}

TEST_CASE("a change of the group fills the new one, then cleans the old", "[group]") {
  SandboxGym gym;
  for (const char* email : {"ada@example.com", "bo@example.com"}) {
    gym.add_member(email);
    gym.add_row(email, in_group(k_old_group));
  }
  gym.add_row("by.hand@example.net", in_group(k_old_group) + k_by_somebody_else);
  gym.settings.integration = fmt::format(R"(,"former_group_ids":[{}])", k_old_group);
  SECTION("at once when all goes well") {
    gym.clear_journal();
    require_exit(gym.sync(), 0);
    CHECK(gym.members_inside(k_old_group).empty());
    CHECK(gym.group(k_old_group).size() == 1);
    const auto writes = gym.journal(true);
    const auto is_removal = [](const JournalEntry& entry) { return entry.method == "DELETE"; };
    const auto first = std::ranges::find_if(writes, is_removal);
    CHECK(std::all_of(first, writes.end(), is_removal));
    require_settled(gym);
  }
  SECTION("but keeps whose grant failed") {
    gym.add_fault(
        R"({"service":"kisi","method":"POST","path":"^/role_assignments","kind":"status","status":422,)"
        R"("count":1})");
    require_exit(gym.sync(), 3);
    CHECK(gym.members_inside().size() == 1);
    CHECK(gym.members_inside(k_old_group).size() == 1);
    CHECK(gym.members_inside() != gym.members_inside(k_old_group));
    require_completion(gym);
    CHECK(gym.members_inside(k_old_group).empty());
  }
  SECTION("and holds those when grants are held") {
    gym.settings.integration += R"(,"limits":{"max_users":1})";
    gym.clear_journal();
    require_exit(gym.sync(), 4);
    CHECK(gym.writes() == 0);
  }
}

TEST_CASE("a lapsed member with a current booking keeps that window, never without access between",
          "[booking]") {
  const std::string second = GENERATE("conflict", "unprocessable", "extra_row", "extra_row_other_window");
  const std::string patching = GENERATE("works", "ignored", "refused");
  CAPTURE(second, patching);
  SandboxGym gym;
  gym.settings.integration = k_in_use;
  gym.set_switch("duplicate_assignment", second);
  gym.set_switch("patch_window", patching);
  const std::string id = gym.add_member("ada@example.com", Membership{.status = "EXPIRED"});
  gym.add_row("ada@example.com");
  gym.post("/bookings", fmt::format(R"({{"user_id":"{}","time_start":{},"time_finish":{}}})", id,
                                    hours_from_now(0), hours_from_now(1)));
  gym.add_member("bo@example.com", Membership{.status = "EXPIRED"});
  gym.add_row("bo@example.com");
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  CHECK(actions_of(parse(run.out)) == std::vector<std::string>{"change ada@example.com expired applied",
                                                               "revoke bo@example.com expired applied"});
  REQUIRE(gym.group().size() == 1);
  CHECK_FALSE(gym.group().front().until.empty());

  // Bo's row goes first; after it only Ada's is written to.
  std::vector<std::string> steps;
  for (const JournalEntry& entry : gym.journal(true)) {
    if (entry.service == "kisi")
      steps.push_back(fmt::format("{} {}", entry.method, entry.status < 300 ? "ok" : "no"));
  }
  REQUIRE(steps.size() >= 2);
  CHECK(steps.front() == "DELETE ok");
  steps.erase(steps.begin());
  INFO(fmt::format("{}", fmt::join(steps, ", ")));
  const bool two_rows = second == "extra_row" || second == "extra_row_other_window";
  if (two_rows) {
    CHECK(steps == std::vector<std::string>{"POST ok", "DELETE ok"});
  } else if (patching == "works") {
    CHECK(steps == std::vector<std::string>{"POST no", "PATCH ok"});
  } else {
    // No other way is left: the two follow each other at once.
    CHECK(steps == std::vector<std::string>{"POST no", patching == "ignored" ? "PATCH ok" : "PATCH no",
                                            "DELETE ok", "POST ok"});
  }
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  CHECK(gym.writes() == 0);

  // The membership comes back: the open-ended right replaces the window.
  gym.change_membership(id, Membership{});
  require_exit(gym.sync(), 0);
  require_settled(gym);
  CHECK(gym.group().size() == 1);
}

TEST_CASE("without bookings in use nobody's bookings are read", "[booking]") {
  const SandboxGym gym;
  const std::string id = gym.add_member("ada@example.com", Membership{.status = "EXPIRED"});
  gym.add_row("ada@example.com");
  gym.post("/bookings", fmt::format(R"({{"user_id":"{}"}})", id));
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  for (const JournalEntry& entry : gym.journal()) CHECK_FALSE(contains(entry.path, "bookings"));
  CHECK(gym.group().empty());
}

TEST_CASE("windows are the other command's: sync-members leaves them alone", "[booking]") {
  const SandboxGym gym;
  gym.add_member("guest@example.com", Membership{.type = "payg"});
  gym.add_row("guest@example.com", window(-30, 30));
  gym.add_row("stranger@example.com", window(30, 90));
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  CHECK(gym.writes() == 0);
  CHECK(gym.group().size() == 2);
}

TEST_CASE("somebody inside with an unknown type or status is held and told of", "[held]") {
  const auto [membership, kind] = GENERATE(table<Membership, std::string>({
      {Membership{.status = "SUSPENDED"}, "unknown_status"},
      {Membership{.type = "lifetime"}, "unknown_type"},
  }));
  CAPTURE(kind);
  const SandboxGym gym;
  gym.add_member("ada@example.com", membership);
  gym.add_member("outside@example.com", membership);
  gym.add_row("ada@example.com");
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 3);
  CHECK(gym.writes() == 0);
  CHECK(has_notice(parse(run.out), kind));
  CHECK(gym.members_inside() == std::vector<std::string>{"ada@example.com"});
}

TEST_CASE("writes whose outcome is unknown are read before anything else is done", "[apply]") {
  const auto [method, path, kind] = GENERATE(table<std::string, std::string, std::string>({
      {"POST", "^/users$", "reset_after"},
      {"POST", "^/users$", "reset_before"},
      {"POST", "^/users$", "truncated"},
      {"POST", "^/role_assignments$", "reset_after"},
      {"POST", "^/role_assignments$", "reset_before"},
      {"POST", "^/role_assignments$", "malformed"},
      {"DELETE", "^/role_assignments/", "reset_after"},
      {"DELETE", "^/role_assignments/", "reset_before"},
  }));
  // Where a second row is possible, a blind repetition makes one.
  const std::string second = GENERATE("conflict", "extra_row");
  CAPTURE(method, path, kind, second);
  const SandboxGym gym;
  gym.set_switch("duplicate_assignment", second);
  gym.add_member("ada@example.com");
  gym.add_member("left@example.com", Membership{.status = "CANCELLED"});
  gym.add_row("left@example.com");
  gym.add_fault(fmt::format(R"({{"service":"kisi","method":"{}","path":"{}","kind":"{}","count":1}})", method,
                            path, kind));
  require_exit(gym.sync(), 0);
  CHECK(gym.fault_hits() == 1);
  require_settled(gym);
}

TEST_CASE("one person's failure does not stop the others", "[apply]") {
  const std::string fault =
      GENERATE(as<std::string>(), R"("kind":"status","status":422)", R"("kind":"status","status":500)",
               R"("kind":"status","status":403)", R"("kind":"status","status":404)");
  CAPTURE(fault);
  const SandboxGym gym;
  for (const char* name : {"ada", "bo", "cy"}) gym.add_member(fmt::format("{}@example.com", name));
  gym.add_fault(R"({"service":"kisi","method":"POST","path":"^/role_assignments$","nth":2,)" + fault + "}");
  const Ended run = gym.sync();
  // After a 500 the row is looked for, is not there, and is sent once more.
  require_exit(run, contains(fault, "500") ? 0 : 3);
  CHECK(gym.members_inside().size() == (contains(fault, "500") ? 3U : 2U));
  require_completion(gym);
}

}  // namespace gk::test::apply_test
