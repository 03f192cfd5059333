#include "e2e/sandbox_gym.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <thread>

namespace gk::test {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds k_start_patience{30};

fs::path make_directory() {
  std::string name = (fs::temp_directory_path() / "glofox-kisi-e2e-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  return name;
}

std::string body_of(const httplib::Result& result, const std::string& path) {
  if (!result || result->status != 200) {
    FAIL("control route " << path << ": " << (result ? result->body : "no answer"));
  }
  return result->body;
}

std::int64_t id_in(const std::string& row) { return number_of(parse(row).root()["id"]); }

std::string secret_file(const fs::path& path) { return fmt::format(R"({{"file":"{}"}})", path.string()); }

}  // namespace

SandboxGym::SandboxGym(const std::vector<std::string>& sandbox_arguments) : directory_(make_directory()) {
  for (const char* name : {"runtime", "tmp", "home", "sandbox"}) fs::create_directory(directory_ / name);
  fs::permissions(directory_ / "runtime", fs::perms::owner_all);
  Program program;
  program.argv = {GK_SANDBOX_BINARY, "--write-config", (directory_ / "sandbox").string()};
  program.argv.insert(program.argv.end(), sandbox_arguments.begin(), sandbox_arguments.end());
  sandbox_ = std::make_unique<Process>(program);
  const auto line = sandbox_->first_line(k_start_patience);
  if (!line) FAIL("the sandbox does not start: " << sandbox_->kill_and_wait().err);
  const json::Document facts = parse(*line);
  control_url_ = text_of(facts.root()["control_url"]);
  kisi_url_ = text_of(facts.root()["kisi"]["base_url"]);
  kisi_key_ = text_of(facts.root()["kisi"]["api_key"]);
  glofox_url_ = text_of(facts.root()["glofox"]["base_url"]);
  glofox_key_ = text_of(facts.root()["glofox"]["api_key"]);
  glofox_token_ = text_of(facts.root()["glofox"]["api_token"]);
  settings.kisi_secret = secret_file(directory_ / "sandbox" / "kisi_api_key");
  settings.glofox_key_secret = secret_file(directory_ / "sandbox" / "glofox_api_key");
}

SandboxGym::~SandboxGym() {
  if (std::getenv("GK_E2E_TWICE") != nullptr && std::uncaught_exceptions() == 0) check_second_run();
  std::error_code ignored;
  // The product locks in /run/lock as well, under the same name.
  for (const auto& entry : fs::directory_iterator(directory_ / "runtime", ignored))
    fs::remove("/run/lock" / entry.path().filename(), ignored);
  fs::remove_all(directory_, ignored);
}

void SandboxGym::check_second_run() const {
  constexpr int k_held = 4;
  if (!sandbox_->is_running()) return;
  clear_faults();
  const std::set<std::string> commands = syncs_;
  const auto run_all = [&] {
    int worst = 0;
    for (const std::string& command : commands)
      worst = std::max(worst, run_program(product({command, "--config", config_path()})).exit_code);
    return worst;
  };
  // What one command leaves to the other is done by the second round; what cannot succeed is no scenario's
  // end.
  run_all();
  const int settled = run_all();
  if (settled != 0 && settled != k_held) return;
  clear_journal();
  CHECK(run_all() == settled);
  CHECK(writes() == 0);
}

std::string SandboxGym::write_file(std::string_view name, std::string_view text, unsigned mode) const {
  const fs::path path = directory_ / name;
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  ::chmod(path.c_str(), mode);
  return path.string();
}

std::string SandboxGym::config_text() const {
  return fmt::format(
      R"({{"version":1,
"kisi":{{"base_url":"{}","api_key":{},"requests_per_second":{}{}}},
"glofox":{{"base_url":"{}","api_key":{},"api_token":{},"requests_per_second":100000,"burst":100000{}}},
"integrations":[{{"name":"riverside","location_id":"{}","group_id":{}{}}}{}]}}
)",
      kisi_url_, settings.kisi_secret, settings.kisi_rate, settings.kisi, glofox_url_,
      settings.glofox_key_secret, secret_file(directory_ / "sandbox" / "glofox_api_token"), settings.glofox,
      settings.location, settings.group, settings.integration, settings.more_integrations);
}

Program SandboxGym::product(std::vector<std::string> arguments) const {
  if (writes_config) write_file("product.json", config_text());
  if (!arguments.empty() && arguments.front().starts_with("sync-")) syncs_.insert(arguments.front());
  Program program;
  program.argv = std::move(arguments);
  program.argv.insert(program.argv.begin(), GK_BINARY);
  program.environment = environment;
  program.environment.emplace("XDG_RUNTIME_DIR", (directory_ / "runtime").string());
  program.environment.emplace("TMPDIR", (directory_ / "tmp").string());
  program.environment.emplace("HOME", (directory_ / "home").string());
  return program;
}

Program SandboxGym::sync_program(const std::vector<std::string>& more) const {
  std::vector<std::string> arguments{"sync-members", "--config", config_path()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return product(std::move(arguments));
}

Ended SandboxGym::sync(const std::vector<std::string>& more) const { return run_program(sync_program(more)); }

Program SandboxGym::bookings_program(const std::vector<std::string>& more) const {
  std::vector<std::string> arguments{"sync-bookings", "--config", config_path()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return product(std::move(arguments));
}

Ended SandboxGym::sync_bookings(const std::vector<std::string>& more) const {
  return run_program(bookings_program(more));
}

json::Document SandboxGym::preview(const std::vector<std::string>& more) const {
  std::vector<std::string> arguments{"--dry-run", "--output", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return parse(sync(arguments).out);
}

std::string SandboxGym::get(const std::string& path) const {
  return body_of(httplib::Client(control_url_).Get(path.c_str()), path);
}

std::string SandboxGym::post(const std::string& path, const std::string& body) const {
  return body_of(httplib::Client(control_url_).Post(path.c_str(), body, "application/json"), path);
}

std::string SandboxGym::put(const std::string& path, const std::string& body) const {
  return body_of(httplib::Client(control_url_).Put(path.c_str(), body, "application/json"), path);
}

std::string SandboxGym::patch(const std::string& path, const std::string& body) const {
  return body_of(httplib::Client(control_url_).Patch(path.c_str(), body, "application/json"), path);
}

std::string SandboxGym::erase(const std::string& path) const {
  return body_of(httplib::Client(control_url_).Delete(path.c_str()), path);
}

void SandboxGym::set_switch(std::string_view name, std::string_view value) const {
  patch("/switches", fmt::format(R"({{"{}":"{}"}})", name, value));
}

std::int64_t SandboxGym::fault_hits() const {
  const json::Document faults = parse(get("/faults"));
  std::int64_t hits = 0;
  for (std::size_t i = 0; i < faults.root().size(); ++i) hits += number_of(faults.root().at(i)["hits"]);
  return hits;
}

Traffic SandboxGym::traffic(const char* service) const {
  const json::Document summary = parse(get("/journal/summary"));
  const json::View counts = summary.root()[service];
  return {number_of(counts["requests"]), number_of(counts["writes"]), number_of(counts["status_429"]),
          number_of(counts["max_in_one_second"])};
}

std::vector<JournalEntry> SandboxGym::journal(bool writes_only) const {
  const json::Document rows = parse(get(writes_only ? "/journal/writes" : "/journal"));
  std::vector<JournalEntry> entries;
  for (std::size_t i = 0; i < rows.root().size(); ++i) {
    const json::View row = rows.root().at(i);
    entries.push_back({text_of(row["service"]), text_of(row["method"]), text_of(row["path"]),
                       text_of(row["query"]), row["body"].exists() ? row["body"].dump() : "",
                       static_cast<int>(number_of(row["status"])), row["write"].as_bool().value_or(false)});
  }
  return entries;
}

void SandboxGym::disturb_kisi(int requests) const {
  httplib::Client client(kisi_url_);
  for (int i = 0; i < requests; ++i) REQUIRE(client.Get("/user"));
}

std::string SandboxGym::add_member(std::string_view email, const std::string& more) const {
  return add_member(email, Membership{}, more);
}

std::string SandboxGym::add_member(std::string_view email, const Membership& membership,
                                   const std::string& more) const {
  const std::string row =
      post("/people", fmt::format(R"({{"email":"{}","membership":{}{}}})", email, membership.json(), more));
  return text_of(parse(row).root()["_id"]);
}

void SandboxGym::change_membership(const std::string& id, const Membership& membership) const {
  change_person(id, fmt::format(R"({{"membership":{}}})", membership.json()));
}

void SandboxGym::change_person(const std::string& id, const std::string& fields) const {
  patch("/people/" + id, fields);
}

std::string SandboxGym::add_booking(std::string_view member, std::string_view start, std::string_view finish,
                                    const std::string& more) const {
  const std::string row =
      post("/bookings", fmt::format(R"({{"user_id":"{}","time_start":"{}","time_finish":"{}"{}}})", member,
                                    start, finish, more));
  return text_of(parse(row).root()["_id"]);
}

std::int64_t SandboxGym::add_row(std::string_view email, const std::string& more) const {
  return id_in(post("/kisi/role_assignments", fmt::format(R"({{"email":"{}"{}}})", email, more)));
}

std::int64_t SandboxGym::add_user(std::string_view email, const std::string& more) const {
  return id_in(post("/kisi/users", fmt::format(R"({{"email":"{}"{}}})", email, more)));
}

std::vector<GroupRow> SandboxGym::group(std::int64_t id) const {
  const json::Document rows = parse(get(fmt::format("/group?id={}", id)));
  std::vector<GroupRow> result;
  for (std::size_t i = 0; i < rows.root().size(); ++i) {
    const json::View row = rows.root().at(i);
    result.push_back({text_of(row["email"]), text_of(row["valid_from"]), text_of(row["valid_until"]),
                      row["ours"].as_bool().value_or(false)});
  }
  std::ranges::sort(result);
  return result;
}

std::vector<std::string> SandboxGym::members_inside(std::int64_t id) const {
  std::vector<std::string> emails;
  for (const GroupRow& row : group(id)) {
    if (row.ours && row.until.empty()) emails.push_back(row.email);
  }
  return emails;
}

std::vector<std::string> SandboxGym::expected() const {
  const json::Document emails = parse(get("/expected"));
  std::vector<std::string> result;
  for (std::size_t i = 0; i < emails.root().size(); ++i) result.push_back(text_of(emails.root().at(i)));
  std::ranges::sort(result);
  return result;
}

std::vector<GroupRow> SandboxGym::expected_windows() const {
  const json::Document windows = parse(get("/expected/windows"));
  std::vector<GroupRow> result;
  for (std::size_t i = 0; i < windows.root().size(); ++i) {
    const json::View window = windows.root().at(i);
    result.push_back(
        {text_of(window["email"]), text_of(window["valid_from"]), text_of(window["valid_until"]), true});
  }
  std::ranges::sort(result);
  return result;
}

std::vector<GroupRow> SandboxGym::windows(std::int64_t id) const {
  std::vector<GroupRow> rows = group(id);
  std::erase_if(rows, [](const GroupRow& row) { return !row.ours || row.until.empty(); });
  return rows;
}

std::vector<std::string> SandboxGym::users(std::string_view email) const {
  const json::Document state = parse(get("/state"));
  const json::View rows = state.root()["users"];
  std::vector<std::string> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows.at(i)["email"].as_string() == email) found.push_back(rows.at(i).dump());
  }
  return found;
}

std::vector<std::string> SandboxGym::all_user_emails() const {
  const json::Document state = parse(get("/state"));
  const json::View rows = state.root()["users"];
  std::vector<std::string> emails;
  for (std::size_t i = 0; i < rows.size(); ++i) emails.push_back(text_of(rows.at(i)["email"]));
  std::ranges::sort(emails);
  return emails;
}

std::string Membership::json() const {
  std::string text = fmt::format(R"({{"type":"{}")", type);
  const auto add = [&text](const char* key, const std::string& value) {
    if (!value.empty()) text += fmt::format(R"(,"{}":{})", key, value);
  };
  add("status", status.empty() ? "" : "\"" + status + "\"");
  add("start_date", start);
  add("expiry_date", expiry);
  if (!name.empty()) {
    text += fmt::format(
        R"(,"_id":"65cc00000000000000000001","membership_name":"{}","plan_name":"Monthly {}","plan_code":"1700000000000")",
        name, name);
  }
  return text + "}";
}

std::string hours_from_now(std::int64_t hours) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return std::to_string(now.time_since_epoch().count() + hours * 3600);
}

std::string time_from_now(std::int64_t minutes) {
  const auto time =
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + std::chrono::minutes{minutes});
  std::tm fields{};
  ::gmtime_r(&time, &fields);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &fields);
  return text.data();
}

json::Document parse(const std::string& text) {
  auto document = json::Document::parse(text);
  if (!document) FAIL("not JSON: " << text.substr(0, 2000));
  return std::move(*document);
}

std::string text_of(json::View value) { return std::string(value.as_string().value_or("")); }

std::int64_t number_of(json::View value) { return value.as_integer().value_or(-1); }

std::vector<std::string> actions_of(const json::Document& report) {
  const json::View actions = report.root()["integrations"].at(0)["actions"];
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const json::View action = actions.at(i);
    lines.push_back(fmt::format("{} {} {} {}", text_of(action["action"]), text_of(action["email"]),
                                text_of(action["cause"]), text_of(action["outcome"])));
  }
  std::ranges::sort(lines);
  return lines;
}

bool has_notice(const json::Document& report, std::string_view kind) {
  const json::View notices = report.root()["integrations"].at(0)["notices"];
  for (std::size_t i = 0; i < notices.size(); ++i) {
    if (notices.at(i)["kind"].as_string() == kind) return true;
  }
  return false;
}

void require_exit(const Ended& run, int code) {
  INFO("standard output:\n" << run.out << "\nstandard error:\n" << run.err);
  INFO("signal " << run.signal << (run.timed_out ? ", timed out" : ""));
  REQUIRE(run.exit_code == code);
}

void require_no_duplicates(const SandboxGym& gym) {
  const std::vector<std::string> users = gym.all_user_emails();
  CHECK(std::ranges::adjacent_find(users) == users.end());
  const std::vector<std::string> inside = gym.members_inside();
  CHECK(std::ranges::adjacent_find(inside) == inside.end());
}

void require_settled(const SandboxGym& gym) {
  gym.clear_faults();
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  CHECK(gym.writes() == 0);
  CHECK(gym.members_inside() == gym.expected());
  require_no_duplicates(gym);
}

void require_completion(const SandboxGym& gym) {
  gym.clear_faults();
  require_exit(gym.sync(), 0);
  require_settled(gym);
}

void wait_for_fault(const SandboxGym& gym, Process& run) {
  REQUIRE(
      happens_within(std::chrono::seconds{30}, [&] { return gym.fault_hits() > 0 || !run.is_running(); }));
  REQUIRE(run.is_running());
}

void kill_at_request(const SandboxGym& gym, const Program& program, std::int64_t number,
                     const std::string& fault) {
  gym.clear_journal();
  gym.add_fault(fmt::format(R"({{"service":"any","request":{},"kind":"{}","ms":20000}})", number, fault));
  Process run(program);
  wait_for_fault(gym, run);
  // The fault is noted just before the request is processed.
  std::this_thread::sleep_for(std::chrono::milliseconds{10});
  CHECK(run.kill_and_wait().signal == SIGKILL);
}

void add_people_of_every_kind(const SandboxGym& gym) {
  for (const char* name : {"ada", "bo"}) gym.add_member(fmt::format("{}@example.com", name));
  gym.add_member("dee@example.com");
  gym.add_user("dee@example.com", R"(,"metadata":{"locker":"12"})");
  gym.add_member("eli@example.com");
  gym.add_row("eli@example.com", fmt::format(R"(,"group_id":{})", k_old_group));
  gym.add_member("fay@example.com");
  gym.add_row("fay@example.com");
  gym.add_row("fay@example.com");
  gym.add_member("gus@example.com", Membership{.status = "CANCELLED"});
  gym.add_row("gus@example.com");
  gym.add_member("hana@example.com");
  gym.add_row("hana@example.com",
              R"(,"valid_from":"2026-01-01T00:00:00Z","valid_until":"2099-01-01T00:00:00Z")");
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace gk::test
