#include <fmt/format.h>
#include <signal.h>

#include <catch2/catch.hpp>
#include <thread>

#include "e2e/sandbox_gym.hpp"

// Contract 7: killed after any request and run once more, the program ends where an undisturbed run
// ends.
namespace gk::test::kill_test {

namespace {

/// Something to do of every kind: new people, an adopted user, removals, a duplicate row, a former group.
void prepare(SandboxGym& gym, const std::string& duplicates) {
  gym.set_switch("duplicate_assignment", duplicates);
  gym.settings.integration = fmt::format(R"(,"former_group_ids":[{}])", k_old_group);
  for (const char* name : {"ada", "bo", "cy"}) gym.add_member(fmt::format("{}@example.com", name));
  gym.add_member("dee@example.com");
  gym.add_user("dee@example.com", R"(,"metadata":{"locker":"12"})");
  gym.add_member("eli@example.com");
  gym.add_row("eli@example.com", fmt::format(R"(,"group_id":{})", k_old_group));
  gym.add_member("fay@example.com");
  gym.add_row("fay@example.com");
  gym.add_row("fay@example.com");
  gym.add_member("gus@example.com", Membership{.status = "CANCELLED"});
  gym.add_row("gus@example.com");
  gym.add_row("by.hand@example.net", R"(,"created_by_id":6999999)");
  gym.add_member("hana@example.com");
  gym.add_row("hana@example.com", fmt::format(R"(,"valid_from":"{}","valid_until":"{}")",
                                              "2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"));
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

/// Holds the n-th request before or after it is processed, and kills the program meanwhile.
void kill_at_request(const SandboxGym& gym, std::int64_t number, const std::string& fault) {
  gym.clear_journal();
  gym.add_fault(fmt::format(R"({{"service":"any","request":{},"kind":"{}","ms":20000}})", number, fault));
  Process run(gym.sync_program());
  REQUIRE(
      happens_within(std::chrono::seconds{30}, [&] { return gym.fault_hits() > 0 || !run.is_running(); }));
  REQUIRE(run.is_running());
  // The fault is noted just before the request is processed.
  std::this_thread::sleep_for(std::chrono::milliseconds{10});
  CHECK(run.kill_and_wait().signal == SIGKILL);
}

void require_recovery(const std::string& duplicates, const std::string& fault) {
  const Undisturbed& goal = undisturbed(duplicates);
  for (std::int64_t number = 1; number <= goal.requests; ++number) {
    CAPTURE(duplicates, fault, number);
    SandboxGym gym;
    prepare(gym, duplicates);
    kill_at_request(gym, number, fault);
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
