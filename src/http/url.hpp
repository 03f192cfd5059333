#pragma once

#include "http/message.hpp"
#include "util/url.hpp"

#include <span>
#include <string>

namespace gk::http {

/// "?a=1&b=2", both sides encoded; empty when there are no parameters.
[[nodiscard]] std::string encode_query(std::span<const Param> query);

/// The base and the request joined by concatenation, never by RFC 3986 resolution, which would drop the
/// base's own path (glofox-api 1.1). Category::internal for a path that does not start with '/' or holds
/// characters that must be encoded.
[[nodiscard]] Result<std::string> join_url(const BaseUrl& base, const Request& request);

}  // namespace gk::http
