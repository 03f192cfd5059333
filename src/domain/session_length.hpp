#pragma once

#include <chrono>

namespace gk {

/// Longer than this no session is: a row that says so is wrong about its end.
inline constexpr std::chrono::seconds k_longest_session = std::chrono::hours{24};

}  // namespace gk
