#include <catch2/catch.hpp>

#include <cstdio>
#include <string>

#include "support/manual_clock.hpp"
#include "util/log.hpp"

namespace gk::util::log_test {

namespace {

std::string logged(gk::LogFormat format, gk::LogLevel level, const std::string& message,
                   const std::string& value) {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  gk::test::ManualClock clock;
  gk::Log log(file, gk::LogLevel::info, format, clock);
  log.write(level, message, {{"who", value}});
  std::rewind(file);
  std::string text(4000, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("log lines keep one line and quote what needs it") {
  CHECK(logged(gk::LogFormat::text, gk::LogLevel::warning, "message", "two words") ==
        "2026-03-01T08:00:00Z warning message who=\"two words\"\n");
  CHECK(logged(gk::LogFormat::text, gk::LogLevel::error, "forged\n2026", "a\x1B[0m\nb") ==
        "2026-03-01T08:00:00Z error forged\\x0a2026 who=a\\x1b[0m\\x0ab\n");
  CHECK(logged(gk::LogFormat::json, gk::LogLevel::info, "say \"hi\"", "back\\slash") ==
        "{\"time\":\"2026-03-01T08:00:00Z\",\"level\":\"info\",\"message\":\"say \\\"hi\\\"\","
        "\"who\":\"back\\\\slash\"}\n");
  CHECK(logged(gk::LogFormat::text, gk::LogLevel::debug, "quiet", "x").empty());
}

}  // namespace gk::util::log_test
