#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "util/result.hpp"

namespace gk {

/// A moment, always UTC, whole seconds.
using Instant = std::chrono::sys_seconds;

/// What another clock may be ahead of ours.
inline constexpr std::chrono::minutes k_clock_slack{5};

/// Parses RFC 3339 / ISO 8601 with `Z` or an offset; fractional seconds are cut. Years 0000 to 9999.
[[nodiscard]] Result<Instant> parse_rfc3339(std::string_view text);

/// "2026-03-01T08:00:00Z".
[[nodiscard]] std::string format_rfc3339(Instant instant);

/// Parses a duration (contract 2): digits and one of s, m, h, d. A bare number is an error; at
/// most 3660 days.
[[nodiscard]] Result<std::chrono::seconds> parse_duration(std::string_view text);

/// The shortest spelling that parse_duration() reads back: 90s, 15m, 1h, 2d.
[[nodiscard]] std::string format_duration(std::chrono::seconds duration);

}  // namespace gk
