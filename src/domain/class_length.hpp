#pragma once

#include <chrono>

namespace gk {

/// No class is longer than this: a row that says so is wrong about its end.
inline constexpr std::chrono::seconds k_longest_class = std::chrono::hours{24};

}  // namespace gk
