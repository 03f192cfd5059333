#include "domain/zone.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "support/builders.hpp"

namespace gk::domain::zone_test {

using gk::test::at;
using gk::test::zone;

namespace {

LocalDay day(int year, unsigned month, unsigned number) {
  return LocalDay{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{number}};
}

LocalTime wall(int year, unsigned month, unsigned number, int hours, int minutes = 0) {
  return LocalTime{day(year, month, number)} + std::chrono::hours{hours} + std::chrono::minutes{minutes};
}

/// A zone database of its own, compiled slim, that is asked instead of the machine's as long as this lives.
class SlimZones {
 public:
  explicit SlimZones(std::string_view source) {
    REQUIRE(::mkdtemp(directory_.data()) != nullptr);
    const std::string file = directory_ + "/source";
    std::ofstream(file) << source;
    REQUIRE(std::system(fmt::format("/usr/sbin/zic -b slim -d {} {}", directory_, file).c_str()) == 0);
    ::setenv("TZDIR", directory_.c_str(), 1);
  }
  SlimZones(const SlimZones&) = delete;
  SlimZones& operator=(const SlimZones&) = delete;
  ~SlimZones() {
    ::unsetenv("TZDIR");
    std::filesystem::remove_all(directory_);
  }

 private:
  std::string directory_ = std::filesystem::temp_directory_path() / "gk-zones-XXXXXX";
};

}  // namespace

TEST_CASE("the first instant of a day, also where the clock changes") {
  struct Row {
    const char* name;
    const char* zone;
    LocalDay day;
    const char* starts;
  };
  const Row rows[] = {
      {"no change", "UTC", day(2026, 3, 1), "2026-03-01T00:00:00Z"},
      {"Dublin, day of the spring change", "Europe/Dublin", day(2026, 3, 29), "2026-03-29T00:00:00Z"},
      {"Dublin, day after it", "Europe/Dublin", day(2026, 3, 30), "2026-03-29T23:00:00Z"},
      {"Dublin, day of the autumn change", "Europe/Dublin", day(2026, 10, 25), "2026-10-24T23:00:00Z"},
      {"Dublin, day after it", "Europe/Dublin", day(2026, 10, 26), "2026-10-26T00:00:00Z"},
      {"New York, spring", "America/New_York", day(2026, 3, 9), "2026-03-09T04:00:00Z"},
      {"New York, autumn", "America/New_York", day(2026, 11, 2), "2026-11-02T05:00:00Z"},
      {"Sydney, autumn in April", "Australia/Sydney", day(2026, 4, 6), "2026-04-05T14:00:00Z"},
      {"Sydney, spring in October", "Australia/Sydney", day(2026, 10, 5), "2026-10-04T13:00:00Z"},
      {"Lord Howe, half an hour forward", "Australia/Lord_Howe", day(2026, 10, 5), "2026-10-04T13:00:00Z"},
      {"Lord Howe, half an hour back", "Australia/Lord_Howe", day(2026, 4, 6), "2026-04-05T13:30:00Z"},
      {"Santiago, no midnight in September", "America/Santiago", day(2024, 9, 8), "2024-09-08T04:00:00Z"},
      {"Santiago, 23 o'clock twice in April", "America/Santiago", day(2024, 4, 7), "2024-04-07T04:00:00Z"},
      {"Beirut, no midnight in March", "Asia/Beirut", day(2024, 3, 31), "2024-03-30T22:00:00Z"},
      {"Havana, midnight twice in November", "America/Havana", day(2024, 11, 3), "2024-11-03T04:00:00Z"},
      {"Apia, the day before the one that was left out", "Pacific/Apia", day(2011, 12, 29),
       "2011-12-29T10:00:00Z"},
      {"Apia, the day that was left out", "Pacific/Apia", day(2011, 12, 30), "2011-12-30T10:00:00Z"},
      {"Apia, the day after it", "Pacific/Apia", day(2011, 12, 31), "2011-12-30T10:00:00Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(gk::format_rfc3339(zone(row.zone).start_of_day(row.day)) == row.starts);
  }
}

TEST_CASE("a day begins where the calendar turns, to the second") {
  for (const char* const name :
       {"Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Beirut",
        "America/Havana", "Asia/Kathmandu", "Pacific/Chatham"}) {
    const Zone here = zone(name);
    for (LocalDay d = day(2024, 1, 1); d < day(2025, 1, 1); d += std::chrono::days{1}) {
      const gk::Instant start = here.start_of_day(d);
      CAPTURE(name, gk::format_rfc3339(start));
      REQUIRE(here.local_day(start) == d);
      REQUIRE(here.local_day(start - std::chrono::seconds{1}) == d - std::chrono::days{1});
    }
  }
}

TEST_CASE("wall clock to instant") {
  struct Row {
    const char* name;
    const char* zone;
    LocalTime wall_clock;
    const char* earliest;
    const char* latest;
  };
  const Row rows[] = {
      {"winter", "Europe/Dublin", wall(2026, 3, 10, 18), "2026-03-10T18:00:00Z", "2026-03-10T18:00:00Z"},
      {"summer", "Europe/Dublin", wall(2026, 6, 10, 18), "2026-06-10T17:00:00Z", "2026-06-10T17:00:00Z"},
      {"the hour that is left out moves forward", "Europe/Dublin", wall(2026, 3, 29, 1, 30),
       "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z"},
      {"the hour that comes twice", "Europe/Dublin", wall(2026, 10, 25, 1, 30), "2026-10-25T00:30:00Z",
       "2026-10-25T01:30:00Z"},
      {"the first second after the gap", "America/New_York", wall(2026, 3, 8, 3), "2026-03-08T07:00:00Z",
       "2026-03-08T07:00:00Z"},
      {"in the gap, half past", "America/New_York", wall(2026, 3, 8, 2, 30), "2026-03-08T07:30:00Z",
       "2026-03-08T07:30:00Z"},
      {"Lord Howe, in its gap of half an hour", "Australia/Lord_Howe", wall(2026, 10, 4, 2, 15),
       "2026-10-03T15:45:00Z", "2026-10-03T15:45:00Z"},
      {"Lord Howe, the half hour that comes twice", "Australia/Lord_Howe", wall(2026, 4, 5, 1, 45),
       "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"},
      {"Santiago, midnight in the gap", "America/Santiago", wall(2024, 9, 8, 0), "2024-09-08T04:00:00Z",
       "2024-09-08T04:00:00Z"},
      {"Sydney, the hour that is left out in October", "Australia/Sydney", wall(2026, 10, 4, 2, 30),
       "2026-10-03T16:30:00Z", "2026-10-03T16:30:00Z"},
      {"Sydney, the hour that comes twice in April", "Australia/Sydney", wall(2026, 4, 5, 2, 30),
       "2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z"},
      {"a leap day", "Europe/Dublin", wall(2028, 2, 29, 23, 59), "2028-02-29T23:59:00Z",
       "2028-02-29T23:59:00Z"},
      {"a year's last minute", "America/New_York", wall(2026, 12, 31, 23, 59), "2027-01-01T04:59:00Z",
       "2027-01-01T04:59:00Z"},
      {"Istanbul before it kept summer time", "Europe/Istanbul", wall(2016, 1, 10, 18),
       "2016-01-10T16:00:00Z", "2016-01-10T16:00:00Z"},
      {"Istanbul since", "Europe/Istanbul", wall(2026, 1, 10, 18), "2026-01-10T15:00:00Z",
       "2026-01-10T15:00:00Z"},
      {"Mexico City, no summer time since 2022", "America/Mexico_City", wall(2026, 7, 10, 18),
       "2026-07-11T00:00:00Z", "2026-07-11T00:00:00Z"},
      {"Kathmandu, a quarter of an hour off", "Asia/Kathmandu", wall(2026, 1, 1, 0), "2025-12-31T18:15:00Z",
       "2025-12-31T18:15:00Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(gk::format_rfc3339(zone(row.zone).earliest(row.wall_clock)) == row.earliest);
    CHECK(gk::format_rfc3339(zone(row.zone).latest(row.wall_clock)) == row.latest);
  }
}

TEST_CASE("an unknown zone is an error, never UTC") {
  for (const char* const name :
       {"", "Europe/Dubln", "europe dublin", "../UTC", "Europe/Dublin ", "Europe/\x1B[31m",
        // What the library would take besides: files by their path, fixed offsets, the machine's own zone,
        // and clocks that count leap seconds.
        "Europe", "Europe/", "Europe//Dublin", "Europe/../Europe/Dublin", "/usr/share/zoneinfo/Europe/Dublin",
        "file:/usr/share/zoneinfo/Europe/Dublin", "Fixed/UTC+01:00:00", "libc:Europe/Dublin",
        "libc:localtime", "localtime", "posixrules", "posix/Europe/Dublin", "right/Europe/Dublin"}) {
    CAPTURE(name);
    const auto located = Zone::locate(name);
    REQUIRE_FALSE(located);
    CHECK(located.error().category == gk::Category::protocol);
    CHECK(located.error().message.find('\x1B') == std::string::npos);
  }
}

TEST_CASE("instants are shown in the branch's time") {
  CHECK(zone("Europe/Dublin").format(at("2026-07-01T13:00:00Z")) == "2026-07-01 14:00 IST");
  CHECK(zone("UTC").format(at("2026-07-01T13:00:59Z")) == "2026-07-01 13:00 UTC");
  CHECK(zone("Europe/Dublin").name() == "Europe/Dublin");
}

TEST_CASE("zone files compiled slim, which end with a rule instead of a list of changes") {
  // The last two changes in the files of Lisbon and Nuuk are none that the rule would make.
  const SlimZones zones(R"(
Rule EU 1996 max - Mar lastSun 1:00u 1:00 S
Rule EU 1996 max - Oct lastSun 1:00u 0 -
Zone Slim/Stockholm 1:00 EU CE%sT
Zone Slim/Lisbon 1:00 EU CE%sT 1996 Mar 31 1:00u
  0:00 EU WE%sT
Zone Slim/Nuuk -3:00 EU -03/-02 2023 Mar 26 1:00u
  -2:00 - -02 2023 Oct 29 1:00u
  -2:00 EU -02/-01
)");
  struct Row {
    const char* zone;
    LocalTime wall_clock;
    const char* instant;
  };
  const Row rows[] = {
      {"Slim/Stockholm", wall(2027, 1, 15, 18), "2027-01-15T17:00:00Z"},
      {"Slim/Stockholm", wall(2027, 7, 15, 18), "2027-07-15T16:00:00Z"},
      {"Slim/Stockholm", wall(2099, 1, 15, 18), "2099-01-15T17:00:00Z"},
      {"Slim/Lisbon", wall(2027, 1, 15, 18), "2027-01-15T18:00:00Z"},
      {"Slim/Lisbon", wall(2027, 7, 15, 18), "2027-07-15T17:00:00Z"},
      {"Slim/Nuuk", wall(2027, 1, 15, 18), "2027-01-15T20:00:00Z"},
      {"Slim/Nuuk", wall(2027, 7, 15, 18), "2027-07-15T19:00:00Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.zone, row.instant);
    CHECK(gk::format_rfc3339(zone(row.zone).earliest(row.wall_clock)) == row.instant);
  }
}

}  // namespace gk::domain::zone_test
