#include "kisi_api.hpp"

#include "kisi_rows.hpp"
#include "text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

/// The difference between a user id and the member id of the deprecated route (kisi-api 6).
constexpr std::int64_t k_member_shift = 7000000;

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find_first_of(" \t\r\n,;<>") == std::string_view::npos && text.size() <= 254;
}

/// Why a metadata map is refused (kisi-api 5.6); empty when it is fine.
std::string metadata_fault(const Value& metadata) {
  if (!metadata.IsObject()) {
    return "must be a flat map";
  }
  if (metadata.MemberCount() > 50) {
    return "has more than 50 keys";
  }
  for (const auto& member : metadata.GetObject()) {
    if (member.name.GetStringLength() > 50) {
      return "has a key that is too long";
    }
    if (member.value.IsObject() || member.value.IsArray()) {
      return "must not be nested";
    }
    if (member.value.IsString() && member.value.GetStringLength() > 500) {
      return "has a value that is too long";
    }
  }
  return {};
}

/// Checks of the keys that create and update share.
std::optional<Reply> field_fault(const Value& fields) {
  for (const char* key : {"access_enabled", "password_flow_enabled", "send_emails", "confirm"}) {
    const Value* value = find(fields, key);
    if (value != nullptr && !value->IsBool()) {
      return kisi_invalid(key, "is not a boolean");
    }
  }
  for (const char* key : {"name", "notes", "image", "email"}) {
    const Value* value = find(fields, key);
    if (value != nullptr && !value->IsString() && !value->IsNull()) {
      return kisi_invalid(key, "is not a string");
    }
  }
  const Value* metadata = find(fields, "metadata");
  const std::string fault = metadata != nullptr ? metadata_fault(*metadata) : std::string();
  return fault.empty() ? std::nullopt : std::optional<Reply>(kisi_invalid("metadata", fault));
}

std::string member_row(const KisiUser& user) {
  auto row = parse_json(user.row);
  auto& allocator = row->GetAllocator();
  Value embedded(rapidjson::kObjectType);
  set_member(embedded, "id", Value(user.id), allocator);
  set_member(embedded, "email", user.exact_email, allocator);
  set_member(embedded, "name", user.name, allocator);
  set_member(embedded, "otp_required_for_login", Value(false), allocator);
  set_member(*row, "id", Value(user.id - k_member_shift), allocator);
  set_member(*row, "resource_type", "Member", allocator);
  set_member(*row, "role_id", Value(), allocator);
  set_member(*row, "user_id", Value(user.id), allocator);
  set_member(*row, "user", std::move(embedded), allocator);
  set_member(*row, "place_id", Value(), allocator);
  set_member(*row, "shares_count", Value(0), allocator);
  return to_text(*row);
}

}  // namespace

Reply KisiApi::users(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks) {
  if (path.size() == 1) {
    if (call.method == "GET") {
      return list_users(call, tricks);
    }
    if (call.method == "POST") {
      return create_user(call, "user");
    }
  } else {
    const std::int64_t id = id_of(path[1]);
    const auto found = world_.users.find(id);
    if (found == world_.users.end()) {
      return missing(Missing::person);
    }
    if (call.method == "GET") {
      return kisi_ok(found->second.row);
    }
    if (call.method == "PATCH" || call.method == "PUT") {
      return patch_user(id, call, "user");
    }
    if (call.method == "DELETE") {
      return delete_user(id);
    }
  }
  return kisi_error(404, "The endpoint does not exist, please check your request.", "000404");
}

Reply KisiApi::list_users(const Call& call, const ListTricks& tricks) {
  Page page = page_of(call, 50, 100);
  if (page.refusal) {
    return std::move(*page.refusal);
  }
  std::string key = fmt::format(
      "{}|{}|{}|{}", switches_.get("email_filter"), newest_visible_user(), switches_.get("list_order"),
      world_.assignment_version * (call.parameter("group_id") || call.parameter("place_id") ? 1U : 0U));
  for (const char* name : {"ids", "email", "query", "group_id", "place_id", "user_id", "sort"}) {
    key += fmt::format("|{}={}", name, call.parameter(name).value_or("\x01"));
  }
  const bool single = call.parameter("email") || call.parameter("ids");
  const auto view =
      single ? select_users(call)
             : world_.user_views.get(key, world_.user_version, [this, &call] { return select_users(call); });
  const Slice slice = slice_of(view.size(), page.offset, page.limit, tricks);
  Reply reply = kisi_ok(join_rows(view, slice));
  add_range(reply, page, slice);
  if (tricks.insert_row) {
    const std::int64_t id = world_.next_user_id();
    const std::string email = fmt::format("inserted.{}@example.com", id);
    world_.put_user(make_user(world_, NewUser{.id = id, .email = email, .name = " Inserted"}, clock_.now()));
  }
  if (tricks.remove_row && !view.empty()) {
    remove_first_user(*view.front());
  }
  return reply;
}

void KisiApi::remove_first_user(const KisiUser& user) { world_.erase_user(user.id); }

std::int64_t KisiApi::newest_visible_user() const {
  const auto lag = static_cast<std::size_t>(switches_.number("search_lag"));
  if (lag >= world_.users.size()) {
    return 0;
  }
  return std::next(world_.users.rbegin(), static_cast<std::ptrdiff_t>(lag))->first;
}

ViewCache<KisiUser>::View KisiApi::select_users(const Call& call) {
  const auto email = call.parameter("email");
  const std::string filter = switches_.get("email_filter");
  const std::int64_t newest = newest_visible_user();
  ViewCache<KisiUser>::View view;
  if (email && filter == "exact") {
    view = world_.users_with_email(email_key(*email));
  } else if (const auto ids = call.parameter("ids")) {
    for (const std::int64_t id : parse_ids(*ids)) {
      const auto found = world_.users.find(id);
      if (found != world_.users.end()) {
        view.push_back(&found->second);
      }
    }
  } else {
    for (const auto& [id, user] : world_.users) {
      view.push_back(&user);
    }
  }
  const auto keep = [&view](const auto& condition) {
    view.erase(std::remove_if(view.begin(), view.end(),
                              [&condition](const KisiUser* user) { return !condition(*user); }),
               view.end());
  };
  if (email) {
    const std::string folded = email_key(*email);
    keep([&](const KisiUser& user) {
      const bool matches = filter == "ignored" ||
                           (filter == "case_sensitive" && user.exact_email == *email) ||
                           (filter == "exact" && user.email == folded) ||
                           (filter == "prefix" && user.email.starts_with(folded));
      return matches && user.id <= newest;
    });
  }
  if (const auto query = call.parameter("query")) {
    const std::string folded = fold(*query);
    keep([&](const KisiUser& user) {
      return user.id <= newest && user.search_text.find(folded) != std::string::npos;
    });
  }
  if (const auto user_id = call.parameter("user_id")) {
    const std::int64_t id = *user_id == "me" ? world_.installation.key_user_id : id_of(*user_id);
    keep([id](const KisiUser& user) { return user.id == id; });
  }
  const auto group = call.parameter("group_id");
  if (group || call.parameter("place_id")) {
    const bool current = switches_.is("users_group_filter", "current");
    const Epoch now = clock_.now();
    keep([&](const KisiUser& user) {
      const auto rows = world_.assignments_of(user.id);
      return std::any_of(rows.begin(), rows.end(), [&](const Assignment* row) {
        return row->applies_to_type == "Group" && (!group || row->applies_to_id == id_of(*group)) &&
               (!current || row->in_window(now, end_inclusive()));
      });
    });
  }
  const std::string sort = call.parameter("sort").value_or("");
  if (sort == "name" || sort == "-name") {
    std::sort(view.begin(), view.end(), [](const KisiUser* a, const KisiUser* b) {
      return std::tie(a->name, a->id) < std::tie(b->name, b->id);
    });
  } else {
    std::sort(view.begin(), view.end(), [](const KisiUser* a, const KisiUser* b) { return a->id < b->id; });
  }
  if (sort.starts_with('-') || (sort.empty() && switches_.is("list_order", "id_desc"))) {
    std::reverse(view.begin(), view.end());
  }
  return view;
}

Reply KisiApi::create_user(const Call& call, const char* wrapper) {
  Body body = body_of(call, wrapper);
  if (body.refusal) {
    return std::move(*body.refusal);
  }
  const Value& fields = *body.fields;
  if (auto fault = field_fault(fields)) {
    return std::move(*fault);
  }
  const std::string email = string_at(fields, "email");
  if (!is_email(email)) {
    return kisi_invalid("email", "can't be blank or invalid");
  }
  if (!world_.users_with_email(email_key(email)).empty()) {
    return switches_.is("duplicate_email", "422") ? kisi_invalid("email", "has already been taken")
                                                  : kisi_error(409, "The record already exists.", "fac409");
  }
  const auto text = [&fields](const char* key) {
    const Value* value = find(fields, key);
    return value != nullptr && value->IsString() ? std::optional<std::string>(string_at(fields, key))
                                                 : std::nullopt;
  };
  const std::string name = trim(string_at(fields, "name")).empty() ? email : string_at(fields, "name");
  const Value* metadata = find(fields, "metadata");
  const std::string metadata_text = metadata != nullptr ? to_text(*metadata) : "{}";
  NewUser user;
  user.id = world_.next_user_id();
  user.email = email;
  user.name = name;
  user.metadata = metadata_text;
  user.notes = text("notes");
  user.image = text("image");
  user.access_enabled =
      bool_at(fields, "access_enabled").value_or(switches_.is("access_enabled_default", "true"));
  user.password_flow_enabled = bool_at(fields, "password_flow_enabled").value_or(true);
  user.confirmed = bool_at(fields, "confirm").value_or(false);
  world_.put_user(make_user(world_, user, clock_.now()));
  const KisiUser& created = world_.users.at(user.id);
  return kisi_ok(std::string_view(wrapper) == "member" ? member_row(created) : created.row);
}

Reply KisiApi::patch_user(std::int64_t id, const Call& call, const char* wrapper) {
  Body body = body_of(call, wrapper);
  if (body.refusal) {
    return std::move(*body.refusal);
  }
  if (auto fault = field_fault(*body.fields)) {
    return std::move(*fault);
  }
  const bool new_email = find(*body.fields, "email") != nullptr;
  if (new_email && switches_.is("patch_email", "refused")) {
    return kisi_invalid("email", "can't be changed");
  }
  auto row = parse_json(world_.users.at(id).row);
  auto& allocator = row->GetAllocator();
  for (const char* key :
       {"name", "image", "access_enabled", "password_flow_enabled", "notes", "metadata", "email"}) {
    const Value* value = find(*body.fields, key);
    if (value == nullptr || (std::string_view(key) == "email" && !switches_.is("patch_email", "works"))) {
      continue;
    }
    if (std::string_view(key) == "metadata" && switches_.is("metadata_patch", "merge")) {
      merge_patch((*row)["metadata"], *value, allocator);
    } else {
      set_member(*row, key, Value(*value, allocator), allocator);
    }
  }
  set_member(*row, "updated_at", to_rfc3339(clock_.now()), allocator);
  const KisiUser& user = world_.put_user(*row);
  for (const Assignment* assignment : world_.assignments_of(id)) {
    auto embedded = parse_json(assignment->row);
    for (const char* key : {"assignee", "user"}) {
      set_member((*embedded)[key], "name", user.name, embedded->GetAllocator());
      set_member((*embedded)[key], "email", user.exact_email, embedded->GetAllocator());
    }
    world_.put_assignment(*embedded);
  }
  return kisi_done();
}

Reply KisiApi::delete_user(std::int64_t id) {
  if (id == world_.installation.owner_id) {
    return kisi_invalid("base", "the owner cannot be deleted");
  }
  world_.erase_user(id);
  if (switches_.is("creator_deleted", "null")) {
    std::vector<std::string> rows;
    for (const auto& [row_id, assignment] : world_.assignments) {
      if (assignment.created_by_type == "User" && assignment.created_by_id == id) {
        rows.push_back(assignment.row);
      }
    }
    for (const std::string& text : rows) {
      auto row = parse_json(text);
      for (const char* key : {"created_by_type", "created_by_id", "issued_by_id"}) {
        set_member(*row, key, Value(), row->GetAllocator());
      }
      world_.put_assignment(*row);
    }
  }
  return kisi_done();
}

Reply KisiApi::members(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks) {
  if (path.size() == 1 && call.method == "POST") {
    return create_user(call, "member");
  }
  if (path.size() == 1 && call.method == "GET") {
    Reply reply = list_users(call, tricks);
    const auto rows = parse_json(reply.body);
    if (reply.status == 200 && rows) {
      std::string body = "[";
      for (const Value& row : rows->GetArray()) {
        body += (body.size() > 1 ? "," : "") + member_row(world_.users.at(int_at(row, "id").value_or(0)));
      }
      reply.body = body + "]";
    }
    return reply;
  }
  const std::int64_t id = path.size() == 2 ? id_of(path[1]) + k_member_shift : 0;
  const auto found = world_.users.find(id);
  if (found == world_.users.end()) {
    return missing(Missing::person);
  }
  if (call.method == "GET") {
    return kisi_ok(member_row(found->second));
  }
  return call.method == "DELETE" ? delete_user(id) : patch_user(id, call, "member");
}

}  // namespace gk_sandbox
