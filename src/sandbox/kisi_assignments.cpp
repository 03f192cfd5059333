#include "kisi_api.hpp"

#include "kisi_rows.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

/// What a POST asks for, from the new keys or the old ones (kisi-api 7.2).
struct Wanted {
  std::string applies_to_type;
  std::string assignee_type;
  std::optional<std::int64_t> applies_to_id;
  std::optional<std::int64_t> assignee_id;
};

Wanted read_wanted(const Value& fields, const std::string& form) {
  Wanted wanted;
  if (form != "old") {
    wanted.applies_to_type = string_at(fields, "applies_to_type");
    wanted.applies_to_id = int_at(fields, "applies_to_id");
    wanted.assignee_type = string_at(fields, "assignee_type");
    wanted.assignee_id = int_at(fields, "assignee_id");
  }
  if (form != "new") {
    constexpr std::array<std::pair<const char*, const char*>, 3> k_targets{
        {{"group_id", "Group"}, {"place_id", "Place"}, {"organization_id", "Organization"}}};
    for (const auto& [key, type] : k_targets) {
      if (wanted.applies_to_type.empty() && int_at(fields, key)) {
        wanted.applies_to_type = type;
        wanted.applies_to_id = int_at(fields, key);
      }
    }
    if (wanted.assignee_type.empty() && int_at(fields, "user_id")) {
      wanted.assignee_type = "User";
      wanted.assignee_id = int_at(fields, "user_id");
    }
  }
  return wanted;
}

/// Reads one bound of a window; false when it is neither null nor a time.
bool read_bound(const Value& fields, const char* key, std::optional<Epoch>& target) {
  const Value* value = find(fields, key);
  if (value == nullptr) {
    return true;
  }
  target = parse_rfc3339(string_at(fields, key));
  return value->IsNull() || target;
}

void set_time(Document& row, const char* key, const std::optional<Epoch>& instant) {
  auto& allocator = row.GetAllocator();
  set_member(row, key, instant ? make_string(to_rfc3339(*instant), allocator) : Value(), allocator);
}

}  // namespace

Reply KisiApi::role_assignments(const Call& call, const std::vector<std::string>& path,
                                const ListTricks& tricks) {
  if (path.size() == 1) {
    if (call.method == "GET") {
      return list_assignments(call, tricks);
    }
    if (call.method == "POST") {
      return create_assignment(call);
    }
  } else {
    const std::int64_t id = id_of(path[1]);
    const auto found = world_.assignments.find(id);
    const Epoch now = clock_.now();
    const bool dropped = found != world_.assignments.end() && switches_.is("expired_rows", "dropped") &&
                         found->second.expired(now, end_inclusive());
    if (found == world_.assignments.end() || dropped) {
      return missing(Missing::person);
    }
    if (call.method == "GET") {
      return kisi_ok(switches_.is("role_row_form", "old") ? old_form(found->second) : found->second.row);
    }
    if (call.method == "PATCH" || call.method == "PUT") {
      return patch_assignment(id, call);
    }
    if (call.method == "DELETE") {
      world_.erase_assignment(id);
      return kisi_done();
    }
  }
  return kisi_error(404, "The endpoint does not exist, please check your request.", "000404");
}

Reply KisiApi::list_assignments(const Call& call, const ListTricks& tricks) {
  Page page = page_of(call, 10, 250);
  if (page.refusal) {
    return std::move(*page.refusal);
  }
  if ((call.parameter("assignee_id") && !call.parameter("assignee_type")) ||
      (call.parameter("applies_to_id") && !call.parameter("applies_to_type"))) {
    return kisi_error(400, "An id filter needs its type filter.", "fac403");
  }
  const Epoch now = clock_.now();
  const bool dropped = switches_.is("expired_rows", "dropped");
  std::string key =
      fmt::format("{}|{}|{}", dropped ? now : 0, switches_.get("extra_filters"), switches_.get("list_order"));
  for (const char* name : {"ids", "query", "role_id", "assignee_type", "assignee_id", "applies_to_type",
                           "applies_to_id", "sort", "scope", "user_id", "place_id", "group_id"}) {
    key += fmt::format("|{}={}", name, call.parameter(name).value_or("\x01"));
  }
  const bool single = call.parameter("assignee_id") || call.parameter("user_id");
  const auto view = single ? select_assignments(call, now)
                           : world_.assignment_views.get(key, world_.assignment_version, [this, &call, now] {
                               return select_assignments(call, now);
                             });
  const Slice slice = slice_of(view.size(), page.offset, page.limit, tricks);
  Reply reply;
  if (switches_.is("role_row_form", "old")) {
    reply.body = "[";
    for (std::size_t i = slice.begin; i < slice.end; ++i) {
      reply.body += (i == slice.begin ? "" : ",") + old_form(*view[i]);
    }
    reply.body += "]";
  } else {
    reply.body = join_rows(view, slice);
  }
  add_range(reply, page, slice);
  if (tricks.insert_row) {
    insert_foreign_row(call);
  }
  if (tricks.remove_row && !view.empty()) {
    world_.erase_assignment(view.front()->id);
  }
  return reply;
}

void KisiApi::insert_foreign_row(const Call& call) {
  const Epoch now = clock_.now();
  NewAssignment row;
  row.id = world_.next_assignment_id();
  row.applies_to_id =
      id_of(call.parameter("applies_to_id").value_or(std::to_string(world_.installation.group_id)));
  const auto group = world_.groups.find(row.applies_to_id);
  if (group == world_.groups.end()) {
    return;
  }
  const std::string group_name = string_at(*parse_json(group->second), "name");
  const std::int64_t user_id = world_.next_user_id();
  const std::string email = fmt::format("inserted.{}@example.com", user_id);
  world_.put_user(make_user(world_, NewUser{.id = user_id, .email = email, .name = " Inserted"}, now));
  row.applies_to_name = group_name;
  row.user = &world_.users.at(user_id);
  row.created_by_id = world_.installation.owner_id;
  world_.put_assignment(make_assignment(row, now));
}

ViewCache<Assignment>::View KisiApi::select_assignments(const Call& call, Epoch now) {
  const bool respected = switches_.is("extra_filters", "respected");
  const bool dropped = switches_.is("expired_rows", "dropped");
  const auto parameter = [&](const char* name) { return respected ? call.parameter(name) : std::nullopt; };
  auto user = parameter("user_id");
  if (!user && parameter("assignee_type").value_or("") == "User") {
    user = parameter("assignee_id");
  }
  ViewCache<Assignment>::View view;
  if (user) {
    view = world_.assignments_of(*user == "me" ? world_.installation.key_user_id : id_of(*user));
    std::sort(view.begin(), view.end(),
              [](const Assignment* a, const Assignment* b) { return a->id < b->id; });
  } else {
    for (const auto& [id, row] : world_.assignments) {
      view.push_back(&row);
    }
  }
  const auto role = parameter("role_id");
  const auto assignee_type = parameter("assignee_type");
  const auto assignee_id = parameter("assignee_id");
  const auto applies_to_type = parameter("applies_to_type");
  const auto applies_to_id = parameter("applies_to_id");
  const auto scope = parameter("scope");
  const auto group_id = parameter("group_id");
  const auto place_id = parameter("place_id");
  const auto query = parameter("query");
  const auto ids = parameter("ids");
  const auto wanted = parse_ids(ids.value_or(""));
  const std::string text = fold(query.value_or(""));
  const std::int64_t target = id_of(applies_to_id.value_or(""));
  const auto refused = [&](const Assignment* row) {
    return (dropped && row->expired(now, end_inclusive())) || (role && row->role_id != *role) ||
           (assignee_type && row->assignee_type != *assignee_type) ||
           (assignee_id && row->assignee_id != id_of(*assignee_id)) ||
           (applies_to_type && row->applies_to_type != *applies_to_type) ||
           (applies_to_id && row->applies_to_id != target) ||
           (scope && fold(row->applies_to_type) != *scope) ||
           (group_id && (row->applies_to_type != "Group" || row->applies_to_id != id_of(*group_id))) ||
           (place_id && (row->applies_to_type != "Place" || row->applies_to_id != id_of(*place_id))) ||
           (ids && std::find(wanted.begin(), wanted.end(), row->id) == wanted.end()) ||
           (query && fold(row->email + "\n" + row->user_name).find(text) == std::string::npos);
  };
  view.erase(std::remove_if(view.begin(), view.end(), refused), view.end());
  const std::string sort = call.parameter("sort").value_or("");
  if (sort == "user.name" || sort == "-user.name") {
    std::sort(view.begin(), view.end(), [](const Assignment* a, const Assignment* b) {
      return std::tie(a->user_name, a->id) < std::tie(b->user_name, b->id);
    });
  }
  if (sort == "-user.name" || (sort.empty() && switches_.is("list_order", "id_desc"))) {
    std::reverse(view.begin(), view.end());
  }
  return view;
}

Reply KisiApi::create_assignment(const Call& call) {
  Body body = body_of(call, "role_assignment");
  if (body.refusal) {
    return std::move(*body.refusal);
  }
  const Value& fields = *body.fields;
  const Wanted wanted = read_wanted(fields, switches_.get("role_post_form"));
  const std::string role_id = string_at(fields, "role_id");
  const std::array<std::pair<const char*, bool>, 5> required{
      {{"applies_to_type", wanted.applies_to_type.empty()},
       {"applies_to_id", !wanted.applies_to_id},
       {"assignee_type", wanted.assignee_type.empty()},
       {"assignee_id", !wanted.assignee_id},
       {"role_id", role_id.empty()}}};
  for (const auto& [key, absent] : required) {
    if (absent) {
      return kisi_invalid(key, "can't be blank");
    }
  }
  const bool known_role = std::any_of(world_.roles.begin(), world_.roles.end(), [&](const std::string& text) {
    const auto role = parse_json(text);
    return string_at(*role, "id") == role_id && string_at(*role, "applies_to") == wanted.applies_to_type;
  });
  if (!known_role) {
    return kisi_invalid("role_id", "is not included in the list");
  }
  const Table& places_and_groups = wanted.applies_to_type == "Group" ? world_.groups : world_.places;
  const auto target = places_and_groups.find(*wanted.applies_to_id);
  const auto user =
      wanted.assignee_type == "User" ? world_.users.find(*wanted.assignee_id) : world_.users.end();
  const bool organization = wanted.applies_to_type == "Organization" &&
                            *wanted.applies_to_id == world_.installation.organization_id;
  if ((target == places_and_groups.end() && !organization) || user == world_.users.end()) {
    return missing(Missing::person);
  }
  const std::string target_name =
      organization ? "Example Gym" : string_at(*parse_json(target->second), "name");
  NewAssignment row;
  if (!read_bound(fields, "valid_from", row.valid_from)) {
    return kisi_invalid("valid_from", "is invalid");
  }
  if (!read_bound(fields, "valid_until", row.valid_until)) {
    return kisi_invalid("valid_until", "is invalid");
  }
  if (row.valid_from && row.valid_until && *row.valid_until <= *row.valid_from) {
    return kisi_invalid("valid_until", "must be after valid_from");
  }
  const Value* notify = find(fields, "notify");
  if (notify != nullptr && !notify->IsBool()) {
    return kisi_invalid("notify", "is not a boolean");
  }
  const std::string duplicate = switches_.get("duplicate_assignment");
  for (const Assignment* other : world_.assignments_of(user->first)) {
    const bool same =
        other->applies_to_type == wanted.applies_to_type && other->applies_to_id == *wanted.applies_to_id;
    const bool same_window = other->valid_from == row.valid_from && other->valid_until == row.valid_until;
    if (!same || duplicate == "extra_row" || (duplicate == "extra_row_other_window" && !same_window)) {
      continue;
    }
    return duplicate == "unprocessable" ? kisi_invalid("assignee_id", "has already been taken")
                                        : kisi_error(409, "The record already exists.", "fac409");
  }
  row.id = world_.next_assignment_id();
  row.role_id = role_id;
  row.applies_to_type = wanted.applies_to_type;
  row.applies_to_id = *wanted.applies_to_id;
  row.applies_to_name = target_name;
  row.user = &user->second;
  row.notify = notify != nullptr ? notify->GetBool() : switches_.is("notify_default", "true");
  row.created_by_id = world_.installation.key_user_id;
  world_.put_assignment(make_assignment(row, clock_.now()));
  const Assignment& created = world_.assignments.at(row.id);
  return kisi_ok(switches_.is("role_row_form", "old") ? old_form(created) : created.row);
}

Reply KisiApi::patch_assignment(std::int64_t id, const Call& call) {
  Body body = body_of(call, "role_assignment");
  if (body.refusal) {
    return std::move(*body.refusal);
  }
  const Value& fields = *body.fields;
  const Assignment& old = world_.assignments.at(id);
  std::optional<Epoch> from = old.valid_from;
  std::optional<Epoch> until = old.valid_until;
  const bool window = find(fields, "valid_from") != nullptr || find(fields, "valid_until") != nullptr;
  const std::string policy = switches_.get("patch_window");
  if (window && policy == "refused") {
    return kisi_invalid("valid_until", "can't be changed");
  }
  if (!read_bound(fields, "valid_from", from)) {
    return kisi_invalid("valid_from", "is invalid");
  }
  if (!read_bound(fields, "valid_until", until)) {
    return kisi_invalid("valid_until", "is invalid");
  }
  if (from && until && *until <= *from) {
    return kisi_invalid("valid_until", "must be after valid_from");
  }
  auto row = parse_json(old.row);
  if (window && policy == "works" && old.applies_to_type == "Group") {
    set_time(*row, "valid_from", from);
    set_time(*row, "valid_until", until);
  }
  if (const auto notify = bool_at(fields, "notify")) {
    set_member(*row, "notify", Value(*notify), row->GetAllocator());
  }
  if (const std::string role = string_at(fields, "role_id"); !role.empty()) {
    set_member(*row, "role_id", role, row->GetAllocator());
  }
  set_member(*row, "updated_at", to_rfc3339(clock_.now()), row->GetAllocator());
  world_.put_assignment(*row);
  return kisi_done();
}

}  // namespace gk_sandbox
