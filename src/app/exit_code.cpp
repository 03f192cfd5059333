#include "app/exit_code.hpp"

#include <algorithm>
#include <array>

namespace gk::app {

namespace {

/// Worst first (contract 3).
constexpr std::array k_precedence{
    ExitCode::internal_error,
    ExitCode::usage,
    ExitCode::refused,
    ExitCode::config,
    ExitCode::bad_data,
    ExitCode::unavailable,
    ExitCode::read_back_mismatch,
    ExitCode::limit_held,
    ExitCode::partial,
    ExitCode::deadline,
    ExitCode::locked,
    ExitCode::changes_pending,
    ExitCode::done,
};

}  // namespace

ExitCode worst_of(ExitCode a, ExitCode b) {
  return std::ranges::find(k_precedence, a) < std::ranges::find(k_precedence, b) ? a : b;
}

ExitCode worst_of(std::span<const ExitCode> codes) {
  ExitCode worst = ExitCode::done;
  for (const ExitCode code : codes) worst = worst_of(worst, code);
  return worst;
}

ExitCode from_category(Category category) {
  switch (category) {
    case Category::usage: return ExitCode::usage;
    case Category::config:
    case Category::not_found: return ExitCode::config;
    case Category::auth:
    case Category::forbidden: return ExitCode::refused;
    case Category::protocol:
    case Category::rejected:
    case Category::conflict: return ExitCode::bad_data;
    case Category::rate_limited:
    case Category::unavailable: return ExitCode::unavailable;
    case Category::locked: return ExitCode::locked;
    case Category::deadline: return ExitCode::deadline;
    case Category::interrupted:
    case Category::internal: return ExitCode::internal_error;
  }
  return ExitCode::internal_error;
}

}  // namespace gk::app
