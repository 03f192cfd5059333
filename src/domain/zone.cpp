#include "domain/zone.hpp"

#include <fmt/format.h>

#include <exception>

#include "util/text.hpp"

namespace gk {

namespace {

/// A wall clock inside a gap names the time that a clock which missed the change would show: shifted by the
/// gap.
Instant to_instant(const date::time_zone& zone, LocalTime wall_clock, date::choose choose) {
  const date::local_info info = zone.get_info(wall_clock);
  switch (info.result) {
    case date::local_info::unique:
    case date::local_info::nonexistent:
      return Instant{wall_clock.time_since_epoch() - info.first.offset};
    case date::local_info::ambiguous:
      break;
  }
  const auto& chosen = choose == date::choose::earliest ? info.first : info.second;
  return Instant{wall_clock.time_since_epoch() - chosen.offset};
}

}  // namespace

Result<Zone> Zone::locate(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return fail(Category::protocol,
                fmt::format("time zone '{}' is not in this machine's zone database (package tzdata)",
                            printable(name, 60)));
  }
}

LocalDay Zone::local_day(Instant instant) const {
  return date::floor<date::days>(zone_->to_local(instant));
}

Instant Zone::start_of_day(LocalDay day) const {
  const date::local_info info = zone_->get_info(LocalTime{day});
  if (info.result == date::local_info::nonexistent) return Instant{info.second.begin.time_since_epoch()};
  return earliest(LocalTime{day});
}

Instant Zone::earliest(LocalTime wall_clock) const {
  return to_instant(*zone_, wall_clock, date::choose::earliest);
}

Instant Zone::latest(LocalTime wall_clock) const {
  return to_instant(*zone_, wall_clock, date::choose::latest);
}

std::string Zone::format(Instant instant) const {
  return date::format("%F %H:%M %Z", date::make_zoned(zone_, instant));
}

}  // namespace gk
