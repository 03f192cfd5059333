#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "util/error.hpp"

namespace gk {

/// What a reader saw while it paged through a list; decides whether the list may be believed
/// (contract 8.1).
struct ListingTally {
  std::size_t unique_rows = 0;
  std::optional<std::size_t> declared_total;  ///< nothing: the service did not say
  bool total_moved = false;                   ///< two pages declared different totals
  bool ended_properly = false;       ///< paging ended where the service said, not at a cap or a guard
  std::size_t repeated_rows = 0;     ///< ids seen on more than one page: the list moved
  std::size_t unusable_rows = 0;     ///< rows without a valid id
  std::optional<Error> failed_page;  ///< the first page that could not be read
};

template <class T>
class Complete;
template <class T>
class Partial;
/// A list that was read: all of it for sure, or maybe not all.
template <class T>
using Reading = std::variant<Complete<T>, Partial<T>>;

/// Why this tally is not complete; nothing when it is.
[[nodiscard]] std::optional<Error> incompleteness(const ListingTally& tally);

/// Turns what was read into a Complete or a Partial. There is no other way to a Complete.
template <class T>
[[nodiscard]] Reading<T> certify(T value, const ListingTally& tally);

/// A whole list: silence about somebody means that they are not in it. Only this may lead to removals.
template <class T>
class Complete {
 public:
  [[nodiscard]] const T& value() const& { return value_; }

  /// What follows from a whole list is whole too.
  template <class F>
  [[nodiscard]] auto map(F&& derive) && {
    return Complete<std::invoke_result_t<F, T&&>>(std::forward<F>(derive)(std::move(value_)));
  }

 private:
  template <class>
  friend class Complete;
  friend Reading<T> certify<T>(T value, const ListingTally& tally);
  explicit Complete(T value) : value_(std::move(value)) {}
  T value_;
};

/// A list that may lack rows: silence means nothing.
template <class T>
class Partial {
 public:
  Partial(T value, Error reason) : value_(std::move(value)), reason_(std::move(reason)) {}
  [[nodiscard]] const T& value() const { return value_; }
  [[nodiscard]] const Error& reason() const { return reason_; }

  template <class F>
  [[nodiscard]] auto map(F&& derive) && {
    return Partial<std::invoke_result_t<F, T&&>>(std::forward<F>(derive)(std::move(value_)),
                                                 std::move(reason_));
  }

 private:
  T value_;
  Error reason_;
};

/// Derives a value from a reading and keeps what is known about its completeness.
template <class T, class F>
[[nodiscard]] auto map_reading(Reading<T>&& reading, F&& derive) {
  using U = std::invoke_result_t<F, T&&>;
  return std::visit(
      [&]<class Read>(Read&& read) -> Reading<U> {
        return std::forward<Read>(read).map(std::forward<F>(derive));
      },
      std::move(reading));
}

/// The value, whole or not.
template <class T>
[[nodiscard]] const T& value_of(const Reading<T>& reading) {
  return std::visit([](const auto& read) -> const T& { return read.value(); }, reading);
}

/// Why the reading may lack rows; nothing when it is whole.
template <class T>
[[nodiscard]] const Error* incomplete_because(const Reading<T>& reading) {
  const auto* partial = std::get_if<Partial<T>>(&reading);
  return partial == nullptr ? nullptr : &partial->reason();
}

template <class T>
Reading<T> certify(T value, const ListingTally& tally) {
  if (auto reason = incompleteness(tally)) return Partial<T>(std::move(value), *std::move(reason));
  return Complete<T>(std::move(value));
}

}  // namespace gk
