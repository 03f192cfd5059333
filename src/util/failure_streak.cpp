#include "util/failure_streak.hpp"

#include <fmt/format.h>

namespace gk {

std::optional<Error> FailureStreak::note(const std::optional<Error>& error) {
  constexpr int k_end_of_run = 3;
  const auto is = [&error](Category category) { return error && error->category == category; };
  forbidden_ = is(Category::forbidden) ? forbidden_ + 1 : 0;
  unreachable_ = is(Category::unavailable) || is(Category::rate_limited) ? unreachable_ + 1 : 0;
  if (forbidden_ < k_end_of_run && unreachable_ < k_end_of_run) return std::nullopt;
  const bool forbidden = forbidden_ >= k_end_of_run;
  const char* why = forbidden ? "were forbidden: the key's user may not do this"
                              : "failed, so the rest is left to the next run";
  Error last = with_context(fmt::format("three {} in a row {}; last", what_, why), *error);
  if (forbidden) last.category = Category::auth;
  return last;
}

}  // namespace gk
