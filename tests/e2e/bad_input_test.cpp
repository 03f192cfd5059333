#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "e2e/sandbox_gym.hpp"

// Files and services that are not as they should be: a clear sentence, the right code, nothing half-done.
namespace gk::test::bad_input_test {

namespace fs = std::filesystem;

namespace {

/// A gym in which there is something to grant and something to remove.
void add_work(const SandboxGym& gym) {
  gym.add_member("ada@example.com");
  gym.add_member("left@example.com", Membership{.status = "CANCELLED"});
  gym.add_row("left@example.com");
}

void require_untouched(const SandboxGym& gym, const Ended& run, int code) {
  require_exit(run, code);
  CHECK(run.err.substr(0, 6) == "error:");
  CHECK(run.err.size() < 4000);
  CHECK(gym.writes() == 0);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }

/// JSON escapes what JSON must: without that it is none, and a terminal would obey it.
void require_escaped(const std::string& text) { CHECK(std::ranges::none_of(text, is_control)); }

/// Only what a terminal may safely be sent: no escape sequences, no other control characters.
void require_printable(const std::string& text) {
  require_escaped(text);
  CHECK_FALSE(contains(text, "\x7f"));
  CHECK_FALSE(contains(text, "\xc2\x9b"));  // the one-byte form of ESC [
}

}  // namespace

TEST_CASE("a configuration file that cannot be used is 78 before any request", "[config]") {
  struct Case {
    const char* name;
    void (*make)(const SandboxGym&);
    const char* says;
  };
  const auto one = GENERATE(values<Case>({
      {"missing", [](const SandboxGym&) {}, "product.json"},
      {"a directory", [](const SandboxGym& gym) { fs::create_directory(gym.config_path()); }, "directory"},
      {"empty", [](const SandboxGym& gym) { gym.write_file("product.json", ""); }, "product.json"},
      {"a dangling link",
       [](const SandboxGym& gym) { fs::create_symlink("/nonexistent/file", gym.config_path()); },
       "product.json"},
      {"a link to itself",
       [](const SandboxGym& gym) { fs::create_symlink("product.json", gym.config_path()); }, "product.json"},
      {"broken JSON",
       [](const SandboxGym& gym) {
         gym.write_file("product.json", gym.config_text().substr(0, gym.config_text().size() / 2));
       },
       "product.json"},
      {"JSON of another kind", [](const SandboxGym& gym) { gym.write_file("product.json", "[1,2,3]"); },
       "object"},
      {"not UTF-8",
       [](const SandboxGym& gym) { gym.write_file("product.json", "{\"version\":1,\"\xff\":2}"); }, "UTF-8"},
      {"100 MB",
       [](const SandboxGym& gym) {
         gym.write_file("product.json", "");
         fs::resize_file(gym.config_path(), 100'000'000);
       },
       "too large"},
      {"deeply nested",
       [](const SandboxGym& gym) { gym.write_file("product.json", std::string(1'000'000, '[')); },
       "product.json"},
      {"something that never ends",
       [](const SandboxGym& gym) { fs::create_symlink("/dev/zero", gym.config_path()); }, "product.json"},
  }));
  CAPTURE(one.name);
  SandboxGym gym;
  gym.writes_config = false;
  one.make(gym);
  const Ended run = gym.sync();
  require_untouched(gym, run, 78);
  CHECK(contains(run.err, one.says));
  CHECK(gym.kisi().requests + gym.glofox().requests == 0);
  // As JSON the envelope still comes, with the error in it.
  const Ended as_json = gym.sync({"--output", "json"});
  require_exit(as_json, 78);
  const json::Document report = parse(as_json.out);
  CHECK(number_of(report.root()["exit_code"]) == 78);
  CHECK_FALSE(text_of(report.root()["error"]["message"]).empty());
}

TEST_CASE("all faults of a configuration are told at once, each with its place", "[config]") {
  SandboxGym gym;
  gym.settings.kisi = R"(,"request_per_second":3)";
  gym.settings.integration = R"(,"group_ids":[1],"memberships":{"types":["tiem"],"expiry_grace":"soon"})";
  const Ended run = gym.sync();
  require_untouched(gym, run, 78);
  for (const char* part : {"request_per_second", "group_ids", "tiem", "soon", "product.json:"})
    CHECK(contains(run.err, part));
}

TEST_CASE("a secret file is taken as people write it, and refused when it is unsafe or useless", "[secret]") {
  const auto [name, prefix, suffix, mode, code] =
      GENERATE(table<std::string, std::string, std::string, unsigned, int>({
          {"as it is", "", "", 0600, 0},
          {"read-only", "", "\n", 0400, 0},
          {"with a line end", "", "\n", 0600, 0},
          {"with a Windows line end", "", "\r\n", 0600, 0},
          {"group-readable", "", "\n", 0640, 0},
          {"readable by others", "", "\n", 0644, 78},
          {"with a second line", "", "\nsecond line\n", 0600, 78},
          {"with a control character", "\x01", "\n", 0600, 78},
      }));
  CAPTURE(name);
  SandboxGym gym;
  gym.add_member("ada@example.com");
  const std::string path = gym.write_file("secret", prefix + gym.secrets().front() + suffix, mode);
  gym.settings.kisi_secret = fmt::format(R"({{"file":"{}"}})", path);
  const Ended run = gym.sync();
  require_exit(run, code);
  CHECK(run.err.empty() == (code == 0 && mode != 0640));
  CHECK_FALSE(contains(run.err, gym.secrets().front()));
  CHECK(gym.writes() == (code == 0 ? 2 : 0));
}

TEST_CASE("a secret that is not there is 78 and named, not shown", "[secret]") {
  const std::string source =
      GENERATE(as<std::string>(), R"({"file":"empty"})", R"({"file":"nowhere"})", R"({"file":"."})",
               R"({"env":"NOT_SET"})", R"({"env":"EMPTY"})", R"({"credential":"kisi"})", R"({})");
  CAPTURE(source);
  SandboxGym gym;
  gym.write_file("empty", "");
  gym.environment["EMPTY"] = "";
  gym.settings.kisi_secret = source;
  require_untouched(gym, gym.sync(), 78);
}

TEST_CASE("an answer that cannot be used stops the run with its code and its sentence", "[service]") {
  struct Fault {
    const char* fault;
    int code;
  };
  const auto fault = GENERATE(values<Fault>({
      {R"("kind":"body","body":"<html><body>It works!</body></html>")", 65},
      {R"("kind":"body","body":"")", 65},
      {R"("kind":"body","body":"null")", 65},
      {R"("kind":"body","body":"42")", 65},
      {R"("kind":"body","body":"\"text\"")", 65},
      {R"("kind":"body","body":"{\"data\":{}}")", 65},
      {R"("kind":"malformed")", 65},
      {R"("kind":"deep_nesting","bytes":200000)", 65},
      {R"("kind":"huge")", 65},
      {R"("kind":"redirect")", 65},
      {R"("kind":"redirect","status":301)", 65},
      {R"("kind":"truncated")", 69},
      {R"("kind":"reset_after")", 69},
      {R"("kind":"status","status":500)", 69},
      {R"("kind":"html502")", 69},
  }));
  const std::string where =
      GENERATE(as<std::string>(), R"("service":"glofox","path":"2.0/members")",
               R"("service":"glofox","path":"2.0/branches")",
               R"("service":"kisi","path":"^/role_assignments")", R"("service":"kisi","path":"^/groups/")");
  CAPTURE(fault.fault, where);
  const SandboxGym gym;
  add_work(gym);
  gym.add_fault(fmt::format("{{{},{}}}", where, fault.fault));
  gym.clear_journal();
  require_untouched(gym, gym.sync(), fault.code);
  CHECK(gym.fault_hits() > 0);
}

TEST_CASE("a refusal with status 200 is no list: 65, and no location: 78", "[service]") {
  const auto [path, code] = GENERATE(table<std::string, int>({{"2.0/members", 65}, {"2.0/branches", 78}}));
  CAPTURE(path);
  const SandboxGym gym;
  add_work(gym);
  gym.add_fault(fmt::format(R"({{"service":"glofox","path":"{}","kind":"success_false"}})", path));
  require_untouched(gym, gym.sync(), code);
}

TEST_CASE("a redirect is not followed, so no credentials travel with it", "[service]") {
  const std::string service = GENERATE("kisi", "glofox");
  CAPTURE(service);
  const SandboxGym gym;
  const SandboxGym elsewhere({"--people", "0", "--seed", "9"});
  add_work(gym);
  gym.add_fault(fmt::format(R"({{"service":"{}","kind":"redirect","status":307,"body":"{}/"}})", service,
                            service == "kisi" ? elsewhere.kisi_url() : elsewhere.glofox_url()));
  require_untouched(gym, gym.sync(), 65);
  CHECK(elsewhere.kisi().requests + elsewhere.glofox().requests == 0);
}

TEST_CASE("a page limit of the service's own choice is no trouble", "[service]") {
  const std::string fault =
      GENERATE(as<std::string>(), R"("service":"glofox","path":"2.0/members","kind":"page_cap","rows":30)",
               R"("service":"glofox","path":"2.0/members","kind":"slow_drip","bytes":20000,"ms":1)",
               R"("service":"kisi","kind":"slow_drip","bytes":20000,"ms":1)");
  CAPTURE(fault);
  const SandboxGym gym({"--people", "130", "--eligible-percent", "20"});
  gym.add_fault("{" + fault + "}");
  require_exit(gym.sync(), 0);
  CHECK(gym.fault_hits() > 1);
  require_settled(gym);
}

TEST_CASE("a Glofox list that changes under our hands removes nobody, and settles when it is quiet",
          "[service]") {
  const std::string kind = GENERATE("insert_row_while_paging", "remove_row_while_paging");
  const int count = GENERATE(1, 100);
  CAPTURE(kind, count);
  const SandboxGym gym({"--people", "250", "--eligible-percent", "10"});
  add_work(gym);
  gym.add_fault(
      fmt::format(R"({{"service":"glofox","path":"2.0/members","kind":"{}","count":{}}})", kind, count));
  const Ended run = gym.sync();
  // One move is answered by reading again; a list that never stands still is not decided from.
  require_exit(run, count == 1 ? 0 : 65);
  CHECK(gym.group().empty() == false);
  require_completion(gym);
}

TEST_CASE("a person without a usable id makes the list incomplete", "[people]") {
  const std::string id = GENERATE("not-an-id", "12345", "64b0c0ffee00000000000b01x");
  CAPTURE(id);
  const SandboxGym gym;
  add_work(gym);
  gym.add_member("odd@example.com", fmt::format(R"(,"_id":"{}")", id));
  const Ended run = gym.sync();
  require_exit(run, 65);
  CHECK(contains(run.err, "nobody was removed"));
  CHECK(gym.members_inside() == std::vector<std::string>{"ada@example.com", "left@example.com"});
}

TEST_CASE("names are data: nothing in them reaches the terminal or breaks a request", "[people]") {
  const std::string name =
      GENERATE(as<std::string>(), R"(\u001b[31mRed\u001b[0m)", R"(Line\nbreak\r\tand\u0000zero)",
               R"(\u009b31mC1)", R"(\"quotes\" \\ and { braces })", R"(\u202eevol)", R"(  )", R"()",
               R"(\ud83c\udfcb\ufe0f Анна 東京)", "ten thousand letters");
  CAPTURE(name);
  const SandboxGym gym;
  const std::string text = name == "ten thousand letters" ? std::string(10'000, 'x') : name;
  gym.add_member("ada@example.com", fmt::format(R"(,"name":"{}","first_name":"{}")", text, text));
  gym.add_member("odd@example.com", Membership{.status = "ODD\\u001b[2J\\u0007"});
  const Ended run = gym.sync({"--dry-run", "-vv"});
  require_exit(run, 0);
  require_printable(run.out + run.err);
  const Ended as_json = gym.sync({"--dry-run", "-vv", "--output", "json", "--log-format", "json"});
  require_exit(as_json, 0);
  require_escaped(as_json.out + as_json.err);
  CHECK(has_notice(parse(as_json.out), "unknown_status"));
  require_exit(gym.sync(), 0);
  require_settled(gym);
}

TEST_CASE("e-mails that are none are told of, and everybody else is served", "[people]") {
  const std::string email =
      GENERATE(as<std::string>(), "", "  ", "walk-in", "none@", "@example.com", "a@b@example.com",
               R"(ada\u001b[31m@example.com)", R"(ada\n@example.com)", "ada, bo@example.com",
               "ada example@example.com");
  CAPTURE(email);
  const SandboxGym gym;
  gym.add_member(email);
  gym.add_member("bo@example.com");
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  CHECK(has_notice(parse(run.out), "missing_email"));
  CHECK(gym.members_inside() == std::vector<std::string>{"bo@example.com"});
  const Ended again = gym.sync();
  require_exit(again, 0);
  require_printable(again.out + again.err);
}

TEST_CASE("unusual e-mails that are some are served", "[people]") {
  const std::string email = GENERATE(as<std::string>(), " Ada.Example@EXAMPLE.com ", "ada+gym@example.com",
                                     "o'hara@example.com", "a&b=c?d#e%f@example.com", "ada/bo@example.com",
                                     "\xc3\xa4"
                                     "da@example.com");
  CAPTURE(email);
  const SandboxGym gym;
  gym.add_member(email);
  require_exit(gym.sync(), 0);
  CHECK(gym.members_inside().size() == 1);
  require_settled(gym);
}

TEST_CASE("a Kisi row without a usable e-mail is kept and told of", "[people]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  gym.add_row("not an address\\u001b[31m");
  gym.clear_journal();
  const Ended run = gym.sync();
  require_exit(run, 0);
  require_printable(run.out + run.err);
  CHECK(contains(run.out, "no usable e-mail"));
  CHECK(gym.group().size() == 2);
}

}  // namespace gk::test::bad_input_test
