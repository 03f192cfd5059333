#include "glofox/dates.hpp"

#include <chrono>
#include <cmath>
#include <string_view>

#include "util/overloaded.hpp"
#include "util/text.hpp"

namespace gk::glofox {

namespace {

constexpr double k_milliseconds_from = 1e11;  // as seconds: the year 5138
constexpr double k_latest = 253'402'300'799;  // the last second of 9999

When from_number(double seconds) {
  if (seconds > k_milliseconds_from) seconds /= 1000;
  // Glofox writes empty dates as zero.
  if (!(seconds >= 1) || seconds > k_latest) return {};
  return Instant{std::chrono::seconds{static_cast<std::int64_t>(std::floor(seconds))}};
}

/// `width` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

When from_wall_clock(std::string_view text) {
  constexpr std::size_t k_date = 10;       // YYYY-MM-DD
  constexpr std::size_t k_to_minute = 16;  // YYYY-MM-DD HH:MM
  constexpr std::size_t k_to_second = 19;  // YYYY-MM-DD HH:MM:SS
  if (text.size() != k_date && text.size() != k_to_minute && text.size() != k_to_second) return {};
  if (text[4] != '-' || text[7] != '-') return {};
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  if (year < 1 || month < 0 || day < 0) return {};
  const std::chrono::year_month_day ymd{std::chrono::year{year},
                                        std::chrono::month{static_cast<unsigned>(month)},
                                        std::chrono::day{static_cast<unsigned>(day)}};
  if (!ymd.ok()) return {};
  const LocalTime midnight{std::chrono::local_days{ymd}};
  if (text.size() == k_date) return midnight;

  const bool has_seconds = text.size() == k_to_second;
  if ((text[10] != ' ' && text[10] != 'T') || text[13] != ':' || (has_seconds && text[16] != ':')) return {};
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = has_seconds ? digits(text, 17, 2) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return {};
  return midnight + std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
}

When from_text(const json::Scalar& value) {
  if (const auto number = value.as_integer()) return from_number(static_cast<double>(*number));
  const std::string_view text = trim(value.text);
  if (text.size() < 10) return {};
  When wall_clock = from_wall_clock(text);
  if (!std::holds_alternative<std::monostate>(wall_clock)) return wall_clock;
  const auto instant = parse_rfc3339(text);
  if (!instant || instant->time_since_epoch().count() < 1) return {};
  return *instant;
}

}  // namespace

When parse_when(const json::Scalar& value, const json::Scalar& sec) {
  switch (value.kind) {
    case json::Kind::integer: return from_number(static_cast<double>(value.integer));
    case json::Kind::real: return from_number(value.real);
    case json::Kind::string: return from_text(value);
    case json::Kind::object:
      if (sec.kind == json::Kind::object) return {};
      return parse_when(sec);
    case json::Kind::missing:
    case json::Kind::null:
    case json::Kind::boolean:
    case json::Kind::array: return {};
  }
  return {};
}

std::optional<Instant> to_instant(const When& when, const Zone* zone, Fold fold) {
  return std::visit(Overloaded{
                        [](std::monostate) -> std::optional<Instant> { return std::nullopt; },
                        [](Instant instant) -> std::optional<Instant> { return instant; },
                        [&](LocalTime wall_clock) -> std::optional<Instant> {
                          if (zone == nullptr) return std::nullopt;
                          return fold == Fold::earliest ? zone->earliest(wall_clock)
                                                        : zone->latest(wall_clock);
                        },
                    },
                    when);
}

}  // namespace gk::glofox
