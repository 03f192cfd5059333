#include "kisi/checkin_client.hpp"

#include "domain/listing.hpp"
#include "kisi/codec.hpp"
#include "kisi/errors.hpp"
#include "kisi/listing.hpp"

#include <fmt/format.h>

#include <utility>

namespace gk::kisi {

Result<UserId> CheckinClient::read_own_user() {
  GK_TRY_ASSIGN(const Self self, client_.read_self());
  return self.id;
}

Result<std::optional<json::Document>> CheckinClient::read_one(const std::string& what, std::string path,
                                                              std::string endpoint) {
  auto document = api_.read(std::move(path), std::move(endpoint));
  if (document) return std::optional<json::Document>(*std::move(document));
  if (is_out_of_sight(document.error())) return std::optional<json::Document>();
  return fail(with_context("Kisi: " + what, std::move(document).error()));
}

Result<std::optional<checkin::Door>> CheckinClient::read_door(LockId lock) {
  const std::string what = fmt::format("lock {}", lock);
  GK_TRY_ASSIGN(const auto document, read_one(what, fmt::format("/locks/{}", lock), "/locks/{id}"));
  if (!document) return std::optional<checkin::Door>();
  const json::View view = document->root();
  if (const LockId id(positive_id(view["id"])); id != lock)
    return fail(with_context("Kisi", other_answer("lock", lock, id)));
  const std::int64_t place = related_id(view, "place");
  if (place == 0)
    return fail(unusable(fmt::format("Kisi: {}: the answer does not say which place it is in", what)));
  return checkin::Door{PlaceId(place), text_of(view["name"])};
}

Result<std::optional<User>> CheckinClient::read_user(UserId user) {
  const std::string what = fmt::format("user {}", user);
  GK_TRY_ASSIGN(const auto document, read_one(what, fmt::format("/users/{}", user), "/users/{id}"));
  if (!document) return std::optional<User>();
  GK_TRY_ASSIGN(User decoded, with_context("Kisi: " + what, decode_user(document->root())));
  if (decoded.id != user) return fail(with_context("Kisi", other_answer("user", user, decoded.id)));
  return std::optional<User>(std::move(decoded));
}

Result<std::optional<User>> CheckinClient::find_user(const PersonKey& person) {
  return client_.search_user(person);
}

Result<std::vector<RoleAssignment>> CheckinClient::read_rows_of(UserId user) {
  const std::string context = fmt::format("Kisi: rows of user {}", user);
  // No filter by group: one answer serves all groups of all integrations.
  const ListingQuery query{
      "/role_assignments",
      {{"assignee_type", "User"}, {"assignee_id", fmt::to_string(user.value())}, {"sort", "user.name"}},
      k_list_limit};
  RowCollector collector([user](const RoleAssignment& row) { return row.user == user; });
  GK_TRY(with_context(context, read_whole_listing(api_, query, collector.taker())));
  return std::move(collector.rows());
}

}  // namespace gk::kisi
