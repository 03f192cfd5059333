#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "e2e/sandbox_gym.hpp"

namespace gk::test {

/// A webhook delivery as Kisi would make it.
struct Delivery {
  std::string body;
  std::string signature;
};

/// A gym whose integration checks people in.
class CheckinGym : public SandboxGym {
 public:
  explicit CheckinGym(const std::string& rules = R"("mode":"both")", bool with_key = true,
                      const std::vector<std::string>& sandbox_arguments = {"--people", "0"})
      : SandboxGym(sandbox_arguments) {
    const json::Document state = gk::test::parse(get("/state"));
    environment["KISI_WEBHOOK_KEY"] = text_of(state.root()["installation"]["webhook_key"]);
    set_rules(rules, with_key);
  }
  /// Members of "checkin" beyond `enabled`, the key and the directory.
  void set_rules(const std::string& rules, bool with_key = true) {
    settings.integration = fmt::format(
        R"(,"place_id":22801,"checkin":{{"enabled":true,"dedupe_dir":"{}"{}{}{}}})", cache().string(),
        with_key ? R"(,"signature_key":{"env":"KISI_WEBHOOK_KEY"})" : "", rules.empty() ? "" : ",", rules);
  }
  [[nodiscard]] std::filesystem::path cache() const { return directory() / "checkins"; }
  /// How many locations the cache knows events or people of.
  [[nodiscard]] std::ptrdiff_t remembered_locations() const {
    if (!std::filesystem::exists(cache())) return 0;
    const std::filesystem::directory_iterator all(cache());
    return std::count_if(begin(all), end(all), [](const auto& entry) { return entry.is_directory(); });
  }

  /// Members with access, as a sync leaves them: with a row of ours and our mark.
  void sync_members() {
    require_exit(sync(), 0);
    clear_journal();
  }
  [[nodiscard]] Delivery unlock(std::string_view email, const std::string& more = {}) const {
    const json::Document event =
        gk::test::parse(post("/events", fmt::format(R"({{"email":"{}"{}}})", email, more)));
    return {text_of(event.root()["webhook"]["body"]), text_of(event.root()["webhook"]["signature"])};
  }
  /// The signature that Kisi would give to a body of our own making.
  [[nodiscard]] std::string sign(const std::string& body) const;
  /// A webhook in Kisi that posts unlocks (id 31077); its key is not changed.
  void add_webhook() const;

  [[nodiscard]] Program checkin(std::vector<std::string> arguments, std::string input = {}) const {
    arguments.insert(arguments.begin(), {"checkin", "--config", config_path()});
    Program program = product(std::move(arguments));
    program.input = std::move(input);
    return program;
  }
  Ended deliver(const Delivery& delivery, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"--event", "-"};
    if (!delivery.signature.empty()) arguments.insert(arguments.end(), {"--signature", delivery.signature});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(checkin(arguments, delivery.body));
  }
  /// The action of a delivery: "applied", "ignored too-old"; the run must end with `code`.
  std::string told(const Delivery& delivery, int code = 0) const {
    const Ended run = deliver(delivery, {"--output", "json"});
    require_exit(run, code);
    const json::Document report = gk::test::parse(run.out);
    CHECK(number_of(report.root()["exit_code"]) == code);
    const json::View action = report.root()["integrations"].at(0)["actions"].at(0);
    const std::string cause = text_of(action["cause"]);
    return text_of(action["outcome"]) + (cause.empty() ? "" : " " + cause);
  }
  Ended catch_up(const std::string& since = "1h", const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"--since", since};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(checkin(arguments));
  }
  [[nodiscard]] std::size_t entries() const { return gk::test::parse(get("/accesses")).root().size(); }
  std::string book(const std::string& member, std::int64_t minutes_from_now,
                   const std::string& more = {}) const {
    const std::string row =
        post("/bookings",
             fmt::format(R"({{"user_id":"{}","time_start":"{}","time_finish":"{}"{}}})", member,
                         time_from_now(minutes_from_now), time_from_now(minutes_from_now + 60), more));
    return text_of(gk::test::parse(row).root()["_id"]);
  }
  [[nodiscard]] bool attended(const std::string& booking) const {
    return gk::test::parse(get("/bookings/" + booking)).root()["attended"].as_bool().value_or(false);
  }
  [[nodiscard]] std::size_t count(std::string_view method, std::string_view path) const {
    std::size_t found = 0;
    for (const JournalEntry& entry : journal()) {
      if (entry.method == method && entry.path.ends_with(path)) ++found;
    }
    return found;
  }
};

}  // namespace gk::test
