#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"
#include "domain/person.hpp"
#include "domain/window.hpp"

namespace gk {

enum class Assignee : std::uint8_t { user, team, guest, unknown };
enum class Creator : std::uint8_t { user, marketplace_installation, none, unknown };

/// The role that opens a group's doors (kisi-api 8).
inline constexpr std::string_view k_group_role = "group_basic";

/// One row of a Kisi group (kisi-api 7; the web UI says "access right").
struct RoleAssignment {
  RoleAssignmentId id;
  GroupId group;
  Assignee assignee = Assignee::unknown;
  Creator created_by = Creator::none;
  UserId user;     ///< 0 unless the assignee is a User
  UserId creator;  ///< 0 unless created by a User
  Email email;     ///< of the assignee; may be empty
  std::string name;
  std::string role;
  Validity validity;

  /// Whom the row lets in; nothing for teams, guests and users without a usable e-mail.
  [[nodiscard]] std::optional<PersonKey> person() const;
};

/// A Kisi group (kisi-api 9).
struct Group {
  GroupId id;
  std::string name;
  std::optional<PlaceId> place;  ///< nothing: organization-scoped, as it must be
  std::int64_t users_count = 0;
};

/// Whether the tool made the row: group_basic, of a User, created by the user behind our key, `self`
/// (contract 6).
[[nodiscard]] bool is_ours(const RoleAssignment& row, UserId self);

/// A sync command, by the rows of ours that it manages: sync-members those without an end,
/// sync-bookings those with one (contract 6).
enum class Scope { members, bookings };
[[nodiscard]] bool is_managed(const Validity& validity, Scope scope);

/// Whose a row is in the eyes of one command.
enum class Owner { ours, other_command, foreign };
[[nodiscard]] Owner owner_of(const RoleAssignment& row, UserId self, Scope scope);

}  // namespace gk
