#include "util/clock.hpp"

#include <algorithm>
#include <thread>

namespace gk {

Instant SystemClock::now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady_now() { return std::chrono::steady_clock::now(); }

void SystemClock::sleep_until(SteadyTime until) {
  constexpr std::chrono::milliseconds k_slice{50};
  for (auto now = steady_now(); now < until; now = steady_now()) {
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(until - now, k_slice));
    if (stop_.requested()) return;
  }
}

}  // namespace gk
