#include "http/rate_limited_transport.hpp"
#include "http/retrying_transport.hpp"

#include "support/fake_transport.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <string>

// Somebody sets the machine's clock while requests wait: nothing gets slower than the policy allows, or
// faster.
namespace gk::http::retrying_transport_clock_test {

using namespace std::chrono_literals;
using test::answer;

namespace {

constexpr auto k_latency = 10ms;

/// RFC 9110's preferred form.
std::string http_date(Instant when) {
  constexpr const char* k_days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* k_months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{when - day};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", k_days[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()), k_months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

struct Fixture {
  Fixture() { fake.set_latency(k_latency); }
  /// The service's clock never jumps.
  [[nodiscard]] Instant service_now() const { return service_start + elapsed(); }
  [[nodiscard]] std::chrono::seconds elapsed() const {
    return std::chrono::floor<std::chrono::seconds>(clock.steady_now() - begin);
  }
  [[nodiscard]] SteadyTime::duration pause(std::size_t number) const {
    return fake.started_at[number + 1] - fake.started_at[number] - k_latency;
  }
  /// Throttled `times` in a row with a date `span` ahead of the service's clock; then an answer.
  void throttle(int times, std::chrono::seconds span) {
    fake.on_any([this, times, span, seen = 0](const Request&) mutable {
      if (seen++ >= times) return answer(200, "[]");
      return answer(429, "", {{"Retry-After", http_date(service_now() + span)}});
    });
  }

  mutable test::ManualClock clock;
  SteadyTime begin = clock.steady_now();
  Instant service_start = clock.now();
  StopFlag stop;
  test::FakeTransport fake{clock};
  RetryPolicy policy;
  RetryingTransport transport{fake, "kisi", policy, clock, stop, [] { return 0.5; }};
};

Request read() { return Request{.path = "/users"}; }

}  // namespace

TEST_CASE("a pause that has begun keeps its length when the wall clock jumps") {
  const auto jump = GENERATE(values<std::chrono::seconds>({-1h, -30s, 30s, 1h}));
  CAPTURE(jump.count());
  Fixture f;
  f.throttle(1, 20s);
  f.transport.start(1, read());
  CHECK_FALSE(f.transport.wait(f.clock.steady_now() + 5s).has_value());
  f.clock.jump(jump);
  const auto completion = f.transport.wait(SteadyTime::max());
  REQUIRE(completion);
  REQUIRE(completion->result);
  REQUIRE(f.fake.requests.size() == 2);
  CHECK(f.pause(0) == 20s);
}

TEST_CASE("a clock behind the service's does not wait an hour for a date") {
  Fixture f;
  f.clock.jump(-1h);
  f.throttle(1, 20s);
  // The date seems to be an hour ahead: beyond the policy, so it ends at once instead of waiting or trying
  // early.
  const auto result = send(f.transport, read());
  REQUIRE_FALSE(result);
  CHECK(result.error().category == Category::rate_limited);
  CHECK(f.fake.requests.size() == 1);
  CHECK(f.clock.steady_now() - f.begin == k_latency);
}

TEST_CASE("a clock ahead of the service's still leaves the growing pauses") {
  Fixture f;
  f.clock.jump(1h);
  f.throttle(4, 20s);
  REQUIRE(send(f.transport, read()));
  REQUIRE(f.fake.requests.size() == 5);
  // The dates seem to be long past; what is left is the policy's own pause.
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(i);
    CHECK(f.pause(i) == backoff_delay(f.policy, static_cast<int>(i) + 1, std::nullopt, 0.5));
    CHECK(f.pause(i) >= f.policy.base_delay / 2);
  }
}

TEST_CASE("a wall clock that jumps between the tries never makes a pause longer than the ceiling") {
  const auto jump = GENERATE(values<std::chrono::seconds>({-1h, 1h}));
  CAPTURE(jump.count());
  Fixture f;
  f.throttle(3, 20s);
  f.transport.start(1, read());
  CHECK_FALSE(f.transport.wait(f.clock.steady_now() + 5s).has_value());
  f.clock.jump(jump);
  const auto completion = f.transport.wait(SteadyTime::max());
  REQUIRE(completion);
  CHECK(completion->result.has_value() == (jump > 0s));
  const SteadyTime::duration ceiling = std::max(f.policy.max_delay, f.policy.max_retry_after);
  for (std::size_t i = 0; i + 1 < f.fake.requests.size(); ++i) {
    CHECK(f.pause(i) <= ceiling);
    CHECK(f.pause(i) >= f.policy.base_delay / 2);
  }
}

TEST_CASE("the deadline of retries is on steady time") {
  const auto jump = GENERATE(values<std::chrono::seconds>({-1h, 1h}));
  CAPTURE(jump.count());
  Fixture f;
  f.fake.script("GET /users", answer(503));
  f.transport.set_deadline(f.begin + 5s);
  f.transport.start(1, read());
  CHECK_FALSE(f.transport.wait(f.begin + 100ms).has_value());
  f.clock.jump(jump);
  const auto completion = f.transport.wait(SteadyTime::max());
  REQUIRE(completion);
  REQUIRE_FALSE(completion->result);
  // 0.75 s and 1.5 s fit, 3 s more do not.
  CHECK(completion->result.error().category == Category::deadline);
  CHECK(f.fake.requests.size() == 3);
  CHECK(f.clock.steady_now() - f.begin < 5s);
}

TEST_CASE("the rate limit keeps its pace when the wall clock jumps") {
  const auto jump = GENERATE(values<std::chrono::seconds>({-1h, 1h}));
  CAPTURE(jump.count());
  Fixture f;
  // After one request in ten ms the next leaves half a second later, however the wall clock reads.
  RateLimitOptions options{.service = "kisi"};
  RateLimitedTransport limited(f.fake, std::make_shared<TokenBucket>(BucketOptions{2, 1}), options, f.clock,
                               f.stop);
  f.fake.on_any([](const Request&) { return answer(200, "[]"); });
  for (int i = 0; i < 4; ++i) {
    REQUIRE(send(limited, read()));
    f.clock.jump(jump);
  }
  REQUIRE(f.fake.started_at.size() == 4);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto distance = f.fake.started_at[i + 1] - f.fake.started_at[i];
    CHECK(distance >= 500ms);
    CHECK(distance < 1500ms);
  }
}

TEST_CASE("a throttled service is left alone no longer than the ceiling whatever the wall clock reads") {
  const auto jump = GENERATE(values<std::chrono::seconds>({-1h, 1h}));
  CAPTURE(jump.count());
  Fixture f;
  RateLimitOptions options{.service = "kisi"};
  RateLimitedTransport limited(f.fake, std::make_shared<TokenBucket>(BucketOptions{1000, 1}), options,
                               f.clock, f.stop);
  f.clock.jump(jump);
  f.throttle(1, 20s);
  REQUIRE(send(limited, read()));
  const SteadyTime throttled = f.clock.steady_now();
  REQUIRE(send(limited, read()));
  CHECK(f.fake.started_at.back() - throttled <= options.max_pause);
}

}  // namespace gk::http::retrying_transport_clock_test
