#include "kisi/account.hpp"

#include "kisi/codec.hpp"
#include "kisi/errors.hpp"
#include "kisi/listing.hpp"
#include "util/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace gk::kisi {

namespace {

Role decode_role(json::View view) {
  Role role{text_of(view["id"]), text_of(view["applies_to"]), {}};
  const json::View permissions = view["permissions"];
  for (const auto key : permissions.keys()) {
    if (permissions[key].as_bool().value_or(false)) role.permissions.emplace(key);
  }
  return role;
}

Login decode_login(json::View view) {
  Login login;
  login.id = positive_id(view["id"]);
  login.type = text_of(view["type"]);
  login.expires = view["expire"].as_bool().value_or(true);  // the documented default
  login.user = UserId(related_id(view, "user"));
  return login;
}

Webhook decode_webhook(json::View view) {
  Webhook out;
  out.id = positive_id(view["id"]);
  out.name = text_of(view["name"]);
  out.type = text_of(view["type"]);
  out.enabled = view["enabled"].as_bool().value_or(false);
  out.disabled_due_to_error = view["disabled_due_to_error"].as_bool().value_or(false);
  for (const json::View event : view["enabled_events"].elements()) {
    if (const auto name = event.as_string()) out.enabled_events.emplace_back(*name);
  }
  return out;
}

Error refused(std::string_view what, Error error) {
  return with_context(fmt::format("Kisi: {}", what), permission_error(std::move(error)));
}

}  // namespace

Result<json::Document> Account::read(std::string_view what, std::string path, std::string endpoint) {
  auto document = api_.read(std::move(path), std::move(endpoint));
  if (!document) return fail(refused(what, std::move(document).error()));
  if (document->root().kind() == json::Kind::object) return document;
  return fail(unusable(fmt::format("Kisi: {}: the answer is not an object", what)));
}

Result<void> Account::read_list(std::string_view what, std::string path, std::vector<http::Param> filters,
                                const std::function<void(json::View)>& on_row) {
  std::vector<json::Document> pages;
  const auto take = [&pages](const std::string& body, bool first) -> Result<PageRows> {
    if (first) pages.clear();
    GK_TRY_ASSIGN(json::Document page, json::Document::parse(body));
    const json::View list = page.root();
    if (list.kind() != json::Kind::array) return fail(unusable("the answer is not a list"));
    PageRows out;
    for (const json::View row : list.elements()) {
      const std::int64_t id = positive_id(row["id"]);
      if (id == 0) {
        ++out.unusable;
      } else {
        out.ids.push_back(id);
      }
    }
    pages.push_back(std::move(page));
    return out;
  };
  auto done = read_whole_listing(api_, {std::move(path), std::move(filters), k_list_limit}, take);
  if (!done) return fail(refused(what, std::move(done).error()));
  for (const json::Document& page : pages) std::ranges::for_each(page.root().elements(), on_row);
  return {};
}

Result<Organization> Account::read_organization() {
  GK_TRY_ASSIGN(const json::Document document, read("organization", "/organization", "/organization"));
  const json::View view = document.root();
  Organization out;
  out.id = positive_id(view["id"]);
  if (out.id == 0) return fail(unusable("Kisi: organization: the answer has no id"));
  out.name = text_of(view["name"]);
  if (const std::int64_t owner = positive_id(view["user_id"]); owner != 0) out.owner = UserId(owner);
  return out;
}

Result<Role> Account::read_role(std::string_view id) {
  const std::string what = fmt::format("role {}", id);
  GK_TRY_ASSIGN(const json::Document document, read(what, "/roles/" + percent_encode(id), "/roles/{id}"));
  Role role = decode_role(document.root());
  if (role.id != id) return fail(with_context("Kisi", other_answer<std::string_view>("role", id, role.id)));
  return role;
}

Result<std::vector<OwnRole>> Account::read_own_roles() {
  GK_TRY_ASSIGN(const Self self, self_());
  std::vector<OwnRole> held;
  const auto take = [&held, &self](json::View row) {
    const auto type = row["assignee_type"].as_string();
    std::int64_t user = type ? positive_id(row["assignee_id"]) : 0;
    if (user == 0) user = related_id(row, "user");
    if (type.value_or("User") != "User" || user != self.id.value()) return;
    OwnRole own;
    own.role.id = text_of(row["role_id"]);
    const std::string applies_to = text_of(row["applies_to_type"]);
    // Old rows have it in lower case (kisi-api 7).
    own.organization_wide =
        applies_to.empty() ? row["scope"].as_string() == "organization" : applies_to == "Organization";
    held.push_back(std::move(own));
  };
  GK_TRY(read_list("roles of the key's user", "/role_assignments",
                   {{"assignee_type", "User"}, {"assignee_id", fmt::to_string(self.id.value())}}, take));
  std::map<std::string, Role> roles;
  for (OwnRole& own : held) {
    auto known = roles.find(own.role.id);
    if (known == roles.end()) {
      GK_TRY_ASSIGN(Role role, read_role(own.role.id));
      known = roles.emplace(own.role.id, std::move(role)).first;
    }
    own.role = known->second;
  }
  return held;
}

Result<std::vector<GroupLock>> Account::read_group_locks(GroupId group) {
  std::vector<GroupLock> locks;
  const auto take = [&locks, group](json::View row) {
    if (const std::int64_t of = positive_id(row["group_id"]); of != 0 && of != group.value()) return;
    GroupLock lock;
    lock.lock = LockId(related_id(row, "lock"));
    lock.name = text_of(row["lock"]["name"]);
    lock.place = PlaceId(related_id(row, "place"));
    locks.push_back(std::move(lock));
  };
  GK_TRY(read_list(fmt::format("doors of group {}", group), "/group_locks",
                   {{"group_id", fmt::to_string(group.value())}}, take));
  return locks;
}

Result<Place> Account::read_place(PlaceId id) {
  const std::string what = fmt::format("place {}", id);
  auto document = api_.read(fmt::format("/places/{}", id), "/places/{id}");
  if (!document) return fail(configured_id_error(what, std::move(document).error()));
  const json::View view = document->root();
  if (const PlaceId found(positive_id(view["id"])); found != id)
    return fail(with_context("Kisi", other_answer("place", id, found)));
  return Place{id, text_of(view["name"]), positive_id(view["organization_id"])};
}

Result<Login> Account::read_login() {
  GK_TRY_ASSIGN(const json::Document document, read("login of the API key", "/login", "/login"));
  Login login = decode_login(document.root());
  if (login.id == 0) return fail(unusable("Kisi: login of the API key: the answer has no id"));
  return login;
}

Result<std::vector<Login>> Account::read_logins_of_me() {
  std::vector<Login> logins;
  GK_TRY(read_list("logins of the key's user", "/logins", {},
                   [&logins](json::View row) { logins.push_back(decode_login(row)); }));
  return logins;
}

Result<std::vector<Webhook>> Account::read_webhooks() {
  std::vector<Webhook> webhooks;
  GK_TRY(read_list("integrations", "/integrations", {},
                   [&webhooks](json::View row) { webhooks.push_back(decode_webhook(row)); }));
  return webhooks;
}

Result<Webhook> Account::read_webhook(std::int64_t id) {
  const std::string what = fmt::format("integration {}", id);
  GK_TRY_ASSIGN(const json::Document document,
                read(what, fmt::format("/integrations/{}", id), "/integrations/{id}"));
  Webhook webhook = decode_webhook(document.root());
  if (webhook.id != id) return fail(with_context("Kisi", other_answer("integration", id, webhook.id)));
  return webhook;
}

Result<std::int64_t> Account::read_user_count() {
  GK_TRY_ASSIGN(const json::Document document,
                read("dashboard", "/organization/dashboard", "/organization/dashboard"));
  return document.root()["users_count"].as_integer().value_or(0);
}

}  // namespace gk::kisi
