#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"
#include "domain/person.hpp"

namespace gk {

/// Our keys in a Kisi user's metadata (contract 6, kisi-api 5.6).
inline constexpr std::string_view k_metadata_sync = "glofox_sync";
inline constexpr std::string_view k_metadata_member = "glofox_member_id";
inline constexpr std::string_view k_metadata_branch = "glofox_branch_id";
inline constexpr std::string_view k_metadata_version = "v1";

/// A Kisi user (kisi-api 5).
struct User {
  UserId id;
  Email email;
  std::string name;
  std::map<std::string, std::string>
      metadata;  ///< value as JSON text, so that foreign values survive a merge unchanged
  /// A string value of ours, unquoted; nothing when absent or null.
  [[nodiscard]] std::optional<std::string> metadata_text(std::string_view key) const;
};

/// The member of that location whom our mark on the user names (contract 6).
[[nodiscard]] std::optional<MemberId> marked_member(const User& user, const BranchId& branch);

/// The user behind our API key (kisi-api 5.7).
struct Self {
  UserId id;
  Email email;
  std::int64_t organization = 0;
  std::string organization_name;
};

/// A user to be created (kisi-api 5.2).
struct NewUser {
  PersonKey person;
  std::string name;
  bool send_emails = true;
  MemberId member;
  BranchId branch;
};

}  // namespace gk
