#include "glofox_api.hpp"

#include "text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

constexpr std::size_t k_most_rows = 100;  // glofox-api 2

std::optional<std::string> branch_in_path(const std::vector<std::string>& path) {
  return path.size() >= 3 && path[1] == "branches" ? std::optional<std::string>(path[2]) : std::nullopt;
}

}  // namespace

Reply glofox_ok(std::string body) {
  Reply reply;
  reply.body = std::move(body);
  return reply;
}

Reply glofox_error(int status, std::string_view text, std::string_view code) {
  JsonText out;
  out.begin_object().field("success", false).field("message", text).field("message_code", code);
  out.raw_field("message_data", "[]").raw_field("errors", "[]").end_object();
  Reply reply;
  reply.status = status;
  reply.body = out.text();
  return reply;
}

Reply GlofoxApi::answer(const Call& call, const ListTricks& tricks) {
  const std::scoped_lock lock(world_.mutex);
  const auto parts = split(call.path, '/');
  if (parts.empty() || parts.front() != "prod") {
    Reply gateway;
    gateway.status = 403;
    gateway.body = R"({"message":"Missing Authentication Token"})";
    return gateway;
  }
  const std::vector<std::string> path(parts.begin() + 1, parts.end());
  if (auto refused = refuse(call, path)) {
    return std::move(*refused);
  }
  return route(call, path, tricks);
}

Reply GlofoxApi::refusal(int status, std::string_view text, std::string_view code) const {
  Reply reply = glofox_error(switches_.is("auth_error", "success_false") ? 200 : status, text, code);
  if (switches_.is("auth_body", "empty")) {
    reply.body.clear();
  } else if (switches_.is("auth_body", "html")) {
    reply.body = "<html><body><h1>Forbidden</h1></body></html>";
    reply.content_type = "text/html";
  }
  return reply;
}

std::optional<Reply> GlofoxApi::refuse(const Call& call, const std::vector<std::string>& path) const {
  const Installation& installation = world_.installation;
  if (call.header("x-api-key") != installation.glofox_key) {
    Reply gateway;
    gateway.status = 403;
    gateway.body = R"({"message":"Forbidden"})";
    return gateway;
  }
  if (call.header("x-glofox-api-token") != installation.glofox_token) {
    return refusal(401, "Unauthorized", "UNAUTHORIZED");
  }
  const std::string branch = branch_of(call);
  const bool in_scope =
      std::find(installation.scope.begin(), installation.scope.end(), branch) != installation.scope.end();
  if (!in_scope) {
    return refusal(403, "You are not allowed to access this branch", "FORBIDDEN");
  }
  const auto named = branch_in_path(path);
  if (named && !is_object_id(*named)) {
    return wrong_url();
  }
  if (named && *named != branch) {
    return refusal(403, "You are not allowed to access this branch", "FORBIDDEN");
  }
  return std::nullopt;
}

Reply GlofoxApi::wrong_url() const {
  Reply reply = glofox_error(switches_.is("unknown_path", "404") ? 404 : 200, "Route not found", "WRONG_URL");
  return reply;
}

Reply GlofoxApi::route(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks) {
  const auto is = [&](const char* method, std::initializer_list<const char*> pattern) {
    return call.method == method && path.size() == pattern.size() &&
           std::equal(path.begin(), path.end(), pattern.begin(),
                      [](const std::string& part, const char* wanted) {
                        return std::string_view(wanted) == "*" ? is_object_id(part) : part == wanted;
                      });
  };
  if (is("GET", {"2.0", "members"})) {
    return list_members(call, tricks);
  }
  if (is("GET", {"2.0", "members", "*"})) {
    return show_member(path[2]);
  }
  if (is("GET", {"2.1", "branches", "*", "users"})) {
    return branch_users(call, tricks);
  }
  if (is("POST", {"v3.0", "namespaces", "members", "retrieve"})) {
    return search_members(call, tricks);
  }
  if (is("GET", {"2.2", "users", "*", "linked-accounts"})) {
    return linked_accounts(path[2]);
  }
  if (is("GET", {"2.0", "staff"})) {
    return list_staff(call, tricks);
  }
  if (is("GET", {"2.0", "memberships"})) {
    return list_memberships(call, tricks);
  }
  if (is("GET", {"2.2", "branches", "*", "bookings"})) {
    return branch_bookings(call, path[2], tricks);
  }
  if (is("GET", {"2.0", "bookings"})) {
    return person_bookings(call, tricks);
  }
  if (is("GET", {"2.0", "branches", "*", "events"}) || is("GET", {"2.0", "events"})) {
    return list_events(call, tricks);
  }
  if (is("GET", {"2.0", "branches", "*", "events", "*"})) {
    return show_event(path[4]);
  }
  if (is("GET", {"2.0", "credits"})) {
    return list_credits(call, tricks);
  }
  if (is("POST", {"2.0", "access"})) {
    return record_access(call);
  }
  if (is("POST", {"2.0", "attendances"})) {
    return mark_attendance(call);
  }
  if (is("GET", {"2.0", "branches", "*"})) {
    return single(world_.branches.at(path[2]).row);
  }
  if (is("POST", {"v3.0", "locations", "retrieve"})) {
    return list_locations(call, tricks);
  }
  return wrong_url();
}

GlofoxApi::Page GlofoxApi::page_of(const Call& call, const ListTricks& tricks, std::size_t standard) const {
  const auto number = [&call](const char* name, std::size_t otherwise) {
    const auto value = to_int(call.parameter(name).value_or(""));
    return value && *value > 0 ? static_cast<std::size_t>(*value) : otherwise;
  };
  Page page;
  page.number = number("page", 1);
  page.limit = number("limit", standard);
  const std::string policy = switches_.get("glofox_over_limit");
  if (page.limit > k_most_rows && policy == "error") {
    page.refusal = glofox_error(400, "The limit must not be greater than 100", "INVALID_LIMIT");
  } else if (page.limit > k_most_rows && policy == "clamp") {
    page.limit = k_most_rows;
  }
  // A capped page is a server that decides on a smaller limit, and says so in the limit that it echoes.
  page.limit = std::min(page.limit, std::max<std::size_t>(tricks.page_cap.value_or(page.limit), 1));
  return page;
}

GlofoxApi::Page GlofoxApi::page_of_body(const Value& body, const ListTricks& tricks) const {
  Call call;
  for (const char* name : {"page", "limit"}) {
    if (const auto value = int_at(body, name)) {
      call.parameters.emplace_back(name, std::to_string(*value));
    }
  }
  return page_of(call, tricks, 20);
}

Reply GlofoxApi::style_a(const std::string& rows, const Page& page, const Slice& slice,
                         std::string_view extra) const {
  const std::string more = switches_.get("has_more");
  const bool has_more = more == "always" || static_cast<std::int64_t>(page.number * page.limit) < slice.total;
  std::string body = fmt::format(R"({{"object":"list","page":{},"limit":{},)", page.number, page.limit);
  if (more != "absent") {
    body += fmt::format(R"("has_more":{},)", has_more);
  }
  if (switches_.is("style_a_total", "present")) {
    body += fmt::format(R"("total_count":{},)", slice.total);
  }
  body += R"("data":)";
  body += rows;
  body += extra;
  body += '}';
  return glofox_ok(std::move(body));
}

Reply GlofoxApi::style_a(const std::vector<std::string>& rows, const Page& page, const ListTricks& tricks,
                         std::string_view extra) const {
  const Slice slice = slice_of(rows.size(), page.offset(), page.limit, tricks);
  std::string text = "[";
  for (std::size_t i = slice.begin; i < slice.end; ++i) {
    text += (i == slice.begin ? "" : ",") + rows[i];
  }
  return style_a(text + "]", page, slice, extra);
}

Reply GlofoxApi::single(const std::string& row) const {
  return glofox_ok(switches_.is("single_wrapper", "data") ? "{\"data\":" + row + "}" : row);
}

}  // namespace gk_sandbox
