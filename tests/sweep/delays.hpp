#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gk::test {

/// Seconds that people waited.
struct Delays {
  std::vector<std::int64_t> seconds;

  void add(std::chrono::seconds delay) { seconds.push_back(delay.count()); }
  /// "grant_count=3 grant_min=0 ..."
  [[nodiscard]] std::string text(std::string_view name) {
    if (seconds.empty()) return fmt::format("{0}_count=0", name);
    std::ranges::sort(seconds);
    const auto at = [&](std::size_t percent) { return seconds[(seconds.size() - 1) * percent / 100]; };
    return fmt::format("{0}_count={1} {0}_min={2} {0}_median={3} {0}_p99={4} {0}_max={5}", name,
                       seconds.size(), seconds.front(), at(50), at(99), seconds.back());
  }
};

}  // namespace gk::test
