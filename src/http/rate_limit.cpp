#include "http/rate_limit.hpp"

#include <algorithm>

namespace gk::http {

namespace {

/// See the class comment. At 4 requests a second this is 5 ms a request, which also absorbs small differences
/// in latency.
constexpr double k_slack = 1.02;

/// The second that must hold no more than the rate, plus a little for what no clock here can see.
constexpr std::chrono::milliseconds k_window{1005};

/// Only a rehearsal is faster than this; its window would be long and useless.
constexpr double k_fastest_windowed_rate = 100;

std::size_t window_size(const BucketOptions& options) {
  if (options.burst > 1 || options.rate > k_fastest_windowed_rate) return 0;
  return std::max<std::size_t>(1, static_cast<std::size_t>(options.rate));
}

SteadyTime::duration to_span(double seconds) {
  return std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

TokenBucket::TokenBucket(BucketOptions options)
    : interval_(to_span(k_slack / options.rate)),
      tolerance_(to_span(k_slack / options.rate * (options.burst - 1))),
      window_size_(window_size(options)) {}

SteadyTime TokenBucket::next_start(SteadyTime now) const {
  const SteadyTime start = std::max(now, full_at_ - tolerance_);
  if (window_size_ == 0 || window_.size() < window_size_) return start;
  const Departure& oldest = window_.front();
  const Span delay = std::max(Span{0}, oldest.taken - fastest_.value_or(oldest.taken));
  return std::max(start, oldest.sent_at + delay + k_window);
}

void TokenBucket::take(SteadyTime now) {
  full_at_ = std::max(full_at_, now) + interval_;
  if (window_size_ == 0) return;
  if (window_.size() == window_size_) window_.pop_front();
  window_.push_back({now});
}

void TokenBucket::note_sent(SteadyTime sent_at, std::size_t others) {
  full_at_ = std::max(full_at_, sent_at + interval_ * static_cast<Span::rep>(others + 1));
}

void TokenBucket::note_answered(SteadyTime sent_at, SteadyTime answered_at) {
  const Span taken = answered_at - sent_at;
  fastest_ = std::min(fastest_.value_or(taken), taken);
  if (!window_.empty()) window_.back() = {std::max(window_.back().sent_at, sent_at), taken};
}

void TokenBucket::throttle(SteadyTime now, SteadyTime until) {
  full_at_ = std::max(full_at_, std::max(now, until) + tolerance_);
}

}  // namespace gk::http
