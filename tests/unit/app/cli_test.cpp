#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "app/cli.hpp"

namespace gk::app::cli_test {

namespace {

using namespace std::chrono_literals;
using Arguments = std::vector<const char*>;

ParseOutcome parse(Arguments arguments) {
  arguments.insert(arguments.begin(), "glofox-kisi");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

Invocation accepted(const Arguments& arguments) {
  const ParseOutcome outcome = parse(arguments);
  if (const auto* exit = std::get_if<ExitNow>(&outcome)) FAIL(exit->stderr_text);
  return std::get<Invocation>(outcome);
}

template <class T>
T command(const Arguments& arguments) {
  return std::get<T>(accepted(arguments).command);
}

ExitNow answered(const Arguments& arguments) {
  const ParseOutcome outcome = parse(arguments);
  REQUIRE(std::holds_alternative<ExitNow>(outcome));
  return std::get<ExitNow>(outcome);
}

}  // namespace

TEST_CASE("Defaults of a sync") {
  const Invocation invocation = accepted({"sync-members"});
  CHECK_FALSE(invocation.global.config_path.has_value());
  CHECK(invocation.global.integrations.empty());
  CHECK(invocation.global.output == OutputFormat::text);
  CHECK(invocation.global.log_format == LogFormat::text);
  CHECK(invocation.global.verbosity == 0);
  CHECK_FALSE(invocation.global.quiet);
  CHECK_FALSE(invocation.global.no_color);
  const auto sync = std::get<SyncMembers>(invocation.command).sync;
  CHECK_FALSE(sync.dry_run);
  CHECK_FALSE(sync.detailed_exitcode);
  CHECK(sync.deadline == 14min);
  CHECK(sync.lock_wait == 0s);
  CHECK_FALSE(sync.approval_file.has_value());
  CHECK_FALSE(sync.as_of.has_value());
}

TEST_CASE("Global options stand before or after the command") {
  const Arguments options{
      "--config", "c.json", "--integration", "a",    "--integration=b", "--output", "json",
      "-q",       "-vv",    "--log-format",  "json", "--no-color"};
  Arguments before = options;
  before.push_back("sync-bookings");
  Arguments after{"sync-bookings"};
  after.insert(after.end(), options.begin(), options.end());
  for (const Arguments& arguments : {before, after}) {
    const Invocation invocation = accepted(arguments);
    CHECK(std::holds_alternative<SyncBookings>(invocation.command));
    CHECK(invocation.global.config_path == "c.json");
    CHECK(invocation.global.integrations == std::vector<std::string>{"a", "b"});
    CHECK(invocation.global.output == OutputFormat::json);
    CHECK(invocation.global.log_format == LogFormat::json);
    CHECK(invocation.global.verbosity == 2);
    CHECK(invocation.global.quiet);
    CHECK(invocation.global.no_color);
  }
  CHECK(accepted({"--integration", "a", "sync-members", "--integration", "b"}).global.integrations.size() ==
        2);
  CHECK(accepted({"-v", "sync-members", "-v", "--verbose"}).global.verbosity == 3);
}

TEST_CASE("Options of a sync") {
  const SyncOptions sync = command<SyncBookings>({"sync-bookings", "-n", "--detailed-exitcode", "--deadline",
                                                  "90s", "--lock-wait=2m", "--approve-removals", "plan.json",
                                                  "--as-of", "2026-03-01T15:14:00+01:00"})
                               .sync;
  CHECK(sync.dry_run);
  CHECK(sync.detailed_exitcode);
  CHECK(sync.deadline == 90s);
  CHECK(sync.lock_wait == 2min);
  CHECK(sync.approval_file == "plan.json");
  REQUIRE(sync.as_of.has_value());
  CHECK(format_rfc3339(*sync.as_of) == "2026-03-01T14:14:00Z");
}

TEST_CASE("The forms of a check-in") {
  const auto event = command<Checkin>({"checkin", "--event", "-", "--signature", "sha256=00", "--dry-run"});
  CHECK(event.dry_run);
  CHECK(std::get<CheckinDelivery>(event.source).file == "-");
  CHECK(std::get<CheckinDelivery>(event.source).signature == "sha256=00");
  const auto by_id = std::get<CheckinUnlock>(
      command<Checkin>({"checkin", "--user", "7710342", "--lock", "51", "--at", "2026-03-01T08:00:00Z"})
          .source);
  CHECK(std::get<UserId>(by_id.user) == UserId{7710342});
  CHECK(by_id.lock == LockId{51});
  CHECK(by_id.at.has_value());
  const auto by_mail = std::get<CheckinUnlock>(
      command<Checkin>({"checkin", "--lock", "51", "--user", "ada.example@example.com"}).source);
  CHECK(std::get<gk::Email>(by_mail.user) == "ada.example@example.com");
  CHECK_FALSE(by_mail.at.has_value());
  CHECK(std::get<CheckinCatchUp>(command<Checkin>({"checkin", "--since", "2h"}).source).since == 2h);
}

TEST_CASE("validate-config") {
  CHECK_FALSE(command<ValidateConfig>({"validate-config"}).offline);
  CHECK(command<ValidateConfig>({"validate-config", "--offline"}).offline);
  CHECK_FALSE(command<ValidateConfig>({"validate-config"}).simulate);
  CHECK(command<ValidateConfig>({"validate-config", "--simulate", "stale"}).simulate ==
        gk::reconcile::Damage::stale);
}

TEST_CASE("Wrong command lines: one line that says why, and a hint") {
  struct Row {
    Arguments arguments;
    std::string message, hint;
  };
  const std::string checkin = "glofox-kisi checkin --help";
  const std::string sync = "glofox-kisi sync-members --help";
  for (const Row& row : std::vector<Row>{
           {{}, "a command is missing", "glofox-kisi --help"},
           {{"sync-member"},
            "unknown command sync-member (did you mean sync-members?)",
            "glofox-kisi --help"},
           {{"help"}, "unknown command help", "glofox-kisi --help"},
           {{"sync-members", "checkin"}, "unexpected argument checkin", sync},
           {{"sync-members", "--dryrun"}, "unknown option --dryrun (did you mean --dry-run?)", sync},
           {{"sync-members", "--dry"}, "unknown option --dry (did you mean --dry-run?)", sync},
           {{"-n", "sync-members"}, "option -n must follow the command: sync-members -n", sync},
           {{"sync-members", "-x"}, "unknown option -x", sync},
           {{"sync-members", "--deadline"}, "--deadline: a value is missing", sync},
           {{"--deadline=", "sync-members"}, "--deadline: a value is missing", "glofox-kisi --help"},
           {{"sync-members", "--deadline", ""}, "--deadline: the value must not be empty", sync},
           {{"--integration", "", "sync-members"}, "--integration: the value must not be empty", sync},
           {{"sync-members", "--deadline", "14"},
            "--deadline: '14' is not a duration: write a number and a unit, such as 90s, 15m, 1h or 2d",
            sync},
           {{"--config", "a", "sync-members", "--config", "b"}, "--config: given more than once", sync},
           {{"sync-members", "--output", "xml"}, "--output: must be text or json, not 'xml'", sync},
           {{"sync-members", "--as-of", "2026-03-01T14:14:00Z"}, "--as-of needs --dry-run", sync},
           {{"sync-members", "-n", "--as-of", "noon"},
            "--as-of: 'noon' is not an RFC 3339 time such as 2026-03-01T08:30:00Z",
            sync},
           {{"sync-members", "\x1b[31m"}, "unexpected argument \\x1b[31m", sync},
           {{"checkin"}, "checkin needs --event FILE, or --user with --lock, or --since DURATION", checkin},
           {{"checkin", "--event", "-", "--since", "1h"},
            "use only one of --event, --user with --lock, and --since",
            checkin},
           {{"checkin", "--user", "5"}, "--lock is missing: which door was unlocked?", checkin},
           {{"checkin", "--lock", "5"}, "--user is missing: who unlocked the door?", checkin},
           {{"checkin", "--user", "ada", "--lock", "5"},
            "--user: 'ada' is neither a Kisi user id nor an e-mail address",
            checkin},
           {{"checkin", "--user", "5", "--lock", "0"}, "--lock: '0' is not a Kisi lock id", checkin},
           {{"checkin", "--since", "1h", "--signature", "x"}, "--signature needs --event", checkin},
           {{"checkin", "--signature", "x"}, "--signature needs --event", checkin},
           {{"checkin", "--since", "0s"}, "--since: must be longer than 0s", checkin},
           {{"validate-config", "--dry-run"},
            "unknown option --dry-run",
            "glofox-kisi validate-config --help"},
       }) {
    INFO(row.message);
    const ExitNow exit = answered(row.arguments);
    CHECK(exit.code == ExitCode::usage);
    CHECK(exit.stdout_text.empty());
    CHECK(exit.stderr_text == "glofox-kisi: " + row.message + "\nTry '" + row.hint + "'.\n");
  }
}

TEST_CASE("The version and the help are answered on standard output") {
  for (const Arguments& arguments : {Arguments{"--version"}, Arguments{"sync-members", "--version"}}) {
    const ExitNow version = answered(arguments);
    CHECK(version.code == ExitCode::done);
    CHECK(version.stdout_text == "glofox-kisi " + std::string(tool_version()) + "\n");
  }
  for (const char* name : {"sync-members", "sync-bookings", "checkin", "validate-config"}) {
    INFO(name);
    const ExitNow help = answered({name, "--help"});
    CHECK(help.code == ExitCode::done);
    CHECK(help.stderr_text.empty());
    for (const char* part :
         {"USAGE\n", "OPTIONS\n", "GLOBAL OPTIONS", "EXAMPLES\n", "EXIT CODES", "--config PATH"}) {
      CHECK(help.stdout_text.find(part) != std::string::npos);
    }
    CHECK(answered({"--help"}).stdout_text.find(std::string("  ") + name) != std::string::npos);
  }
  CHECK(answered({"sync-members", "-h"}).stdout_text.find("--deadline DURATION       start no new action") !=
        std::string::npos);
}

TEST_CASE("Lines of the help fit a terminal of 120 columns") {
  for (const Arguments& arguments :
       {Arguments{"-h"}, Arguments{"sync-members", "-h"}, Arguments{"sync-bookings", "-h"},
        Arguments{"checkin", "-h"}, Arguments{"validate-config", "-h"}}) {
    const std::string text = answered(arguments).stdout_text;
    std::size_t start = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         start = end + 1, end = text.find('\n', start)) {
      CHECK(end - start <= 120);
    }
  }
}

TEST_CASE("An empty argument vector is no crash") {
  const ParseOutcome outcome = parse_command_line(0, nullptr);
  CHECK(std::get<ExitNow>(outcome).code == ExitCode::usage);
}

}  // namespace gk::app::cli_test
