#pragma once

#include "http/retry.hpp"
#include "http/transport.hpp"
#include "util/stop.hpp"

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

namespace gk::http {

/// The outermost layer: starts failed requests again when classify() says so, without blocking the others.
/// After give_up: 429 becomes Category::rate_limited; 5xx, 408 and connection failures Category::unavailable,
/// with `outcome_unknown` set for writes of which any try may have happened. A stop request ends waiting
/// retries with Category::interrupted, a deadline that they cannot meet with Category::deadline; so too those
/// of a request that must follow: for it only the first try is certain.
class RetryingTransport final : public Transport {
 public:
  /// `random` gives numbers in [0, 1) for the jitter.
  RetryingTransport(Transport& inner, std::string service, RetryPolicy policy, Clock& clock,
                    const StopFlag& stop, std::function<double()> random);
  void start(Ticket ticket, Request request) override;
  [[nodiscard]] std::optional<Completion> wait(SteadyTime until) override;
  [[nodiscard]] std::size_t pending() const override { return requests_.size(); }
  void set_deadline(std::optional<SteadyTime> deadline) { deadline_ = deadline; }

 private:
  struct State {
    Request request;
    int throttled_tries = 0;
    int failed_tries = 0;
    bool outcome_unknown = false;     ///< of any try so far
    std::optional<SteadyTime> due{};  ///< set while waiting for the next try
  };
  std::optional<Completion> settle(Completion completion);
  std::optional<Completion> release_due(SteadyTime now);
  Completion finish(Ticket ticket, Error error);
  [[nodiscard]] std::optional<Error> reason_to_end(const State& state, SteadyTime due) const;
  [[nodiscard]] Error describe(const State& state, const Result<Response>& result) const;
  [[nodiscard]] std::optional<SteadyTime> next_due() const;

  Transport& inner_;
  std::string service_;
  RetryPolicy policy_;
  Clock& clock_;
  const StopFlag& stop_;
  std::function<double()> random_;
  std::optional<SteadyTime> deadline_;
  std::unordered_map<Ticket, State> requests_;
};

}  // namespace gk::http
