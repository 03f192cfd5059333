#pragma once

#include <cstdint>
#include <string>

namespace gk_sandbox {

struct ConfigFacts {
  std::string kisi_url;
  std::string glofox_url;
  std::string kisi_key;
  std::string glofox_key;
  std::string glofox_token;
  std::string location_id;
  std::int64_t group_id = 0;
  std::int64_t place_id = 0;
  int kisi_rate = 100000;
  int glofox_rate = 100000;
  int glofox_burst = 100000;
};

/// Writes a complete configuration for the product, and its secret files, which only their owner can read.
/// Throws std::filesystem::filesystem_error or std::runtime_error.
void write_config(const std::string& directory, const ConfigFacts& facts);

}  // namespace gk_sandbox
