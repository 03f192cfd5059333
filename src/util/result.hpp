#pragma once

#include <tl/expected.hpp>

#include <utility>

#include "util/error.hpp"

namespace gk {

/// A value or the Error that prevented it. Every function returning one is [[nodiscard]]
/// (scripts/check-layers).
template <class T>
using Result = tl::expected<T, Error>;

/// Builds the failed side of a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(Category category, std::string message) {
  return tl::unexpected<Error>(Error{category, std::move(message)});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

/// The same result; the message of a failure gets the context before it.
template <class T>
[[nodiscard]] Result<T> with_context(std::string_view context, Result<T> result) {
  if (!result) result.error() = with_context(context, std::move(result).error());
  return result;
}

}  // namespace gk

// Both leave the enclosing function with the error of a failed Result; a macro, because only that can return.
#define GK_CONCAT_INNER(a, b) a##b
#define GK_CONCAT(a, b) GK_CONCAT_INNER(a, b)
#define GK_TRY(expression)                                                                            \
  do {                                                                                                \
    if (auto&& gk_result = (expression); !gk_result) return ::gk::fail(std::move(gk_result).error()); \
  } while (false)
#define GK_TRY_ASSIGN(declaration, expression)                             \
  auto GK_CONCAT(gk_result_, __LINE__) = (expression);                     \
  if (!GK_CONCAT(gk_result_, __LINE__))                                    \
    return ::gk::fail(std::move(GK_CONCAT(gk_result_, __LINE__)).error()); \
  /* A declaration cannot stand in parentheses. */                         \
  declaration = *std::move(GK_CONCAT(gk_result_, __LINE__)) /* NOLINT(bugprone-macro-parentheses) */
