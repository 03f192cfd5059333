#include <catch2/catch.hpp>

#include <csignal>
#include <map>
#include <memory>

#include "commands/dispatch.hpp"
#include "json/document.hpp"
#include "support/manual_clock.hpp"

namespace gk::app::commands_validate_config_test {

namespace {

constexpr const char* k_config = R"({
  "version": 1,
  "kisi": { "api_key": { "file": "kisi_key" } },
  "glofox": { "api_key": { "env": "GLOFOX_KEY" }, "api_token": { "env": "GLOFOX_TOKEN" } },
  "integrations": [
    { "name": "riverside", "location_id": "64b0c0ffee00000000000b01", "group_id": 45510 },
    { "name": "uptown", "enabled": false, "location_id": "64b0c0ffee00000000000b02", "group_id": 45511 } ]
})";

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// A machine with a configuration and no network that anything should use.
struct Machine {
  std::map<std::string, std::string> variables{
      {"GLOFOX_KEY", "k"}, {"GLOFOX_TOKEN", "t"}, {"TMPDIR", "/tmp"}};
  std::string config = k_config;
  unsigned secret_mode = 0600;
  GlobalOptions global;
  gk::test::ManualClock clock;
  StopFlag stop;
  File out{std::tmpfile(), &std::fclose}, err{std::tmpfile(), &std::fclose};

  int run(bool offline = true) {
    global.config_path = "/etc/gk/config.json";
    const Process process{.machine = {[this](const std::string& name) { return variable(name); },
                                      [this](const std::string& path, std::size_t) { return read(path); }},
                          .clock = clock,
                          .stop = stop,
                          .out = out.get(),
                          .err = err.get()};
    Log log(err.get(), LogLevel::error, LogFormat::text, clock);
    return run_command(global, ValidateConfig{offline}, process, log);
  }

  std::optional<std::string> variable(const std::string& name) const {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }

  config::FileReading read(const std::string& path) const {
    config::FileReading reading;
    reading.mode = secret_mode;
    if (path == "/etc/gk/config.json") {
      reading.bytes = config;
    } else if (path == "/etc/gk/kisi_key") {
      reading.bytes = "secret\n";
    } else {
      reading.problem = config::FileProblem::missing;
    }
    return reading;
  }

  static std::string text(const File& file) {
    std::fflush(file.get());
    std::rewind(file.get());
    std::string text;
    for (int c = std::fgetc(file.get()); c != EOF; c = std::fgetc(file.get())) text += static_cast<char>(c);
    return text;
  }
};

/// Columns are as wide as they need to be: runs of spaces count as one.
bool has(const std::string& text, const std::string& part) {
  std::string squeezed;
  for (const char c : text) {
    if (c != ' ' || !squeezed.ends_with(' ')) squeezed += c;
  }
  return squeezed.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("offline, a right configuration passes and the online checks are listed as skipped") {
  Machine machine;
  CHECK(machine.run() == 0);
  const std::string out = Machine::text(machine.out);
  CHECK(has(out, "ok config.file "));
  CHECK(has(out, "ok config.secrets "));
  CHECK(has(out, "skip glofox.location riverside not checked: --offline"));
  CHECK(has(out, "skip integration uptown enabled is false"));
  CHECK_FALSE(has(out, "glofox.location uptown"));
  CHECK(Machine::text(machine.err).empty());
}

TEST_CASE("quiet prints nothing on success, warnings or not, and everything on failure") {
  Machine machine;
  machine.global.quiet = true;
  machine.secret_mode = 0640;
  CHECK(machine.run() == 0);
  CHECK(Machine::text(machine.out).empty());
  CHECK(Machine::text(machine.err).empty());
  machine.variables.erase("GLOFOX_KEY");
  CHECK(machine.run() == 78);
  const std::string out = Machine::text(machine.out);
  CHECK(has(out, "warn config.secrets"));
  CHECK(has(out, "fail config.secrets"));
}

TEST_CASE("a secret that everybody can read is a fault, and nothing is asked") {
  Machine machine;
  machine.secret_mode = 0644;
  CHECK(machine.run(false) == 78);
  const std::string out = Machine::text(machine.out);
  CHECK(has(out, "is readable by every user"));
  CHECK(has(out, "kisi.key - not checked: config.secrets failed"));
  CHECK_FALSE(has(out, "secret\n"));
}

TEST_CASE("a broken configuration: every fault as a check and in the JSON error") {
  Machine machine;
  machine.config = R"({ "version": 1, "integrations": [ { "name": "a", "grup_id": 1 } ] })";
  machine.global.output = OutputFormat::json;
  CHECK(machine.run(false) == 78);
  const auto document = json::Document::parse(Machine::text(machine.out));
  REQUIRE(document);
  const json::View root = document->root();
  CHECK(root["format_version"].as_integer() == 1);
  CHECK(root["command"].as_string() == "validate-config");
  CHECK(root["exit_code"].as_integer() == 78);
  const std::size_t faults = root["error"]["faults"].size();
  CHECK(faults >= 4);
  CHECK(root["checks"].at(faults - 1)["check"].as_string() == "config.file");
  CHECK(root["checks"].at(faults - 1)["status"].as_string() == "fail");
  CHECK(root["checks"].at(faults)["check"].as_string() == "config.secrets");
  CHECK(root["checks"].at(faults)["status"].as_string() == "skipped");
}

TEST_CASE("no configuration file") {
  Machine machine;
  machine.global.config_path = "/nowhere";
  const Process process{.machine = {[](const std::string&) { return std::nullopt; },
                                    [](const std::string&, std::size_t) {
                                      config::FileReading reading;
                                      reading.problem = config::FileProblem::missing;
                                      return reading;
                                    }},
                        .clock = machine.clock,
                        .stop = machine.stop,
                        .out = machine.out.get(),
                        .err = machine.err.get()};
  Log log(machine.err.get(), LogLevel::error, LogFormat::text, machine.clock);
  CHECK(run_command(machine.global, ValidateConfig{}, process, log) == 78);
  CHECK(has(Machine::text(machine.out), "fail config.file"));
}

TEST_CASE("the option --integration chooses; an unknown name is a usage error and checks nothing") {
  Machine machine;
  machine.global.integrations = {"uptown"};
  CHECK(machine.run() == 0);
  CHECK_FALSE(has(Machine::text(machine.out), "riverside"));

  Machine wrong;
  wrong.global.integrations = {"riversite"};
  wrong.global.output = OutputFormat::json;
  CHECK(wrong.run() == 64);
  CHECK(Machine::text(wrong.out).empty());
  CHECK(has(Machine::text(wrong.err), "did you mean riverside?"));
}

TEST_CASE("a signal decides the exit code") {
  Machine machine;
  machine.stop.request(SIGTERM);
  CHECK(machine.run(false) == 128 + SIGTERM);
  CHECK(has(Machine::text(machine.out), "stopped by a signal"));
}

TEST_CASE("a result that cannot be written is no success") {
  Machine machine;
  machine.out.reset(std::fopen("/dev/full", "w"));
  CHECK(machine.run() == 1);
  CHECK(has(Machine::text(machine.err), "could not be written"));
}

}  // namespace gk::app::commands_validate_config_test
