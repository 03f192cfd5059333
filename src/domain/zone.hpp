#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "util/result.hpp"
#include "util/time.hpp"

namespace gk {

using LocalDay = std::chrono::local_days;
using LocalTime = std::chrono::local_seconds;

/// A branch's IANA time zone; the only place where wall clock and instant meet.
class Zone {
 public:
  /// Category::protocol when the branch has no zone, or when this machine's zone database does not know the
  /// name (contract 3): never a silent UTC.
  [[nodiscard]] static Result<Zone> locate(std::string_view name);
  [[nodiscard]] std::string name() const;

  /// The calendar day in this zone.
  [[nodiscard]] LocalDay local_day(Instant instant) const;
  /// The first instant of that day: midnight, of two midnights the earlier, or the end of a gap over
  /// midnight.
  [[nodiscard]] Instant start_of_day(LocalDay day) const;
  /// Wall clock to instant (glofox-api 5.1): of two the earlier; one that does not exist shifts forward.
  [[nodiscard]] Instant earliest(LocalTime wall_clock) const;
  /// As earliest(), but of two the later: for ends.
  [[nodiscard]] Instant latest(LocalTime wall_clock) const;
  /// "2026-03-10 14:00 CET".
  [[nodiscard]] std::string format(Instant instant) const;

 private:
  /// Abseil's zone; its header stays out of this one, which most of the product includes.
  struct Rules;
  explicit Zone(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}
  std::shared_ptr<const Rules> rules_;
};

}  // namespace gk
