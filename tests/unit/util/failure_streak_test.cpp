#include "util/failure_streak.hpp"

#include <catch2/catch.hpp>

using gk::Category;
using gk::FailureStreak;
using Kind = gk::FailureStreak::Kind;

namespace {

std::optional<gk::Error> failed(Category category) { return gk::Error{category, "no"}; }

}  // namespace

TEST_CASE("the third failure of one kind in a row counts") {
  FailureStreak streak;
  CHECK(streak.note(failed(Category::forbidden)) == Kind::none);
  CHECK(streak.note(failed(Category::forbidden)) == Kind::none);
  CHECK(streak.note(failed(Category::forbidden)) == Kind::forbidden);
}

TEST_CASE("no answer and too many requests are one kind") {
  FailureStreak streak;
  CHECK(streak.note(failed(Category::unavailable)) == Kind::none);
  CHECK(streak.note(failed(Category::rate_limited)) == Kind::none);
  CHECK(streak.note(failed(Category::unavailable)) == Kind::unreachable);
}

TEST_CASE("a success and any other failure begin anew") {
  for (const auto& between :
       {std::optional<gk::Error>(), failed(Category::protocol), failed(Category::unavailable)}) {
    FailureStreak streak;
    CHECK(streak.note(failed(Category::forbidden)) == Kind::none);
    CHECK(streak.note(failed(Category::forbidden)) == Kind::none);
    CHECK(streak.note(between) == Kind::none);
    CHECK(streak.note(failed(Category::forbidden)) == Kind::none);
  }
}
