#include <catch2/catch.hpp>

#include <map>

#include "config/load.hpp"
#include "unit/config/samples.hpp"

namespace gk::config::test::load_test {

namespace {

/// A machine with these variables and files only.
struct FakeMachine {
  std::map<std::string, std::string> variables;
  std::map<std::string, FileReading> files;

  void add_file(const std::string& path, std::string bytes, unsigned mode = 0600) {
    files[path] = {FileProblem::none, std::move(bytes), mode, 0, ""};
  }

  [[nodiscard]] Machine view() const {
    return {[this](const std::string& name) -> std::optional<std::string> {
              const auto found = variables.find(name);
              return found == variables.end() ? std::nullopt : std::optional(found->second);
            },
            [this](const std::string& path, std::size_t) {
              const auto found = files.find(path);
              return found == files.end() ? FileReading{FileProblem::missing, "", 0, 0, ""} : found->second;
            }};
  }
};

SecretScope everything() {
  SecretScope scope;
  scope.everything = true;
  return scope;
}

/// The problems of one secret, given as the value of kisi.api_key; `value` gets the secret.
SecretProblems resolve(const FakeMachine& machine, std::string_view secret, std::string* value = nullptr) {
  Parsed parsed = parse(edited(k_minimal, "{ \"env\": \"KISI_KEY\" }", secret));
  CHECK(printed(parsed.faults).empty());
  REQUIRE(parsed.config.has_value());
  SecretProblems problems = resolve_secrets(*parsed.config, "/etc/gk/config.json", {}, machine.view());
  if (value != nullptr) *value = std::string(parsed.config->kisi.api_key.value.reveal());
  return problems;
}

std::string only_fault(const FakeMachine& machine, std::string_view secret) {
  std::string value;
  const SecretProblems problems = resolve(machine, secret, &value);
  CHECK(value.empty());
  REQUIRE(problems.faults.size() == 1);
  return format_fault("c", problems.faults.front());
}

}  // namespace

TEST_CASE("Where the configuration is looked for") {
  FakeMachine machine;
  const std::string user = "/home/ada/.config/glofox-kisi/config.json";
  const std::string system = "/etc/glofox-kisi/config.json";
  CHECK(find_config("given.json", machine.view()).value() == "given.json");
  const auto none = find_config(std::nullopt, machine.view());
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().category == Category::config);
  CHECK(none.error().message ==
        "there is no configuration file: --config and $GLOFOX_KISI_CONFIG are not given, and " + system +
            " does not exist");
  machine.add_file(system, "{}");
  machine.variables["HOME"] = "/home/ada";
  CHECK(find_config(std::nullopt, machine.view()).value() == system);
  machine.add_file(user, "{}");
  CHECK(find_config(std::nullopt, machine.view()).value() == user);
  machine.variables["XDG_CONFIG_HOME"] = "relative";
  CHECK(find_config(std::nullopt, machine.view()).value() == user);
  machine.variables["XDG_CONFIG_HOME"] = "/xdg";
  CHECK(find_config(std::nullopt, machine.view()).value() == system);
  machine.files["/xdg/glofox-kisi/config.json"].problem = FileProblem::dangling_link;
  CHECK(find_config(std::nullopt, machine.view()).value() == "/xdg/glofox-kisi/config.json");
  machine.variables["GLOFOX_KISI_CONFIG"] = "";
  CHECK(find_config(std::nullopt, machine.view()).value() == "/xdg/glofox-kisi/config.json");
  machine.variables["GLOFOX_KISI_CONFIG"] = "/srv/gk.json";
  CHECK(find_config(std::nullopt, machine.view()).value() == "/srv/gk.json");
  CHECK(find_config("given.json", machine.view()).value() == "given.json");
}

TEST_CASE("Loading reports a file that cannot be read, and everything in one that can") {
  FakeMachine machine;
  const Loaded missing = load("gone.json", machine.view());
  CHECK(missing.path == "gone.json");
  REQUIRE(missing.faults.size() == 1);
  CHECK(format_fault(missing.path, missing.faults.front()) == "gone.json: does not exist");
  machine.add_file("good.json", std::string(k_minimal));
  CHECK(load("good.json", machine.view()).config.has_value());
  machine.add_file("bad.json", "{ }");
  CHECK(load("bad.json", machine.view()).faults.size() == 4);
  CHECK(load(std::nullopt, machine.view()).faults.size() == 1);
}

TEST_CASE("A secret from a file, a variable, a credential") {
  FakeMachine machine;
  machine.variables = {{"KISI_KEY", "from-env"}, {"CREDENTIALS_DIRECTORY", "/run/creds"}};
  machine.add_file("/etc/gk/key", "from-relative\n");
  machine.add_file("/keys/kisi",
                   "\xEF\xBB\xBF"
                   "from-absolute\r\n\r\n");
  machine.add_file("/run/creds/kisi", "from-credential", 0400);
  struct Row {
    const char *secret, *value;
  };
  for (const Row& row :
       {Row{R"({ "env": "KISI_KEY" })", "from-env"}, Row{R"({ "file": "key" })", "from-relative"},
        Row{R"({ "file": "/keys/kisi" })", "from-absolute"},
        Row{R"({ "credential": "kisi" })", "from-credential"}}) {
    INFO(row.secret);
    std::string value;
    const SecretProblems problems = resolve(machine, row.secret, &value);
    CHECK(printed(problems.faults).empty());
    CHECK(printed(problems.warnings).empty());
    CHECK(value == row.value);
  }
}

TEST_CASE("Secrets that cannot be used") {
  FakeMachine machine;
  machine.variables = {{"EMPTY", ""}, {"TWO_LINES", "s3cr3t\nmore"}};
  machine.add_file("/k/world", "s3cr3t", 0644);
  machine.add_file("/k/writable", "s3cr3t", 0602);
  machine.add_file("/k/empty", "\n\r\n");
  machine.add_file("/k/blank", " \n");
  machine.add_file("/k/lines", "s3cr3t\nmore\n");
  machine.files["/k/dir"].problem = FileProblem::directory;
  machine.files["/k/large"] = {FileProblem::too_large, "", 0, 70000, ""};
  machine.files["/k/link"].problem = FileProblem::dangling_link;
  machine.files["/k/closed"] = {FileProblem::unreadable, "", 0, 0, "Permission denied"};
  const auto fault = [&](std::string_view secret) { return only_fault(machine, secret); };
  const std::string file = "c:3:34: $.kisi.api_key.file: file ";
  const std::string env = "c:3:33: $.kisi.api_key.env: ";
  CHECK(fault(R"({ "file": "/k/none" })") == file + "/k/none does not exist");
  CHECK(fault(R"({ "file": "/k/world" })") ==
        file + "/k/world is readable by every user on this machine (chmod 600 /k/world)");
  CHECK(fault(R"({ "file": "/k/writable" })") ==
        file + "/k/writable is writable by every user on this machine (chmod 600 /k/writable)");
  CHECK(fault(R"({ "file": "/k/empty" })") == file + "/k/empty is empty");
  CHECK(fault(R"({ "file": "/k/blank" })") == file + "/k/blank is empty");
  CHECK(fault(R"({ "file": "/k/lines" })") == file +
                                                  "/k/lines holds a line break or another control character "
                                                  "inside the secret (it must hold only the secret, "
                                                  "on one line)");
  CHECK(fault(R"({ "file": "/k/dir" })") == file + "/k/dir is a directory, not a file");
  CHECK(fault(R"({ "file": "/k/large" })") ==
        file + "/k/large is too large: 70000 bytes, at most 65536 are read");
  CHECK(fault(R"({ "file": "/k/link" })") ==
        file + "/k/link is a symbolic link to a file that does not exist");
  CHECK(fault(R"({ "file": "/k/closed" })") == file + "/k/closed cannot be read: Permission denied");
  CHECK(fault(R"({ "env": "UNSET" })") ==
        env + "environment variable UNSET is not set (cron does not read your shell's profile)");
  CHECK(fault(R"({ "env": "EMPTY" })") == env + "environment variable EMPTY is empty");
  CHECK(fault(R"({ "env": "TWO_LINES" })").find("s3cr3t") == std::string::npos);
  CHECK(fault(R"({ "env": "a9f3c0ffee" })") ==
        env + "the environment variable named here is not set (cron does not read your shell's profile)");
  CHECK(
      fault(R"({ "credential": "kisi" })") ==
      "c:3:40: $.kisi.api_key.credential: credential kisi cannot be found: $CREDENTIALS_DIRECTORY is not set "
      "(credentials exist inside a systemd service with LoadCredential=; elsewhere use \"file\" or \"env\")");
}

TEST_CASE("A secret file that its group can read is worth a warning") {
  FakeMachine machine;
  machine.add_file("/k/group", "s3cr3t", 0640);
  std::string value;
  const SecretProblems problems = resolve(machine, R"({ "file": "/k/group" })", &value);
  CHECK(printed(problems.faults).empty());
  CHECK(value == "s3cr3t");
  CHECK(printed(problems.warnings) ==
        std::vector<std::string>{
            "c:3:34: $.kisi.api_key.file: file /k/group is readable by its group (chmod 600 /k/group "
            "unless you want that)"});
}

TEST_CASE("Only the secrets that are needed are asked for") {
  Parsed parsed = parse(edited(k_minimal, "45510\n    }\n  ]", R"(45510,
      "glofox": { "api_key": { "env": "R_KEY" }, "api_token": { "env": "R_TOKEN" } },
      "checkin": { "signature_key": { "env": "R_SIGNATURE" } } },
    { "name": "harbour", "location_id": "64b0c0ffee00000000000b02", "group_id": 2, "enabled": false,
      "glofox": { "api_key": { "env": "H_KEY" } } },
    { "name": "station", "location_id": "64b0c0ffee00000000000b03", "group_id": 3 } ])"));
  REQUIRE(parsed.config.has_value());
  const auto asked = [&](SecretScope scope, const std::vector<std::string>& names) {
    std::vector<std::string> variables;
    Machine machine = FakeMachine().view();
    machine.get = [&](const std::string& name) {
      variables.push_back(name);
      return std::optional<std::string>("value");
    };
    scope.integrations = select_integrations(*parsed.config, names).value();
    CHECK(resolve_secrets(*parsed.config, "c", scope, machine).faults.empty());
    return variables;
  };
  using Names = std::vector<std::string>;
  CHECK(asked({}, {"riverside"}) == Names{"KISI_KEY", "R_KEY", "R_TOKEN"});
  CHECK(asked({.signature_keys = true}, {"riverside"}) ==
        Names{"KISI_KEY", "R_KEY", "R_TOKEN", "R_SIGNATURE"});
  CHECK(asked({}, {"station"}) == Names{"KISI_KEY", "GLOFOX_KEY", "GLOFOX_TOKEN"});
  CHECK(asked({}, {"harbour"}) == Names{"KISI_KEY"});
  CHECK(asked({}, {}) == Names{"KISI_KEY", "GLOFOX_KEY", "GLOFOX_TOKEN", "R_KEY", "R_TOKEN"});
  CHECK(asked(everything(), {}) ==
        Names{"KISI_KEY", "GLOFOX_KEY", "GLOFOX_TOKEN", "R_KEY", "R_TOKEN", "R_SIGNATURE", "H_KEY"});
}

}  // namespace gk::config::test::load_test
