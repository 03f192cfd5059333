#pragma once

#include <string_view>

#include "util/secret.hpp"

namespace gk::checkin {

/// Whether `header` (X-Signature, kisi-api 14.3) is the HMAC-SHA256 of exactly these bytes under `key`:
/// 64 hexadecimal digits in either case, with or without "sha256=" before them, white space around allowed.
/// Anything else is wrong, and so is an empty key. The comparison takes the same time wherever the two
/// differ. Pure.
[[nodiscard]] bool verify_signature(std::string_view body, std::string_view header, const Secret& key);

}  // namespace gk::checkin
