#pragma once

#include "util/clock.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

namespace gk::test {

/// A clock that moves only when told to, or when somebody sleeps on it. Wall and steady time move together,
/// but for jump().
class ManualClock final : public Clock {
 public:
  static constexpr Instant k_start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} +
                                   std::chrono::hours{8}};

  explicit ManualClock(Instant start = k_start) : start_(start) {}

  [[nodiscard]] Instant now() override {
    return start_ + jumped_ +
           std::chrono::floor<std::chrono::seconds>(steady_.time_since_epoch() - k_steady_start);
  }
  [[nodiscard]] SteadyTime steady_now() override { return steady_; }
  void sleep_until(SteadyTime until) override {
    sleeps.push_back(std::max(until - steady_, SteadyTime::duration::zero()));
    steady_ = std::max(steady_, until);
  }
  void advance(SteadyTime::duration span) { steady_ += span; }
  /// Somebody sets the machine's clock: the wall clock moves, steady time does not.
  void jump(std::chrono::seconds span) { jumped_ += span; }

  std::vector<SteadyTime::duration> sleeps;  ///< how long each sleep_until() was asked to take

 private:
  static constexpr std::chrono::hours k_steady_start{1000};
  Instant start_;
  std::chrono::seconds jumped_{0};
  SteadyTime steady_{k_steady_start};
};

}  // namespace gk::test
