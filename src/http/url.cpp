#include "http/url.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

namespace gk::http {

std::string encode_query(std::span<const Param> query) {
  std::string out;
  for (const Param& param : query) {
    out += out.empty() ? '?' : '&';
    out += percent_encode(param.name);
    out += '=';
    out += percent_encode(param.value);
  }
  return out;
}

Result<std::string> join_url(const BaseUrl& base, const Request& request) {
  if (!request.path.starts_with('/') || !is_encoded_path(request.path)) {
    return fail(Category::internal, fmt::format("'{}' is not an encoded path", printable(request.path)));
  }
  return base.url + request.path + encode_query(request.query);
}

}  // namespace gk::http
