#pragma once

#include "http/transport.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace gk::http {

/// How often and how patiently one service is asked again (kisi-api 2, glofox-api 1.3).
struct RetryPolicy {
  int max_tries = 5;            ///< for connection failures and 5xx, first try included
  int max_throttled_tries = 8;  ///< for 429, first try included
  std::chrono::milliseconds base_delay{1000};
  std::chrono::milliseconds max_delay{30'000};  ///< ceiling of the exponential part
  std::chrono::milliseconds max_retry_after{
      60'000};  ///< a longer Retry-After ends the retries: never retry early
};

enum class Verdict { done, retry, give_up };

/// Whether this result is final. `tries` counts those of the same kind (429, or failures) made so far, this
/// one included: a throttled try is no failed one. Pure. done: an answer that the client can judge (2xx, 3xx,
/// 4xx but 408 and 429). 501 and 505 are done too. A `once` request is retried only after 429 or when the
/// error says that nothing was sent. Errors other than Category::unavailable are final. A Retry-After beyond
/// the policy's limit ends the retries.
[[nodiscard]] Verdict classify(Replay replay, const Result<Response>& result, int tries,
                               const RetryPolicy& policy, Instant now);

/// Reads Retry-After: delay in seconds, or an HTTP date (any of the three forms of RFC 9110 5.6.7) relative
/// to `now`, never negative; absurd delays are cut to 100 years. Nothing when unreadable. Pure.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Instant now);

/// base * 2^(tries-1) capped at max_delay, of which the upper half is scaled by `jitter` in [0, 1); never
/// less than `retry_after`. Pure.
[[nodiscard]] std::chrono::milliseconds backoff_delay(const RetryPolicy& policy, int tries,
                                                      std::optional<std::chrono::seconds> retry_after,
                                                      double jitter);

}  // namespace gk::http
