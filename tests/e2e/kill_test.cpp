#include <fmt/format.h>
#include <signal.h>

#include <catch2/catch.hpp>
#include <thread>

#include "e2e/sandbox_gym.hpp"

// Contract 7: killed after any request and run once more, the program ends where an undisturbed run
// ends.
namespace gk::test::kill_test {

namespace {

void prepare(SandboxGym& gym, const std::string& duplicates) {
  gym.set_switch("duplicate_assignment", duplicates);
  gym.settings.integration = fmt::format(R"(,"former_group_ids":[{}])", k_old_group);
  add_people_of_every_kind(gym);
  gym.add_member("cy@example.com");
  gym.add_row("by.hand@example.net", R"(,"created_by_id":6999999)");
}

struct EndState {
  std::vector<GroupRow> current;
  std::vector<GroupRow> former;
  std::vector<std::string> users;
  friend bool operator==(const EndState&, const EndState&) = default;
};

EndState end_state(const SandboxGym& gym) {
  return {gym.group(), gym.group(k_old_group), gym.all_user_emails()};
}

/// The state and the requests of a run that nobody disturbs.
struct Undisturbed {
  EndState state;
  std::int64_t requests;
};

const Undisturbed& undisturbed(const std::string& duplicates) {
  static std::map<std::string, Undisturbed> known;
  if (const auto found = known.find(duplicates); found != known.end()) return found->second;
  SandboxGym gym;
  prepare(gym, duplicates);
  gym.clear_journal();
  require_exit(gym.sync(), 0);
  const std::int64_t requests = gym.kisi().requests + gym.glofox().requests;
  require_settled(gym);
  REQUIRE(requests > 15);
  CHECK(gym.group(k_old_group).empty());
  return known.emplace(duplicates, Undisturbed{end_state(gym), requests}).first->second;
}

void require_recovery(const std::string& duplicates, const std::string& fault) {
  const Undisturbed& goal = undisturbed(duplicates);
  for (std::int64_t number = 1; number <= goal.requests; ++number) {
    CAPTURE(duplicates, fault, number);
    SandboxGym gym;
    prepare(gym, duplicates);
    kill_at_request(gym, gym.sync_program(), number, fault);
    gym.clear_faults();
    require_exit(gym.sync(), 0);
    CHECK(end_state(gym) == goal.state);
    require_settled(gym);
  }
}

}  // namespace

TEST_CASE("a run killed after any request is completed by the next (a second row is a conflict)", "[kill]") {
  require_recovery("conflict", "timeout_after");
}

TEST_CASE("a run killed after any request is completed by the next (a second row is unprocessable)",
          "[kill]") {
  require_recovery("unprocessable", "timeout_after");
}

TEST_CASE("a run killed after any request is completed by the next (a second row is made)", "[kill]") {
  require_recovery("extra_row", "timeout_after");
}

TEST_CASE(
    "a run killed after any request is completed by the next (a second row with another window is made)",
    "[kill]") {
  require_recovery("extra_row_other_window", "timeout_after");
}

TEST_CASE("a run killed before any request is processed is completed by the next", "[kill]") {
  require_recovery("conflict", "timeout_before");
}

}  // namespace gk::test::kill_test
