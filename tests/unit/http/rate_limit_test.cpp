#include "http/rate_limit.hpp"

#include "support/manual_clock.hpp"

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

namespace gk::http::rate_limit_test {

using namespace std::chrono_literals;

namespace {

const SteadyTime k_start{1000h};

/// The most that fall into any window of one second, both ends included.
std::size_t most_in_a_second(const std::vector<SteadyTime>& sent) {
  std::size_t most = 0;
  for (std::size_t first = 0; first < sent.size(); ++first) {
    std::size_t last = first;
    while (last < sent.size() && sent[last] - sent[first] <= 1s) ++last;
    most = std::max(most, last - first);
  }
  return most;
}

/// A service's own bucket, without our slack. True when it would have let all of them in.
bool service_accepts(const std::vector<SteadyTime>& sent, double rate, double burst) {
  double tokens = burst;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (i > 0)
      tokens = std::min(burst, tokens + rate * std::chrono::duration<double>(sent[i] - sent[i - 1]).count());
    if (tokens < 1 - 1e-6) return false;
    tokens -= 1;
  }
  return true;
}

}  // namespace

TEST_CASE("burst 1 spaces the requests") {
  TokenBucket bucket({4, 1});
  CHECK(bucket.next_start(k_start) == k_start);
  bucket.take(k_start);
  CHECK(bucket.next_start(k_start) == k_start + 255ms);
  CHECK(bucket.next_start(k_start + 300ms) == k_start + 300ms);
  bucket.note_sent(k_start + 100ms);
  CHECK(bucket.next_start(k_start) == k_start + 355ms);
}

TEST_CASE("a burst leaves at once, then the rate holds") {
  TokenBucket bucket({10, 5});
  for (int i = 0; i < 5; ++i) {
    CHECK(bucket.next_start(k_start) == k_start);
    bucket.take(k_start);
  }
  CHECK(bucket.next_start(k_start) == k_start + 102ms);
  CHECK(bucket.next_start(k_start + 1h) == k_start + 1h);
  for (int i = 0; i < 5; ++i) bucket.take(k_start + 1h);
  CHECK(bucket.next_start(k_start + 1h) == k_start + 1h + 102ms);
}

TEST_CASE("429 empties the bucket and blocks it") {
  TokenBucket bucket({10, 5});
  bucket.take(k_start);
  bucket.throttle(k_start, k_start + 3s);
  CHECK(bucket.next_start(k_start) == k_start + 3s);
  bucket.take(k_start + 3s);
  CHECK(bucket.next_start(k_start + 3s) == k_start + 3102ms);
  bucket.throttle(k_start + 4s, k_start + 3s);  // a pause that is over still empties it
  CHECK(bucket.next_start(k_start + 4s) == k_start + 4s);
  bucket.take(k_start + 4s);
  CHECK(bucket.next_start(k_start + 4s) == k_start + 4102ms);
}

TEST_CASE("very high rates wait for next to nothing") {
  TokenBucket bucket({100'000, 1});
  bucket.take(k_start);
  CHECK(bucket.next_start(k_start) <= k_start + 11us);
}

TEST_CASE("never more than the rate in any one-second window, whatever the latencies") {
  rc::prop("serial requests, each really sent some time after its token",
           [](const std::vector<std::uint16_t>& latencies) {
             const int rate = *rc::gen::inRange(1, 60);
             TokenBucket bucket({static_cast<double>(rate), 1});
             SteadyTime now = k_start;
             std::vector<SteadyTime> sent;
             for (const std::uint16_t latency : latencies) {
               now = bucket.next_start(now);
               bucket.take(now);
               sent.push_back(now + std::chrono::milliseconds{latency % 400});
               now = sent.back() + std::chrono::milliseconds{latency % 7};
               bucket.note_sent(sent.back());
             }
             RC_ASSERT(most_in_a_second(sent) <= static_cast<std::size_t>(rate));
             RC_ASSERT(service_accepts(sent, rate, 1));
           });
}

TEST_CASE("a request that was slow on its way moves the window of the service") {
  TokenBucket bucket({2, 1});
  bucket.take(k_start);
  bucket.note_answered(k_start, k_start + 10ms);
  const SteadyTime second = bucket.next_start(k_start + 10ms);
  CHECK(second == k_start + 510ms);
  bucket.take(second);
  bucket.note_answered(second, second + 310ms);  // 300 ms slower: it may have arrived that much later
  const SteadyTime third = bucket.next_start(second + 310ms);
  CHECK(third == k_start + 1020ms);
  bucket.take(third);
  bucket.note_answered(third, third + 10ms);
  CHECK(bucket.next_start(third + 10ms) == second + 300ms + 1005ms);
}

TEST_CASE(
    "never more than the rate in any one-second window of the service, whatever the jitter on the way") {
  rc::prop("the fastest way there and back is known", [](const std::vector<std::uint16_t>& jitters) {
    const int rate = *rc::gen::inRange(1, 20);
    const auto base = std::chrono::milliseconds{*rc::gen::inRange(1, 200)};
    TokenBucket bucket({static_cast<double>(rate), 1});
    SteadyTime now = k_start;
    std::vector<SteadyTime> arrived;
    const auto request = [&](std::chrono::milliseconds jitter) {
      now = bucket.next_start(now);
      bucket.take(now);
      const SteadyTime sent = now;
      arrived.push_back(sent + base / 2 + jitter);
      now = arrived.back() + base / 2;
      bucket.note_sent(sent);
      bucket.note_answered(sent, now);
    };
    request(0ms);
    for (const std::uint16_t jitter : jitters) request(std::chrono::milliseconds{jitter % 900});
    RC_ASSERT(most_in_a_second(arrived) <= static_cast<std::size_t>(rate));
  });
}

TEST_CASE("never above the service's own bucket, with several in flight") {
  rc::prop("a handshake delays the first ones", [](const std::vector<std::uint16_t>& latencies) {
    const int rate = *rc::gen::inRange(1, 20);
    const int burst = *rc::gen::inRange(1, 30);
    const std::size_t in_flight = *rc::gen::inRange<std::size_t>(1, 6);
    TokenBucket bucket({static_cast<double>(rate), static_cast<double>(burst)});
    SteadyTime now = k_start;
    std::vector<SteadyTime> sent;
    // In rounds: all leave after the same handshake, and are answered together.
    for (std::size_t at = 0; at < latencies.size(); at += in_flight) {
      const auto handshake = std::chrono::milliseconds{latencies[at] % 500};
      const std::size_t end = std::min(at + in_flight, latencies.size());
      for (std::size_t i = at; i < end; ++i) {
        now = bucket.next_start(now);
        bucket.take(now);
      }
      const SteadyTime left = now + handshake;
      for (std::size_t i = at; i < end; ++i) {
        sent.push_back(left);
        bucket.note_sent(left, end - i - 1);
      }
      now = left + 20ms;
    }
    if (burst >= static_cast<int>(in_flight)) RC_ASSERT(service_accepts(sent, rate, burst));
  });
}

}  // namespace gk::http::rate_limit_test
