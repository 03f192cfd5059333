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
  std::string time_zone;  ///< IANA name; empty when Kisi has none
  std::optional<UserId> owner;
  bool scim_enabled = false;
};

/// A role (kisi-api 8).
struct Role {
  std::string id;
  std::string name;
  std::string applies_to;             ///< "Organization", "Place" or "Group"
  std::set<std::string> permissions;  ///< those that are true
};

/// One role that the user behind the key holds, and on what.
struct OwnRole {
  Role role;
  std::string applies_to_type;
  std::int64_t applies_to_id = 0;
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
  std::string time_zone;  ///< IANA name; empty when Kisi has none
  std::int64_t organization = 0;
};

/// A login, such as the one behind the key (kisi-api 15.2).
struct Login {
  std::int64_t id = 0;
  std::string type;  ///< "api" or "device"
  std::string name;
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
  std::string url;                          ///< only of a single webhook
  std::vector<std::string> enabled_events;  ///< only of a single webhook
};

/// GET /organization/dashboard: counters.
struct Dashboard {
  std::int64_t users = 0;
  std::int64_t groups = 0;
  std::int64_t locks = 0;
  std::int64_t places = 0;
};

/// What a sync needs at organization level (kisi-api 18.1).
inline constexpr std::array<std::string_view, 9> k_needed_permissions{"users_read",
                                                                      "users_write",
                                                                      "role_assignments_read",
                                                                      "role_assignments_write",
                                                                      "groups_read",
                                                                      "group_locks_read",
                                                                      "locks_read",
                                                                      "places_read",
                                                                      "events_read"};

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
  /// With `url` and `enabled_events`.
  [[nodiscard]] Result<Webhook> read_webhook(std::int64_t id);
  [[nodiscard]] Result<Dashboard> read_dashboard();

 private:
  [[nodiscard]] Result<json::Document> read(std::string_view what, std::string path, std::string endpoint);
  [[nodiscard]] Result<void> read_list(std::string_view what, std::string path,
                                       std::vector<http::Param> filters,
                                       const std::function<void(json::View)>& on_row);

  Api& api_;
  std::function<Result<Self>()> self_;
};

}  // namespace gk::kisi
