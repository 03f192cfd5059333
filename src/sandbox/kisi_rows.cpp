#include "kisi_rows.hpp"

#include "text.hpp"

#include <array>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

std::optional<std::string> time_text(const std::optional<Epoch>& instant) {
  return instant ? std::optional<std::string>(to_rfc3339(*instant)) : std::nullopt;
}

}  // namespace

KisiUser make_user(const World& world, const NewUser& user, Epoch now) {
  const std::string time = to_rfc3339(now);
  JsonText out;
  out.begin_object()
      .field("id", user.id)
      .field("resource_type", "User")
      .field("name", user.name)
      .field("email", user.email);
  out.field("created_at", time)
      .field("updated_at", time)
      .raw_field("metadata", user.metadata)
      .field("image", user.image);
  out.field("otp_required_for_login", false).field("password_flow_enabled", user.password_flow_enabled);
  out.field("access_enabled", user.access_enabled)
      .field("last_accessed_at", nullptr)
      .field("scim_access_enabled", true);
  out.field("notes", user.notes).field("organization_id", world.installation.organization_id);
  out.field("confirmed", user.confirmed).field("groups_count", 0).end_object();
  KisiUser row;
  row.id = user.id;
  row.row = out.text();
  row.exact_email = user.email;
  row.email = email_key(user.email);
  row.name = user.name;
  row.search_text = fold(row.email + "\n" + row.name + "\n" + user.notes.value_or(""));
  return row;
}

Assignment make_assignment(const NewAssignment& one, Epoch now) {
  const std::string time = to_rfc3339(now);
  const bool group = one.applies_to_type == "Group";
  const std::string scope = fold(one.applies_to_type);
  const bool by_user = one.created_by_type == "User" && one.created_by_id != 0;
  const auto created_by =
      one.created_by_id != 0 ? std::optional<std::int64_t>(one.created_by_id) : std::nullopt;
  const auto named = [](std::string_view type, std::int64_t id, std::string_view name) {
    JsonText object;
    object.begin_object().field("id", id).field("resource_type", type).field("name", name).end_object();
    return object.text();
  };
  const std::string target = named(one.applies_to_type, one.applies_to_id, one.applies_to_name);
  JsonText user;
  user.begin_object()
      .field("id", one.user->id)
      .field("resource_type", "User")
      .field("email", one.user->exact_email);
  user.field("name", one.user->name).end_object();

  JsonText out;
  out.begin_object().field("id", one.id).field("resource_type", "RoleAssignment").field("created_at", time);
  out.field("updated_at", time).field("role_id", one.role_id).field("notify", one.notify);
  out.field("applies_to_type", one.applies_to_type)
      .field("applies_to_id", one.applies_to_id)
      .raw_field("applies_to", target);
  out.field("assignee_type", "User").field("assignee_id", one.user->id).raw_field("assignee", user.text());
  out.field("created_by_type",
            created_by ? std::optional<std::string_view>(one.created_by_type) : std::nullopt);
  out.field("created_by_id", created_by).field("user_id", one.user->id).raw_field("user", user.text());
  out.field("assignee_team_id", nullptr).field("guest_id", nullptr);
  out.field("issued_by_id", by_user ? created_by : std::nullopt).field("type", scope).field("scope", scope);
  out.field(scope + "_id", one.applies_to_id).raw_field(scope, target);
  if (group) {
    out.field("valid_from", time_text(one.valid_from)).field("valid_until", time_text(one.valid_until));
  }
  out.end_object();

  Assignment row;
  row.id = one.id;
  row.row = out.text();
  row.role_id = one.role_id;
  row.assignee_type = "User";
  row.assignee_id = one.user->id;
  row.email = one.user->exact_email;
  row.user_name = one.user->name;
  row.applies_to_type = one.applies_to_type;
  row.applies_to_id = one.applies_to_id;
  row.created_by_type = created_by ? one.created_by_type : "";
  row.created_by_id = one.created_by_id;
  row.valid_from = group ? one.valid_from : std::nullopt;
  row.valid_until = group ? one.valid_until : std::nullopt;
  return row;
}

std::string old_form(const Assignment& assignment) {
  auto row = parse_json(assignment.row);
  for (const char* key :
       {"applies_to_type", "applies_to_id", "applies_to", "assignee_type", "assignee_id", "assignee"}) {
    remove_member(*row, key);
  }
  return to_text(*row);
}

std::string make_unlock(const World& world, const NewUnlock& unlock) {
  const auto text = [](const std::string& value) {
    return value.empty() ? std::nullopt : std::optional<std::string>(value);
  };
  const auto dot = unlock.type.find('.');
  JsonText out;
  out.begin_object().field("uuid", unlock.uuid).field("type", unlock.type);
  out.field("actor_type", unlock.actor_id ? text(unlock.actor_type) : std::nullopt)
      .field("actor_id", unlock.actor_id);
  out.field("actor_name", text(unlock.actor_name)).field("actor_email", text(unlock.actor_email));
  out.field("authenticated_by_type", "Login").field("authenticated_by_id", 880031);
  out.field("authorized_by_type", nullptr)
      .field("authorized_by_id", nullptr)
      .field("authorized_by_role_id", "group_basic");
  out.field("object_type", "Lock").field("object_id", unlock.lock_id).field("object_name", unlock.lock_name);
  out.field("action", dot == std::string::npos ? unlock.type : unlock.type.substr(dot + 1));
  out.field("created_at", to_rfc3339(unlock.at));
  out.field("message", fmt::format("{} unlocked {}", unlock.actor_name, unlock.lock_name))
      .field("success", unlock.success);
  out.field("code", unlock.success ? std::nullopt : std::optional<std::string>("fcd8ef"));
  out.field("sequence", unlock.uuid.substr(0, 6))
      .field("organization_id", world.installation.organization_id);
  out.field("place_id", unlock.place_id);
  out.field("error_code", unlock.success ? std::nullopt : std::optional<std::string>("fcd8ef"));
  out.field("error_message", unlock.success ? std::nullopt : std::optional<std::string>("Access denied."));
  out.raw_field("details", "{}").raw_field("via", "{}").end_object();
  return out.text();
}

std::string webhook_body(const Value& event, bool with_email) {
  constexpr std::array k_keys{"uuid",        "type",       "actor_type",    "actor_id",        "actor_name",
                              "object_type", "object_id",  "object_name",   "organization_id", "place_id",
                              "success",     "error_code", "error_message", "created_at"};
  JsonText out;
  out.begin_object();
  for (const char* key : k_keys) {
    if (const Value* value = find(event, key)) {
      out.field(key, *value);
    }
  }
  if (with_email) {
    out.field("actor_email", string_at(event, "actor_email"));
  }
  out.end_object();
  return out.text();
}

}  // namespace gk_sandbox
