#include "kisi/client.hpp"

#include "kisi/codec.hpp"
#include "kisi/errors.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

// The part of KisiClient that deals with users (kisi-api 5).
namespace gk::kisi {

namespace {

constexpr std::size_t k_ids_per_request = 50;  // kisi-api 1.3: the maximum is unknown
constexpr const char* k_user_endpoint = "/users/{id}";

std::string user_path(UserId user) { return fmt::format("/users/{}", user); }

/// The user with exactly this e-mail. Both filters may return other people; other programs that took the
/// first row attached members to strangers' accounts (kisi-api 5.1).
std::optional<User> exact_match(std::vector<User> users, const PersonKey& person) {
  const auto is_person = [&person](const User& user) { return user.email.person() == person; };
  const auto found = std::ranges::find_if(users, is_person);
  if (found == users.end()) return std::nullopt;
  return std::move(*found);
}

/// A page of users, and the range that came with it.
struct FetchedPage {
  UserPage content;
  std::optional<std::string> range;
};

Result<FetchedPage> fetch_page(Api& api, http::Request request) {
  GK_TRY_ASSIGN(const http::Response response, api.call(std::move(request)));
  GK_TRY_ASSIGN(UserPage content, decode_user_page(response.body));
  const auto range = response.headers.find("X-Collection-Range");
  return FetchedPage{std::move(content), range ? std::optional<std::string>(*range) : std::nullopt};
}

http::Request users_request(std::string filter, std::string value) {
  return http::get("/users", "/users",
                   {{std::move(filter), std::move(value)}, {"limit", std::to_string(k_user_limit)}});
}

bool is_null(const std::string& json) { return json == "null"; }

/// What is wrong with the metadata after a change; nothing when all is well.
std::optional<std::string> metadata_damage(const Metadata& sent, const Metadata& found) {
  for (const auto& entry : sent) {
    const auto at = found.find(entry.first);
    if (at == found.end() && is_null(entry.second)) continue;  // null may count as absent (kisi-api 5.6)
    if (at == found.end()) return fmt::format("the key '{}' is missing", entry.first);
    if (at->second != entry.second) return fmt::format("the key '{}' has another value", entry.first);
  }
  return std::nullopt;
}

}  // namespace

Result<User> KisiClient::fetch_user(UserId user) {
  GK_TRY_ASSIGN(const json::Document document, api_.read(user_path(user), k_user_endpoint));
  GK_TRY_ASSIGN(User decoded, decode_user(document.root()));
  if (decoded.id != user) return fail(other_answer("user", user, decoded.id));
  return decoded;
}

Result<std::optional<User>> KisiClient::look_up(const PersonKey& person, std::string_view filter) {
  GK_TRY_ASSIGN(FetchedPage page,
                with_context("Kisi: look-up of a user by e-mail",
                             fetch_page(api_, users_request(std::string(filter), person.email()))));
  return exact_match(std::move(page.content.users), person);
}

Result<std::optional<User>> KisiClient::find_user(const PersonKey& person) {
  return look_up(person, "email");
}

Result<std::optional<User>> KisiClient::search_user(const PersonKey& person) {
  auto found = look_up(person, "email");
  if (!found || *found) return found;
  return look_up(person, "query");
}

Result<bool> KisiClient::list_users(std::size_t max_requests,
                                    const std::function<void(const User&)>& on_user) {
  const ListingQuery query{"/users", {{"sort", "name"}}, k_user_limit};
  Pager pager(query.limit);
  for (std::size_t requests = 1; max_requests > 0; ++requests) {
    GK_TRY_ASSIGN(const FetchedPage page,
                  with_context(fmt::format("Kisi: users from offset {}", pager.offset()),
                               fetch_page(api_, page_request(query, pager.offset()))));
    std::ranges::for_each(page.content.users, on_user);
    const auto next = pager.take(page.range, page.content.page);
    if (next == Pager::Next::end) return true;
    if (next == Pager::Next::beyond || requests == max_requests) return false;
    // Without a total, only the empty page follows a short one; what follows a full one is unknown.
    const auto total = pager.tally().declared_total;
    const bool short_page = page.content.page.count() < k_user_limit;
    const std::size_t pages_left = total        ? (*total - pager.offset() + k_user_limit - 1) / k_user_limit
                                   : short_page ? 1
                                                : max_requests;
    if (requests == 1 && requests + pages_left > max_requests) return false;
  }
  return false;
}

Result<std::vector<User>> KisiClient::read_users(std::span<const UserId> ids) {
  std::vector<UserId> wanted(ids.begin(), ids.end());
  std::ranges::sort(wanted);
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::vector<User> users;
  for (std::size_t begin = 0; begin < wanted.size(); begin += k_ids_per_request) {
    const auto some = std::span(wanted).subspan(begin, std::min(k_ids_per_request, wanted.size() - begin));
    std::unordered_set<UserId> open(some.begin(), some.end());
    std::string list = fmt::format("{}", fmt::join(some, ","));
    GK_TRY_ASSIGN(FetchedPage page,
                  with_context("Kisi: users by id", fetch_page(api_, users_request("ids", std::move(list)))));
    const std::size_t rows = page.content.users.size();
    std::size_t taken = 0;
    for (User& user : page.content.users) {
      if (open.erase(user.id) == 0) continue;
      users.push_back(std::move(user));
      ++taken;
    }
    // Other users in the answer mean that the filter was ignored, so a missing id would not mean an unknown
    // one.
    if (taken < rows && !open.empty())
      return fail(unusable("Kisi: users by id: the answer has users that were not asked for"));
  }
  return users;
}

Result<User> KisiClient::create_user(const NewUser& user) {
  constexpr std::string_view k_context = "Kisi: creation of a user";
  auto response = api_.write(http::Method::post, "/users", "/users", encode_new_user(user));
  if (!response) {
    Error error = std::move(response).error();
    if (is_duplicate(error)) {
      error.category = Category::conflict;
    } else if (error.http_status == 422 && ascii_lower(error.message).find("email") != std::string::npos) {
      // Either a duplicate or an address that Kisi refuses (kisi-api 5.2): one search tells.
      const auto found = search_user(user.person);
      if (found && *found) error.category = Category::conflict;
    }
    return fail(with_context(k_context, std::move(error)));
  }
  auto created = decode_user(response->body);
  if (created && created->email.person() == user.person) return created;
  // Something was created: the caller must look before it tries again.
  Error error = created ? unusable("the answer has another e-mail address") : std::move(created).error();
  error.outcome_unknown = true;
  return fail(with_context(k_context, std::move(error)));
}

Result<void> KisiClient::merge_metadata(const User& user, MemberId member, const BranchId& branch) {
  const std::string context = fmt::format("Kisi: metadata of user {}", user.id);
  GK_TRY_ASSIGN(const auto merged, with_context(context, merged_metadata(user, member, branch)));
  if (!merged) return {};
  if (metadata_fault_) return fail(with_context(context, *metadata_fault_));
  GK_TRY(with_context(context, api_.write(http::Method::patch, user_path(user.id), k_user_endpoint,
                                          encode_metadata(*merged))));
  if (metadata_proven_) return {};

  GK_TRY_ASSIGN(const User reread, with_context(context + ", read back", fetch_user(user.id)));
  if (const auto damage = metadata_damage(*merged, reread.metadata)) {
    metadata_fault_ = unusable(fmt::format(
        "Kisi did not keep the metadata that was sent for user {} ({}); no more metadata is written", user.id,
        *damage));
    return fail(with_context(context, *metadata_fault_));
  }
  metadata_proven_ = true;
  return {};
}

}  // namespace gk::kisi
