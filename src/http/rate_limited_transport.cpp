#include "http/rate_limited_transport.hpp"

#include "http/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gk::http {

namespace {

constexpr int k_too_many_requests = 429;

}  // namespace

RateLimitedTransport::RateLimitedTransport(Transport& inner, std::shared_ptr<TokenBucket> bucket,
                                           RateLimitOptions options, Clock& clock, const StopFlag& stop)
    : inner_(inner), bucket_(std::move(bucket)), options_(std::move(options)), clock_(clock), stop_(stop) {}

void RateLimitedTransport::start(Ticket ticket, Request request) {
  waiting_.push_back(Waiting{ticket, std::move(request)});
  release();
}

std::size_t RateLimitedTransport::pending() const {
  return inner_.pending() + waiting_.size() + refused_.size();
}

void RateLimitedTransport::refuse_waiting(Category category, const std::string& message) {
  for (const Waiting& waiting : waiting_) {
    if (!waiting.request.must_follow) refused_.push_back(Completion{waiting.ticket, fail(category, message)});
  }
  std::erase_if(waiting_, [](const Waiting& waiting) { return !waiting.request.must_follow; });
}

bool RateLimitedTransport::has_refusable() const {
  return std::ranges::any_of(waiting_, [](const Waiting& waiting) { return !waiting.request.must_follow; });
}

/// Sends everything that may leave now and refuses everything that no longer can.
void RateLimitedTransport::release() {
  while (!waiting_.empty()) {
    const SteadyTime now = clock_.steady_now();
    const SteadyTime start = bucket_->next_start(now);
    if (stop_.requested()) {
      refuse_waiting(Category::interrupted,
                     fmt::format("{}: stopped before this request was sent", options_.service));
    } else if (deadline_ && start >= *deadline_) {
      refuse_waiting(Category::deadline,
                     fmt::format("{}: no time left to send this request", options_.service));
    }
    if (waiting_.empty() || start > now || inner_.pending() >= options_.max_in_flight) return;
    bucket_->take(now);
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    inner_.start(next.ticket, std::move(next.request));
  }
}

void RateLimitedTransport::account(const Result<Response>& result) {
  const SteadyTime now = clock_.steady_now();
  // Without an answer the request may have left at any moment until now.
  const SteadyTime sent_at = result ? result->sent_at : now;
  bucket_->note_sent(sent_at, inner_.pending());
  bucket_->note_answered(sent_at, now);
  if (!result || result->status != k_too_many_requests) return;
  const auto header = result->headers.find("Retry-After");
  const auto asked = header ? parse_retry_after(*header, clock_.now()) : std::nullopt;
  // "0" or a date in the past is no pause at all and would get the next request refused at once.
  const auto pause = asked ? std::clamp<std::chrono::milliseconds>(
                                 std::min<std::chrono::seconds>(*asked, std::chrono::hours{1}),
                                 options_.default_pause, options_.max_pause)
                           : options_.default_pause;
  bucket_->throttle(now, now + pause);
}

std::optional<Completion> RateLimitedTransport::take_refused() {
  if (refused_.empty()) return std::nullopt;
  std::optional<Completion> completion(std::move(refused_.front()));
  refused_.pop_front();
  return completion;
}

SteadyTime RateLimitedTransport::next_wake(SteadyTime now, SteadyTime until) const {
  if (waiting_.empty()) return until;
  SteadyTime wake = until;
  if (inner_.pending() < options_.max_in_flight) wake = std::min(wake, bucket_->next_start(now));
  if (deadline_ && has_refusable()) wake = std::min(wake, *deadline_);
  // The clock's own sleep ends early on a stop request; a wait below does not.
  if (inner_.pending() > 0) wake = std::min(wake, now + k_stop_slice);
  return wake;
}

std::optional<Completion> RateLimitedTransport::wait(SteadyTime until) {
  for (;;) {
    release();
    if (auto refused = take_refused()) return refused;
    if (inner_.pending() == 0 && waiting_.empty()) return std::nullopt;

    const SteadyTime wake = next_wake(clock_.steady_now(), until);
    if (inner_.pending() > 0) {
      if (auto completion = inner_.wait(wake)) {
        account(completion->result);
        release();  // the next one travels while the caller looks at this answer
        return completion;
      }
    } else {
      clock_.sleep_until(wake);
    }
    if (clock_.steady_now() >= until) {
      release();
      return take_refused();
    }
  }
}

}  // namespace gk::http
