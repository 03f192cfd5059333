#include "control_api.hpp"

#include "kisi_rows.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/hmac.h>

namespace gk_sandbox {

namespace {

std::string hmac_hex(const std::string& key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += fmt::format("{:02x}", digest.at(i));
  }
  return hex;
}

/// An instant given as a number or as RFC 3339.
std::optional<Epoch> instant_at(const Value& body, const char* key) {
  const auto number = int_at(body, key);
  return number ? number : parse_rfc3339(string_at(body, key));
}

/// A new row: the defaults, with the given fields over them.
Document over(const std::string& defaults, const Value& fields) {
  Document row;
  row.CopyFrom(*parse_json(defaults), row.GetAllocator());
  merge_patch(row, fields, row.GetAllocator());
  return row;
}

}  // namespace

Reply ControlApi::people(const Call& call, const std::vector<std::string>& path, const Value& body) {
  const Epoch now = clock_.now();
  if (call.method == "POST" && path.size() == 1) {
    const std::string id = find(body, "_id") != nullptr ? string_at(body, "_id") : world_.next_object_id(now);
    const Document row = over(
        fmt::format(
            R"({{"_id":"{0}","branch_id":"{1}","origin_branch_id":"{1}","namespace":"{2}","first_name":"New",)"
            R"("last_name":"Person","name":"New Person","email":"new.{0}@example.com","type":"member",)"
            R"("active":true,"membership":{{"type":"payg","status":"ACTIVE"}},"created":{3},"modified":{3}}})",
            id, world_.installation.branch_id, world_.installation.namespace_name, now),
        body);
    const Person* person = world_.put_person(row);
    return person != nullptr ? control_ok(person->row) : control_refusal(400, "_id must be a string");
  }
  if (path.size() != 2) {
    return control_refusal(404, "no such control route");
  }
  // An e-mail works as well as an id; the first match is taken.
  std::string id = path[1];
  if (const auto matches = world_.people_with_email(email_key(id));
      id.find('@') != std::string::npos && !matches.empty()) {
    id = matches.front()->id;
  }
  const auto found = world_.people.find(id);
  if (found == world_.people.end()) {
    return control_refusal(404, "no such person");
  }
  if (call.method == "DELETE") {
    world_.erase_person(id);
    return control_ok("{}");
  }
  if (call.method == "PATCH") {
    auto row = parse_json(found->second.row);
    set_member(*row, "modified", Value(now), row->GetAllocator());
    merge_patch(*row, body, row->GetAllocator());
    return control_ok(world_.put_person(*row)->row);
  }
  return control_ok(found->second.row);
}

Reply ControlApi::bookings(const Call& call, const std::vector<std::string>& path, const Value& body) {
  const Epoch now = clock_.now();
  if (call.method == "POST" && path.size() == 1) {
    const std::string id = find(body, "_id") != nullptr ? string_at(body, "_id") : world_.next_object_id(now);
    const Zone& zone = world_.zone_of(world_.installation.branch_id);
    Document row = over(
        fmt::format(
            R"({{"_id":"{}","namespace":"{}","branch_id":"{}","user_id":"","user_name":"","type":"events","program_id":null,)"
            R"("event_id":null,"event_name":"Class","model":"events","model_id":null,"model_name":"Class","guest_bookings":0,)"
            R"("status":"BOOKED","attended":false,"paid":false,"time_start":"{}","time_finish":"{}","created":"{}","modified":"{}",)"
            R"("is_from_waiting_list":false,"is_late_cancellation":false,"is_first":false,"batch_id":null,"metadata":{{}}}})",
            id, world_.installation.namespace_name, world_.installation.branch_id, zone.to_wall(now + k_hour),
            zone.to_wall(now + 2 * k_hour), to_utc_text(now), to_utc_text(now)),
        Value(rapidjson::kObjectType));
    return patch_booking(row, body);
  }
  const auto found = path.size() == 2 ? world_.bookings.find(path[1]) : world_.bookings.end();
  if (found == world_.bookings.end()) {
    return control_refusal(404, "no such booking");
  }
  if (call.method == "DELETE") {
    world_.erase_booking(path[1]);
    return control_ok("{}");
  }
  if (call.method == "PATCH") {
    auto row = parse_json(found->second.row);
    set_member(*row, "modified", to_utc_text(now), row->GetAllocator());
    return patch_booking(*row, body);
  }
  return control_ok(found->second.row);
}

/// Times may be given as the branch's wall clock, as RFC 3339, or as epoch seconds.
Reply ControlApi::patch_booking(Document& row, const Value& body) {
  merge_patch(row, body, row.GetAllocator());
  const auto branch = world_.branches.find(string_at(row, "branch_id"));
  if (branch == world_.branches.end()) {
    return control_refusal(400, "branch_id is unknown");
  }
  const Zone& zone = world_.zone_of(branch->first);
  for (const char* key : {"time_start", "time_finish"}) {
    const Value* given = find(body, key);
    const bool wall =
        given != nullptr && given->IsString() && string_at(body, key).find(' ') != std::string::npos;
    const auto instant = given != nullptr && !wall ? instant_at(body, key) : std::nullopt;
    if (instant) {
      set_member(row, key, zone.to_wall(*instant), row.GetAllocator());
    }
  }
  const Booking* booking = world_.put_booking(row);
  return booking != nullptr ? control_ok(booking->row) : control_refusal(400, "_id must be a string");
}

Reply ControlApi::kisi(const Call& call, const std::vector<std::string>& path, const Value& body) {
  const std::string& what = path[1];
  const std::int64_t id = path.size() > 2 ? to_int(path[2]).value_or(0) : 0;
  if (what == "role_assignments" && call.method == "POST") {
    return add_role_assignment(body);
  }
  if (what == "role_assignments" && call.method == "DELETE") {
    return world_.erase_assignment(id) ? control_ok("{}") : control_refusal(404, "no such role assignment");
  }
  if (what == "users" && call.method == "POST") {
    const std::string email = string_at(body, "email");
    if (email.empty()) {
      return control_refusal(400, "email is required");
    }
    const std::string name = find(body, "name") != nullptr ? string_at(body, "name") : email;
    const Value* metadata = find(body, "metadata");
    const std::string text = metadata != nullptr ? to_text(*metadata) : "{}";
    NewUser user;
    user.id = int_at(body, "id").value_or(world_.next_user_id());
    user.email = email;
    user.name = name;
    user.metadata = text;
    world_.put_user(make_user(world_, user, clock_.now()));
    return control_ok(world_.users.at(user.id).row);
  }
  if (what == "users" && call.method == "DELETE") {
    world_.erase_user(id);
    return control_ok("{}");
  }
  const std::array<std::pair<const char*, Table*>, 6> tables{{{"groups", &world_.groups},
                                                              {"places", &world_.places},
                                                              {"locks", &world_.locks},
                                                              {"group_locks", &world_.group_locks},
                                                              {"integrations", &world_.integrations},
                                                              {"logins", &world_.logins}}};
  const auto table =
      std::find_if(tables.begin(), tables.end(), [&what](const auto& one) { return one.first == what; });
  if (table == tables.end() || table->second->count(id) == 0) {
    return control_refusal(404, "no such row");
  }
  if (call.method == "DELETE") {
    table->second->erase(id);
    return control_ok("{}");
  }
  auto row = parse_json(table->second->at(id));
  // Merges deeply, but null is a value in these rows: place_id null makes a group organization-scoped.
  for (const auto& member : body.GetObject()) {
    set_member(*row, member.name.GetString(), Value(member.value, row->GetAllocator()), row->GetAllocator());
  }
  table->second->at(id) = to_text(*row);
  return control_ok(table->second->at(id));
}

/// `email` or `user_id`, `group_id`, `created_by_type`, `created_by_id`, `role_id`, `valid_from`,
/// `valid_until`; creates the user if there is none.
Reply ControlApi::add_role_assignment(const Value& body) {
  const Epoch now = clock_.now();
  std::int64_t user_id = int_at(body, "user_id").value_or(0);
  const std::string email = string_at(body, "email");
  if (user_id == 0 && !email.empty()) {
    const auto matches = world_.users_with_email(email_key(email));
    user_id = matches.empty() ? world_.next_user_id() : matches.front()->id;
    if (matches.empty()) {
      world_.put_user(make_user(world_, NewUser{.id = user_id, .email = email, .name = email}, now));
    }
  }
  const auto user = world_.users.find(user_id);
  NewAssignment row;
  row.applies_to_id = int_at(body, "group_id").value_or(world_.installation.group_id);
  const auto group = world_.groups.find(row.applies_to_id);
  if (user == world_.users.end() || group == world_.groups.end()) {
    return control_refusal(400, "email or user_id, and a known group_id, are required");
  }
  const std::string group_name = string_at(*parse_json(group->second), "name");
  const std::string role = find(body, "role_id") != nullptr ? string_at(body, "role_id") : "group_basic";
  const std::string creator =
      find(body, "created_by_type") != nullptr ? string_at(body, "created_by_type") : "User";
  row.id = int_at(body, "id").value_or(world_.next_assignment_id());
  row.role_id = role;
  row.applies_to_name = group_name;
  row.user = &user->second;
  row.created_by_type = creator;
  const bool nobody = find(body, "created_by_id") != nullptr && find(body, "created_by_id")->IsNull();
  row.created_by_id = nobody ? 0 : int_at(body, "created_by_id").value_or(world_.installation.key_user_id);
  row.valid_from = instant_at(body, "valid_from");
  row.valid_until = instant_at(body, "valid_until");
  world_.put_assignment(make_assignment(row, now));
  return control_ok(world_.assignments.at(row.id).row);
}

/// `email` or `actor_id`, `lock_id`, `at`, `success`, `type`, `uuid`, `actor_type`; answers the event and its
/// signed webhook.
Reply ControlApi::add_unlock(const Value& body) {
  NewUnlock unlock;
  unlock.at = instant_at(body, "at").value_or(clock_.now());
  unlock.success = bool_at(body, "success").value_or(true);
  unlock.actor_type = find(body, "actor_type") != nullptr ? string_at(body, "actor_type") : "User";
  unlock.type = find(body, "type") != nullptr ? string_at(body, "type") : "lock.unlock";
  unlock.actor_id = int_at(body, "actor_id");
  if (const std::string email = string_at(body, "email"); !email.empty()) {
    const auto matches = world_.users_with_email(email_key(email));
    if (matches.empty()) {
      return control_refusal(400, "no user has this email");
    }
    unlock.actor_id = matches.front()->id;
  }
  if (const auto user = world_.users.find(unlock.actor_id.value_or(0)); user != world_.users.end()) {
    unlock.actor_name = user->second.name;
    unlock.actor_email = user->second.exact_email;
  }
  unlock.lock_id = int_at(body, "lock_id").value_or(world_.locks.empty() ? 0 : world_.locks.begin()->first);
  if (const auto lock = world_.locks.find(unlock.lock_id); lock != world_.locks.end()) {
    const auto row = parse_json(lock->second);
    unlock.lock_name = string_at(*row, "name");
    unlock.place_id = int_at(*row, "place_id");
  }
  const std::size_t number = world_.unlocks.size() + 1;
  unlock.uuid = find(body, "uuid") != nullptr ? string_at(body, "uuid")
                                              : fmt::format("{:08x}-7c0e-4b57-9d1c-{:012x}",
                                                            (number * 2654435761U) & 0xffffffffU, number);
  world_.unlocks.push_back(make_unlock(world_, unlock));
  const auto event = parse_json(world_.unlocks.back());
  const std::string webhook = webhook_body(*event, switches_.is("webhook_email", "yes"));
  const std::string digest = hmac_hex(world_.installation.webhook_key, webhook);
  JsonText out;
  out.begin_object()
      .raw_field("event", world_.unlocks.back())
      .key("webhook")
      .begin_object()
      .field("body", webhook);
  out.field("signature", (switches_.is("signature_form", "bare") ? "" : "sha256=") + digest);
  return control_ok(out.field("key", world_.installation.webhook_key).end_object().end_object().text());
}

}  // namespace gk_sandbox
