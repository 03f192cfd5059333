#include "util/time.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

namespace gk::util::time_test {

using namespace std::chrono_literals;

TEST_CASE("RFC 3339 times are read as instants") {
  struct Row {
    const char* text;
    const char* same_as;
  };
  const Row rows[] = {
      {"2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z"},
      {"2026-03-01t08:00:00z", "2026-03-01T08:00:00Z"},
      {"2026-03-01 08:00:00Z", "2026-03-01T08:00:00Z"},
      {"2026-03-01T09:30:00+01:30", "2026-03-01T08:00:00Z"},
      {"2026-03-01T09:30:00+0130", "2026-03-01T08:00:00Z"},
      {"2026-02-28T20:00:00-12:00", "2026-03-01T08:00:00Z"},
      {"2026-03-01T08:00:00-00:00", "2026-03-01T08:00:00Z"},
      {"2026-03-01T08:00:00.9Z", "2026-03-01T08:00:00Z"},
      {"2026-03-01T08:00:00.123456789+00:00", "2026-03-01T08:00:00Z"},
      {"2026-03-01T08:00:00,5Z", "2026-03-01T08:00:00Z"},
      {"2026-03-01T23:59:60Z", "2026-03-01T23:59:59Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"},
      {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
      {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
      {"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
      {"2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto instant = parse_rfc3339(row.text);
    REQUIRE(instant);
    CHECK(format_rfc3339(*instant) == row.same_as);
  }
}

TEST_CASE("what is no RFC 3339 time is refused") {
  const char* const texts[] = {
      "",
      "2026",
      "2026-03-01",
      "2026-03-01T08:00",
      "2026-03-01T08:00:00",
      "2026-03-01T08:00:00+",
      "2026-03-01T08:00:00+1",
      "2026-03-01T08:00:00+01",
      "2026-03-01T08:00:00+24:00",
      "2026-03-01T08:00:00+01:60",
      "2026-03-01T08:00:00.Z",
      "2026-03-01T08:00:00Zz",
      "2026-03-01T08:00:00Z ",
      " 2026-03-01T08:00:00Z",
      "2026-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z",
      "2026-00-10T00:00:00Z",
      "2026-13-10T00:00:00Z",
      "2026-01-00T00:00:00Z",
      "2026-04-31T00:00:00Z",
      "2026-03-01T24:00:00Z",
      "2026-03-01T08:60:00Z",
      "2026-03-01T08:00:61Z",
      "+2026-03-01T08:00:00Z",
      "-026-03-01T08:00:00Z",
      "02026-03-01T08:00:00Z",
      "2026-3-1T08:00:00Z",
      "9999-12-31T23:59:59-23:59",
      "0000-01-01T00:00:00+00:01",
      "1772352000",
      "tomorrow",
  };
  for (const char* const text : texts) {
    CAPTURE(text);
    const auto instant = parse_rfc3339(text);
    REQUIRE_FALSE(instant);
    CHECK(instant.error().category == gk::Category::protocol);
  }
}

TEST_CASE("every second of some days survives writing and reading") {
  for (const char* const day : {"2026-03-29", "2024-02-29", "1969-12-31", "2100-03-01"}) {
    const Instant start = *parse_rfc3339(fmt::format("{}T00:00:00Z", day));
    for (auto second = 0s; second < 86400s; second += 61s) {
      REQUIRE(*parse_rfc3339(format_rfc3339(start + second)) == start + second);
    }
  }
}

TEST_CASE("durations are a number and a unit") {
  struct Row {
    const char* text;
    std::chrono::seconds value;
    const char* shortest;
  };
  const Row rows[] = {
      {"0s", 0s, "0s"},       {"90s", 90s, "90s"},
      {"60s", 1min, "1m"},    {"15m", 15min, "15m"},
      {"014m", 14min, "14m"}, {"1h", 1h, "1h"},
      {"24h", 24h, "1d"},     {"36h", 36h, "36h"},
      {"2d", 48h, "2d"},      {"3660d", 3660 * 24h, "3660d"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto duration = parse_duration(row.text);
    REQUIRE(duration);
    CHECK(*duration == row.value);
    CHECK(format_duration(*duration) == row.shortest);
    CHECK(*parse_duration(row.shortest) == row.value);
  }
}

TEST_CASE("what is no duration is refused") {
  const char* const texts[] = {"",
                               "15",
                               "m",
                               "15 m",
                               " 15m",
                               "15m ",
                               "15M",
                               "15min",
                               "1h30m",
                               "-1h",
                               "-0s",
                               "+1h",
                               "1.5h",
                               "3661d",
                               "1e3s",
                               "0x10s",
                               "99999999999999999999s",
                               "106751991167301d",
                               "١h"};
  for (const char* const text : texts) {
    CAPTURE(text);
    const auto duration = parse_duration(text);
    REQUIRE_FALSE(duration);
    CHECK(duration.error().category == gk::Category::usage);
  }
}

}  // namespace gk::util::time_test
