#pragma once

#include "http/rate_limit.hpp"
#include "http/transport.hpp"
#include "util/stop.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace gk::http {

struct RateLimitOptions {
  std::string service;  ///< for messages
  std::size_t max_in_flight =
      1;  ///< further requests wait here, so that a token is taken when a request really leaves
  std::chrono::milliseconds default_pause{1000};  ///< after a 429 without a readable Retry-After; the least
  std::chrono::milliseconds max_pause{60'000};    ///< a longer Retry-After is cut to this
};

/// Lets requests out in the order they were started, when the bucket has a token and a place in flight is
/// free. After a 429 nothing leaves for as long as the service asked, so one refusal does not earn the
/// waiting requests one each. Waiting requests end with Category::interrupted within 50 ms of a stop request,
/// and with Category::deadline as soon as it is clear that they cannot leave in time; those in flight are
/// finished (contract 8.9). A request that must follow waits for its turn and leaves all the same.
class RateLimitedTransport final : public Transport {
 public:
  RateLimitedTransport(Transport& inner, std::shared_ptr<TokenBucket> bucket, RateLimitOptions options,
                       Clock& clock, const StopFlag& stop);
  void start(Ticket ticket, Request request) override;
  [[nodiscard]] std::optional<Completion> wait(SteadyTime until) override;
  [[nodiscard]] std::size_t pending() const override;
  void set_deadline(std::optional<SteadyTime> deadline) { deadline_ = deadline; }

 private:
  struct Waiting {
    Ticket ticket;
    Request request;
  };
  void release();
  void refuse_waiting(Category category, const std::string& message);
  [[nodiscard]] bool has_refusable() const;
  void account(const Result<Response>& result);
  std::optional<Completion> take_refused();
  [[nodiscard]] SteadyTime next_wake(SteadyTime now, SteadyTime until) const;

  Transport& inner_;
  std::shared_ptr<TokenBucket> bucket_;
  RateLimitOptions options_;
  Clock& clock_;
  const StopFlag& stop_;
  std::optional<SteadyTime> deadline_;
  std::deque<Waiting> waiting_;
  std::deque<Completion> refused_;
};

}  // namespace gk::http
