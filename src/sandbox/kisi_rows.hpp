#pragma once

#include "world.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gk_sandbox {

/// A new user as POST /users makes it (kisi-api 5).
struct NewUser {
  std::int64_t id = 0;
  std::string_view email;
  std::string_view name;
  std::string_view metadata = "{}";
  std::optional<std::string> notes = std::nullopt;
  std::optional<std::string> image = std::nullopt;
  bool access_enabled = true;
  bool password_flow_enabled = true;
  bool confirmed = true;
};

[[nodiscard]] KisiUser make_user(const World& world, const NewUser& user, Epoch now);

struct NewAssignment {
  std::int64_t id = 0;
  std::string_view role_id = "group_basic";
  std::string_view applies_to_type = "Group";
  std::int64_t applies_to_id = 0;
  std::string_view applies_to_name;
  const KisiUser* user = nullptr;
  bool notify = false;
  std::string_view created_by_type = "User";
  std::int64_t created_by_id = 0;
  std::optional<Epoch> valid_from;
  std::optional<Epoch> valid_until;
};

/// A role assignment with all the keys of kisi-api 7.1, the deprecated ones too.
[[nodiscard]] Assignment make_assignment(const NewAssignment& assignment, Epoch now);

/// The row with only the keys that older answers carried (kisi-api 7).
[[nodiscard]] std::string old_form(const Assignment& assignment);

struct NewUnlock {
  std::string uuid;
  std::string type = "lock.unlock";
  std::optional<std::int64_t> actor_id;
  std::string actor_type = "User";
  std::string actor_name;
  std::string actor_email;
  std::int64_t lock_id = 0;
  std::string lock_name;
  std::optional<std::int64_t> place_id;
  Epoch at = 0;
  bool success = true;
};

/// An event as event sets carry it (kisi-api 13.2).
[[nodiscard]] std::string make_unlock(const World& world, const NewUnlock& unlock);
/// The same event as a webhook delivers it (kisi-api 14.3).
[[nodiscard]] std::string webhook_body(const Value& event, bool with_email);

}  // namespace gk_sandbox
