#pragma once

#include "checks/facts.hpp"
#include "checks/report.hpp"

/// The checks of the Kisi account behind the key (kisi-api 18.1). Pure.
namespace gk::app {

/// The key works; says whose it is and of which organization.
[[nodiscard]] Finding check_key(const KisiFacts& facts);
/// The login behind the key does not lapse.
[[nodiscard]] Finding check_key_expiry(const KisiFacts& facts);
/// No person works with the key's user: what they add to the group would look like ours.
[[nodiscard]] Finding check_key_dedicated(const KisiFacts& facts);
/// The user's roles in the organization allow what a sync does.
[[nodiscard]] Finding check_permissions(const KisiFacts& facts);
/// The role that opens a group's doors exists.
[[nodiscard]] Finding check_group_role(const KisiFacts& facts);
/// Kisi can list all users.
[[nodiscard]] Finding check_users(const KisiFacts& facts);

}  // namespace gk::app
