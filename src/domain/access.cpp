#include "domain/access.hpp"

namespace gk {

std::optional<std::string> User::metadata_text(std::string_view key) const {
  const auto found = metadata.find(std::string(key));
  if (found == metadata.end()) return std::nullopt;
  const std::string& json = found->second;
  if (json.size() < 2 || json.front() != '"' || json.back() != '"') return std::nullopt;
  return json.substr(1, json.size() - 2);
}

}  // namespace gk
