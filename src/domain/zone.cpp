#include "domain/zone.hpp"

#include <absl/time/time.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "util/text.hpp"

namespace gk {

struct Zone::Rules {
  absl::TimeZone zone;
};

namespace {

absl::Time to_time(Instant instant) { return absl::FromUnixSeconds(instant.time_since_epoch().count()); }

Instant to_instant(absl::Time time) { return Instant{std::chrono::seconds{absl::ToUnixSeconds(time)}}; }

absl::CivilSecond to_civil(LocalTime wall_clock) {
  return absl::CivilSecond() + wall_clock.time_since_epoch().count();
}

/// Whether the name is one of the zone database: "UTC", "Etc/GMT+5", "America/Argentina/Buenos_Aires". Abseil
/// would also take a path, "Fixed/UTC+01:00:00", "libc:anything", and "right/Europe/Dublin", whose clock
/// counts leap seconds; of what lies in the database's directory, only zones begin with a capital letter.
bool is_zone_name(std::string_view name) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_allowed = [&](char c) {
    return is_capital(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  };
  return !name.empty() && is_capital(name.front()) && std::ranges::all_of(name, is_allowed) &&
         name.find("//") == std::string_view::npos && !name.starts_with("Fixed/");
}

}  // namespace

Result<Zone> Zone::locate(std::string_view name) {
  if (name.empty())
    return fail(Category::protocol, "Glofox gives no time zone for this location (address.timezone_id)");
  Rules rules;
  if (!is_zone_name(name) || !absl::LoadTimeZone(std::string(name), &rules.zone)) {
    return fail(Category::protocol,
                fmt::format("time zone '{}' is not in this machine's zone database (package tzdata)",
                            printable(name, 60)));
  }
  return Zone(std::make_shared<const Rules>(std::move(rules)));
}

std::string Zone::name() const { return rules_->zone.name(); }

LocalDay Zone::local_day(Instant instant) const {
  const absl::CivilDay day = absl::ToCivilDay(to_time(instant), rules_->zone);
  return LocalDay{std::chrono::days{day - absl::CivilDay()}};
}

Instant Zone::start_of_day(LocalDay day) const {
  return to_instant(absl::FromCivil(to_civil(LocalTime{day}), rules_->zone));
}

// `pre` counts with the offset before the change: inside a gap, the time that a clock which missed the change
// would show.
Instant Zone::earliest(LocalTime wall_clock) const {
  return to_instant(rules_->zone.At(to_civil(wall_clock)).pre);
}

Instant Zone::latest(LocalTime wall_clock) const {
  const auto moments = rules_->zone.At(to_civil(wall_clock));
  return to_instant(moments.kind == absl::TimeZone::TimeInfo::REPEATED ? moments.post : moments.pre);
}

std::string Zone::format(Instant instant) const {
  return absl::FormatTime("%E4Y-%m-%d %H:%M %Z", to_time(instant), rules_->zone);
}

}  // namespace gk
