#pragma once

#include <optional>

#include "util/error.hpp"

namespace gk {

/// Counts failures of one kind in a row. Three in a row end a run (contract 3): the next request
/// would fail the same way.
class FailureStreak {
 public:
  enum class Kind {
    none,
    forbidden,    ///< three times 403
    unreachable,  ///< three times no answer, 5xx or 429
  };
  /// Takes the outcome of one request, success being no error. Returns the kind that now came three times.
  [[nodiscard]] Kind note(const std::optional<Error>& error);

 private:
  int forbidden_ = 0;
  int unreachable_ = 0;
};

}  // namespace gk
