#include "http/rate_limited_transport.hpp"

#include "support/fake_transport.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace gk::http::rate_limited_transport_test {

using namespace std::chrono_literals;
using test::answer;

namespace {

struct Fixture {
  Fixture(BucketOptions bucket_options, std::size_t max_in_flight)
      : bucket(std::make_shared<TokenBucket>(bucket_options)),
        transport(fake, bucket, RateLimitOptions{.service = "kisi", .max_in_flight = max_in_flight}, clock,
                  stop) {
    fake.on_any([](const Request&) { return answer(200); });
  }
  void start(int count) {
    for (int i = 0; i < count; ++i) transport.start(static_cast<Ticket>(next++), Request{.path = "/users"});
  }
  std::vector<Completion> drain() {
    std::vector<Completion> all;
    while (auto completion = transport.wait(SteadyTime::max())) all.push_back(std::move(*completion));
    return all;
  }
  test::ManualClock clock;
  StopFlag stop;
  test::FakeTransport fake{clock};
  std::shared_ptr<TokenBucket> bucket;
  RateLimitedTransport transport;
  int next = 1;
};

}  // namespace

TEST_CASE("requests leave one interval apart and in order") {
  Fixture f({4, 1}, 1);
  f.fake.set_latency(30ms);
  f.start(5);
  const auto all = f.drain();
  REQUIRE(all.size() == 5);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].ticket == i + 1);
  for (std::size_t i = 1; i < 5; ++i) CHECK(f.fake.started_at[i] - f.fake.started_at[i - 1] == 255ms);
  CHECK(f.fake.max_running == 1);
  CHECK(f.transport.pending() == 0);
}

TEST_CASE("a token is taken when the request leaves, not while it waits for a place in flight") {
  Fixture f({4, 1}, 1);
  f.fake.set_latency(2s);
  f.start(3);
  REQUIRE(f.drain().size() == 3);
  CHECK(f.fake.started_at[1] - f.fake.started_at[0] == 2s);
  CHECK(f.fake.started_at[2] - f.fake.started_at[1] == 2s);
}

TEST_CASE("a burst leaves at once, up to the places in flight") {
  Fixture f({10, 100}, 5);
  f.fake.set_latency(100ms);
  f.start(20);
  CHECK(f.fake.requests.size() == 5);
  REQUIRE(f.drain().size() == 20);
  CHECK(f.fake.max_running == 5);
  CHECK(f.fake.started_at.back() - f.fake.started_at.front() == 300ms);
}

TEST_CASE("after a 429 nothing leaves for as long as the service asked") {
  struct Row {
    std::vector<std::pair<std::string, std::string>> headers;
    SteadyTime::duration pause;
  };
  const auto row = GENERATE(values<Row>({
      {{{"Retry-After", "7"}}, 7s},
      {{{"Retry-After", "Sun, 01 Mar 2026 08:00:09 GMT"}}, 9s},
      {{{"Retry-After", "86400"}}, 60s},
      {{{"Retry-After", "x"}}, 1s},
      {{{"Retry-After", "0"}}, 1s},
      {{{"Retry-After", "Sun, 01 Mar 2026 07:00:00 GMT"}}, 1s},
      {{}, 1s},
  }));
  Fixture f({5, 50}, 1);
  int count = 0;
  f.fake.on_any([&](const Request&) { return ++count == 1 ? answer(429, "", row.headers) : answer(200); });
  f.start(4);
  const auto all = f.drain();
  REQUIRE(all.size() == 4);
  CHECK(all[0].result->status == 429);
  CHECK(f.fake.started_at[1] - f.fake.started_at[0] == row.pause);
  CHECK(f.fake.started_at[2] - f.fake.started_at[1] == 204ms);
  CHECK(f.fake.started_at[3] - f.fake.started_at[2] == 204ms);
}

TEST_CASE("a stop request ends what has not left, not what has") {
  Fixture f({1, 1}, 1);
  f.fake.set_latency(10s);
  f.start(3);
  f.stop.request(15);
  const auto all = f.drain();
  REQUIRE(all.size() == 3);
  CHECK(f.fake.requests.size() == 1);
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE_FALSE(all[i].result);
    CHECK(all[i].result.error().category == Category::interrupted);
    CHECK_FALSE(all[i].result.error().outcome_unknown);
  }
  CHECK(all[2].result->status == 200);
}

TEST_CASE("a stop request is seen soon while another request is in flight") {
  Fixture f({1, 1}, 1);
  f.fake.set_latency(10s);
  f.start(2);
  CHECK_FALSE(f.transport.wait(f.clock.steady_now() + 1ms).has_value());
  f.stop.request(15);
  const SteadyTime asked = f.clock.steady_now();
  const auto ended = f.transport.wait(SteadyTime::max());
  REQUIRE(ended);
  CHECK(ended->result.error().category == Category::interrupted);
  CHECK(f.clock.steady_now() - asked <= 100ms);
}

TEST_CASE("what cannot leave before the deadline fails at once") {
  Fixture f({1, 1}, 1);
  const SteadyTime begin = f.clock.steady_now();
  f.transport.set_deadline(begin + 1500ms);
  f.start(3);
  const auto all = f.drain();
  REQUIRE(all.size() == 3);
  for (const Completion& completion : all) {
    INFO("ticket " << completion.ticket);
    CHECK(completion.result.has_value() == (completion.ticket != 3));
    if (!completion.result) CHECK(completion.result.error().category == Category::deadline);
  }
  CHECK(f.clock.steady_now() - begin < 1500ms);
}

TEST_CASE("a failed request counts as sent when it failed") {
  Fixture f({4, 1}, 1);
  f.fake.on_any([](const Request&) { return test::no_answer(true); });
  f.fake.set_latency(100ms);
  f.start(2);
  REQUIRE(f.drain().size() == 2);
  CHECK(f.fake.started_at[1] - f.fake.started_at[0] == 355ms);
}

TEST_CASE("waiting until a time in the past looks once") {
  Fixture f({4, 1}, 1);
  f.start(2);
  CHECK(f.transport.wait(SteadyTime{}).has_value());
  CHECK_FALSE(f.transport.wait(SteadyTime{}).has_value());
  CHECK(f.transport.pending() == 1);
}

TEST_CASE("a request that must follow waits for its turn and leaves after a stop request or the deadline") {
  Fixture f({1, 1}, 1);
  f.start(2);
  f.transport.start(9, Request{.path = "/grants", .must_follow = true});
  SECTION("a stop request") { f.stop.request(15); }
  SECTION("the deadline") { f.transport.set_deadline(f.clock.steady_now()); }
  const auto all = f.drain();
  REQUIRE(all.size() == 3);
  for (const Completion& completion : all) CHECK(completion.result.has_value() == (completion.ticket != 2));
  REQUIRE(f.fake.requests.size() == 2);
  CHECK(f.fake.requests[1].path == "/grants");
  CHECK(f.fake.started_at[1] - f.fake.started_at[0] >= 1s);
  CHECK(f.clock.sleeps.size() <= 2);
  CHECK(f.transport.pending() == 0);
}

}  // namespace gk::http::rate_limited_transport_test
