#include "glofox/dates.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace gk::glofox::when_test {

namespace {

/// "moment 2026-…Z", "clock 2026-…" or "nothing".
std::string shown(const std::string& json) {
  const auto document = json::Document::parse("{\"t\":" + json + "}");
  REQUIRE(document);
  constexpr std::array<std::string_view, 2> k_fields = {"t", "t.sec"};
  const auto fields = json::pick(document->root(), k_fields);
  const When when = parse_when(fields[0], fields[1]);
  if (const auto* instant = std::get_if<Instant>(&when)) return "moment " + format_rfc3339(*instant);
  if (const auto* clock = std::get_if<LocalTime>(&when)) {
    return "clock " + format_rfc3339(Instant{clock->time_since_epoch()});
  }
  return "nothing";
}

}  // namespace

TEST_CASE("each form of a date is a moment, a wall clock or nothing") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"1773180000", "moment 2026-03-10T22:00:00Z"},
      {"1773180000.9", "moment 2026-03-10T22:00:00Z"},
      {"\"1773180000\"", "moment 2026-03-10T22:00:00Z"},
      {"1773180000123", "moment 2026-03-10T22:00:00Z"},
      {"\"1773180000123\"", "moment 2026-03-10T22:00:00Z"},
      {R"({"sec":1773180000,"usec":615000})", "moment 2026-03-10T22:00:00Z"},
      {"\"2026-03-10T22:00:00Z\"", "moment 2026-03-10T22:00:00Z"},
      {"\" 2026-03-10T18:00:00.25-04:00 \"", "moment 2026-03-10T22:00:00Z"},
      {"\"2026-03-10 18:00:00\"", "clock 2026-03-10T18:00:00Z"},
      {"\"2026-03-10T18:00:00\"", "clock 2026-03-10T18:00:00Z"},
      {"\"2026-03-10\"", "clock 2026-03-10T00:00:00Z"},
      {"1", "moment 1970-01-01T00:00:01Z"},
      {"253402300799000", "moment 9999-12-31T23:59:59Z"},
      {"253402300800000", "nothing"},
      {"1e300", "nothing"},
      {"0", "nothing"},
      {"0.0", "nothing"},
      {"-1", "nothing"},
      {"\"-1773180000\"", "nothing"},
      {"null", "nothing"},
      {"true", "nothing"},
      {"[1773180000]", "nothing"},
      {"{}", "nothing"},
      {R"({"sec":{}})", "nothing"},
      {R"({"sec":null})", "nothing"},
      {"\"\"", "nothing"},
      {"\"   \"", "nothing"},
      {"\"0000-00-00\"", "nothing"},
      {"\"2026-13-01\"", "nothing"},
      {"\"2026-02-29 10:00:00\"", "nothing"},
      {"\"2026-03-10 24:00:00\"", "nothing"},
      {"\"2026-03-10 18:60:00\"", "nothing"},
      {"\"2026-03-1018:00:000\"", "nothing"},
      {"\"10/03/2026 18:00:00\"", "nothing"},
      {"\"tomorrow at noon\"", "nothing"},
      {"\"9223372036854775808\"", "nothing"},
  };
  for (const auto& [json, expected] : cases) {
    INFO(json);
    CHECK(shown(json) == expected);
  }
}

TEST_CASE("a wall clock becomes a moment only in a zone") {
  const auto zone = Zone::locate("America/New_York");
  REQUIRE(zone);
  const LocalTime clock{std::chrono::local_days{std::chrono::year{2026} / 11 / 1} +
                        std::chrono::minutes{90}};  // twice that night
  CHECK_FALSE(to_instant(clock, nullptr));
  CHECK(format_rfc3339(to_instant(clock, &*zone).value()) == "2026-11-01T05:30:00Z");
  CHECK(format_rfc3339(to_instant(clock, &*zone, Fold::latest).value()) == "2026-11-01T06:30:00Z");
  CHECK_FALSE(to_instant(std::monostate{}, &*zone));
}

}  // namespace gk::glofox::when_test
