#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "e2e/sandbox_gym.hpp"

// Contract 2 and 9: what is printed, where, and in which form.
namespace gk::test::output_test {

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

/// Lines of the text output that begin with this sign.
std::int64_t count_lines(const std::string& text, const std::string& sign) {
  return std::ranges::count_if(lines_of(text),
                               [&](const std::string& line) { return line.starts_with("  " + sign + " "); });
}

/// Something of every kind: new people, removals, held ones, foreign rows.
void add_everything(const SandboxGym& gym) {
  for (int i = 0; i < 4; ++i) gym.add_member(fmt::format("new.{}@example.com", i));
  gym.add_member("inside@example.com");
  gym.add_row("inside@example.com");
  gym.add_member("left@example.com", Membership{.status = "CANCELLED"});
  gym.add_row("left@example.com");
  gym.add_member("odd@example.com", Membership{.status = "SUSPENDED"});
  gym.add_row("odd@example.com");
  gym.add_row("by.hand@example.net", R"(,"created_by_id":6999999)");
  gym.add_member("");
}

}  // namespace

TEST_CASE("asked to be quiet, a run is silent on success and speaks of trouble", "[output]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  for (const char* what : {"a run with work", "a run without"}) {
    CAPTURE(what);
    const Ended run = gym.sync({"--quiet"});
    require_exit(run, 0);
    CHECK(run.out.empty());
    CHECK(run.err.empty());
  }
  gym.add_member("bo@example.com");
  const Ended dry = gym.sync({"-q", "--dry-run", "--detailed-exitcode", "--output", "json"});
  require_exit(dry, 2);
  CHECK(dry.out.empty());
  CHECK(dry.err.empty());
  gym.add_fault(R"({"service":"glofox","kind":"status","status":503})");
  const Ended trouble = gym.sync({"--quiet"});
  require_exit(trouble, 69);
  CHECK(contains(trouble.err, "error: riverside"));
}

TEST_CASE("the result goes to standard output, everything else to standard error", "[output]") {
  const SandboxGym gym;
  add_everything(gym);
  const Ended run = gym.sync({"-v"});
  require_exit(run, 3);
  CHECK(contains(run.out, "riverside: "));
  CHECK_FALSE(contains(run.out, "info"));
  CHECK(contains(run.err, "info"));
}

TEST_CASE("text and JSON agree, and the counts are those of the lists", "[output]") {
  const bool dry = GENERATE(true, false);
  CAPTURE(dry);
  const SandboxGym gym;
  add_everything(gym);
  // Both forms of the same state: the dry run changes nothing, so it may be asked twice.
  const std::string text = gym.sync({"--dry-run"}).out;
  const Ended run = dry ? gym.sync({"--dry-run", "--output", "json"}) : gym.sync({"--output", "json"});
  require_exit(run, 3);
  const json::Document report = parse(run.out);
  const json::View root = report.root();
  CHECK(number_of(root["format_version"]) == 1);
  CHECK(text_of(root["command"]) == "sync-members");
  CHECK(root["dry_run"].as_bool() == dry);
  CHECK(number_of(root["exit_code"]) == 3);
  for (const char* key : {"tool_version", "run_id", "started_at", "finished_at"})
    CHECK_FALSE(text_of(root[key]).empty());
  const json::View integration = root["integrations"].at(0);
  CHECK(text_of(integration["outcome"]) == "held");
  const json::View summary = integration["summary"];
  CHECK(number_of(summary["desired"]) == 5);
  CHECK(number_of(summary["observed"]) == 3);
  CHECK(number_of(summary["foreign"]) == 1);
  CHECK(number_of(summary["create_user"]) == 4);
  CHECK(number_of(summary["grant"]) == 4);
  CHECK(number_of(summary["revoke"]) == 1);
  CHECK(number_of(summary["keep"]) == 1);
  CHECK(number_of(summary["held"]) == 1);
  CHECK(number_of(summary["failed"]) == 0);
  CHECK(integration["verified"].as_bool() == (dry ? std::nullopt : std::optional(true)));

  CHECK(count_lines(text, "+") == 8);
  CHECK(count_lines(text, "-") == 1);
  CHECK(count_lines(text, "!") == 1);
  CHECK(count_lines(text, "=") == 1);
  const auto actions = actions_of(report);
  CHECK(actions.size() == 10);
  for (std::size_t i = 0; i < integration["actions"].size(); ++i) {
    const std::string email = text_of(integration["actions"].at(i)["email"]);
    CHECK(contains(text, email));
    CHECK(number_of(integration["actions"].at(i)["group_id"]) == k_group);
  }
  CHECK(contains(text, "create_user 4, grant 4, change 0, revoke 1, keep 1, held 1, failed 0"));
  CHECK(has_notice(report, "missing_email"));
  CHECK(has_notice(report, "foreign"));
}

TEST_CASE("the preview is stable, and the real run does what it says", "[output]") {
  const SandboxGym gym({"--people", "200", "--eligible-percent", "30"});
  const std::string preview = gym.sync({"--dry-run"}).out;
  gym.set_switch("member_order", "shuffled");
  gym.set_switch("list_order", "id_desc");
  CHECK(gym.sync({"--dry-run"}).out == preview);
  const std::string done = gym.sync().out;
  const auto planned = lines_of(preview);
  const auto applied = lines_of(done);
  REQUIRE(planned.size() == applied.size());
  // All but the heading, which tells that it is a preview, and the outcome in the summary.
  CHECK(std::equal(planned.begin() + 1, planned.end() - 1, applied.begin() + 1));
}

TEST_CASE("colour is for terminals that want it", "[terminal]") {
  struct Case {
    Output output;
    std::map<std::string, std::string> environment;
    std::vector<std::string> arguments;
    bool colour;
  };
  const auto one = GENERATE(values<Case>({
      {Output::terminal, {{"TERM", "xterm"}}, {}, true},
      {Output::terminal, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}, {}, false},
      {Output::terminal, {{"TERM", "xterm"}, {"NO_COLOR", ""}}, {}, true},
      {Output::terminal, {{"TERM", "dumb"}}, {}, false},
      {Output::terminal, {{"TERM", "xterm"}}, {"--no-color"}, false},
      {Output::captured, {{"TERM", "xterm"}}, {}, false},
  }));
  CAPTURE(one.environment, one.arguments, one.output == Output::terminal);
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  std::vector<std::string> arguments{"--dry-run"};
  arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
  Program program = gym.sync_program(arguments);
  program.output = one.output;
  program.environment.insert(one.environment.begin(), one.environment.end());
  const Ended run = run_program(program);
  require_exit(run, 0);
  CHECK(contains(run.out, "ada@example.com"));
  CHECK(contains(run.out, "\x1b[") == one.colour);
}

TEST_CASE("long work shows its progress on a terminal, and nowhere else", "[terminal]") {
  const Output output = GENERATE(Output::terminal, Output::captured);
  const SandboxGym gym;
  for (int i = 0; i < 8; ++i) gym.add_member(fmt::format("person.{}@example.com", i));
  gym.add_fault(R"({"service":"kisi","method":"POST","kind":"latency","ms":300})");
  Program program = gym.sync_program();
  program.output = output;
  program.environment["TERM"] = "xterm";
  const Ended run = run_program(program);
  require_exit(run, 0);
  CHECK(contains(run.out + run.err, "/16, ") == (output == Output::terminal));
}

TEST_CASE("help and version need no configuration and no service", "[output]") {
  const auto arguments = GENERATE(values<std::vector<std::string>>({
      {"--help"},
      {"-h"},
      {"--version"},
      {"sync-members", "--help"},
      {"sync-bookings", "-h"},
      {"checkin", "--help"},
      {"validate-config", "--help"},
  }));
  CAPTURE(arguments);
  SandboxGym gym;
  gym.writes_config = false;
  const Ended run = run_program(gym.product(arguments));
  require_exit(run, 0);
  CHECK(run.err.empty());
  CHECK(contains(run.out, "glofox-kisi"));
  CHECK(run.out.back() == '\n');
}

TEST_CASE("a result that cannot be written is not taken for a success", "[output]") {
  const Output output = GENERATE(Output::closed, Output::full);
  const std::string format = GENERATE("text", "json");
  CAPTURE(output == Output::closed, format);
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  Program program = gym.sync_program({"--output", format});
  program.output = output;
  require_exit(run_program(program), 1);
  // The work itself is done, and nothing of the output went where it does not belong.
  CHECK(gym.members_inside().size() == 1);
  program = gym.sync_program({"--quiet"});
  program.output = output;
  require_exit(run_program(program), 0);
  require_settled(gym);
}

TEST_CASE("the configuration is found where the contract says", "[config]") {
  SandboxGym gym;
  gym.add_member("ada@example.com");
  Program program = gym.product({"sync-members", "--dry-run", "--detailed-exitcode"});
  SECTION("in $GLOFOX_KISI_CONFIG") { program.environment["GLOFOX_KISI_CONFIG"] = gym.config_path(); }
  SECTION("in $XDG_CONFIG_HOME") {
    std::filesystem::create_directory(gym.directory() / "glofox-kisi");
    gym.write_file("glofox-kisi/config.json", gym.config_text());
    program.environment["XDG_CONFIG_HOME"] = gym.directory().string();
  }
  SECTION("with comments and trailing commas") {
    std::string text = "// rehearsal\n" + gym.config_text();
    text.insert(text.rfind('}'), "/* end */,");
    gym.write_file("product.json", text);
    program.environment["GLOFOX_KISI_CONFIG"] = gym.config_path();
  }
  require_exit(run_program(program), 2);
}

}  // namespace gk::test::output_test
