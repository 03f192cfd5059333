#pragma once

#include <algorithm>
#include <string_view>

#include "domain/roster.hpp"

// What memberships are called where a test prints or compares them.
namespace gk {

inline std::string_view membership_type_name(MembershipType type) {
  if (type == MembershipType::none) return "none";
  const auto* found =
      std::ranges::find(k_membership_types, type, [](const auto& pair) { return pair.second; });
  return found == k_membership_types.end() ? "unknown" : found->first;
}

inline std::string_view membership_status_name(MembershipStatus status) {
  if (status == MembershipStatus::missing) return "missing";
  const auto* found =
      std::ranges::find(k_membership_statuses, status, [](const auto& pair) { return pair.second; });
  return found == k_membership_statuses.end() ? "unknown" : found->first;
}

}  // namespace gk
