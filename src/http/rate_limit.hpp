#pragma once

#include <chrono>
#include <cstddef>

#include "util/clock.hpp"

namespace gk::http {

/// Refill per second and size. Kisi: burst 1, which spaces the requests (never more than `rate` in any one-second window,
/// contract section 8.9); Glofox: burst up to 1,000 at once, then the rate.
struct BucketOptions {
  double rate = 4;
  double burst = 1;
};

/// A token bucket over an explicit time; pure state, no clock of its own. Shared by every stack that uses the same key.
/// Tokens come back slightly slower than the rate (2 %): at exactly 1/rate an extra request slips into some window.
class TokenBucket {
 public:
  explicit TokenBucket(BucketOptions options);
  /// When the next request may leave; not before `now`.
  [[nodiscard]] SteadyTime next_start(SteadyTime now) const;
  /// Takes a token for a request that leaves at `now` (call only when next_start(now) <= now).
  void take(SteadyTime now);
  /// A request that was given a token really left later, at `sent_at` (handshake of a new connection): the spacing counts
  /// from there.
  void note_sent(SteadyTime sent_at);
  /// The service said 429: the bucket is empty, and nothing leaves before `until`.
  void throttle(SteadyTime now, SteadyTime until);

 private:
  void refill(SteadyTime now);
  BucketOptions options_;
  double tokens_;
  SteadyTime updated_{};
  SteadyTime blocked_until_{};
};

}  // namespace gk::http
