#include "util/failure_streak.hpp"

#include <catch2/catch.hpp>

using gk::Category;
using gk::FailureStreak;

namespace {

std::optional<gk::Error> failed(Category category) { return gk::Error{category, "no"}; }

}  // namespace

TEST_CASE("the third failure of one kind in a row counts") {
  FailureStreak streak("writes");
  CHECK_FALSE(streak.note(failed(Category::forbidden)));
  CHECK_FALSE(streak.note(failed(Category::forbidden)));
  const auto error = streak.note(failed(Category::forbidden));
  REQUIRE(error);
  CHECK(error->category == Category::auth);
  CHECK(error->message == "three writes in a row were forbidden: the key's user may not do this; last: no");
}

TEST_CASE("no answer and too many requests are one kind") {
  FailureStreak streak("unlocks");
  CHECK_FALSE(streak.note(failed(Category::unavailable)));
  CHECK_FALSE(streak.note(failed(Category::rate_limited)));
  const auto error = streak.note(failed(Category::unavailable));
  REQUIRE(error);
  CHECK(error->category == Category::unavailable);
  CHECK(error->message == "three unlocks in a row failed, so the rest is left to the next run; last: no");
}

TEST_CASE("a success and any other failure begin anew") {
  for (const auto& between :
       {std::optional<gk::Error>(), failed(Category::protocol), failed(Category::unavailable)}) {
    FailureStreak streak("writes");
    CHECK_FALSE(streak.note(failed(Category::forbidden)));
    CHECK_FALSE(streak.note(failed(Category::forbidden)));
    CHECK_FALSE(streak.note(between));
    CHECK_FALSE(streak.note(failed(Category::forbidden)));
  }
}
