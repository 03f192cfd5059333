#include "state.hpp"

#include "text.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

template <class Rows, class Text>
void add_rows(JsonText& out, const char* name, const Rows& rows, const Text& text) {
  out.key(name).begin_array();
  for (const auto& row : rows) {
    out.raw(text(row));
  }
  out.end_array();
}

template <class Action>
void each(const Value& document, const char* name, const Action& action) {
  const Value* rows = find(document, name);
  if (rows == nullptr || !rows->IsArray()) {
    return;
  }
  for (const Value& row : rows->GetArray()) {
    action(row);
  }
}

void load_installation(Installation& installation, const Value& from) {
  const auto text = [&from](const char* key, std::string& target) {
    if (find(from, key) != nullptr) {
      target = string_at(from, key);
    }
  };
  text("kisi_key", installation.kisi_key);
  text("glofox_key", installation.glofox_key);
  text("glofox_token", installation.glofox_token);
  text("webhook_key", installation.webhook_key);
  text("namespace", installation.namespace_name);
  text("branch_id", installation.branch_id);
  const auto number = [&from](const char* key, std::int64_t& target) {
    target = int_at(from, key).value_or(target);
  };
  number("organization_id", installation.organization_id);
  number("owner_id", installation.owner_id);
  number("key_user_id", installation.key_user_id);
  number("group_id", installation.group_id);
  number("place_id", installation.place_id);
  if (const Value* scope = find(from, "scope"); scope != nullptr && scope->IsArray()) {
    installation.scope.clear();
    for (const Value& id : scope->GetArray()) {
      installation.scope.emplace_back(id.IsString() ? id.GetString() : "");
    }
  }
}

void dump_installation(JsonText& out, const Installation& installation) {
  out.key("installation")
      .begin_object()
      .field("kisi_key", installation.kisi_key)
      .field("glofox_key", installation.glofox_key);
  out.field("glofox_token", installation.glofox_token).field("webhook_key", installation.webhook_key);
  out.field("namespace", installation.namespace_name)
      .field("branch_id", installation.branch_id)
      .key("scope")
      .begin_array();
  for (const std::string& id : installation.scope) {
    out.value(id);
  }
  out.end_array()
      .field("organization_id", installation.organization_id)
      .field("owner_id", installation.owner_id);
  out.field("key_user_id", installation.key_user_id).field("group_id", installation.group_id);
  out.field("place_id", installation.place_id).end_object();
}

}  // namespace

std::string dump_state(const World& world, Epoch now) {
  const auto pair_row = [](const auto& item) -> const std::string& { return item.second.row; };
  const auto pair_text = [](const auto& item) -> const std::string& { return item.second; };
  const auto plain = [](const std::string& text) -> const std::string& { return text; };
  JsonText out;
  out.begin_object().field("format_version", 1).field("now", to_rfc3339(now));
  dump_installation(out, world.installation);
  add_rows(out, "branches", world.branches, pair_row);
  add_rows(out, "people", world.people, pair_row);
  add_rows(out, "memberships", world.memberships, plain);
  add_rows(out, "staff", world.staff, plain);
  add_rows(out, "events", world.events, pair_text);
  add_rows(out, "bookings", world.bookings, pair_row);
  out.key("credits").begin_array();
  for (const auto& [user, rows] : world.credits) {
    for (const std::string& row : rows) {
      out.raw(row);
    }
  }
  out.end_array();
  add_rows(out, "accesses", world.accesses, plain);
  out.raw_field("organization", world.organization);
  add_rows(out, "users", world.users, pair_row);
  add_rows(out, "role_assignments", world.assignments, pair_row);
  add_rows(out, "groups", world.groups, pair_text);
  add_rows(out, "places", world.places, pair_text);
  add_rows(out, "locks", world.locks, pair_text);
  add_rows(out, "group_locks", world.group_locks, pair_text);
  add_rows(out, "integrations", world.integrations, pair_text);
  add_rows(out, "logins", world.logins, pair_text);
  add_rows(out, "roles", world.roles, plain);
  add_rows(out, "unlocks", world.unlocks, plain);
  return out.end_object().text();
}

std::string load_state(World& world, const std::string& text) {
  const auto document = parse_json(text);
  if (!document || !document->IsObject()) {
    return "the state is not a JSON object";
  }
  world.clear();
  if (const Value* installation = find(*document, "installation")) {
    load_installation(world.installation, *installation);
  }
  each(*document, "branches", [&world](const Value& row) {
    const Value* address = find(row, "address");
    const std::string id = string_at(row, "_id");
    world.branches[id] =
        Branch{id, to_text(row), address != nullptr ? string_at(*address, "timezone_id") : "UTC"};
  });
  for (const std::string& id : world.installation.scope) {
    if (world.branches.count(id) == 0) {
      return fmt::format("branch {} is in the scope but not in branches", id);
    }
  }
  each(*document, "people", [&world](const Value& row) { world.put_person(row); });
  each(*document, "bookings", [&world](const Value& row) { world.put_booking(row); });
  each(*document, "events",
       [&world](const Value& row) { world.events[string_at(row, "_id")] = to_text(row); });
  each(*document, "credits",
       [&world](const Value& row) { world.credits[string_at(row, "user_id")].push_back(to_text(row)); });
  each(*document, "users", [&world](const Value& row) { world.put_user(row); });
  each(*document, "role_assignments", [&world](const Value& row) { world.put_assignment(row); });
  const std::pair<const char*, Table*> tables[] = {{"groups", &world.groups},
                                                   {"places", &world.places},
                                                   {"locks", &world.locks},
                                                   {"group_locks", &world.group_locks},
                                                   {"integrations", &world.integrations},
                                                   {"logins", &world.logins}};
  for (const auto& [name, table] : tables) {
    each(*document, name,
         [target = table](const Value& row) { (*target)[int_at(row, "id").value_or(0)] = to_text(row); });
  }
  const std::pair<const char*, std::vector<std::string>*> lists[] = {{"memberships", &world.memberships},
                                                                     {"staff", &world.staff},
                                                                     {"accesses", &world.accesses},
                                                                     {"roles", &world.roles},
                                                                     {"unlocks", &world.unlocks}};
  for (const auto& [name, list] : lists) {
    each(*document, name, [target = list](const Value& row) { target->push_back(to_text(row)); });
  }
  if (const Value* organization = find(*document, "organization")) {
    world.organization = to_text(*organization);
  }
  return {};
}

std::string compact_group(const World& world, std::int64_t group_id) {
  std::multiset<std::string> rows;
  for (const auto& [id, row] : world.assignments) {
    if (row.applies_to_type != "Group" || row.applies_to_id != group_id) {
      continue;
    }
    const auto time = [](const std::optional<Epoch>& instant) {
      return instant ? std::optional<std::string>(to_rfc3339(*instant)) : std::nullopt;
    };
    const bool ours = row.created_by_type == "User" && row.created_by_id == world.installation.key_user_id &&
                      row.role_id == "group_basic" && row.assignee_type == "User";
    JsonText out;
    out.begin_object().field("email", email_key(row.email)).field("valid_from", time(row.valid_from));
    out.field("valid_until", time(row.valid_until)).field("ours", ours).end_object();
    rows.insert(out.text());
  }
  return fmt::format("[{}]", fmt::join(rows, ",\n"));
}

std::string full_group(const World& world, std::int64_t group_id) {
  std::string body = "[";
  for (const auto& [id, row] : world.assignments) {
    if (row.applies_to_type == "Group" && row.applies_to_id == group_id) {
      body += (body.size() > 1 ? "," : "") + row.row;
    }
  }
  return body + "]";
}

}  // namespace gk_sandbox
