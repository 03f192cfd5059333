#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <cstdio>
#include <set>
#include <string>
#include <type_traits>

#include "support/manual_clock.hpp"
#include "util/error.hpp"
#include "util/id.hpp"
#include "util/log.hpp"
#include "util/result.hpp"
#include "util/secret.hpp"

namespace gk::util::values_test {

namespace {

using DoorId = gk::Id<struct DoorIdTag, std::int64_t>;
using WindowId = gk::Id<struct WindowIdTag, std::int64_t>;
static_assert(!std::is_convertible_v<std::int64_t, DoorId>, "a number is no id by itself");
static_assert(!std::is_constructible_v<DoorId, WindowId>, "ids of different kinds do not mix");
static_assert(!std::is_convertible_v<gk::Secret, std::string>, "a secret has one way out");
static_assert(!fmt::is_formattable<gk::Secret>::value, "a secret cannot be printed");

Result<int> half(int number) {
  if (number % 2 != 0) return gk::fail(Category::usage, fmt::format("{} is odd", number));
  return number / 2;
}

Result<int> quarter(int number) {
  GK_TRY_ASSIGN(const int first, half(number));
  GK_TRY(half(first));
  return half(first);
}

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

TEST_CASE("GK_TRY leaves with the first error") {
  CHECK(quarter(8) == 2);
  CHECK(quarter(7).error().message == "7 is odd");
  CHECK(quarter(6).error().message == "3 is odd");
}

TEST_CASE("context stands before the message and keeps the rest") {
  gk::Error error{Category::rejected, "no", 422, true};
  error = gk::with_context("page 3", std::move(error));
  error = gk::with_context("Glofox members", std::move(error));
  CHECK(error.message == "Glofox members: page 3: no");
  CHECK(error.category == Category::rejected);
  CHECK(error.http_status == 422);
  CHECK(error.outcome_unknown);
}

TEST_CASE("every category has its own word") {
  std::set<std::string_view> words;
  constexpr int k_categories = static_cast<int>(Category::internal) + 1;
  for (int i = 0; i < k_categories; ++i) words.insert(gk::category_name(static_cast<Category>(i)));
  CHECK(words.size() == k_categories);
}

TEST_CASE("ids compare, hash and print as their value") {
  CHECK(DoorId{7} == DoorId{7});
  CHECK(DoorId{7} < DoorId{8});
  CHECK(fmt::format("{}", DoorId{7}) == "7");
  CHECK(std::hash<DoorId>{}(DoorId{7}) == std::hash<std::int64_t>{}(7));
}

TEST_CASE("a secret that was moved from leaves no bytes behind") {
  gk::Secret secret("short key");
  const char* const bytes = secret.reveal().data();
  const gk::Secret other = std::move(secret);
  CHECK(other.reveal() == "short key");
  CHECK(secret.empty());
  CHECK(std::string(bytes, 9) == std::string(9, '\0'));
}

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

}  // namespace gk::util::values_test
