#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "e2e/sandbox_gym.hpp"

// A simulation: what the limits would do is shown on the live services, which stay as they are.
namespace gk::test::simulate_test {

namespace {

/// Thirty members who are inside.
void fill(SandboxGym& gym) {
  for (int i = 0; i < 30; ++i)
    gym.add_member(fmt::format("m{}@example.com", i), Membership{.start = hours_from_now(-7200)});
  require_exit(gym.sync(), 0);
  gym.clear_journal();
}

Ended simulate(const SandboxGym& gym, const std::string& damage, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"validate-config", "--config", gym.config_path(), "--simulate", damage};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_program(gym.product(arguments));
}

}  // namespace

TEST_CASE("every simulated damage is held by a limit, and nothing is written") {
  SandboxGym gym;
  fill(gym);
  const auto inside = gym.members_inside();
  struct Row {
    const char* damage;
    int exit_code;
    const char* words;
  };
  const Row rows[] = {{"empty", 4, "Glofox lists nobody"},
                      {"half", 4, "'absent' removals"},
                      {"stale", 4, "'stated' removals"},
                      {"garbled", 4, "'absent' removals"}};
  for (const Row& row : rows) {
    CAPTURE(row.damage);
    const Ended run = simulate(gym, row.damage);
    require_exit(run, row.exit_code);
    CHECK(contains(run.out, row.words));
    CHECK(contains(run.out, "this is only a simulation"));
    CHECK(gym.writes() == 0);
    CHECK(gym.members_inside() == inside);
  }
}

TEST_CASE("a simulation is a report that cannot be used as an approval") {
  SandboxGym gym;
  fill(gym);
  const Ended run = simulate(gym, "half", {"--output", "json"});
  require_exit(run, 4);
  const auto report = parse(run.out);
  CHECK(report.root()["command"].as_string() == "validate-config");
  CHECK(report.root()["dry_run"].as_bool() == true);
  CHECK(has_notice(report, "simulation"));
  const std::string file = gym.write_file("plan.json", run.out);
  require_exit(gym.sync({"--approve-removals", file}), 64);
}

TEST_CASE("a damage that nobody knows, or together with --offline, is a usage error") {
  SandboxGym gym;
  require_exit(simulate(gym, "burnt"), 64);
  require_exit(simulate(gym, "half", {"--offline"}), 64);
}

TEST_CASE("a simulation tells of a service that does not answer, as a run would") {
  SandboxGym gym;
  fill(gym);
  gym.add_fault(R"({"service":"glofox","kind":"status","status":401})");
  require_exit(simulate(gym, "half"), 77);
}

}  // namespace gk::test::simulate_test
