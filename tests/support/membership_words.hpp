#pragma once

#include <string_view>

#include "domain/roster.hpp"

// What memberships are called where a test prints or compares them.
namespace gk {

inline std::string_view membership_type_name(MembershipType type) {
  switch (type) {
    case MembershipType::none:
      return "none";
    case MembershipType::time:
      return "time";
    case MembershipType::time_classes:
      return "time_classes";
    case MembershipType::num_classes:
      return "num_classes";
    case MembershipType::payg:
      return "payg";
    case MembershipType::unknown:
      return "unknown";
  }
  return "unknown";
}

inline std::string_view membership_status_name(MembershipStatus status) {
  switch (status) {
    case MembershipStatus::missing:
      return "missing";
    case MembershipStatus::future:
      return "FUTURE";
    case MembershipStatus::active:
      return "ACTIVE";
    case MembershipStatus::locked:
      return "LOCKED";
    case MembershipStatus::paused:
      return "PAUSED";
    case MembershipStatus::cancelled:
      return "CANCELLED";
    case MembershipStatus::expired:
      return "EXPIRED";
    case MembershipStatus::unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace gk
