#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace gk::config {

/// The outcome of reading a configuration text. `config` is there exactly when `faults` is empty.
struct Parsed {
  std::optional<Config> config;
  std::vector<Fault> faults;    ///< all of them, in file order; any one means exit 78
  std::vector<Fault> warnings;  ///< legal, but probably not meant
};

/// Larger files are refused: a configuration of a hundred locations is about 100 KiB.
inline constexpr std::size_t k_max_config_bytes = std::size_t{1} << 20U;

/// Reads JSON with // and /* */ comments, trailing commas and an optional byte order mark. Secrets are not
/// read here. Pure.
[[nodiscard]] Parsed parse(std::string_view text);

}  // namespace gk::config
