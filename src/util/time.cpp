#include "util/time.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace gk {

namespace {

using std::chrono::seconds;

/// Exactly `width` digits at `position`, which is moved behind them.
std::optional<int> read_digits(std::string_view text, std::size_t& position, std::size_t width) {
  if (position + width > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const char c = text[position + i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  position += width;
  return value;
}

bool skip(std::string_view text, std::size_t& position, std::string_view any_of) {
  if (position >= text.size() || any_of.find(text[position]) == std::string_view::npos) return false;
  ++position;
  return true;
}

std::optional<Instant> read_rfc3339(std::string_view text) {
  std::size_t at = 0;
  const auto year = read_digits(text, at, 4);
  if (!year || !skip(text, at, "-")) return std::nullopt;
  const auto month = read_digits(text, at, 2);
  if (!month || !skip(text, at, "-")) return std::nullopt;
  const auto day = read_digits(text, at, 2);
  if (!day || !skip(text, at, "Tt ")) return std::nullopt;
  const auto hour = read_digits(text, at, 2);
  if (!hour || !skip(text, at, ":")) return std::nullopt;
  const auto minute = read_digits(text, at, 2);
  if (!minute || !skip(text, at, ":")) return std::nullopt;
  const auto second = read_digits(text, at, 2);
  if (!second) return std::nullopt;
  if (skip(text, at, ".,")) {
    if (!read_digits(text, at, 1)) return std::nullopt;
    while (read_digits(text, at, 1)) {
    }
  }

  int offset_minutes = 0;
  if (!skip(text, at, "Zz")) {
    const bool negative = at < text.size() && text[at] == '-';
    if (!skip(text, at, "+-")) return std::nullopt;
    const auto hours = read_digits(text, at, 2);
    skip(text, at, ":");
    const auto minutes = read_digits(text, at, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    offset_minutes = (*hours * 60 + *minutes) * (negative ? -1 : 1);
  }
  if (at != text.size() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const int leap_second_cut = *second == 60 ? 59 : *second;
  const Instant instant = Instant{std::chrono::sys_days{date}} + std::chrono::hours{*hour} +
                          std::chrono::minutes{*minute - offset_minutes} + seconds{leap_second_cut};
  // The offset may have moved the time out of the years that can be written.
  constexpr Instant k_first{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
  constexpr Instant k_behind_last{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}};
  return instant >= k_first && instant < k_behind_last ? std::optional(instant) : std::nullopt;
}

}  // namespace

Result<Instant> parse_rfc3339(std::string_view text) {
  if (const auto instant = read_rfc3339(text)) return *instant;
  return fail(Category::protocol,
              fmt::format("'{}' is not an RFC 3339 time such as 2026-03-01T08:30:00Z", text.substr(0, 40)));
}

std::string format_rfc3339(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const auto rest = (instant - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), rest / 3600,
                     rest / 60 % 60, rest % 60);
}

Result<seconds> parse_duration(std::string_view text) {
  constexpr long long k_max = 3660LL * 24 * 60 * 60;
  long long count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const long long factor = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : 0;
  if (error != std::errc{} || text.front() == '-' || factor == 0 || count > k_max / factor) {
    return fail(Category::usage,
                fmt::format("'{}' is not a duration: write a number and a unit, such as 90s, 15m, 1h or 2d",
                            text.substr(0, 40)));
  }
  return seconds{count * factor};
}

std::string format_duration(seconds duration) {
  const auto count = duration.count();
  if (count != 0 && count % 86400 == 0) return fmt::format("{}d", count / 86400);
  if (count != 0 && count % 3600 == 0) return fmt::format("{}h", count / 3600);
  if (count != 0 && count % 60 == 0) return fmt::format("{}m", count / 60);
  return fmt::format("{}s", count);
}

}  // namespace gk
