#include "kisi_api.hpp"

#include "text.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

const char* const k_no_endpoint = "The endpoint does not exist, please check your request.";

std::int64_t next_id(const Table& table, std::int64_t first) {
  return table.empty() ? first : table.rbegin()->first + 1;
}

}  // namespace

std::string KisiApi::group_row(const std::string& text) {
  auto row = parse_json(text);
  const std::int64_t id = int_at(*row, "id").value_or(0);
  const std::string policy = switches_.get("users_count");
  const Epoch now = clock_.now();
  std::set<std::int64_t> people;
  std::int64_t rows = 0;
  for (const auto& [assignment_id, assignment] : world_.assignments) {
    if (assignment.applies_to_type == "Group" && assignment.applies_to_id == id &&
        (policy != "current" || assignment.in_window(now, end_inclusive()))) {
      ++rows;
      people.insert(assignment.assignee_id);
    }
  }
  std::int64_t doors = 0;
  for (const auto& [link_id, link] : world_.group_locks) {
    doors += int_at(*parse_json(link), "group_id") == id ? 1 : 0;
  }
  const std::int64_t count = policy == "rows" ? rows : static_cast<std::int64_t>(people.size());
  for (const auto& [key, value] :
       {std::pair{"users_count", count}, {"members_count", count}, {"locks_count", doors}}) {
    // A wrong count that a test has set on purpose would be lost here, so a fixed one wins.
    const Value* fixed = find(*row, std::string("fixed_") + key);
    set_member(*row, key, fixed != nullptr ? Value(*fixed, row->GetAllocator()) : Value(value),
               row->GetAllocator());
  }
  remove_member(*row, "fixed_users_count");
  return to_text(*row);
}

Reply KisiApi::groups(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks) {
  if (path.size() == 2) {
    const std::int64_t id = id_of(path[1]);
    const auto found = world_.groups.find(id);
    if (found == world_.groups.end()) {
      return missing(Missing::other);
    }
    if (call.method == "GET") {
      return kisi_ok(group_row(found->second));
    }
    if (call.method == "DELETE") {
      world_.groups.erase(found);
      return kisi_done();
    }
    return write_group(call, id);
  }
  if (call.method == "POST") {
    return write_group(call, 0);
  }
  const std::string scope = call.parameter("scope").value_or("");
  const auto place = call.parameter("place_id");
  const auto lock = call.parameter("lock_id");
  Table rendered;
  for (const auto& [id, text] : world_.groups) {
    rendered.emplace(id, group_row(text));
  }
  const auto opens = [this, &lock](std::int64_t group) {
    return std::any_of(world_.group_locks.begin(), world_.group_locks.end(), [&](const auto& link) {
      const auto row = parse_json(link.second);
      return int_at(*row, "group_id") == group && int_at(*row, "lock_id") == id_of(*lock);
    });
  };
  const auto keep = [&](const Value& row) {
    const auto own_place = int_at(row, "place_id");
    return (scope.empty() || (scope == "organization") == !own_place) &&
           (!place || own_place == to_int(*place)) && (!lock || opens(int_at(row, "id").value_or(0)));
  };
  return table_list(call, tricks, rendered, 10, keep, true);
}

Reply KisiApi::write_group(const Call& call, std::int64_t id) {
  Body body = body_of(call, "group");
  if (body.refusal) {
    return std::move(*body.refusal);
  }
  if (id == 0 && trim(string_at(*body.fields, "name")).empty()) {
    return kisi_invalid("name", "can't be blank");
  }
  const bool created = id == 0;
  const std::string time = to_rfc3339(clock_.now());
  id = created ? next_id(world_.groups, 45600) : id;
  auto row = parse_json(created ? std::string("{}") : world_.groups.at(id));
  auto& allocator = row->GetAllocator();
  if (created) {
    row->CopyFrom(*parse_json(world_.groups.begin()->second), allocator);
    set_member(*row, "id", Value(id), allocator);
    set_member(*row, "description", Value(), allocator);
    set_member(*row, "place_id", Value(), allocator);
    set_member(*row, "created_at", time, allocator);
    remove_member(*row, "place");
  }
  for (const char* key : {"name", "description", "login_enabled", created ? "place_id" : "name"}) {
    if (const Value* value = find(*body.fields, key)) {
      set_member(*row, key, Value(*value, allocator), allocator);
    }
  }
  set_member(*row, "updated_at", time, allocator);
  world_.groups[id] = to_text(*row);
  return created ? kisi_ok(group_row(world_.groups.at(id))) : kisi_done();
}

Reply KisiApi::group_locks(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks) {
  if (path.size() == 2 && call.method == "GET") {
    return table_row(world_.group_locks, path[1]);
  }
  if (path.size() != 1 || call.method != "GET") {
    return kisi_error(403, "Access denied.", "fcd8ef");
  }
  const auto group = call.parameter("group_id");
  if (!group || !to_int(*group)) {
    return kisi_error(400, "param is missing or the value is empty: group_id", "fac402");
  }
  if (world_.groups.find(id_of(*group)) == world_.groups.end()) {
    return kisi_error(404, "The requested resource could not be found.", "fac404");
  }
  const auto lock = call.parameter("lock_id");
  return table_list(
      call, tricks, world_.group_locks, 10,
      [&](const Value& row) {
        return int_at(row, "group_id") == to_int(*group) &&
               (!lock || int_at(row, "lock_id") == to_int(*lock));
      },
      false);
}

Reply KisiApi::locks(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks) {
  if (path.size() == 3 && path[2] == "unlock" && call.method == "POST") {
    if (world_.locks.find(id_of(path[1])) == world_.locks.end()) {
      return missing(Missing::other);
    }
    return switches_.is("unlock_route", "works") ? kisi_ok(R"({"message":"Unlocked!"})")
                                                 : kisi_error(403, "Access denied.", "fcd8ef");
  }
  if (call.method != "GET" || path.size() > 2) {
    return kisi_error(404, k_no_endpoint, "000404");
  }
  if (path.size() == 2) {
    return table_row(world_.locks, path[1]);
  }
  const auto place = call.parameter("place_id");
  const auto flags_match = [&call](const Value& row) {
    for (const char* key : {"configured", "online", "unlocked", "locked_down"}) {
      const auto wanted = call.parameter(key);
      if (wanted && bool_at(row, key) != std::optional<bool>(*wanted == "true")) {
        return false;
      }
    }
    return true;
  };
  return table_list(
      call, tricks, world_.locks, 50,
      [&](const Value& row) {
        return (!place || int_at(row, "place_id") == to_int(*place)) && flags_match(row);
      },
      true);
}

Reply KisiApi::integrations(const Call& call, const std::vector<std::string>& path,
                            const ListTricks& tricks) {
  if (path.size() == 1 && call.method == "POST") {
    return write_integration(call, 0);
  }
  if (path.size() == 1) {
    const auto enabled = call.parameter("enabled");
    Table listed;
    for (const auto& [id, text] : world_.integrations) {
      auto row = parse_json(text);
      remove_member(*row, "url");
      remove_member(*row, "enabled_events");
      listed.emplace(id, to_text(*row));
    }
    return table_list(
        call, tricks, listed, 10,
        [&](const Value& row) {
          return !enabled || bool_at(row, "enabled") == std::optional<bool>(*enabled == "true");
        },
        false);
  }
  const auto found = world_.integrations.find(id_of(path[1]));
  if (found == world_.integrations.end()) {
    return missing(Missing::other);
  }
  if (call.method == "GET") {
    return kisi_ok(found->second);
  }
  if (call.method == "DELETE") {
    world_.integrations.erase(found);
    return kisi_done();
  }
  return write_integration(call, found->first);
}

Reply KisiApi::write_integration(const Call& call, std::int64_t id) {
  Body body = body_of(call, "integration");
  if (body.refusal) {
    return std::move(*body.refusal);
  }
  const Value& fields = *body.fields;
  const bool created = id == 0;
  const std::string time = to_rfc3339(clock_.now());
  if (created) {
    for (const char* key : {"name", "type", "url"}) {
      if (string_at(fields, key).empty()) {
        return kisi_invalid(key, "can't be blank");
      }
    }
    if (string_at(fields, "type") != "event_webhook") {
      return kisi_invalid("type", "is not included in the list");
    }
    id = next_id(world_.integrations, 31077);
    JsonText out;
    out.begin_object()
        .field("id", id)
        .field("resource_type", "Integration")
        .field("name", string_at(fields, "name"));
    out.field("type", "event_webhook").field("enabled", switches_.is("integration_enabled_default", "true"));
    out.field("disabled_due_to_error", false)
        .field("disabled_due_to_error_at", nullptr)
        .field("created_at", time);
    out.field("updated_at", time)
        .field("organization_id", world_.installation.organization_id)
        .raw_field(
            "organization",
            R"({"id":3981,"resource_type":"Organization","name":"Example Gym","domain":"example-gym"})");
    out.field("place_id", nullptr)
        .field("url", string_at(fields, "url"))
        .raw_field("enabled_events", R"(["lock.unlock"])")
        .end_object();
    world_.integrations[id] = out.text();
  }
  auto row = parse_json(world_.integrations.at(id));
  auto& allocator = row->GetAllocator();
  for (const char* key : {"name", "url", "enabled", "enabled_events"}) {
    if (const Value* value = find(fields, key)) {
      set_member(*row, key, Value(*value, allocator), allocator);
    }
  }
  if (const std::string key = string_at(fields, "signature_key"); !key.empty()) {
    world_.installation.webhook_key = key;
  }
  set_member(*row, "updated_at", time, allocator);
  world_.integrations[id] = to_text(*row);
  return created ? kisi_ok(world_.integrations.at(id)) : kisi_done();
}

Reply KisiApi::roles(const std::vector<std::string>& path) const {
  if (path.size() == 1) {
    return kisi_ok(fmt::format("[{}]", fmt::join(world_.roles, ",")));
  }
  for (const std::string& role : world_.roles) {
    if (string_at(*parse_json(role), "id") == path[1]) {
      return kisi_ok(role);
    }
  }
  return kisi_error(404, "The requested resource could not be found.", "fac404");
}

Reply KisiApi::logins(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks) {
  if (path.front() == "login") {
    return path.size() == 1 && !world_.logins.empty() ? kisi_ok(world_.logins.begin()->second)
                                                      : kisi_error(404, k_no_endpoint, "000404");
  }
  if (path.size() == 2) {
    return table_row(world_.logins, path[1]);
  }
  const std::string user = call.parameter("user_id").value_or("me");
  const std::int64_t id = user == "me" ? world_.installation.key_user_id : id_of(user);
  return table_list(
      call, tricks, world_.logins, 10, [id](const Value& row) { return int_at(row, "user_id") == id; },
      false);
}

Reply KisiApi::organization(const std::vector<std::string>& path) const {
  if (path.size() == 2 && path[1] == "dashboard" && path.front() == "organization") {
    JsonText out;
    out.begin_object()
        .field("apple_passes_count", 0)
        .field("cameras_count", 0)
        .field("users_count", world_.users.size());
    out.field("places_count", world_.places.size()).field("locks_count", world_.locks.size());
    out.field("groups_count", world_.groups.size()).field("members_count", world_.users.size()).end_object();
    return kisi_ok(out.text());
  }
  if (path.size() != 1) {
    return kisi_error(404, k_no_endpoint, "000404");
  }
  return kisi_ok(path.front() == "organizations" ? "[" + world_.organization + "]" : world_.organization);
}

Reply KisiApi::who_am_i() const {
  const Installation& installation = world_.installation;
  const auto found = world_.users.find(installation.key_user_id);
  JsonText out;
  out.begin_object().field("id", installation.key_user_id).field("resource_type", "User");
  out.field("name", found != world_.users.end() ? found->second.name : "Glofox Sync");
  out.field("email", found != world_.users.end() ? found->second.exact_email : "kisi-sync@example-gym.com");
  out.field("image", nullptr)
      .field("locale", "en")
      .field("notifications_unread_count", 0)
      .field("otp_required_for_login", false);
  out.field("otp_enabled_at", nullptr)
      .field("primary_login_exists", false)
      .field("created_at", "2025-11-02T10:00:00Z");
  out.field("updated_at", "2025-11-02T10:00:00Z")
      .field("announcements_last_seen_at", nullptr)
      .field("last_read_at", nullptr);
  out.field("notes", nullptr).field("organization_id", installation.organization_id);
  out.key("organization")
      .begin_object()
      .field("id", installation.organization_id)
      .field("resource_type", "Organization");
  out.field("name", "Example Gym").field("domain", "example-gym").end_object().end_object();
  return kisi_ok(out.text());
}

}  // namespace gk_sandbox
