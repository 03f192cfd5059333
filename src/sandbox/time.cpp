#include "time.hpp"

#include <cstdio>

#include <array>
#include <stdexcept>

#include <absl/time/time.h>
#include <fmt/format.h>

namespace gk_sandbox {

namespace {

struct Fields {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  unsigned weekday = 0;
};

Fields fields_of(Epoch instant) {
  using namespace std::chrono;
  const sys_seconds time{seconds(instant)};
  const auto midnight = floor<days>(time);
  const year_month_day date(midnight);
  const auto rest = static_cast<int>((time - midnight).count());
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          rest / 3600,
          rest / 60 % 60,
          rest % 60,
          weekday(midnight).c_encoding()};
}

std::optional<Epoch> epoch_of(const Fields& fields) {
  using namespace std::chrono;
  const year_month_day date{year(fields.year), month(fields.month), day(fields.day)};
  if (!date.ok() || fields.hour > 24 || fields.minute > 59 || fields.second > 60) {
    return std::nullopt;
  }
  return sys_days(date).time_since_epoch().count() * k_day + fields.hour * k_hour + fields.minute * k_minute +
         fields.second;
}

/// Reads `YYYY-MM-DD?HH:MM:SS`; sets `used` to the characters read.
std::optional<Fields> read_fields(const std::string& text, std::size_t& used) {
  Fields fields;
  char separator = 0;
  int count = 0;
  const int found =
      std::sscanf(text.c_str(), "%4d-%2u-%2u%c%2d:%2d:%2d%n", &fields.year, &fields.month, &fields.day,
                  &separator, &fields.hour, &fields.minute, &fields.second, &count);
  used = static_cast<std::size_t>(count);
  return found == 7 ? std::optional<Fields>(fields) : std::nullopt;
}

}  // namespace

std::string to_rfc3339(Epoch instant) {
  const Fields f = fields_of(instant);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", f.year, f.month, f.day, f.hour, f.minute,
                     f.second);
}

std::string to_utc_text(Epoch instant) {
  const Fields f = fields_of(instant);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", f.year, f.month, f.day, f.hour, f.minute,
                     f.second);
}

std::string to_http_date(Epoch instant) {
  constexpr std::array k_days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Fields f = fields_of(instant);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", k_days.at(f.weekday), f.day,
                     k_months.at(f.month - 1), f.year, f.hour, f.minute, f.second);
}

std::optional<Epoch> parse_rfc3339(std::string_view text) {
  const std::string copy(text);
  std::size_t at = 0;
  const auto fields = read_fields(copy, at);
  const auto local = fields ? epoch_of(*fields) : std::nullopt;
  if (!local) {
    return std::nullopt;
  }
  if (at < copy.size() && copy[at] == '.') {
    at = copy.find_first_not_of("0123456789", at + 1);
    at = at == std::string::npos ? copy.size() : at;
  }
  if (at == copy.size() || copy.substr(at) == "Z" || copy.substr(at) == "z") {
    return local;
  }
  int hours = 0;
  int minutes = 0;
  if (std::sscanf(copy.c_str() + at + 1, "%2d:%2d", &hours, &minutes) < 1 ||
      (copy[at] != '+' && copy[at] != '-')) {
    return std::nullopt;
  }
  const Epoch shift = hours * k_hour + minutes * k_minute;
  return copy[at] == '+' ? *local - shift : *local + shift;
}

struct Zone::Rules {
  absl::TimeZone zone;
};

Zone::Zone(const std::string& name) {
  Rules rules;
  if (!absl::LoadTimeZone(name, &rules.zone)) {
    throw std::runtime_error("no time zone is called " + name);
  }
  rules_ = std::make_shared<const Rules>(rules);
}

Epoch Zone::wall_as_utc(Epoch instant) const {
  return instant + rules_->zone.At(absl::FromUnixSeconds(instant)).offset;
}

std::string Zone::to_wall(Epoch instant) const { return to_utc_text(wall_as_utc(instant)); }

std::optional<Epoch> Zone::from_wall(std::string_view text) const {
  std::size_t used = 0;
  const auto fields = read_fields(std::string(text), used);
  const auto wall = fields ? epoch_of(*fields) : std::nullopt;
  if (!wall) {
    return std::nullopt;
  }
  // `pre` counts with the offset before the change: it shifts a skipped time forward, and is the earlier
  // instant of an ambiguous one.
  return absl::ToUnixSeconds(rules_->zone.At(absl::CivilSecond() + *wall).pre);
}

Epoch Zone::local_midnight(Epoch instant, int days) const {
  const Epoch wall = wall_as_utc(instant);
  const Epoch midnight = (wall >= 0 ? wall / k_day : (wall - k_day + 1) / k_day) * k_day + days * k_day;
  return from_wall(to_utc_text(midnight)).value_or(midnight);
}

Epoch Clock::now() const {
  const std::scoped_lock lock(mutex_);
  if (frozen_) {
    return *frozen_;
  }
  const auto real = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return real.time_since_epoch().count() + offset_;
}

void Clock::set(Epoch now, bool frozen) {
  const std::scoped_lock lock(mutex_);
  const auto real = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  offset_ = now - real.time_since_epoch().count();
  frozen_ = frozen ? std::optional<Epoch>(now) : std::nullopt;
}

void Clock::advance(Epoch seconds) {
  const std::scoped_lock lock(mutex_);
  offset_ += seconds;
  if (frozen_) {
    *frozen_ += seconds;
  }
}

}  // namespace gk_sandbox
