#pragma once

#include <string>
#include <string_view>

#include "util/result.hpp"

namespace gk {

/// A base URL that passed the rules of the contract (contract 4): https, or http to a loopback address.
struct BaseUrl {
  std::string url;   ///< scheme and host in lower case, no trailing slash; may end in a path such as "/prod"
  std::string host;  ///< for messages, without port and brackets
  bool loopback = false;  ///< 127.0.0.0/8, ::1 or "localhost"; names that resolve there do not count
};

/// Checks and normalises. Refused as Category::config: other schemes, http to anything but a loopback
/// address, user or password, query, fragment, white space and control characters, an unusable host or port.
/// The message is what is wrong ("must start with https://"); it never repeats the URL, which may hold a
/// password.
[[nodiscard]] Result<BaseUrl> parse_base_url(std::string_view text);

/// True for a valid base URL of a loopback address.
[[nodiscard]] bool is_loopback_url(std::string_view text);

/// Percent-encodes all but RFC 3986's unreserved characters: '+' becomes %2B, '/' %2F, '[' %5B. For path
/// segments and query.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// Whether every character may stand in a path as it is.
[[nodiscard]] bool is_encoded_path(std::string_view path);

}  // namespace gk
