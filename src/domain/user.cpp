#include "domain/user.hpp"

namespace gk {

std::optional<std::string> User::metadata_text(std::string_view key) const {
  const auto found = metadata.find(std::string(key));
  if (found == metadata.end()) return std::nullopt;
  const std::string& json = found->second;
  if (json.size() < 2 || json.front() != '"' || json.back() != '"') return std::nullopt;
  return json.substr(1, json.size() - 2);
}

std::optional<MemberId> marked_member(const User& user, const BranchId& branch) {
  if (user.metadata_text(k_metadata_branch) != branch.value()) return std::nullopt;
  const auto id = user.metadata_text(k_metadata_member);
  return id ? MemberId::parse(*id) : std::nullopt;
}

}  // namespace gk
