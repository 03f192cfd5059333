#include "kisi_api.hpp"

#include "text.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

constexpr std::size_t k_most_offset = 20000;  // kisi-api 3

bool is_deprecated(const std::string& resource, const std::string& policy) {
  if (policy == "none") {
    return false;
  }
  return resource == "members" || resource == "shares" || policy == "all";
}

}  // namespace

Reply kisi_error(int status, std::string_view text, std::string_view code) {
  JsonText out;
  out.begin_object().field("error", text).field("code", code).end_object();
  Reply reply;
  reply.status = status;
  reply.body = out.text();
  return reply;
}

Reply kisi_invalid(std::string_view field, std::string_view message) {
  JsonText out;
  out.begin_object()
      .key("errors")
      .begin_object()
      .key(field)
      .begin_array()
      .value(message)
      .end_array()
      .end_object()
      .end_object();
  Reply reply;
  reply.status = 422;
  reply.body = out.text();
  return reply;
}

Reply kisi_ok(std::string body) {
  Reply reply;
  reply.body = std::move(body);
  return reply;
}

Reply kisi_done() {
  Reply reply;
  reply.status = 204;
  return reply;
}

std::vector<std::int64_t> parse_ids(std::string_view text) {
  std::vector<std::int64_t> ids;
  for (const std::string& part : split(text, ',')) {
    if (const auto id = to_int(trim(part))) {
      ids.push_back(*id);
    }
  }
  return ids;
}

Reply KisiApi::answer(const Call& call, const ListTricks& tricks) {
  const std::scoped_lock lock(world_.mutex);
  const auto path = split(call.path, '/');
  if (!authorized(call)) {
    return kisi_error(401, "You need to sign in or sign up before continuing.", "afc496");
  }
  Reply reply = route(call, tricks);
  if (!path.empty() && is_deprecated(path.front(), switches_.get("deprecation"))) {
    reply.headers.emplace_back("Deprecation", to_http_date(1767225600));
    reply.headers.emplace_back("Sunset", to_http_date(1830297600));
  }
  return reply;
}

bool KisiApi::authorized(const Call& call) const {
  return call.header("Authorization") == "KISI-LOGIN " + world_.installation.kisi_key;
}

Reply KisiApi::route(const Call& call, const ListTricks& tricks) {
  const auto path = split(call.path, '/');
  const std::string resource = path.empty() ? "" : path.front();
  const bool get = call.method == "GET";
  using Handler = Reply (KisiApi::*)(const Call&, const std::vector<std::string>&, const ListTricks&);
  static const std::map<std::string_view, Handler> k_handlers = {
      {"users", &KisiApi::users},
      {"members", &KisiApi::members},
      {"role_assignments", &KisiApi::role_assignments},
      {"groups", &KisiApi::groups},
      {"group_locks", &KisiApi::group_locks},
      {"integrations", &KisiApi::integrations}};
  if (path.size() <= 2) {
    const auto handler = k_handlers.find(resource);
    if (handler != k_handlers.end()) {
      return (this->*handler->second)(call, path, tricks);
    }
    if (resource == "event_sets") {
      return event_sets(call, path);
    }
    if (resource == "roles" && get) {
      return roles(path);
    }
    if (resource == "places" && get) {
      return path.size() == 2 ? table_row(world_.places, path[1])
                              : table_list(
                                    call, tricks, world_.places, 50, [](const Value&) { return true; }, true);
    }
    if ((resource == "login" || resource == "logins") && get) {
      return logins(call, path, tricks);
    }
    if ((resource == "organization" || resource == "organizations") && get) {
      return organization(path);
    }
    if (resource == "user" && path.size() == 1 && get) {
      return who_am_i();
    }
    if (call.path == "/events/types" && get) {
      return kisi_ok(
          R"(["lock.unlock","elevator.permit","reader.access","lock.opened","lock.closed","lock.forced_open",)"
          R"("user.create","user.update","user.destroy","role_assignment.create","role_assignment.update",)"
          R"("role_assignment.destroy","group.update","integration.disable_due_to_error"])");
    }
    const bool always_empty = resource == "shares" || resource == "guests" ||
                              resource == "team_memberships" || resource == "group_links" ||
                              resource == "presences";
    if (always_empty && path.size() == 1 && get) {
      return table_list(
          call, tricks, Table(), 10, [](const Value&) { return true; }, false);
    }
  }
  if (resource == "locks") {
    return locks(call, path, tricks);
  }
  return kisi_error(404, "The endpoint does not exist, please check your request.", "000404");
}

KisiApi::Page KisiApi::page_of(const Call& call, std::size_t standard, std::size_t most) const {
  Page page;
  page.limit = standard;
  const bool clamp = switches_.is("over_limit", "clamp");
  const auto read = [&](const char* name, std::size_t least, std::size_t highest, std::size_t& target) {
    const auto text = call.parameter(name);
    if (!text) {
      return;
    }
    const auto number = to_int(*text);
    if (number && *number >= static_cast<std::int64_t>(least) &&
        *number <= static_cast<std::int64_t>(highest)) {
      target = static_cast<std::size_t>(*number);
    } else if (number && *number > 0 && clamp) {
      target = highest;
    } else {
      page.refusal = kisi_error(
          400, fmt::format("The parameter {} must be between {} and {}.", name, least, highest), "fac400");
    }
  };
  read("limit", 1, most, page.limit);
  read("offset", 0, k_most_offset, page.offset);
  return page;
}

void KisiApi::add_range(Reply& reply, const Page& page, const Slice& slice) const {
  if (switches_.is("range_header", "absent")) {
    return;
  }
  const bool past_end = static_cast<std::int64_t>(page.offset) >= slice.total;
  std::string range = fmt::format("{}-{}/{}", page.offset, page.offset + page.limit - 1, slice.total);
  if (slice.total <= 0 || (past_end && switches_.is("range_past_end", "star"))) {
    range = fmt::format("*/{}", std::max<std::int64_t>(slice.total, 0));
  }
  reply.headers.emplace_back("X-Collection-Range", range);
}

KisiApi::Body KisiApi::body_of(const Call& call, const char* wrapper) const {
  Body body;
  if (!call.has_json_type()) {
    body.refusal = kisi_error(400, "Content-Type must be application/json.", "fac415");
    return body;
  }
  body.document = parse_json(call.body);
  if (!body.document || !body.document->IsObject()) {
    body.refusal = kisi_error(400, "The request body is not valid JSON.", "fac401");
    return body;
  }
  body.fields = find(*body.document, wrapper);
  if (body.fields == nullptr || !body.fields->IsObject()) {
    body.refusal =
        kisi_error(400, fmt::format("param is missing or the value is empty: {}", wrapper), "fac402");
  }
  return body;
}

Reply KisiApi::missing(Missing what) const {
  const std::string policy = switches_.get("missing_id");
  const bool gone = policy == "404" || (policy == "mixed" && what == Missing::person);
  return gone ? kisi_error(404, "The requested resource could not be found.", "fac404")
              : kisi_error(403, "Access denied.", "fcd8ef");
}

std::int64_t KisiApi::id_of(const std::string& text) const { return to_int(text).value_or(0); }

Reply KisiApi::table_row(const Table& table, const std::string& id) const {
  const auto found = table.find(id_of(id));
  return found != table.end() ? kisi_ok(found->second) : missing(Missing::other);
}

Reply KisiApi::table_list(const Call& call, const ListTricks& tricks, const Table& table,
                          std::size_t standard, const std::function<bool(const Value&)>& keep,
                          bool sorted_by_name) const {
  Page page = page_of(call, standard, 250);
  if (page.refusal) {
    return std::move(*page.refusal);
  }
  const std::string query = fold(call.parameter("query").value_or(""));
  const auto ids = call.parameter("ids");
  const auto wanted = parse_ids(ids.value_or(""));
  std::vector<std::pair<std::string, const std::string*>> rows;
  for (const auto& [id, text] : table) {
    const auto row = parse_json(text);
    const bool listed = !ids || std::find(wanted.begin(), wanted.end(), id) != wanted.end();
    const std::string name = string_at(*row, "name");
    if (listed && keep(*row) && fold(name).find(query) != std::string::npos) {
      rows.emplace_back(name, &text);
    }
  }
  const std::string sort = call.parameter("sort").value_or("");
  if (sorted_by_name && (sort == "name" || sort == "-name")) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  if (sort == "-name" || (sort.empty() && switches_.is("list_order", "id_desc"))) {
    std::reverse(rows.begin(), rows.end());
  }
  const Slice slice = slice_of(rows.size(), page.offset, page.limit, tricks);
  std::string body = "[";
  for (std::size_t i = slice.begin; i < slice.end; ++i) {
    body += (i == slice.begin ? "" : ",") + *rows[i].second;
  }
  Reply reply = kisi_ok(body + "]");
  add_range(reply, page, slice);
  return reply;
}

}  // namespace gk_sandbox
