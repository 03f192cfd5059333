#include "kisi/client.hpp"

#include "kisi/codec.hpp"
#include "kisi/errors.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

namespace gk::kisi {

namespace {

std::string row_path(RoleAssignmentId row) { return fmt::format("/role_assignments/{}", row); }

constexpr const char* k_row_endpoint = "/role_assignments/{id}";

/// An empty list does not mean "nobody" when the group itself says that it has users
/// (contract 8.6).
std::optional<Error> unbelievable_emptiness(const Group& group, const std::vector<RoleAssignment>& rows) {
  if (!rows.empty() || group.users_count == 0) return std::nullopt;
  return unusable(fmt::format("group {} says that it has {} users, but its list of rows is empty", group.id,
                              group.users_count));
}

auto in_group(GroupId group) {
  return [group](const RoleAssignment& row) { return row.group == group; };
}

ListingQuery rows_query(GroupId group) {
  return {
      "/role_assignments",
      {{"applies_to_type", "Group"}, {"applies_to_id", fmt::to_string(group.value())}, {"sort", "user.name"}},
      k_list_limit};
}

}  // namespace

KisiClient::KisiClient(http::Transport& transport, Clock& clock, Log& log)
    : api_(transport, log), clock_(clock), log_(log), account_(api_, [this] { return read_self(); }) {}

Result<Self> KisiClient::read_self() {
  if (self_) return *self_;
  constexpr std::string_view k_context = "Kisi: the user behind the API key";
  auto document = api_.read("/user", "/user");
  if (!document) return fail(with_context(k_context, permission_error(std::move(document).error())));
  GK_TRY_ASSIGN(self_, with_context(k_context, decode_self(document->root())));
  return *self_;
}

Result<Group> KisiClient::fetch_group(GroupId group) {
  const std::string what = fmt::format("group {}", group);
  auto document = api_.read(fmt::format("/groups/{}", group), "/groups/{id}");
  if (!document) return fail(configured_id_error(what, std::move(document).error()));
  GK_TRY_ASSIGN(Group decoded, with_context("Kisi: " + what, decode_group(document->root())));
  if (decoded.id != group) return fail(with_context("Kisi", other_answer("group", group, decoded.id)));
  return decoded;
}

Result<reconcile::GroupSnapshot> KisiClient::read_group(GroupId group) {
  const SteadyTime start = clock_.steady_now();
  GK_TRY_ASSIGN(Self self, read_self());
  GK_TRY_ASSIGN(Group info, fetch_group(group));

  const std::string context = fmt::format("Kisi: rows of group {}", group);
  RowCollector collector(in_group(group));
  GK_TRY_ASSIGN(ListingTally tally,
                with_context(context, read_listing(api_, rows_query(group), collector.taker())));
  if (tally.failed_page && tally.failed_page->category == Category::forbidden) {
    // The group itself was shown, so it is the key's user who lacks a permission.
    tally.failed_page->message += "; the user behind the API key needs role_assignments_read";
    return fail(with_context(context, permission_error(*std::move(tally.failed_page))));
  }
  std::optional<Error> doubt = incompleteness(tally);
  if (!doubt) doubt = unbelievable_emptiness(info, collector.rows());
  if (!doubt) {
    if (auto completed = complete_emails(collector.rows()); !completed) {
      if (completed.error().category == Category::auth) return fail(std::move(completed).error());
      doubt = std::move(completed).error();
    }
  }
  if (doubt) tally.failed_page = with_context(context, *std::move(doubt));
  if (collector.unwanted() > 0) {
    log_.write(LogLevel::warning, "kisi ignored the group filter; foreign rows were dropped",
               {{"rows", std::to_string(collector.unwanted())}});
  }
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - start);
  log_.write(LogLevel::debug, "kisi group read",
             {{"group", fmt::to_string(group.value())},
              {"rows", std::to_string(collector.rows().size())},
              {"ms", std::to_string(elapsed.count())}});
  return reconcile::GroupSnapshot{std::move(self), std::move(info),
                                  certify(std::move(collector.rows()), tally)};
}

Result<void> KisiClient::complete_emails(std::vector<RoleAssignment>& rows) {
  std::vector<UserId> unnamed;
  for (const RoleAssignment& row : rows) {
    if (row.assignee == Assignee::user && row.email.empty()) unnamed.push_back(row.user);
  }
  if (unnamed.empty()) return {};
  GK_TRY_ASSIGN(const std::vector<User> users, read_users(unnamed));
  std::unordered_map<UserId, const User*> by_id;
  for (const User& user : users) by_id.emplace(user.id, &user);
  for (RoleAssignment& row : rows) {
    const auto found = by_id.find(row.user);
    if (row.assignee != Assignee::user || !row.email.empty() || found == by_id.end()) continue;
    row.email = found->second->email;
    if (row.name.empty()) row.name = found->second->name;
  }
  return {};
}

Result<std::vector<RoleAssignment>> KisiClient::read_rows_of(UserId user, GroupId group) {
  const std::string context = fmt::format("Kisi: rows of user {} in group {}", user, group);
  ListingQuery query = rows_query(group);
  query.filters.push_back({"assignee_type", "User"});
  query.filters.push_back({"assignee_id", fmt::to_string(user.value())});
  RowCollector collector(
      [user, group](const RoleAssignment& row) { return row.group == group && row.user == user; });
  GK_TRY(with_context(context, read_whole_listing(api_, query, collector.taker())));
  GK_TRY(complete_emails(collector.rows()));
  return std::move(collector.rows());
}

Result<RoleAssignment> KisiClient::read_row(RoleAssignmentId row) {
  const std::string context = fmt::format("Kisi: row {}", row);
  GK_TRY_ASSIGN(const http::Response response,
                with_context(context, api_.call(http::get(row_path(row), k_row_endpoint))));
  GK_TRY_ASSIGN(RoleAssignment decoded, with_context(context, decode_row(response.body)));
  if (decoded.id != row) return fail(with_context("Kisi", other_answer("row", row, decoded.id)));
  return decoded;
}

Result<RoleAssignmentId> KisiClient::grant(UserId user, GroupId group, const Validity& validity) {
  return send_grant(user, group, validity, false);
}

Result<RoleAssignmentId> KisiClient::regrant(UserId user, GroupId group, const Validity& validity) {
  return send_grant(user, group, validity, true);
}

Result<RoleAssignmentId> KisiClient::send_grant(UserId user, GroupId group, const Validity& validity,
                                                bool must_follow) {
  const std::string context = fmt::format("Kisi: grant to user {} in group {}", user, group);
  auto response = api_.write(http::Method::post, "/role_assignments", "/role_assignments",
                             encode_grant(user, group, validity), must_follow);
  if (!response) {
    Error error = std::move(response).error();
    if (is_duplicate(error)) error.category = Category::conflict;
    if (error.category == Category::not_found) error = explain_missing(user, std::move(error));
    return fail(with_context(context, std::move(error)));
  }
  auto row = decode_row(response->body);
  if (row && row->group == group && row->user == user) return row->id;
  // Something was created: the caller must look before it tries again.
  Error error = row ? unusable("the answer is about another user or group") : std::move(row).error();
  error.outcome_unknown = true;
  return fail(with_context(context, std::move(error)));
}

/// Kisi answers 404 both for a missing group and for a missing user (kisi-api 7.2); one missing person must
/// not make the group look missing.
Error KisiClient::explain_missing(UserId user, Error refusal) {
  const auto found = fetch_user(user);
  if (found) {
    refusal.message += "; the user exists, so it is the group that is gone or hidden from the API key's user";
  } else if (found.error().category == Category::not_found) {
    refusal.message += "; the user is gone from Kisi";
  } else if (found.error().category == Category::auth) {
    return found.error();
  } else {
    refusal.message += "; the user or the group is gone from Kisi";
  }
  return refusal;
}

Result<void> KisiClient::change(RoleAssignmentId row, const Validity& validity) {
  GK_TRY(
      with_context(fmt::format("Kisi: change of row {}", row),
                   api_.write(http::Method::patch, row_path(row), k_row_endpoint, encode_change(validity))));
  return {};
}

Result<void> KisiClient::revoke(RoleAssignmentId row) {
  auto response = api_.write(http::Method::del, row_path(row), k_row_endpoint, "");
  if (response || response.error().category == Category::not_found) return {};
  return fail(with_context(fmt::format("Kisi: revoke of row {}", row), std::move(response).error()));
}

}  // namespace gk::kisi
