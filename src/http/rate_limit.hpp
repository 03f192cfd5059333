#pragma once

#include "util/clock.hpp"

#include <cstddef>
#include <deque>
#include <optional>

namespace gk::http {

/// Refill per second and size. Kisi: burst 1, which spaces the requests (never more than `rate` in any
/// one-second window, contract 8.10); Glofox: burst up to 1,000 at once, then the rate.
struct BucketOptions {
  double rate = 4;   ///< requests per second, above 0
  double burst = 1;  ///< requests, at least 1
};

/// A token bucket over an explicit time; pure state, no clock of its own. Shared by every stack that uses the
/// same key, one after the other: it has no lock, so stacks that share it must not be used by two threads at
/// once. Tokens come back slightly slower than the rate (2 %): at exactly 1/rate an extra request slips into
/// some window.
class TokenBucket {
 public:
  explicit TokenBucket(BucketOptions options);
  /// When the next request may leave; not before `now`.
  [[nodiscard]] SteadyTime next_start(SteadyTime now) const;
  /// Takes a token for a request that leaves at `now` (call only when next_start(now) <= now).
  void take(SteadyTime now);
  /// A request that was given a token really left later, at `sent_at` (handshake of a new connection): the
  /// spacing counts from there. `others` are in flight beside it; they may have left after it, so each is
  /// given its interval after it.
  void note_sent(SteadyTime sent_at, std::size_t others = 0);
  /// The answer to the request that left last came at `answered_at`. As far as it took longer than the
  /// fastest one so far, the request may have reached the service that much later, and with it the window of
  /// the service begins. Without a burst this keeps the rate in every one-second window of the service too.
  void note_answered(SteadyTime sent_at, SteadyTime answered_at);
  /// The service said 429: the bucket is empty, and nothing leaves before `until`; it starts to fill again
  /// then.
  void throttle(SteadyTime now, SteadyTime until);

 private:
  using Span = SteadyTime::duration;
  Span interval_;         ///< between two tokens
  Span tolerance_;        ///< how far ahead of the even spacing a full bucket may run: (burst - 1) intervals
  SteadyTime full_at_{};  ///< when the bucket will be full again; this one number is its whole level

  std::size_t window_size_;  ///< requests that a second may hold; 0: a bucket with a burst keeps no window
  struct Departure {
    SteadyTime sent_at;
    Span taken{0};  ///< until the answer; 0: none yet
  };
  std::deque<Departure> window_;  ///< the last ones, at most window_size_
  std::optional<Span> fastest_;   ///< the shortest time from leaving to answer
};

}  // namespace gk::http
