#pragma once

#include <fmt/format.h>

#include <compare>
#include <functional>
#include <utility>

namespace gk {

/// A strong id: ids of different kinds do not mix, though all are numbers (or strings) on the wire.
template <class Tag, class Rep>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(Rep value) : value_(std::move(value)) {}
  [[nodiscard]] constexpr const Rep& value() const { return value_; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;

 private:
  Rep value_{};
};

}  // namespace gk

template <class Tag, class Rep>
struct std::hash<gk::Id<Tag, Rep>> {
  std::size_t operator()(const gk::Id<Tag, Rep>& id) const noexcept { return std::hash<Rep>{}(id.value()); }
};

template <class Tag, class Rep>
struct fmt::formatter<gk::Id<Tag, Rep>> : fmt::formatter<Rep> {
  template <class Context>
  auto format(const gk::Id<Tag, Rep>& id, Context& context) const {
    return fmt::formatter<Rep>::format(id.value(), context);
  }
};
