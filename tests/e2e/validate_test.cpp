#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "e2e/sandbox_gym.hpp"

// validate-config against every state of the two services that it can tell apart.
namespace gk::test::validate_test {

namespace {

/// The check of the warning that every gym of the sandbox gets: somebody else is signed in as the key's user.
constexpr const char* k_usual_warning = "kisi.key.dedicated";

/// One line of the result.
struct Line {
  std::string check;
  std::string status;
  std::string words;  ///< detail and fix
  friend auto operator<=>(const Line&, const Line&) = default;
};

std::vector<Line> lines_of_json(const json::Document& report) {
  const json::View checks = report.root()["checks"];
  std::vector<Line> lines;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const json::View check = checks.at(i);
    lines.push_back({text_of(check["check"]), text_of(check["status"]),
                     text_of(check["detail"]) + "\n" + text_of(check["fix"])});
  }
  return lines;
}

/// Status, name, integration and detail; a fix has a line of its own below.
std::vector<Line> lines_of_text(const std::string& text) {
  std::vector<Line> lines;
  std::istringstream all(text);
  for (std::string line; std::getline(all, line);) {
    if (line.starts_with("validate-config: ")) break;
    if (line.starts_with("      fix: ")) {
      REQUIRE_FALSE(lines.empty());
      lines.back().words += line.substr(11);
      continue;
    }
    std::istringstream words(line);
    Line next;
    std::string integration;
    words >> next.status >> next.check >> integration >> std::ws;
    std::getline(words, next.words);
    next.words += "\n";
    if (next.status == "skip") next.status = "skipped";
    lines.push_back(std::move(next));
  }
  return lines;
}

/// "check status" of all that failed or warned, the usual warning apart.
std::vector<std::string> troubles(const std::vector<Line>& lines) {
  std::vector<std::string> found;
  for (const Line& line : lines) {
    if ((line.status == "fail" || line.status == "warn") && line.check != k_usual_warning)
      found.push_back(line.check + " " + line.status);
  }
  return found;
}

struct Answers {
  Ended text;
  Ended json;
};

/// Both forms of the answer; at the same time, because no lock is taken.
Answers validate(const SandboxGym& gym, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"validate-config", "--config", gym.config_path()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Process text(gym.product(arguments));
  arguments.insert(arguments.end(), {"--output", "json"});
  Process json(gym.product(arguments));
  return {text.wait(), json.wait()};
}

/// One state, and the only check that sees it.
struct State {
  const char* name;
  void (*prepare)(SandboxGym&);
  int code;
  const char* trouble;  ///< check and status; empty: none
  const char* says;     ///< part of that check's detail or fix
};

void use_wrong(SandboxGym& gym, std::string& setting, const char* form) {
  gym.environment["WRONG_SECRET"] = "not-the-secret";
  setting = form;
}

void remove_all_doors(SandboxGym& gym) {
  const json::Document state = parse(gym.get("/state"));
  const json::View links = state.root()["group_locks"];
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (number_of(links.at(i)["group_id"]) == k_group)
      gym.erase(fmt::format("/kisi/group_locks/{}", number_of(links.at(i)["id"])));
  }
}

void give_zone(SandboxGym& gym, const char* zone) {
  gym.add_fault(fmt::format(R"({{"service":"glofox","path":"branches/{0}$","kind":"body","body":)"
                            R"({{"_id":"{0}","name":"Example","address":{{"timezone_id":"{1}"}}}}}})",
                            k_branch, zone));
}

void move_kisi_away(SandboxGym& gym) {
  std::string text = gym.config_text();
  text.replace(text.find(gym.kisi_url()), gym.kisi_url().size(), "http://127.0.0.1:1");
  gym.write_file("product.json", text);
  gym.writes_config = false;
}

const std::vector<State>& states() {
  static const std::vector<State> k_states{
      {"all well", [](SandboxGym&) {}, 0, "", ""},
      {"well with place and canary",
       [](SandboxGym& gym) {
         gym.settings.integration = R"(,"place_id":22801,"canaries":["ada@example.com"])";
       },
       0, "", ""},
      {"wrong Kisi key",
       [](SandboxGym& gym) { use_wrong(gym, gym.settings.kisi_secret, R"({"env":"WRONG_SECRET"})"); }, 77,
       "kisi.key fail", "kisi.api_key"},
      {"wrong Glofox key",
       [](SandboxGym& gym) { use_wrong(gym, gym.settings.glofox_key_secret, R"({"env":"WRONG_SECRET"})"); },
       77, "glofox.location fail", "glofox.api_key"},
      {"wrong Glofox token",
       [](SandboxGym& gym) {
         use_wrong(gym, gym.settings.integration, R"(,"glofox":{"api_token":{"env":"WRONG_SECRET"}})");
       },
       77, "glofox.location fail", "glofox.api_token"},
      {"group of one place",
       [](SandboxGym& gym) { gym.patch(fmt::format("/kisi/groups/{}", k_group), R"({"place_id":22801})"); },
       78, "kisi.group.scope fail", "ambiguous"},
      {"unknown group", [](SandboxGym& gym) { gym.settings.group = 99999; }, 78, "kisi.group fail", "99999"},
      {"rows of a marketplace integration",
       [](SandboxGym& gym) {
         gym.add_row("by.hand@example.net", R"(,"created_by_type":"MarketplaceInstallation")");
       },
       78, "kisi.group.writers fail", "marketplace"},
      {"group without doors", remove_all_doors, 78, "kisi.group.doors fail", "opens no door"},
      {"doors of another place", [](SandboxGym& gym) { gym.settings.integration = R"(,"place_id":22802)"; },
       78, "kisi.group.doors fail", "22802"},
      {"canary that nobody knows",
       [](SandboxGym& gym) { gym.settings.integration = R"(,"canaries":["nobody@example.com"])"; }, 78,
       "glofox.canaries fail", "nobody@example.com"},
      {"plan that nothing is called",
       [](SandboxGym& gym) { gym.settings.integration = R"(,"memberships":{"plans":["Zzyzx"]})"; }, 0,
       "glofox.plans warn", "Zzyzx"},
      {"unknown time zone", [](SandboxGym& gym) { give_zone(gym, "Mars/Olympus"); }, 65,
       "glofox.time_zone fail", "Mars/Olympus"},
      {"member page that is not JSON",
       [](SandboxGym& gym) {
         gym.add_fault(R"({"service":"glofox","path":"2.0/members","kind":"malformed"})");
       },
       65, "glofox.access fail", "Glofox"},
      {"group list that is not JSON",
       [](SandboxGym& gym) {
         gym.add_fault(R"({"service":"kisi","path":"^/role_assignments.*45510","kind":"malformed"})");
       },
       65, "kisi.group.size fail", "Kisi"},
      {"Glofox down",
       [](SandboxGym& gym) { gym.add_fault(R"({"service":"glofox","kind":"status","status":503})"); }, 69,
       "glofox.location fail", "503"},
      {"Kisi down", [](SandboxGym& gym) { gym.add_fault(R"({"service":"kisi","kind":"html502"})"); }, 69,
       "kisi.key fail", "502"},
      {"nobody at Kisi's address", move_kisi_away, 69, "kisi.key fail", "127.0.0.1"},
      {"location that the key may not see",
       [](SandboxGym& gym) { gym.settings.location = "64b0c0ffee0000000000dead"; }, 78,
       "glofox.location fail", "write to Glofox support"},
      {"unknown key in the file", [](SandboxGym& gym) { gym.settings.kisi = R"(,"api_kye":1)"; }, 78,
       "config.file fail", "api_kye"},
  };
  return k_states;
}

void check_answer(const std::vector<Line>& lines, const State& state) {
  std::vector<std::string> expected;
  if (*state.trouble != '\0') expected.emplace_back(state.trouble);
  CHECK(troubles(lines) == expected);
  for (const Line& line : lines) {
    if (line.check + " " + line.status == state.trouble) CHECK(contains(line.words, state.says));
  }
}

}  // namespace

TEST_CASE("validate-config names the one thing that is wrong", "[validate]") {
  const auto number = GENERATE(range(std::size_t{0}, states().size()));
  const State& state = states()[number];
  CAPTURE(state.name);
  SandboxGym gym;
  gym.add_member("ada@example.com");
  state.prepare(gym);
  gym.clear_journal();
  const Answers answers = validate(gym);
  require_exit(answers.text, state.code);
  require_exit(answers.json, state.code);
  INFO(answers.text.out);
  const json::Document report = parse(answers.json.out);
  CHECK(number_of(report.root()["exit_code"]) == state.code);
  const std::vector<Line> as_json = lines_of_json(report);
  const std::vector<Line> as_text = lines_of_text(answers.text.out);
  check_answer(as_json, state);
  check_answer(as_text, state);
  REQUIRE(as_text.size() == as_json.size());
  for (std::size_t i = 0; i < as_json.size(); ++i) {
    CHECK(as_text[i].check == as_json[i].check);
    CHECK(as_text[i].status == as_json[i].status);
  }
  CHECK(gym.writes() == 0);
}

TEST_CASE("validate-config --offline asks nobody", "[validate]") {
  SandboxGym gym;
  // Both would be told apart from a good state by a single request.
  gym.add_fault(R"({"kind":"status","status":503})");
  gym.clear_journal();
  const Answers answers = validate(gym, {"--offline"});
  require_exit(answers.text, 0);
  require_exit(answers.json, 0);
  for (const auto& lines : {lines_of_text(answers.text.out), lines_of_json(parse(answers.json.out))}) {
    REQUIRE_FALSE(lines.empty());
    for (const Line& line : lines) {
      CAPTURE(line.check);
      const bool local = line.check.starts_with("config.");
      CHECK(line.status == (local ? "ok" : "skipped"));
      if (!local) CHECK(contains(line.words, "--offline"));
    }
  }
  CHECK(gym.kisi().requests + gym.glofox().requests == 0);
  CHECK(gym.fault_hits() == 0);
}

TEST_CASE("validate-config --quiet is silent about warnings alone and loud about failures", "[validate]") {
  SandboxGym gym;
  const std::vector<std::string> arguments{"validate-config", "--config", gym.config_path(), "--quiet"};
  const Ended well = run_program(gym.product(arguments));
  require_exit(well, 0);
  CHECK(well.out + well.err == "");
  gym.settings.group = k_place_group;
  const Ended broken = run_program(gym.product(arguments));
  require_exit(broken, 78);
  CHECK(contains(broken.out, "kisi.group.scope"));
}

}  // namespace gk::test::validate_test
