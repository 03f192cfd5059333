#include <fmt/format.h>
#include <signal.h>

#include <catch2/catch.hpp>

#include "e2e/sandbox_gym.hpp"

// Contract 8.9: the first signal ends the run in good order, the second at once.
namespace gk::test::signals_test {

namespace {

void add_people(const SandboxGym& gym, int count) {
  for (int i = 0; i < count; ++i) gym.add_member(fmt::format("person.{}@example.com", i));
}

}  // namespace

TEST_CASE("after a first signal the request in flight is finished and the report written", "[signal]") {
  const auto number = GENERATE(SIGTERM, SIGINT);
  CAPTURE(number);
  const SandboxGym gym;
  add_people(gym, 6);
  gym.add_fault(R"({"service":"kisi","method":"POST","path":"^/role_assignments","nth":2,)"
                R"("kind":"latency","ms":700})");
  gym.clear_journal();
  Process run(gym.sync_program({"--output", "json"}));
  wait_for_fault(gym, run);
  run.send_signal(number);
  const Ended ended = run.wait();
  require_exit(ended, 128 + number);
  CHECK(ended.signal == 0);

  const json::Document report = parse(ended.out);
  CHECK(number_of(report.root()["exit_code"]) == 128 + number);
  const json::View integration = report.root()["integrations"].at(0);
  CHECK(text_of(integration["outcome"]) == "partial");
  CHECK(number_of(integration["summary"]["grant"]) == 2);
  // The request that was in flight is reported as what it became, and none was begun after it.
  CHECK(gym.members_inside().size() == 2);
  CHECK(gym.kisi().writes == 4);
  const auto writes = gym.journal(true);
  CHECK(writes.back().status == 200);
  require_completion(gym);
}

TEST_CASE("a second signal ends the run at once", "[signal]") {
  const SandboxGym gym;
  add_people(gym, 3);
  gym.add_fault(R"({"service":"kisi","method":"POST","nth":1,"kind":"latency","ms":20000})");
  Process run(gym.sync_program());
  wait_for_fault(gym, run);
  run.send_signal(SIGTERM);
  REQUIRE_FALSE(happens_within(std::chrono::milliseconds{300}, [&] { return !run.is_running(); }));
  run.send_signal(SIGTERM);
  const Ended ended = run.wait(std::chrono::seconds{5});
  CHECK_FALSE(ended.timed_out);
  require_exit(ended, 128 + SIGTERM);
  CHECK(ended.out.empty());
  require_completion(gym);
}

TEST_CASE("a signal while reading changes nothing", "[signal]") {
  const std::string service = GENERATE("glofox", "kisi");
  CAPTURE(service);
  const SandboxGym gym;
  add_people(gym, 3);
  gym.add_fault(fmt::format(R"({{"service":"{}","nth":2,"kind":"latency","ms":500}})", service));
  gym.clear_journal();
  Process run(gym.sync_program());
  wait_for_fault(gym, run);
  run.send_signal(SIGTERM);
  const Ended ended = run.wait();
  require_exit(ended, 128 + SIGTERM);
  CHECK_FALSE(ended.err.empty());
  CHECK(gym.writes() == 0);
  require_completion(gym);
}

TEST_CASE("a signal ends a wait for the next try, for the rate, and for the lock", "[signal]") {
  SandboxGym gym;
  add_people(gym, 2);
  SECTION("between two tries") {
    gym.add_fault(R"({"service":"kisi","kind":"status","status":429,"retry_after":"60"})");
  }
  SECTION("for the rate") {
    gym.settings.kisi_rate = 1;
    add_people(gym, 30);
  }
  gym.clear_journal();
  Process run(gym.sync_program());
  REQUIRE(happens_within(std::chrono::seconds{30}, [&] { return gym.kisi().requests > 0; }));
  run.send_signal(SIGINT);
  const Ended ended = run.wait(std::chrono::seconds{10});
  CHECK_FALSE(ended.timed_out);
  require_exit(ended, 128 + SIGINT);
}

}  // namespace gk::test::signals_test
