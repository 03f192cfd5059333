#pragma once

#include <optional>

#include "util/error.hpp"

namespace gk {

/// Counts failures of one kind in a row. Three in a row end a run (contract 3): the next request
/// would fail the same way.
class FailureStreak {
 public:
  /// `what` is counted, in the plural, for the message.
  explicit FailureStreak(std::string_view what) : what_(what) {}

  /// Takes the outcome of one request, success being no error. Returns what ends the run, once the third in a
  /// row was forbidden (then it is Category::auth), or found the service gone (no answer, 5xx or 429).
  [[nodiscard]] std::optional<Error> note(const std::optional<Error>& error);

 private:
  std::string_view what_;
  int forbidden_ = 0;
  int unreachable_ = 0;
};

}  // namespace gk
