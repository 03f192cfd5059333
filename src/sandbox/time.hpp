#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace gk_sandbox {

/// Seconds since 1970 in UTC: the one form in which the sandbox keeps time.
using Epoch = std::int64_t;

constexpr Epoch k_minute = 60;
constexpr Epoch k_hour = 3600;
constexpr Epoch k_day = 86400;

/// `2026-03-01T08:00:00Z`
[[nodiscard]] std::string to_rfc3339(Epoch instant);
/// Any offset, optional fraction (dropped).
[[nodiscard]] std::optional<Epoch> parse_rfc3339(std::string_view text);
/// `2026-03-01 08:00:00` in UTC, as Glofox writes `created` of a booking (glofox-api 3).
[[nodiscard]] std::string to_utc_text(Epoch instant);
/// `Sun, 01 Mar 2026 08:00:00 GMT`
[[nodiscard]] std::string to_http_date(Epoch instant);

/// Wall clock of a branch, from the zone database of this machine.
class Zone {
 public:
  /// Throws std::runtime_error for a name that the database does not know.
  explicit Zone(const std::string& name);

  [[nodiscard]] std::string to_wall(Epoch instant) const;
  /// The earlier instant of an ambiguous time; a skipped time is shifted forward.
  [[nodiscard]] std::optional<Epoch> from_wall(std::string_view text) const;
  /// The wall clock read as if it were UTC: the other reading of "local timestamp" (glofox-api 5.1).
  [[nodiscard]] Epoch wall_as_utc(Epoch instant) const;
  /// Midnight that begins the local day of `instant`, `days` later.
  [[nodiscard]] Epoch local_midnight(Epoch instant, int days = 0) const;

 private:
  struct Rules;
  std::shared_ptr<const Rules> rules_;
};

/// The sandbox's clock: runs with the machine's, but can be set and stopped.
class Clock {
 public:
  [[nodiscard]] Epoch now() const;
  void set(Epoch now, bool frozen);
  void advance(Epoch seconds);

 private:
  mutable std::mutex mutex_;
  Epoch offset_ = 0;
  std::optional<Epoch> frozen_;
};

}  // namespace gk_sandbox
