#include "domain/window.hpp"

#include <catch2/catch.hpp>

#include "support/builders.hpp"

namespace gk::domain::window_test {

using gk::test::at;
using gk::test::window;

namespace {

using Windows = std::vector<Window>;

Window hours(int from, int until) {
  const auto day = at("2026-03-01T00:00:00Z");
  return *Window::make(day + std::chrono::hours{from}, day + std::chrono::hours{until});
}

gk::Instant hour(int number) { return at("2026-03-01T00:00:00Z") + std::chrono::hours{number}; }

}  // namespace

TEST_CASE("a window has a beginning before its end") {
  const auto noon = at("2026-03-01T12:00:00Z");
  CHECK_FALSE(Window::make(noon, noon));
  CHECK_FALSE(Window::make(noon, noon - std::chrono::seconds{1}));
  CHECK(Window::make(noon, noon + std::chrono::seconds{1}));
}

TEST_CASE("a window holds its first instant and not its last") {
  const Window fourteen_to_sixteen = window("2026-03-01T14:00:00Z", "2026-03-01T16:00:00Z");
  CHECK_FALSE(fourteen_to_sixteen.contains(at("2026-03-01T13:59:59Z")));
  CHECK(fourteen_to_sixteen.contains(at("2026-03-01T14:00:00Z")));
  CHECK(fourteen_to_sixteen.contains(at("2026-03-01T15:59:59Z")));
  CHECK_FALSE(fourteen_to_sixteen.contains(at("2026-03-01T16:00:00Z")));
}

TEST_CASE("merging joins what overlaps or touches") {
  struct Row {
    const char* name;
    Windows windows, merged;
  };
  const Row rows[] = {
      {"nothing", {}, {}},
      {"one", {hours(1, 2)}, {hours(1, 2)}},
      {"apart, sorted", {hours(4, 5), hours(1, 2)}, {hours(1, 2), hours(4, 5)}},
      {"touching", {hours(1, 2), hours(2, 3)}, {hours(1, 3)}},
      {"overlapping", {hours(2, 4), hours(1, 3)}, {hours(1, 4)}},
      {"inside", {hours(1, 9), hours(3, 4)}, {hours(1, 9)}},
      {"inside, then overlapping the outer", {hours(1, 9), hours(3, 4), hours(8, 10)}, {hours(1, 10)}},
      {"equal", {hours(1, 2), hours(1, 2)}, {hours(1, 2)}},
      {"a chain", {hours(5, 7), hours(1, 3), hours(3, 5)}, {hours(1, 7)}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK((gk::merge(row.windows) == row.merged));
  }
}

TEST_CASE("one row covers another when it opens all that the other opens from now on") {
  struct Row {
    const char* name;
    Validity outer, inner;
    bool covers;
  };
  const Validity open = Validity::open_ended();
  const Validity from_later{hour(13), std::nullopt};
  const Validity until_later{std::nullopt, hour(14)};
  const auto now = hour(12);
  const Row rows[] = {
      {"open over open", open, open, true},
      {"open over a window", open, Validity::of(hours(11, 13)), true},
      {"a window never over open", Validity::of(hours(1, 99)), open, false},
      {"no start, with an end, over open", until_later, open, false},
      {"the same window", Validity::of(hours(11, 13)), Validity::of(hours(11, 13)), true},
      {"a wider window", Validity::of(hours(10, 14)), Validity::of(hours(11, 13)), true},
      {"ends a second early",
       {hour(11), hour(13) - std::chrono::seconds{1}},
       Validity::of(hours(11, 13)),
       false},
      {"starts later, but both have started", Validity::of(hours(12, 13)), Validity::of(hours(10, 13)), true},
      {"starts in the future, wanted now", Validity::of(hours(13, 15)), Validity::of(hours(11, 15)), false},
      {"starts in the future, wanted then", Validity::of(hours(13, 15)), Validity::of(hours(13, 15)), true},
      {"open from later, wanted now", from_later, open, false},
      {"open from later, wanted later", from_later, Validity::of(hours(14, 15)), true},
      {"ended, wanted now", Validity::of(hours(9, 10)), Validity::of(hours(11, 13)), false},
      {"anything over what has ended", Validity::of(hours(9, 10)), Validity::of(hours(8, 12)), true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(row.outer.covers(row.inner, now) == row.covers);
  }
}

TEST_CASE("a validity is active from its start to before its end") {
  const auto now = hour(12);
  CHECK(Validity::open_ended().is_active(now));
  CHECK(Validity{now, std::nullopt}.is_active(now));
  CHECK_FALSE(Validity{now + std::chrono::seconds{1}, std::nullopt}.is_active(now));
  CHECK(Validity{std::nullopt, now + std::chrono::seconds{1}}.is_active(now));
  CHECK_FALSE(Validity{std::nullopt, now}.is_active(now));
  CHECK(Validity{std::nullopt, now}.has_ended(now));
  CHECK_FALSE(Validity{std::nullopt, now + std::chrono::seconds{1}}.has_ended(now));
  CHECK_FALSE(Validity::open_ended().has_ended(now));
  CHECK(Validity{now, std::nullopt}.is_open_ended());
  CHECK_FALSE(Validity::of(hours(1, 2)).is_open_ended());
}

}  // namespace gk::domain::window_test
