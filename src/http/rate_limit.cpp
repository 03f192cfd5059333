#include "http/rate_limit.hpp"

#include <algorithm>

namespace gk::http {

namespace {

/// See the class comment. At 4 requests a second this is 5 ms a request, which also absorbs small differences
/// in latency.
constexpr double k_slack = 1.02;

SteadyTime::duration to_span(double seconds) {
  return std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

TokenBucket::TokenBucket(BucketOptions options)
    : interval_(to_span(k_slack / options.rate)),
      tolerance_(to_span(k_slack / options.rate * (options.burst - 1))) {}

SteadyTime TokenBucket::next_start(SteadyTime now) const {
  return std::max(now, full_at_ - tolerance_);
}

void TokenBucket::take(SteadyTime now) {
  full_at_ = std::max(full_at_, now) + interval_;
}

void TokenBucket::note_sent(SteadyTime sent_at, std::size_t others) {
  full_at_ = std::max(full_at_, sent_at + interval_ * static_cast<Span::rep>(others + 1));
}

void TokenBucket::throttle(SteadyTime now, SteadyTime until) {
  full_at_ = std::max(full_at_, std::max(now, until) + tolerance_);
}

}  // namespace gk::http
