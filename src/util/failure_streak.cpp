#include "util/failure_streak.hpp"

namespace gk {

FailureStreak::Kind FailureStreak::note(const std::optional<Error>& error) {
  constexpr int k_end_of_run = 3;
  const auto is = [&error](Category category) { return error && error->category == category; };
  forbidden_ = is(Category::forbidden) ? forbidden_ + 1 : 0;
  unreachable_ = is(Category::unavailable) || is(Category::rate_limited) ? unreachable_ + 1 : 0;
  if (forbidden_ >= k_end_of_run) return Kind::forbidden;
  return unreachable_ >= k_end_of_run ? Kind::unreachable : Kind::none;
}

}  // namespace gk
