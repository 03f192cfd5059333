#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"
#include "domain/person.hpp"
#include "domain/window.hpp"

namespace gk {

enum class Assignee { user, team, guest, unknown };
enum class Creator { user, marketplace_installation, none, unknown };

/// The role that opens a group's doors (kisi-api 8).
inline constexpr std::string_view k_group_role = "group_basic";

/// One row of a Kisi group (kisi-api 7; the web UI says "access right").
struct RoleAssignment {
  RoleAssignmentId id;
  GroupId group;
  Assignee assignee = Assignee::unknown;
  UserId user;        ///< 0 unless the assignee is a User
  std::string email;  ///< of the assignee as Kisi writes it; may be empty
  std::string name;
  std::string role;
  Creator created_by = Creator::none;
  UserId creator;  ///< 0 unless created by a User
  Validity validity;

  [[nodiscard]] std::optional<PersonKey> person() const { return PersonKey::from_email(email); }
};

/// A Kisi group (kisi-api 9).
struct Group {
  GroupId id;
  std::string name;
  std::optional<PlaceId> place;  ///< nothing: organization-scoped, as it must be
  std::int64_t users_count = 0;
};

/// Our keys in a Kisi user's metadata (contract 6, kisi-api 5.6).
inline constexpr std::string_view k_metadata_sync = "glofox_sync";
inline constexpr std::string_view k_metadata_member = "glofox_member_id";
inline constexpr std::string_view k_metadata_branch = "glofox_branch_id";
inline constexpr std::string_view k_metadata_version = "v1";

/// A Kisi user (kisi-api 5).
struct User {
  UserId id;
  std::string email;
  std::string name;
  std::map<std::string, std::string>
      metadata;  ///< value as JSON text, so that foreign values survive a merge unchanged
  /// A string value of ours, unquoted; nothing when absent or null.
  [[nodiscard]] std::optional<std::string> metadata_text(std::string_view key) const;
};

/// The user behind our API key (kisi-api 5.7).
struct Self {
  UserId id;
  std::string email;
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
