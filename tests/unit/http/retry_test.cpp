#include "http/retry.hpp"

#include "support/fake_transport.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace gk::http::retry_test {

using namespace std::chrono_literals;
using test::answer;
using test::no_answer;

namespace {

constexpr Instant k_now = test::ManualClock::k_start;  // Sun, 01 Mar 2026 08:00:00 GMT
const RetryPolicy k_policy;

Verdict judge(Replay replay, const Result<Response>& result, int tries = 1) {
  return classify(replay, result, tries, k_policy, k_now);
}

}  // namespace

TEST_CASE("answers that the client can judge are final") {
  const auto status = GENERATE(200, 201, 204, 301, 302, 400, 401, 403, 404, 409, 410, 422, 501, 505);
  const auto replay = GENERATE(Replay::safe, Replay::idempotent, Replay::once);
  CHECK(judge(replay, answer(status)) == Verdict::done);
}

TEST_CASE("trouble of the service is asked again, but never for a request that must happen once") {
  const auto status = GENERATE(408, 500, 502, 503, 504, 520, 599);
  CHECK(judge(Replay::safe, answer(status)) == Verdict::retry);
  CHECK(judge(Replay::idempotent, answer(status)) == Verdict::retry);
  CHECK(judge(Replay::once, answer(status)) == Verdict::give_up);
  CHECK(judge(Replay::safe, answer(status), k_policy.max_tries - 1) == Verdict::retry);
  CHECK(judge(Replay::safe, answer(status), k_policy.max_tries) == Verdict::give_up);
}

TEST_CASE("429 is asked again whatever the request was, and more often") {
  const auto replay = GENERATE(Replay::safe, Replay::idempotent, Replay::once);
  CHECK(judge(replay, answer(429)) == Verdict::retry);
  CHECK(judge(replay, answer(429), k_policy.max_tries) == Verdict::retry);
  CHECK(judge(replay, answer(429), k_policy.max_throttled_tries - 1) == Verdict::retry);
  CHECK(judge(replay, answer(429), k_policy.max_throttled_tries) == Verdict::give_up);
}

TEST_CASE("Retry-After beyond the limit ends the retries") {
  const auto status = GENERATE(429, 503);
  CHECK(judge(Replay::safe, answer(status, "", {{"retry-after", "60"}})) == Verdict::retry);
  CHECK(judge(Replay::safe, answer(status, "", {{"Retry-After", "61"}})) == Verdict::give_up);
  CHECK(judge(Replay::safe, answer(status, "", {{"Retry-After", "99999999999999999999"}})) ==
        Verdict::give_up);
  CHECK(judge(Replay::safe, answer(status, "", {{"Retry-After", "Sun, 01 Mar 2026 09:00:00 GMT"}})) ==
        Verdict::give_up);
  CHECK(judge(Replay::safe, answer(status, "", {{"Retry-After", "soon"}})) == Verdict::retry);
}

TEST_CASE("failed connections") {
  CHECK(judge(Replay::safe, no_answer(true)) == Verdict::retry);
  CHECK(judge(Replay::idempotent, no_answer(true)) == Verdict::retry);
  CHECK(judge(Replay::once, no_answer(true)) == Verdict::give_up);
  CHECK(judge(Replay::once, no_answer(false)) == Verdict::retry);
  CHECK(judge(Replay::once, no_answer(false), k_policy.max_tries) == Verdict::give_up);
}

TEST_CASE("other errors are final") {
  const auto category = GENERATE(Category::protocol, Category::internal, Category::interrupted,
                                 Category::deadline, Category::config);
  CHECK(judge(Replay::safe, fail(category, "x")) == Verdict::give_up);
}

TEST_CASE("Retry-After in all its forms") {
  struct Row {
    std::string text;
    std::optional<std::chrono::seconds> expected;
  };
  const std::optional<std::chrono::seconds> none;
  const auto row = GENERATE_COPY(values<Row>({
      {"0", 0s},
      {"5", 5s},
      {" 120 ", 120s},
      {"007", 7s},
      {"3155760000", 3155695200s},
      {"99999999999999999999999", 3155695200s},
      {"Sun, 01 Mar 2026 08:00:30 GMT", 30s},
      {"Sunday, 01-Mar-26 08:00:30 GMT", 30s},
      {"Sun Mar  1 08:00:30 2026", 30s},
      {"Sun, 01 Mar 2026 07:59:00 GMT", 0s},
      {"Sun, 06 Nov 1994 08:49:37 GMT", 0s},
      {"Sunday, 06-Nov-94 08:49:37 GMT", 0s},
      {"Sun, 01 Mar 2026 08:00:30 +0200", none},
      {"Sun, 32 Mar 2026 08:00:30 GMT", none},
      {"Sun, 29 Feb 2026 08:00:30 GMT", none},
      {"Sun, 01 Mrz 2026 08:00:30 GMT", none},
      {"Sun, 01 Mar 2026 24:00:30 GMT", none},
      {"Sun, 01 Mar 2026 08-00-30 GMT", none},
      {"2026-03-01T08:00:30Z", none},
      {"-1", none},
      {"+1", none},
      {"1.5", none},
      {"1 s", none},
      {"soon", none},
      {",", none},
      {"", none},
  }));
  INFO(row.text);
  CHECK(parse_retry_after(row.text, k_now) == row.expected);
}

TEST_CASE("delays double up to the ceiling, the upper half by chance, Retry-After is a floor") {
  struct Row {
    int tries;
    std::optional<std::chrono::seconds> retry_after;
    double jitter;
    std::chrono::milliseconds expected;
  };
  const std::optional<std::chrono::seconds> none;
  const auto row = GENERATE_COPY(values<Row>({
      {1, none, 0.0, 500ms},
      {1, none, 0.5, 750ms},
      {1, none, 1.0, 1000ms},
      {2, none, 0.0, 1000ms},
      {2, none, 1.0, 2000ms},
      {4, none, 1.0, 8000ms},
      {5, none, 1.0, 16000ms},
      {6, none, 1.0, 30000ms},
      {60, none, 1.0, 30000ms},
      {1000000, none, 0.0, 15000ms},
      {1, 7s, 1.0, 7000ms},
      {6, 7s, 0.0, 15000ms},
      {1, 45s, 0.0, 45000ms},
      {1, none, -3.0, 500ms},
      {1, none, 9.0, 1000ms},
  }));
  CHECK(backoff_delay(k_policy, row.tries, row.retry_after, row.jitter) == row.expected);
}

}  // namespace gk::http::retry_test
