#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "e2e/sandbox_gym.hpp"

// Contract 8.1 to 8.6: what must hold before anybody loses access, or everybody gains it.
namespace gk::test::safety_test {

namespace {

const std::string k_default_limits;
const std::string k_tight_limits =
    R"(,"limits":{"removals":{"absent":{"count":2,"percent":0},"stated":{"count":2,"percent":0}}})";

/// `count` people with an active membership and a row. Returns their Glofox ids.
std::vector<std::string> add_insiders(const SandboxGym& gym, int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) {
    const std::string email = fmt::format("person.{}@example.com", i);
    ids.push_back(gym.add_member(email));
    gym.add_row(email);
  }
  return ids;
}

/// Somebody inside whose Kisi user carries the mark of the program.
std::string add_marked(const SandboxGym& gym, const std::string& email) {
  const std::string id = gym.add_member(email);
  gym.add_user(
      email,
      fmt::format(R"(,"metadata":{{"glofox_sync":"v1","glofox_member_id":"{}","glofox_branch_id":"{}"}})", id,
                  k_branch));
  gym.add_row(email);
  return id;
}

bool is_inside(const SandboxGym& gym, const std::string& email) {
  const auto inside = gym.members_inside();
  return std::ranges::find(inside, email) != inside.end();
}

std::int64_t requests_to(const SandboxGym& gym, const std::string& path) {
  std::int64_t count = 0;
  for (const JournalEntry& entry : gym.journal()) count += contains(entry.path, path) ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("whoever is absent is asked for by id, and removed when Glofox does not know them", "[absent]") {
  const std::string answer = GENERATE("success_false", "404");
  CAPTURE(answer);
  const SandboxGym gym;
  gym.set_switch("deleted_member", answer);
  add_insiders(gym, 3);
  const std::string id = add_marked(gym, "gone@example.com");
  gym.remove_person(id);
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  CHECK(requests_to(gym, "/2.0/members/" + id) == 1);
  CHECK(actions_of(parse(run.out)) ==
        std::vector<std::string>{"revoke gone@example.com deactivated applied"});
  CHECK(gym.users("gone@example.com").size() == 1);  // the Kisi user stays
  require_settled(gym);
}

TEST_CASE("whoever is absent and carries no mark is asked for by e-mail", "[absent]") {
  const SandboxGym gym;
  add_insiders(gym, 3);
  gym.add_row("gone@example.com");
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  CHECK(requests_to(gym, fmt::format("/2.1/branches/{}/users", k_branch)) == 1);
  CHECK(actions_of(parse(run.out)) ==
        std::vector<std::string>{"revoke gone@example.com deactivated applied"});
  require_settled(gym);
}

TEST_CASE("absent but still active means that the listing was wrong: 65, nobody is removed", "[absent]") {
  const bool marked = GENERATE(true, false);
  CAPTURE(marked);
  const SandboxGym gym;
  // People of another home branch are not listed by this service, but known when asked for.
  gym.set_switch("visitors", "hidden");
  const std::string roaming = fmt::format(R"(,"origin_branch_id":"{}")", k_other_branch);
  const std::string id = gym.add_member("ada@example.com", roaming);
  if (marked) {
    gym.add_user(
        "ada@example.com",
        fmt::format(R"(,"metadata":{{"glofox_member_id":"{}","glofox_branch_id":"{}"}})", id, k_branch));
  }
  gym.add_row("ada@example.com");
  gym.add_member("gone@example.com", Membership{.status = "CANCELLED"});
  gym.add_row("gone@example.com");
  gym.clear_journal();
  for (const bool dry : {true, false}) {
    require_exit(dry ? gym.sync({"--dry-run"}) : gym.sync(), 65);
    CHECK(gym.writes() == 0);
  }
  CHECK(is_inside(gym, "ada@example.com"));
  CHECK(is_inside(gym, "gone@example.com"));
}

TEST_CASE("a changed e-mail moves the access to the new address", "[absent]") {
  const SandboxGym gym;
  add_insiders(gym, 2);
  const std::string id = add_marked(gym, "maiden@example.com");
  gym.change_person(id, R"({"email":"married@example.com"})");
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  CHECK(actions_of(parse(run.out)) ==
        std::vector<std::string>{"create_user married@example.com membership-active applied",
                                 "grant married@example.com membership-active applied",
                                 "revoke maiden@example.com email-changed applied"});
  require_settled(gym);
}

TEST_CASE("whoever is absent and cannot be asked for is held: 3", "[absent]") {
  const bool marked = GENERATE(true, false);
  CAPTURE(marked);
  const SandboxGym gym;
  add_insiders(gym, 2);
  if (marked) {
    gym.remove_person(add_marked(gym, "gone@example.com"));
  } else {
    gym.add_row("gone@example.com");
  }
  gym.add_member("new@example.com");
  gym.add_fault(R"({"service":"glofox","path":"members/[0-9a-f]{24}|/users","kind":"status","status":500})");
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 3);
  CHECK(is_inside(gym, "gone@example.com"));
  CHECK(is_inside(gym, "new@example.com"));
  const auto actions = actions_of(parse(run.out));
  CHECK(std::ranges::find(actions, "revoke gone@example.com incomplete-record held") != actions.end());
  require_completion(gym);
}

TEST_CASE("the brake on absent people: exactly at the limit passes, one more holds them all", "[brake]") {
  const auto [limits, rows, absent, allowed] = GENERATE(table<std::string, int, int, bool>({
      {k_default_limits, 10, 3, true},
      {k_default_limits, 10, 4, false},
      {k_default_limits, 200, 4, true},  // 2 percent of 200 rows
      {k_default_limits, 200, 5, false},
      {k_default_limits, 249, 5, false},  // 4.98 is 4
      {k_tight_limits, 10, 2, true},
      {k_tight_limits, 10, 3, false},
  }));
  CAPTURE(limits, rows, absent);
  SandboxGym gym;
  gym.settings.integration = limits;
  const auto ids = add_insiders(gym, rows);
  for (int i = 0; i < absent; ++i) gym.remove_person(ids[static_cast<std::size_t>(i)]);
  gym.add_member("new@example.com");
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, allowed ? 0 : 4);
  CHECK(is_inside(gym, "new@example.com"));
  CHECK(gym.members_inside().size() == static_cast<std::size_t>(rows + 1 - (allowed ? absent : 0)));
  // Beyond the brake nobody is asked for.
  CHECK(requests_to(gym, "/users") >= (allowed ? absent : 0));
  CHECK(requests_to(gym, "/2.1/") == (allowed ? absent : 0));
  CHECK(has_notice(parse(run.out), "over_limit") != allowed);
  if (allowed) require_settled(gym);
}

TEST_CASE("the brake on stated removals: exactly at the limit passes, one more holds them all", "[brake]") {
  const auto [limits, rows, stated, allowed] = GENERATE(table<std::string, int, int, bool>({
      {k_default_limits, 20, 10, true},
      {k_default_limits, 20, 11, false},
      {k_default_limits, 60, 12, true},  // 20 percent of 60 rows
      {k_default_limits, 60, 13, false},
      {k_tight_limits, 10, 2, true},
      {k_tight_limits, 10, 3, false},
  }));
  CAPTURE(limits, rows, stated);
  SandboxGym gym;
  gym.settings.integration = limits;
  const auto ids = add_insiders(gym, rows);
  const std::vector<std::string> words{"CANCELLED", "EXPIRED", "PAUSED", "LOCKED"};
  for (std::size_t i = 0; i < static_cast<std::size_t>(stated); ++i)
    gym.change_membership(ids[i], Membership{.status = words[i % words.size()]});
  gym.add_member("new@example.com");
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, allowed ? 0 : 4);
  CHECK(is_inside(gym, "new@example.com"));
  CHECK(gym.members_inside().size() == static_cast<std::size_t>(rows + 1 - (allowed ? stated : 0)));
  const json::Document report = parse(run.out);
  CHECK(number_of(report.root()["integrations"].at(0)["summary"]["held"]) == (allowed ? 0 : stated));
  if (allowed) {
    require_settled(gym);
  } else {
    // The next run says the same again.
    gym.clear_journal();
    require_exit(gym.sync(), 4);
    CHECK(gym.writes() == 0);
  }
}

TEST_CASE("an approval lets exactly the listed removals pass", "[approval]") {
  SandboxGym gym;
  gym.settings.integration = k_tight_limits;
  const auto ids = add_insiders(gym, 10);
  for (std::size_t i = 0; i < 4; ++i) gym.change_membership(ids[i], Membership{.status = "EXPIRED"});
  const Ended dry = gym.sync({"--dry-run", "--output", "json"});
  require_exit(dry, 4);
  const std::string approval = gym.write_file("approval.json", dry.out);

  gym.change_membership(ids[4], Membership{.status = "EXPIRED"});
  const Ended narrow = gym.sync({"--approve-removals", approval, "--output", "json"});
  require_exit(narrow, 4);
  CHECK(gym.members_inside().size() == 6);
  CHECK(is_inside(gym, "person.4@example.com"));
  gym.add_member("new@example.com");
  require_exit(gym.sync(), 0);
  require_settled(gym);
}

TEST_CASE("an approval that names another row or another person approves nothing", "[approval]") {
  const std::string key = GENERATE("role_assignment_id", "email");
  CAPTURE(key);
  SandboxGym gym;
  gym.settings.integration = k_tight_limits;
  const auto ids = add_insiders(gym, 10);
  for (std::size_t i = 0; i < 4; ++i) gym.change_membership(ids[i], Membership{.status = "EXPIRED"});
  std::string report = gym.sync({"--dry-run", "--output", "json"}).out;
  for (auto at = report.find(key); at != std::string::npos; at = report.find(key, at + 1)) {
    const auto digit = report.find_first_of("0123456789", at);
    report[digit] = report[digit] == '9' ? '7' : '9';
  }
  gym.clear_journal();
  require_exit(gym.sync({"--approve-removals", gym.write_file("approval.json", report)}), 4);
  CHECK(gym.writes() == 0);
}

TEST_CASE("an approval that is no dry run of this command, or too old, is 64 before any request",
          "[approval]") {
  const SandboxGym gym;
  add_insiders(gym, 1);
  const std::string report = gym.sync({"--dry-run", "--output", "json"}).out;
  const auto with = [&report](const std::string& what, const std::string& instead) {
    std::string text = report;
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), instead);
  };
  const json::Document parsed = parse(report);
  const std::string finished = text_of(parsed.root()["finished_at"]);
  const auto finished_at = [&](std::int64_t minutes) {
    const std::string prefix = R"("finished_at": ")";
    return with(prefix + finished, prefix + time_from_now(minutes));
  };
  const std::vector<std::pair<std::string, int>> files{
      {report, 0},
      {finished_at(-23 * 60), 0},
      {finished_at(-25 * 60), 64},
      {finished_at(60), 64},
      {with(R"("sync-members")", R"("sync-bookings")"), 64},
      {with(R"("dry_run": true)", R"("dry_run": false)"), 64},
      {with(R"("format_version": 1)", R"("format_version": 2)"), 64},
      {report.substr(0, report.size() / 2), 64},
      {"{}", 64},
      {"[]", 64},
      {"", 64},
      {"not json", 64},
  };
  for (const auto& [text, code] : files) {
    gym.clear_journal();
    INFO(text.substr(0, 300));
    require_exit(gym.sync({"--approve-removals", gym.write_file("approval.json", text)}), code);
    if (code != 0) CHECK(gym.kisi().requests + gym.glofox().requests == 0);
  }
  require_exit(gym.sync({"--approve-removals", gym.directory().string()}), 64);
}

TEST_CASE("a missing canary holds everything", "[source]") {
  SandboxGym gym;
  gym.settings.integration = R"(,"canaries":["canary@example.com"])";
  const auto ids = add_insiders(gym, 3);
  gym.change_membership(ids[0], Membership{.status = "EXPIRED"});
  gym.add_member("new@example.com");
  gym.clear_journal();
  const Ended held = gym.sync({"--output", "json"});
  require_exit(held, 4);
  CHECK(gym.writes() == 0);
  CHECK(has_notice(parse(held.out), "canary_missing"));
  // A canary need not be a member; it must be in the list.
  gym.add_member("Canary@Example.com ", Membership{.type = "payg"});
  require_exit(gym.sync(), 0);
  require_settled(gym);
}

TEST_CASE("an empty member list removes nobody", "[source]") {
  const int rows = GENERATE(0, 1, 20);
  CAPTURE(rows);
  const SandboxGym gym;
  for (int i = 0; i < rows; ++i) gym.add_row(fmt::format("person.{}@example.com", i));
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, rows == 0 ? 0 : 4);
  CHECK(gym.writes() == 0);
  CHECK(has_notice(parse(run.out), "empty_source") == (rows > 0));
  CHECK(gym.members_inside().size() == static_cast<std::size_t>(rows));
}

TEST_CASE("more people than max_users: grants are held, removals are not", "[source]") {
  const int most = GENERATE(4, 5);
  CAPTURE(most);
  SandboxGym gym;
  gym.settings.integration = fmt::format(R"(,"limits":{{"max_users":{}}})", most);
  const auto ids = add_insiders(gym, 4);
  gym.change_membership(ids[0], Membership{.status = "EXPIRED"});
  gym.add_member("new.1@example.com");
  gym.add_member("new.2@example.com");
  const Ended run = gym.sync();
  require_exit(run, most == 5 ? 0 : 4);
  CHECK(gym.members_inside().size() == (most == 5 ? 5U : 3U));
}

TEST_CASE("protected people are never removed", "[source]") {
  SandboxGym gym;
  gym.settings.integration = R"(,"protected":["Owner@Example.com"])";
  gym.add_member("owner@example.com", Membership{.status = "EXPIRED"});
  gym.add_row("owner@example.com");
  gym.add_member("other@example.com", Membership{.status = "EXPIRED"});
  gym.add_row("other@example.com");
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  CHECK(has_notice(parse(run.out), "protected"));
  CHECK(gym.members_inside() == std::vector<std::string>{"owner@example.com"});
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  CHECK(gym.writes() == 0);
}

TEST_CASE("an incomplete Glofox list grants whom it shows and removes nobody: 65", "[incomplete]") {
  const std::string fault =
      GENERATE(as<std::string>(), R"("kind":"wrong_total","delta":3)", R"("kind":"short_page","rows":1)",
               R"("path":"page=2","kind":"malformed")", R"("path":"page=2","kind":"status","status":500)",
               R"("path":"page=2","kind":"repeated_page")", R"("path":"page=2","kind":"empty_list")");
  CAPTURE(fault);
  const SandboxGym gym;
  const auto ids = add_insiders(gym, 150);
  gym.change_membership(ids[0], Membership{.status = "EXPIRED"});
  gym.add_member("new@example.com");
  gym.add_fault(R"({"service":"glofox",)" +
                (contains(fault, "path") ? "" : std::string(R"("path":"2.0/members",)")) + fault + "}");
  for (const bool dry : {true, false}) {
    gym.clear_journal();
    const Ended run = dry ? gym.sync({"--dry-run", "--output", "json"}) : gym.sync({"--output", "json"});
    const bool down = contains(fault, "status");
    require_exit(run, down ? 69 : 65);
    const json::Document report = parse(run.out);
    CHECK(report.root()["integrations"].at(0)["source"]["complete"].as_bool() == false);
    for (const JournalEntry& entry : gym.journal(true)) CHECK(entry.method == "POST");
  }
  CHECK(is_inside(gym, "person.0@example.com"));
  require_completion(gym);
}

TEST_CASE("an incomplete Kisi list changes nothing: 65", "[incomplete]") {
  const std::string fault =
      GENERATE(as<std::string>(), R"("kind":"wrong_total","delta":1)", R"("kind":"wrong_total","delta":-1)",
               R"("kind":"short_page","rows":1)", R"("kind":"empty_list")", R"("kind":"repeated_page")",
               R"("kind":"insert_row_while_paging")", R"("kind":"body","body":"[]")",
               R"("kind":"body","body":"[{}]")");
  CAPTURE(fault);
  const SandboxGym gym;
  const auto ids = add_insiders(gym, 260);
  gym.change_membership(ids[0], Membership{.status = "EXPIRED"});
  gym.add_member("new@example.com");
  gym.add_fault(R"({"service":"kisi","path":"^/role_assignments.*applies_to_id=45510",)" + fault + "}");
  gym.clear_journal();
  const Ended run = gym.sync();
  require_exit(run, 65);
  CHECK(gym.kisi().writes == 0);
  gym.clear_faults();
  require_exit(gym.sync(), 0);
}

TEST_CASE("a group beyond Kisi's last offset is refused, not read in part", "[incomplete]") {
  const SandboxGym gym;
  add_insiders(gym, 2);
  gym.add_fault(R"({"service":"kisi","path":"^/role_assignments.*applies_to_id=45510","kind":"wrong_total",)"
                R"("delta":25000})");
  gym.clear_journal();
  require_exit(gym.sync(), 65);
  CHECK(gym.kisi().writes == 0);
}

}  // namespace gk::test::safety_test
