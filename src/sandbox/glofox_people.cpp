#include "glofox_api.hpp"

#include "text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

/// What the list shows where memberships are thin (glofox-api 4.3).
std::string thin_row(const std::string& text) {
  auto row = parse_json(text);
  const Value* membership = find(*row, "membership");
  if (membership != nullptr && membership->IsObject()) {
    Value thin(rapidjson::kObjectType);
    for (const char* key : {"type", "start_date", "user_membership_id"}) {
      if (const Value* value = find(*membership, key)) {
        set_member(thin, key, Value(*value, row->GetAllocator()), row->GetAllocator());
      }
    }
    set_member(*row, "membership", std::move(thin), row->GetAllocator());
  }
  return to_text(*row);
}

bool passes_active(const std::string& wanted, bool active) {
  return wanted == "any" || (wanted == "false") == !active;
}

std::size_t scrambled(const std::string& id) { return std::hash<std::string>()(id); }

}  // namespace

Reply GlofoxApi::list_members(const Call& call, const ListTricks& tricks) {
  Page page = page_of(call, tricks);
  if (page.refusal) {
    return std::move(*page.refusal);
  }
  const std::string branch = branch_of(call);
  std::string key = branch + switches_.get("member_order") + switches_.get("visitors");
  for (const char* name :
       {"active", "utc_modified_start_date", "utc_modified_end_date", "home_only", "lead_status", "phone"}) {
    key += fmt::format("|{}={}", name, call.parameter(name).value_or("\x01"));
  }
  const auto& view =
      world_.people_views.get(key, world_.people_version, [&] { return select_members(call, branch); });
  const Slice slice = slice_of(view.size(), page.offset(), page.limit, tricks);
  std::string rows;
  if (switches_.is("list_thin_membership", "yes")) {
    rows = "[";
    for (std::size_t i = slice.begin; i < slice.end; ++i) {
      rows += (i == slice.begin ? "" : ",") + thin_row(view[i]->row);
    }
    rows += "]";
  } else {
    rows = join_rows(view, slice);
  }
  Reply reply = style_a(rows, page, slice);
  const std::string first = view.empty() ? "" : view.front()->id;
  if (tricks.insert_row) {
    const Epoch now = clock_.now();
    const std::string id = world_.next_object_id(now);
    const auto row = parse_json(fmt::format(
        R"({{"_id":"{0}","branch_id":"{1}","origin_branch_id":"{1}","namespace":"{2}","first_name":"New","last_name":"Lead","name":"New Lead",)"
        R"("email":"lead.{0}@example.com","type":"member","active":true,"lead_status":"LEAD","membership":{{"type":"payg","status":"ACTIVE"}},)"
        R"("created":{3},"modified":{3}}})",
        id, branch, world_.installation.namespace_name, now));
    world_.put_person(*row);
  }
  if (tricks.remove_row && !first.empty()) {
    world_.erase_person(first);
  }
  return reply;
}

ViewCache<Person>::View GlofoxApi::select_members(const Call& call, const std::string& branch) {
  const std::string active = call.parameter("active").value_or("true");
  const auto from = to_int(call.parameter("utc_modified_start_date").value_or(""));
  const auto until = to_int(call.parameter("utc_modified_end_date").value_or(""));
  const bool home_only = call.parameter("home_only").value_or("false") == "true";
  const bool visitors = switches_.is("visitors", "included");
  const auto phone = call.parameter("phone");
  const auto lead_status = call.parameter("lead_status");
  ViewCache<Person>::View view;
  for (const auto& [id, person] : world_.people) {
    const bool here = home_only ? person.origin_branch == branch
                                : person.branch == branch && (visitors || person.origin_branch.empty() ||
                                                              person.origin_branch == branch);
    if (!here || !passes_active(active, person.active) || (from && person.modified < *from) ||
        (until && person.modified > *until)) {
      continue;
    }
    if (phone || lead_status) {
      const auto row = parse_json(person.row);
      if ((phone && string_at(*row, "phone") != *phone) ||
          (lead_status && string_at(*row, "lead_status") != *lead_status)) {
        continue;
      }
    }
    view.push_back(&person);
  }
  const std::string order = switches_.get("member_order");
  const auto sort = [&view](const auto& before) {
    std::sort(view.begin(), view.end(), [&before](const Person* a, const Person* b) {
      const auto left = before(*a);
      const auto right = before(*b);
      return left != right ? left > right : a->id < b->id;
    });
  };
  if (order == "created_desc") {
    sort([](const Person& person) { return person.created; });
  } else if (order == "modified_desc") {
    sort([](const Person& person) { return person.modified; });
  } else if (order == "shuffled") {
    sort([](const Person& person) { return scrambled(person.id); });
  }
  return view;
}

Reply GlofoxApi::show_member(const std::string& id) const {
  const auto found = world_.people.find(id);
  const std::string policy = switches_.get("deleted_member");
  if (found == world_.people.end() || (!found->second.active && policy != "row")) {
    constexpr auto k_text = "Resource not available, empty result cant be processed";
    return policy == "404" ? glofox_error(404, "Member not found", "MEMBER_NOT_FOUND")
                           : glofox_error(200, k_text, k_text);
  }
  return single(found->second.row);
}

Reply GlofoxApi::branch_users(const Call& call, const ListTricks& tricks) const {
  Page page = page_of(call, tricks);
  if (page.refusal) {
    return std::move(*page.refusal);
  }
  const std::string branch = branch_of(call);
  std::vector<std::string> rows;
  if (const auto email = call.parameter("filters[email]")) {
    for (const Person* person : world_.people_with_email(email_key(*email))) {
      if (person->branch == branch && person->active) {
        rows.push_back(person->row);
      }
    }
  } else {
    for (const auto& [id, person] : world_.people) {
      if (person.branch == branch && person.active) {
        rows.push_back(person.row);
      }
    }
  }
  return style_a(rows, page, tricks);
}

Reply GlofoxApi::search_members(const Call& call, const ListTricks& tricks) const {
  const auto v3_error = [](int status, const char* code, const char* text) {
    Reply reply = glofox_ok(fmt::format(R"({{"code":"{}","message":"{}"}})", code, text));
    reply.status = status;
    return reply;
  };
  if (switches_.is("v3_search", "401")) {
    return v3_error(401, "UNAUTHORIZED", "Unauthorized");
  }
  const auto body = call.has_json_type() ? parse_json(call.body) : std::nullopt;
  const std::string email = body ? string_at(*body, "email") : "";
  if (email.empty()) {
    return v3_error(400, "INVALID_REQUEST", "Invalid request");
  }
  const Page page = page_of_body(*body, tricks);
  std::vector<std::string> rows;
  for (const Person* person : world_.people_with_email(email_key(email))) {
    JsonText out;
    out.begin_object().field("id", person->id).field("namespace", world_.installation.namespace_name);
    out.field("email", string_at(*parse_json(person->row), "email")).field("type", "MEMBER").end_object();
    rows.push_back(out.text());
  }
  return style_a(rows, page, tricks);
}

Reply GlofoxApi::linked_accounts(const std::string& id) const {
  std::string rows;
  for (const auto& [person_id, person] : world_.people) {
    if (person.parent == id) {
      rows += (rows.empty() ? "" : ",") + person.row;
    }
  }
  return glofox_ok(R"({"success":true,"data":[)" + rows + "]}");
}

Reply GlofoxApi::list_staff(const Call& call, const ListTricks& tricks) const {
  Page page = page_of(call, tricks);
  if (page.refusal) {
    return std::move(*page.refusal);
  }
  const auto type = call.parameter("type");
  std::vector<std::string> rows;
  for (const std::string& text : world_.staff) {
    const auto row = parse_json(text);
    const bool active = bool_at(*row, "active").value_or(true);
    if ((!type || string_at(*row, "type") == *type) &&
        passes_active(call.parameter("active").value_or("true"), active)) {
      rows.push_back(text);
    }
  }
  return style_a(rows, page, tricks);
}

Reply GlofoxApi::list_memberships(const Call& call, const ListTricks& tricks) const {
  Page page = page_of(call, tricks);
  if (page.refusal) {
    return std::move(*page.refusal);
  }
  const std::string wanted = call.parameter("private").value_or("false");
  std::vector<std::string> rows;
  for (const std::string& text : world_.memberships) {
    const bool hidden = bool_at(*parse_json(text), "private").value_or(false);
    if (wanted == "any" || (wanted == "true") == hidden) {
      rows.push_back(text);
    }
  }
  return style_a(rows, page, tricks);
}

Reply GlofoxApi::list_locations(const Call& call, const ListTricks& tricks) const {
  const auto body = parse_json(call.body.empty() ? "{}" : call.body);
  const Value nothing(rapidjson::kObjectType);
  const Value* fields = &nothing;
  if (body && body->IsObject()) {
    fields = &*body;
  }
  const Page page = page_of_body(*fields, tricks);
  std::vector<std::string> rows;
  for (const std::string& id : world_.installation.scope) {
    const auto branch = parse_json(world_.branches.at(id).row);
    JsonText out;
    out.begin_object()
        .field("id", id)
        .field("name", string_at(*branch, "name"))
        .field("namespace", string_at(*branch, "namespace"));
    if (const Value* address = find(*branch, "address")) {
      out.field("address", *address);
    }
    rows.push_back(out.end_object().text());
  }
  const Slice slice = slice_of(rows.size(), page.offset(), page.limit, tricks);
  if (switches_.is("locations_data", "object") && slice.end > slice.begin) {
    return style_a(rows[slice.begin], page, slice, R"(,"model":"location")");
  }
  return style_a(rows, page, tricks, R"(,"model":"location")");
}

Reply GlofoxApi::list_credits(const Call& call, const ListTricks& tricks) const {
  const std::string user = call.parameter("user_id").value_or("");
  if (!is_object_id(user)) {
    return glofox_error(400, "The user_id is required", "USER_ID_REQUIRED");
  }
  const Page page = page_of(call, tricks);
  const auto found = world_.credits.find(user);
  const std::vector<std::string> rows =
      found != world_.credits.end() ? found->second : std::vector<std::string>();
  std::int64_t value = 0;
  for (const std::string& row : rows) {
    value += int_at(*parse_json(row), "available").value_or(0);
  }
  return style_a(rows, page, tricks, fmt::format(R"(,"total_value":{})", value));
}

}  // namespace gk_sandbox
