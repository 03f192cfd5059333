#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace gk::json {

/// The position of `path` among the asked-for paths of a row. Computed by the compiler, which rejects a path
/// that is not among them.
template <std::size_t N>
consteval std::size_t position_of(std::string_view path, const std::array<std::string_view, N>& paths) {
  std::size_t at = 0;
  while (paths.at(at) != path) ++at;
  return at;
}

}  // namespace gk::json
