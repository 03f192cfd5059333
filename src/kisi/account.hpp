#pragma once

#include "domain/ids.hpp"
#include "domain/row.hpp"
#include "domain/user.hpp"
#include "kisi/api.hpp"
#include "util/result.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gk::kisi {

/// GET /organization (kisi-api 15.1).
struct Organization {
  std::int64_t id = 0;
  std::string name;
  std::optional<UserId> owner;
};

/// A role (kisi-api 8).
struct Role {
  std::string id;
  std::string applies_to;             ///< "Organization", "Place" or "Group"
  std::set<std::string> permissions;  ///< those that are true
};

/// One role that the user behind the key holds.
struct OwnRole {
  Role role;
  bool organization_wide = false;  ///< else in one place or group
};

/// One door that a group opens (kisi-api 12).
struct GroupLock {
  LockId lock;
  std::string name;
  PlaceId place;
};

/// A place (kisi-api 10).
struct Place {
  PlaceId id;
  std::string name;
  std::int64_t organization = 0;
};

/// A login, such as the one behind the key (kisi-api 15.2).
struct Login {
  std::int64_t id = 0;
  std::string type;  ///< "api" or "device"
  bool expires = true;
  UserId user;
};

/// What Kisi calls an integration: a webhook, or another connection of the organization (kisi-api 14).
struct Webhook {
  std::int64_t id = 0;
  std::string name;
  std::string type;  ///< "event_webhook" is ours
  bool enabled = false;
  bool disabled_due_to_error = false;
  std::vector<std::string> enabled_events;  ///< only of a single webhook
};

/// What a sync needs at organization level (kisi-api 18.1).
inline constexpr auto k_needed_permissions = std::to_array<std::string_view>(
    {"users_read", "users_write", "role_assignments_read", "role_assignments_write", "groups_read",
     "group_locks_read", "locks_read", "places_read", "events_read"});

/// The organization around the group, for the checks of validate-config. Errors as of KisiClient; lists are
/// whole or an error.
class Account {
 public:
  /// `self` gives the user behind the key.
  Account(Api& api, std::function<Result<Self>()> self) : api_(api), self_(std::move(self)) {}

  [[nodiscard]] Result<Organization> read_organization();
  /// not_found: no such role.
  [[nodiscard]] Result<Role> read_role(std::string_view id);
  /// Every role of the user behind the key; the owner of an organization may have none (kisi-api 18.1). One
  /// request, and one per different role.
  [[nodiscard]] Result<std::vector<OwnRole>> read_own_roles();
  [[nodiscard]] Result<std::vector<GroupLock>> read_group_locks(GroupId group);
  [[nodiscard]] Result<Place> read_place(PlaceId id);
  /// The login behind the key.
  [[nodiscard]] Result<Login> read_login();
  [[nodiscard]] Result<std::vector<Login>> read_logins_of_me();
  [[nodiscard]] Result<std::vector<Webhook>> read_webhooks();
  /// With `enabled_events`.
  [[nodiscard]] Result<Webhook> read_webhook(std::int64_t id);
  /// How many users the organization has.
  [[nodiscard]] Result<std::int64_t> read_user_count();

 private:
  [[nodiscard]] Result<json::Document> read(std::string_view what, std::string path, std::string endpoint);
  [[nodiscard]] Result<void> read_list(std::string_view what, std::string path,
                                       std::vector<http::Param> filters,
                                       const std::function<void(json::View)>& on_row);

  Api& api_;
  std::function<Result<Self>()> self_;
};

}  // namespace gk::kisi
