#include "http/message.hpp"

#include "util/text.hpp"

namespace gk::http {

std::string_view method_name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::patch: return "PATCH";
    case Method::del: return "DELETE";
  }
  return "GET";
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  const std::string wanted = ascii_lower(name);
  for (const auto& entry : entries_) {
    if (entry.first.size() == wanted.size() && ascii_lower(entry.first) == wanted) return entry.second;
  }
  return std::nullopt;
}

}  // namespace gk::http
