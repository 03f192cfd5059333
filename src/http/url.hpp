#pragma once

#include "http/message.hpp"
#include "util/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace gk::http {

/// A base URL that passed the rules (contract 4): https, or http to a loopback address.
struct BaseUrl {
  std::string url;        ///< without a trailing slash; may end in a path such as "/prod"
  std::string host;       ///< for messages, without port and brackets
  bool loopback = false;  ///< 127.0.0.0/8, ::1 or "localhost"
};

/// Percent-encodes all but RFC 3986's unreserved characters: '+' becomes %2B, '/' %2F, '[' %5B. For path
/// segments and query.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// "?a=1&b=2", both sides encoded; empty when there are no parameters.
[[nodiscard]] std::string encode_query(std::span<const Param> query);

/// Checks and normalises. Refused as Category::config: other schemes, http to anything but a loopback
/// address, user or password, query, fragment, white space and control characters, an unusable host or port.
[[nodiscard]] Result<BaseUrl> parse_base_url(std::string_view text);

/// True for a valid base URL whose host is 127.0.0.0/8, ::1 or "localhost". Names that resolve there do not
/// count.
[[nodiscard]] bool is_loopback_url(std::string_view text);

/// The base and the request joined by concatenation, never by RFC 3986 resolution, which would drop the
/// base's own path (glofox-api 1.1). Category::internal for a path that does not start with '/' or holds
/// characters that must be encoded.
[[nodiscard]] Result<std::string> join_url(const BaseUrl& base, const Request& request);

}  // namespace gk::http
