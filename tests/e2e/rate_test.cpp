#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "e2e/sandbox_gym.hpp"

// Contract 8.10: the configured rate is never passed, and a refusal is respected.
namespace gk::test::rate_test {

namespace {

/// What a run at five requests a second met at a service that allows as many.
struct Meeting {
  Ended run;
  Traffic kisi;
  bool right_people = false;
};

/// The requests are sent evenly, but a busy machine may deliver two of them closer to each other. So one of a
/// few tries has to be free of it; a program that sends too fast is so in all of them.
template <class Prepare, class Condition>
Meeting meet(int people, const Prepare& prepare, const Condition& is_as_it_should_be) {
  constexpr int k_tries = 4;
  Meeting meeting;
  for (int i = 0; i < k_tries; ++i) {
    SandboxGym gym({"--people", "0", "--kisi-rate-limit", "5"});
    gym.settings.kisi_rate = 5;
    for (int person = 0; person < people; ++person)
      gym.add_member(fmt::format("person.{}@example.com", person));
    prepare(gym);
    gym.clear_journal();
    meeting = {gym.sync({"--output", "json"}), gym.kisi(), gym.members_inside() == gym.expected()};
    if (is_as_it_should_be(meeting)) break;
  }
  return meeting;
}

}  // namespace

TEST_CASE("at the service's own limit of five a second nothing is ever refused", "[rate][serial]") {
  const Meeting meeting = meet(
      8, [](const SandboxGym&) {},
      [](const Meeting& m) { return m.kisi.throttled == 0 && m.kisi.most_in_one_second <= 5; });
  require_exit(meeting.run, 0);
  CHECK(meeting.kisi.throttled == 0);
  CHECK(meeting.kisi.most_in_one_second <= 5);
  CHECK(meeting.right_people);
}

TEST_CASE("after a first 429 there is no second one, whatever Retry-After says", "[rate][serial]") {
  struct Refusal {
    std::string header;
    std::string body;
  };
  const auto refusal =
      GENERATE(values<Refusal>({{"none", "json"}, {"none", "html"}, {"seconds", "empty"}, {"date", "json"}}));
  CAPTURE(refusal.header, refusal.body);
  // Somebody else uses the same key up to its limit just now, so the run's first request is refused.
  const auto use_up = [&](const SandboxGym& gym) {
    gym.set_switch("retry_after", refusal.header);
    gym.set_switch("rate_limit_body", refusal.body);
    gym.disturb_kisi(5);
  };
  const Meeting meeting = meet(
      3, use_up, [](const Meeting& m) { return m.kisi.throttled == 1 && m.kisi.most_in_one_second <= 5; });
  require_exit(meeting.run, 0);
  CHECK(meeting.kisi.throttled == 1);
  CHECK(meeting.kisi.most_in_one_second <= 5);
  CHECK(meeting.right_people);
  const json::Document report = parse(meeting.run.out);
  CHECK(number_of(report.root()["integrations"].at(0)["requests"]["throttled"]) == 1);
}

TEST_CASE("a storm of refusals is lived through", "[rate]") {
  const std::string header = GENERATE("none", "seconds", "date");
  CAPTURE(header);
  SandboxGym gym({"--people", "0", "--kisi-rate-limit", "20"});
  // Ten times too fast: the service says so, and every request gets through in the end.
  gym.settings.kisi_rate = 200;
  gym.set_switch("retry_after", header);
  for (int i = 0; i < 15; ++i) gym.add_member(fmt::format("person.{}@example.com", i));
  require_exit(gym.sync(), 0);
  CHECK(gym.members_inside() == gym.expected());
  require_no_duplicates(gym);
}

TEST_CASE("Glofox is asked within its bucket", "[rate][serial]") {
  const SandboxGym gym({"--people", "2000", "--glofox-rate-limit", "20", "--glofox-burst", "10"});
  const SandboxGym* const unlimited = &gym;
  Program program = unlimited->sync_program({"--dry-run"});
  std::string config = gym.config_text();
  const std::string free = R"("requests_per_second":100000,"burst":100000)";
  config.replace(config.find(free), free.size(), R"("requests_per_second":16,"burst":8)");
  gym.write_file("product.json", config);
  gym.clear_journal();
  require_exit(run_program(program), 0);
  CHECK(gym.glofox().requests == 21);
  CHECK(gym.glofox().throttled == 0);
  CHECK(gym.glofox().most_in_one_second <= 24);
}

TEST_CASE("a Retry-After beyond our patience ends the run instead of an early try", "[rate]") {
  const std::string header = GENERATE("3600", "absurd", "-5");
  CAPTURE(header);
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  gym.add_fault(
      fmt::format(R"({{"service":"kisi","kind":"status","status":429,"retry_after":"{}"}})", header));
  gym.clear_journal();
  const Ended run = gym.sync();
  require_exit(run, 69);
  if (header != "-5") CHECK(gym.kisi().requests == 1);
  CHECK(gym.kisi().writes == 0);
  require_completion(gym);
}

}  // namespace gk::test::rate_test
