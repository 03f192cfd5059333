#pragma once

#include <string>
#include <string_view>

namespace gk::config {

/// What is wrong with a base_url, and what it says. The HTTP layer checks again; here it gets a line number.
struct BaseUrl {
  std::string text;       ///< scheme and host in lower case, no trailing slash
  bool loopback = false;  ///< localhost, 127.0.0.0/8 or [::1]
  std::string fault;      ///< empty when fine; never repeats the URL, which may hold a password
};

/// Accepts https, and http for a loopback address. No user, query or fragment.
[[nodiscard]] BaseUrl check_base_url(std::string_view text);

}  // namespace gk::config
