#pragma once

#include <chrono>

#include "util/stop.hpp"
#include "util/time.hpp"

namespace gk {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The only way to the time. Pure code takes an Instant instead.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() = 0;
  [[nodiscard]] virtual SteadyTime steady_now() = 0;
  /// Sleeps until `until`, or shorter when a stop is requested.
  virtual void sleep_until(SteadyTime until) = 0;
};

/// The machine's clock; sleeps wake within 50 ms of a stop request. One that begins after it still takes up
/// to 50 ms, so that a caller that must wait does not spin.
class SystemClock final : public Clock {
 public:
  explicit SystemClock(const StopFlag& stop) : stop_(stop) {}
  [[nodiscard]] Instant now() override;
  [[nodiscard]] SteadyTime steady_now() override;
  void sleep_until(SteadyTime until) override;

 private:
  const StopFlag& stop_;
};

}  // namespace gk
