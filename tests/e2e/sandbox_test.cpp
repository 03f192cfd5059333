#include <fmt/format.h>
#include <httplib.h>
#include <signal.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "e2e/sandbox_gym.hpp"

// The sandbox itself, over plain HTTP: what the product does not ask for yet, and that it never stays behind.
namespace gk::test::sandbox_test {

namespace {

constexpr std::chrono::seconds k_patience{30};

/// Both services as a client without any of the product's code sees them.
class Caller {
 public:
  explicit Caller(const SandboxGym& gym)
      : kisi_(gym.kisi_url()),
        glofox_(gym.glofox_url().substr(0, gym.glofox_url().rfind("/prod"))),
        kisi_headers_{{"Authorization", "KISI-LOGIN " + gym.secrets()[0]}},
        glofox_headers_{{"x-api-key", gym.secrets()[1]},
                        {"x-glofox-api-token", gym.secrets()[2]},
                        {"x-glofox-branch-id", std::string(k_branch)}} {}

  json::Document kisi(const std::string& path) { return read(kisi_.Get(path.c_str(), kisi_headers_)); }
  json::Document kisi(const std::string& path, const std::string& body) {
    return read(kisi_.Post(path.c_str(), kisi_headers_, body, "application/json"));
  }
  json::Document glofox(const std::string& path) {
    return read(glofox_.Get(("/prod" + path).c_str(), glofox_headers_));
  }
  json::Document glofox(const std::string& path, const std::string& body) {
    return read(glofox_.Post(("/prod" + path).c_str(), glofox_headers_, body, "application/json"));
  }

 private:
  static json::Document read(const httplib::Result& result) {
    REQUIRE(result);
    INFO(result->body);
    REQUIRE(result->status == 200);
    return parse(result->body);
  }

  httplib::Client kisi_;
  httplib::Client glofox_;
  httplib::Headers kisi_headers_;
  httplib::Headers glofox_headers_;
};

/// Somebody with a class that began a few minutes ago.
struct Guest {
  explicit Guest(const SandboxGym& gym)
      : id(gym.add_member("ada@example.com")),
        booking(text_of(parse(gym.post("/bookings", fmt::format(R"({{"user_id":"{}","time_start":"{}",)"
                                                                R"("time_finish":"{}","status":"BOOKED"}})",
                                                                id, time_from_now(-5), time_from_now(55))))
                            .root()["_id"])) {}
  [[nodiscard]] static bool attended(const SandboxGym& gym, const std::string& booking) {
    return parse(gym.get("/bookings/" + booking)).root()["attended"].as_bool().value_or(false);
  }
  std::string id;
  std::string booking;
};

/// Name and values of each switch, as --help prints them: "  name = a|b|c" or "  name = N (10)".
std::map<std::string, std::vector<std::string>> switches_in_help() {
  Program program;
  program.argv = {GK_SANDBOX_BINARY, "--help"};
  const Ended help = run_program(program);
  require_exit(help, 0);
  std::map<std::string, std::vector<std::string>> switches;
  std::istringstream lines(help.out.substr(help.out.find("Switches (")));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, equals, form;
    if (!(words >> name >> equals >> form) || equals != "=" || !line.starts_with("  ")) continue;
    std::vector<std::string>& values = switches[name];
    if (form == "N") values.emplace_back("3");
    std::istringstream each(form == "N" ? "" : form);
    for (std::string value; std::getline(each, value, '|');) values.push_back(value);
  }
  return switches;
}

}  // namespace

TEST_CASE("the sandbox stops on a signal", "[sandbox]") {
  const int number = GENERATE(SIGTERM, SIGINT);
  CAPTURE(number);
  Program program;
  program.argv = {GK_SANDBOX_BINARY, "--people", "0"};
  Process sandbox(program);
  REQUIRE(sandbox.first_line(k_patience));
  sandbox.send_signal(number);
  const Ended ended = sandbox.wait(k_patience);
  CHECK_FALSE(ended.timed_out);
  CHECK(ended.signal == 0);
  CHECK(ended.exit_code == 0);
}

TEST_CASE("the sandbox stops when its parent goes", "[sandbox]") {
  Program program;
  // A shell that has nothing more to do after the command would become it; the second command keeps it.
  program.argv = {"/bin/sh", "-c", fmt::format("'{}' --people 0; :", GK_SANDBOX_BINARY)};
  Process shell(program);
  const auto line = shell.first_line(k_patience);
  REQUIRE(line);
  const std::string control = text_of(parse(*line).root()["control_url"]);
  const auto answers = [&] { return static_cast<bool>(httplib::Client(control).Get("/switches")); };
  REQUIRE(answers());
  static_cast<void>(shell.kill_and_wait());
  CHECK(happens_within(k_patience, [&] { return !answers(); }));
}

TEST_CASE("the sandbox lists the bookings of a branch", "[sandbox]") {
  const SandboxGym gym;
  const Guest guest(gym);
  Caller caller(gym);
  const json::Document list =
      caller.glofox(fmt::format("/2.2/branches/{}/bookings?page=1&limit=10", k_branch));
  REQUIRE(list.root()["data"].size() == 1);
  const json::View row = list.root()["data"].at(0);
  CHECK(text_of(row["_id"]) == guest.booking);
  CHECK(text_of(row["user_id"]) == guest.id);
  CHECK(text_of(row["status"]) == "BOOKED");
  CHECK(number_of(list.root()["meta"]["totalCount"]) == 1);
}

TEST_CASE("the sandbox lists the bookings of a person", "[sandbox]") {
  const SandboxGym gym;
  const Guest guest(gym);
  Caller caller(gym);
  const std::string path =
      fmt::format("/2.0/bookings?branchId={}&time_start={}&time_end={}&user_id=", k_branch,
                  hours_from_now(-1), hours_from_now(1));
  const json::Document list = caller.glofox(path + guest.id);
  REQUIRE(list.root()["data"].size() == 1);
  CHECK(text_of(list.root()["data"].at(0)["_id"]) == guest.booking);
  const std::string other = gym.add_member("bo@example.com");
  CHECK(caller.glofox(path + other).root()["data"].size() == 0);
}

TEST_CASE("the sandbox gathers events into a set", "[sandbox]") {
  const SandboxGym gym;
  gym.add_user("ada@example.com");
  for (int minute = 1; minute <= 3; ++minute) {
    const json::Document made = parse(gym.post(
        "/events", fmt::format(R"({{"email":"ada@example.com","at":"{}"}})", time_from_now(-minute))));
    CHECK(text_of(made.root()["event"]["type"]) == "lock.unlock");
    CHECK(contains(text_of(made.root()["webhook"]["signature"]), "sha256="));
  }
  Caller caller(gym);
  const json::Document begun = caller.kisi(
      "/event_sets",
      fmt::format(R"({{"event_set":{{"interval":"{}/{}"}}}})", time_from_now(-60), time_from_now(60)));
  CHECK(text_of(begun.root()["status"]) == "in_progress");
  CHECK_FALSE(begun.root()["events"].exists());
  const std::string path = fmt::format("/event_sets/{}?limit=2", number_of(begun.root()["id"]));
  const json::Document first = caller.kisi(path);
  CHECK(text_of(first.root()["status"]) == "finished");
  CHECK(first.root()["events"].size() == 2);
  const std::string cursor = text_of(first.root()["cursor"]);
  REQUIRE_FALSE(cursor.empty());
  // It holds characters that mean something else in a query.
  const json::Document second = caller.kisi(path + "&cursor=" + httplib::detail::encode_query_param(cursor));
  CHECK(second.root()["events"].size() == 1);
  CHECK(text_of(second.root()["cursor"]).empty());
}

TEST_CASE("the sandbox takes an access and marks the booking as attended", "[sandbox]") {
  const SandboxGym gym;
  const Guest guest(gym);
  Caller caller(gym);
  const json::Document access = caller.glofox(
      "/2.0/access", fmt::format(R"({{"user_id":"{}","entry_at":{}}})", guest.id, hours_from_now(0)));
  CHECK(access.root()["success"].as_bool() == true);
  CHECK(text_of(access.root()["access"]["status"]) == "GRANTED");
  CHECK(parse(gym.get("/accesses")).root().size() == 1);
  CHECK(Guest::attended(gym, guest.booking));
}

TEST_CASE("the sandbox takes an attendance", "[sandbox]") {
  const SandboxGym gym;
  const Guest guest(gym);
  Caller caller(gym);
  CHECK_FALSE(Guest::attended(gym, guest.booking));
  const json::Document marked = caller.glofox(
      "/2.0/attendances", fmt::format(R"({{"model":"bookings","model_ids":["{}"]}})", guest.booking));
  CHECK(marked.root()["success"].as_bool() == true);
  CHECK(Guest::attended(gym, guest.booking));
}

TEST_CASE("each switch of the sandbox's help can be read and set", "[sandbox]") {
  const SandboxGym gym;
  const auto switches = switches_in_help();
  REQUIRE(switches.size() > 20);
  const json::Document before = parse(gym.get("/switches"));
  CHECK(before.root().size() == switches.size());
  for (const auto& [name, values] : switches) {
    CAPTURE(name);
    REQUIRE_FALSE(values.empty());
    CHECK(before.root()[name].exists());
    for (const std::string& value : values) {
      gym.put("/switches", fmt::format(R"({{"{}":"{}"}})", name, value));
      CHECK(text_of(parse(gym.get("/switches")).root()[name]) == value);
    }
  }
}

}  // namespace gk::test::sandbox_test
