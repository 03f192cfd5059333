#include <fmt/format.h>
#include <signal.h>

#include <catch2/catch.hpp>

#include "e2e/sandbox_gym.hpp"

// Every code of contract 3, reached by its real cause.
namespace gk::test::exit_codes_test {

namespace {

/// A second integration at the other branch, writing to the second group.
std::string uptown(const std::string& more = {}, std::int64_t group = k_second_group) {
  return fmt::format(R"(,{{"name":"uptown","location_id":"{}","group_id":{}{}}})", k_other_branch, group,
                     more);
}

/// One way to earn a code: what is prepared, and what the run says about it.
struct Cause {
  const char* name;
  void (*prepare)(SandboxGym&);
  int code;
  const char* says;  ///< part of the output
};

const std::vector<Cause>& causes() {
  static const std::vector<Cause> k_causes{
      {"done", [](SandboxGym&) {}, 0, "changed"},
      {"somebody inside has an unknown status",
       [](SandboxGym& gym) {
         gym.add_member("odd@example.com", Membership{.status = "SUSPENDED"});
         gym.add_row("odd@example.com");
       },
       3, "held"},
      {"one create is forbidden",
       [](SandboxGym& gym) {
         gym.add_fault(R"({"service":"kisi","method":"POST","path":"^/users$","kind":"status","status":403,)"
                       R"("count":1})");
       },
       3, "FAILED"},
      {"more stated removals than the brake allows",
       [](SandboxGym& gym) {
         gym.settings.integration = R"(,"limits":{"removals":{"stated":{"count":0,"percent":0}}})";
         gym.add_member("gone@example.com", Membership{.status = "CANCELLED"});
         gym.add_row("gone@example.com");
       },
       4, "over_limit"},
      {"a revoke that Kisi confirms but does not do",
       [](SandboxGym& gym) {
         gym.add_member("gone@example.com", Membership{.status = "CANCELLED"});
         gym.add_row("gone@example.com");
         gym.add_fault(R"({"service":"kisi","method":"DELETE","kind":"status","status":204})");
       },
       5, "Kisi does not show what this run left"},
      {"a page that is not JSON",
       [](SandboxGym& gym) {
         gym.add_fault(R"({"service":"glofox","path":"2.0/members","kind":"malformed"})");
       },
       65, "error: riverside"},
      {"a Kisi list that is not JSON",
       [](SandboxGym& gym) {
         gym.add_fault(R"({"service":"kisi","path":"^/role_assignments","kind":"malformed"})");
       },
       65, "error: riverside"},
      {"a zone that this machine does not know",
       [](SandboxGym& gym) {
         gym.add_fault(
             fmt::format(R"({{"service":"glofox","path":"branches/{}$","kind":"body","body":)"
                         R"({{"_id":"{}","name":"Example","address":{{"timezone_id":"Mars/Olympus"}}}}}})",
                         k_branch, k_branch));
       },
       65, "Mars/Olympus"},
      {"Glofox is down",
       [](SandboxGym& gym) { gym.add_fault(R"({"service":"glofox","kind":"status","status":503})"); }, 69,
       "503"},
      {"Kisi is down", [](SandboxGym& gym) { gym.add_fault(R"({"service":"kisi","kind":"html502"})"); }, 69,
       "502"},
      {"Kisi throttles for an hour",
       [](SandboxGym& gym) {
         gym.add_fault(R"({"service":"kisi","kind":"status","status":429,"retry_after":"3600"})");
       },
       69, "429"},
      {"Glofox hangs up",
       [](SandboxGym& gym) { gym.add_fault(R"({"service":"glofox","kind":"reset_before"})"); }, 69,
       "error: riverside"},
      {"a wrong Kisi key",
       [](SandboxGym& gym) {
         gym.settings.kisi_secret = R"({"env":"WRONG_KEY"})";
         gym.environment["WRONG_KEY"] = "not-the-key";
       },
       77, "401"},
      {"a wrong Glofox key",
       [](SandboxGym& gym) {
         gym.settings.glofox_key_secret = R"({"env":"WRONG_KEY"})";
         gym.environment["WRONG_KEY"] = "not-the-key";
       },
       77, "403"},
      {"three forbidden writes in a row",
       [](SandboxGym& gym) {
         gym.add_fault(R"({"service":"kisi","method":"POST","kind":"status","status":403})");
       },
       77, "three writes in a row"},
      {"the key is refused in the middle",
       [](SandboxGym& gym) {
         gym.add_fault(R"({"service":"kisi","method":"POST","kind":"status","status":401})");
       },
       77, "401"},
      {"an unknown group", [](SandboxGym& gym) { gym.settings.group = 99999; }, 78, "99999"},
      {"a group of one place", [](SandboxGym& gym) { gym.settings.group = k_place_group; }, 78, "ambiguous"},
      {"rows of a marketplace integration",
       [](SandboxGym& gym) {
         gym.add_row("by.hand@example.net", R"(,"created_by_type":"MarketplaceInstallation")");
       },
       78, "marketplace"},
      {"an unknown location", [](SandboxGym& gym) { gym.settings.location = "64b0c0ffee0000000000dead"; }, 78,
       "error: riverside"},
      {"an unknown key in the file", [](SandboxGym& gym) { gym.settings.kisi = R"(,"api_kye":1)"; }, 78,
       "api_kye"},
      {"a plain secret in the file", [](SandboxGym& gym) { gym.settings.kisi_secret = R"("in-the-open")"; },
       78, "api_key"},
      {"a plan filter that would lock everybody out",
       [](SandboxGym& gym) { gym.settings.integration = R"(,"memberships":{"plans":[]})"; }, 78, "plans"},
  };
  return k_causes;
}

void furnish(SandboxGym& gym, const Cause& cause) {
  for (const char* email : {"ada@example.com", "bo@example.com", "cy@example.com", "dee@example.com"})
    gym.add_member(email);
  cause.prepare(gym);
}

}  // namespace

TEST_CASE("each exit code has its cause", "[exit]") {
  const auto number = GENERATE(range(std::size_t{0}, causes().size()));
  const Cause& cause = causes()[number];
  CAPTURE(cause.name);
  SandboxGym gym;
  furnish(gym, cause);
  const Ended run = gym.sync();
  require_exit(run, cause.code);
  INFO(run.out << run.err);
  CHECK(contains(run.out + run.err, cause.says));
  // Trouble is told even when asked to be quiet, and a code other than 0 always has its sentence.
  CHECK((cause.code == 0) == run.err.empty());
}

TEST_CASE("a dry run earns the code that the real run earns before its first write", "[exit]") {
  const auto number = GENERATE(range(std::size_t{0}, causes().size()));
  const Cause& cause = causes()[number];
  CAPTURE(cause.name);
  SandboxGym gym;
  furnish(gym, cause);
  gym.clear_journal();
  const Ended dry = gym.sync({"--dry-run"});
  CHECK(gym.writes() == 0);
  const Ended real = gym.sync();
  const bool while_writing = cause.code == 5 || contains(cause.says, "FAILED") ||
                             contains(cause.name, "three forbidden") || contains(cause.name, "in the middle");
  require_exit(dry, while_writing ? 0 : real.exit_code);
}

TEST_CASE("pending changes are 2 only when asked for", "[exit]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  require_exit(gym.sync({"--dry-run"}), 0);
  require_exit(gym.sync({"--dry-run", "--detailed-exitcode"}), 2);
  require_exit(gym.sync({"--detailed-exitcode"}), 0);
  require_exit(gym.sync({"--dry-run", "--detailed-exitcode"}), 0);
  require_settled(gym);
}

TEST_CASE("a wrong command line is 64, and nothing is asked", "[exit]") {
  const auto arguments = GENERATE(values<std::vector<std::string>>({
      {},
      {"sync-member"},
      {"sync-members", "--dryrun"},
      {"sync-members", "--deadline", "15"},
      {"sync-members", "--as-of", "2026-03-01T08:00:00Z"},
      {"sync-members", "--dry-run", "--as-of", "tomorrow"},
      {"sync-members", "--output", "xml"},
      {"sync-members", "surplus"},
      {"sync-members", "--integration", "downtown"},
      {"sync-members", "--approve-removals", "/nonexistent/approval.json"},
      {"checkin"},
  }));
  CAPTURE(arguments);
  const SandboxGym gym;
  Program program = gym.product(arguments);
  program.environment["GLOFOX_KISI_CONFIG"] = gym.config_path();
  const Ended run = run_program(program);
  require_exit(run, 64);
  CHECK(run.out.empty());
  CHECK_FALSE(run.err.empty());
  CHECK(gym.kisi().requests + gym.glofox().requests == 0);
}

TEST_CASE("one integration's trouble does not harm the others, and the worst code wins", "[exit]") {
  struct Pair {
    const char* name;
    void (*harm)(SandboxGym&);
    int code;
  };
  const auto pair = GENERATE(values<Pair>({
      {"uptown's group belongs to a place",
       [](SandboxGym& gym) { gym.settings.more_integrations = uptown("", k_place_group); }, 78},
      {"uptown's own key is wrong",
       [](SandboxGym& gym) {
         gym.environment["WRONG_KEY"] = "not-the-key";
         gym.settings.more_integrations = uptown(R"(,"glofox":{"api_key":{"env":"WRONG_KEY"}})");
       },
       77},
      {"uptown's branch is not JSON",
       [](SandboxGym& gym) {
         gym.settings.more_integrations = uptown();
         gym.add_fault(
             fmt::format(R"({{"service":"glofox","path":"{}","kind":"malformed"}})", k_other_branch));
       },
       65},
      {"uptown's branch is down",
       [](SandboxGym& gym) {
         gym.settings.more_integrations = uptown();
         gym.add_fault(fmt::format(R"({{"service":"glofox","path":"{}","kind":"status","status":503}})",
                                   k_other_branch));
       },
       69},
      {"uptown is over its limit",
       [](SandboxGym& gym) {
         gym.settings.more_integrations = uptown(R"(,"limits":{"max_users":1})");
         for (const char* email : {"eli@example.com", "fay@example.com"})
           gym.add_member(email,
                          fmt::format(R"(,"branch_id":"{0}","origin_branch_id":"{0}")", k_other_branch));
       },
       4},
      {"uptown has somebody of unknown status",
       [](SandboxGym& gym) {
         gym.settings.more_integrations = uptown();
         gym.add_member("odd@example.com", Membership{.status = "SUSPENDED"},
                        fmt::format(R"(,"branch_id":"{0}","origin_branch_id":"{0}")", k_other_branch));
         gym.add_row("odd@example.com", fmt::format(R"(,"group_id":{})", k_second_group));
       },
       3},
  }));
  CAPTURE(pair.name);
  SandboxGym gym;
  gym.add_member("ada@example.com");
  pair.harm(gym);
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, pair.code);
  const json::Document report = parse(run.out);
  CHECK(number_of(report.root()["exit_code"]) == pair.code);
  REQUIRE(report.root()["integrations"].size() == 2);
  CHECK(text_of(report.root()["integrations"].at(0)["outcome"]) == "changed");
  CHECK(gym.members_inside() == std::vector<std::string>{"ada@example.com"});
}

TEST_CASE("of several codes the first of the contract's order is the run's", "[exit]") {
  SandboxGym gym;
  const auto at_uptown = fmt::format(R"(,"branch_id":"{0}","origin_branch_id":"{0}")", k_other_branch);
  // riverside: somebody held (3); uptown: over its limit (4).
  gym.add_member("odd@example.com", Membership{.status = "SUSPENDED"});
  gym.add_row("odd@example.com");
  gym.add_member("eli@example.com", at_uptown);
  gym.add_member("fay@example.com", at_uptown);
  gym.settings.more_integrations = uptown(R"(,"limits":{"max_users":1})");
  require_exit(gym.sync(), 4);
  // And with a branch that cannot be read: 65 before 69 before 4.
  gym.add_fault(
      fmt::format(R"({{"service":"glofox","path":"{}","kind":"status","status":503}})", k_other_branch));
  require_exit(gym.sync(), 69);
  gym.add_fault(R"({"service":"kisi","path":"/groups/45510","kind":"malformed"})");
  require_exit(gym.sync(), 65);
  gym.clear_faults();
  gym.settings.group = k_place_group;
  require_exit(gym.sync(), 78);
}

TEST_CASE("an integration can be chosen, and a disabled one is skipped", "[exit]") {
  SandboxGym gym;
  gym.add_member("ada@example.com");
  gym.add_member("eli@example.com",
                 fmt::format(R"(,"branch_id":"{0}","origin_branch_id":"{0}")", k_other_branch));
  gym.settings.more_integrations = uptown();
  require_exit(gym.sync({"--integration", "uptown"}), 0);
  CHECK(gym.members_inside().empty());
  CHECK(gym.members_inside(k_second_group) == std::vector<std::string>{"eli@example.com"});

  gym.settings.more_integrations = uptown(R"(,"enabled":false)");
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  const json::Document report = parse(run.out);
  const json::View integrations = report.root()["integrations"];
  for (std::size_t i = 0; i < integrations.size(); ++i) {
    const bool here = text_of(integrations.at(i)["name"]) == "riverside";
    CHECK(text_of(integrations.at(i)["outcome"]) == (here ? "changed" : "skipped"));
  }
  for (const JournalEntry& entry : gym.journal())
    CHECK_FALSE(contains(entry.path, std::to_string(k_second_group)));
  CHECK(gym.members_inside() == std::vector<std::string>{"ada@example.com"});
}

}  // namespace gk::test::exit_codes_test
