#pragma once

#include "config/kinds.hpp"

namespace gk::config {

/// Limits that hold unless the base_url is a loopback address; there k_max_loopback_rate holds.
inline constexpr double k_max_kisi_rate = 5;
inline constexpr double k_max_glofox_rate = 10;
inline constexpr double k_max_glofox_burst = 1000;
inline constexpr double k_max_loopback_rate = 100'000;

/// Every key of the file. What the program accepts, what it reads, docs/config.schema.json and the tables of
/// docs/configuration.md all come from these rows.
[[nodiscard]] const Table<Config>& document_keys();

}  // namespace gk::config
