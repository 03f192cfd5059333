#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "e2e/sandbox_gym.hpp"

// Contract 10, counted by the sandbox's journal.
namespace gk::test::cost_test {

namespace {

std::int64_t pages(std::int64_t rows, std::int64_t limit) {
  return std::max<std::int64_t>(1, (rows + limit - 1) / limit);
}

/// What a run without changes may cost for this gym. Deleted people are not in Glofox's list.
void require_steady_cost(const SandboxGym& gym, std::int64_t most_people) {
  const auto rows = static_cast<std::int64_t>(gym.group().size());
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  const Traffic glofox = gym.glofox();
  const Traffic kisi = gym.kisi();
  const json::Document report = parse(run.out);
  const json::View integration = report.root()["integrations"].at(0);
  const std::int64_t people = number_of(integration["source"]["members"]);
  CHECK(people <= most_people);
  CHECK(people >= most_people * 97 / 100);
  CHECK(glofox.requests == 1 + pages(people, 100));
  CHECK(kisi.requests == 2 + pages(rows, 250));
  CHECK(kisi.writes + glofox.writes == 0);
  CHECK(text_of(integration["outcome"]) == "in_sync");
  CHECK(integration["actions"].size() == 0);
  CHECK(number_of(integration["requests"]["glofox"]) == glofox.requests);
  CHECK(number_of(integration["requests"]["kisi"]) == kisi.requests);
  CHECK(number_of(integration["summary"]["observed"]) == rows);
  CHECK(number_of(integration["summary"]["keep"]) == rows);
}

}  // namespace

TEST_CASE("an empty group is filled, and a run without changes costs what the contract says", "[cost]") {
  const auto people = GENERATE(0, 1, 99, 100, 101, 250, 251, 1366);
  CAPTURE(people);
  const SandboxGym gym({"--people", std::to_string(people)});
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  const auto wanted = gym.expected();
  CHECK(gym.members_inside() == wanted);
  require_no_duplicates(gym);
  CHECK(gym.kisi().writes == static_cast<std::int64_t>(2 * wanted.size()));
  CHECK(gym.glofox().writes == 0);

  const json::Document report = parse(run.out);
  const json::View integration = report.root()["integrations"].at(0);
  const auto count = static_cast<std::int64_t>(wanted.size());
  CHECK(number_of(integration["summary"]["grant"]) == count);
  CHECK(number_of(integration["summary"]["create_user"]) == count);
  CHECK(number_of(integration["requests"]["kisi"]) == gym.kisi().requests);
  CHECK(number_of(integration["requests"]["glofox"]) == gym.glofox().requests);
  if (count > 0) CHECK(integration["verified"].as_bool() == true);
  require_steady_cost(gym, people);
}

TEST_CASE("a group of any size costs one request per 250 rows", "[cost]") {
  const auto rows = GENERATE(0, 1, 250, 251, 600);
  CAPTURE(rows);
  // People without oddities, so that the group has exactly this many rows.
  const SandboxGym gym({"--people", "0"});
  for (int i = 0; i < rows; ++i) {
    const std::string email = fmt::format("person.{}@example.com", i);
    gym.add_member(email);
    gym.add_row(email);
  }
  REQUIRE(gym.group().size() == static_cast<std::size_t>(rows));
  require_steady_cost(gym, rows);
}

TEST_CASE("a matching group needs nothing, foreign rows or not", "[cost]") {
  const SandboxGym gym(
      {"--people", "300", "--group", "matching", "--eligible-percent", "60", "--foreign", "7"});
  const std::size_t rows = gym.group().size();
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 0);
  CHECK(gym.glofox().requests == 1 + 3);
  CHECK(gym.kisi().requests == 2 + pages(static_cast<std::int64_t>(rows), 250));
  CHECK(gym.writes() == 0);
  const json::Document report = parse(run.out);
  CHECK(number_of(report.root()["integrations"].at(0)["summary"]["foreign"]) == 7);
  CHECK(gym.group().size() == rows);
}

TEST_CASE("finding K new people among U users costs the cheaper of K look-ups and U/100 pages", "[cost]") {
  const auto [users, fresh] = GENERATE(table<int, int>(
      {{0, 1}, {0, 7}, {98, 1}, {98, 5}, {250, 1}, {250, 2}, {250, 3}, {250, 10}, {400, 5}, {400, 6}}));
  const bool inside = GENERATE(true, false);
  CAPTURE(users, fresh, inside);
  const SandboxGym gym;
  for (int i = 0; i < users; ++i) {
    const std::string email = fmt::format("user.{}@example.net", i);
    if (inside) {
      gym.add_member(email);
      gym.add_row(email);
    } else {
      gym.add_user(email);
    }
  }
  for (int i = 0; i < fresh; ++i) gym.add_member(fmt::format("new.{}@example.com", i));
  const auto all_users = static_cast<std::int64_t>(gym.all_user_emails().size());
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  std::int64_t searches = 0;
  for (const JournalEntry& entry : gym.journal()) {
    if (entry.method == "GET" && entry.path == "/users") ++searches;
  }
  const auto cheapest = std::min<std::int64_t>(fresh, pages(all_users, 100));
  CHECK(searches >= cheapest);
  // How many users there are besides the group's is known after the first page only: that may be one too
  // many.
  CHECK(searches <= cheapest + (inside ? 0 : 1));
  CHECK(gym.kisi().writes == 2 * fresh);
  require_settled(gym);
}

TEST_CASE("one new person costs two writes and one read-back", "[cost]") {
  const SandboxGym gym({"--people", "120", "--group", "matching"});
  gym.add_member("ada.example@example.com");
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  const auto writes = gym.journal(true);
  REQUIRE(writes.size() == 2);
  CHECK(writes[0].path == "/users");
  CHECK(writes[1].path == "/role_assignments");
  require_settled(gym);
}

}  // namespace gk::test::cost_test
