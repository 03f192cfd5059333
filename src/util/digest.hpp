#pragma once

#include <string>
#include <string_view>

#include "util/secret.hpp"

namespace gk {

/// SHA-256 as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view text);

/// Whether `hex` (64 digits in either case) is the HMAC-SHA256 of exactly these bytes under `key`. Takes the
/// same time wherever the first difference is.
[[nodiscard]] bool is_hmac_sha256(std::string_view hex, std::string_view text, const Secret& key);

}  // namespace gk
