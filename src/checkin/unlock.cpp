#include "checkin/unlock.hpp"

#include <fmt/format.h>

#include "util/text.hpp"

namespace gk::checkin {

namespace {

constexpr std::size_t k_longest_uuid = 200;
constexpr std::size_t k_longest_text = 300;  ///< of names; Kisi's own limit is unknown

tl::unexpected<Error> unusable(std::string_view why) {
  return fail(Category::protocol, fmt::format("the event cannot be used: {}", why));
}

std::string text_of(const json::View& value) {
  return std::string(value.as_string().value_or("").substr(0, k_longest_text));
}

template <class IdType>
std::optional<IdType> id_of(const json::View& value) {
  const auto id = value.as_integer();
  return id && *id > 0 ? std::optional<IdType>(IdType(*id)) : std::nullopt;
}

/// Who acted and on what; all of it may be missing.
void read_parties(const json::View& view, Unlock& unlock) {
  unlock.actor_type = text_of(view["actor_type"]);
  if (unlock.actor_type == "User") unlock.actor = id_of<UserId>(view["actor_id"]);
  unlock.email = text_of(view["actor_email"]);
  const auto object_type = view["object_type"].as_string();
  if (!object_type || *object_type == "Lock") unlock.lock = id_of<LockId>(view["object_id"]);
  unlock.lock_name = text_of(view["object_name"]);
  unlock.place = id_of<PlaceId>(view["place_id"]);
}

}  // namespace

Result<Unlock> decode_unlock(const json::View& view) {
  if (view.kind() == json::Kind::array) return unusable("it is a list; one call takes one event");
  if (view.kind() != json::Kind::object) return unusable("it is not a JSON object");
  const auto type = view["type"].as_string();
  if (!type || type->empty()) return unusable("it has no type");
  Unlock unlock;
  unlock.type = type->substr(0, k_longest_text);
  unlock.uuid = view["uuid"].as_string().value_or("").substr(0, k_longest_uuid + 1);
  read_parties(view, unlock);
  const auto time = view["created_at"].as_string();
  const auto at = parse_rfc3339(trim(time.value_or("")));
  if (at) unlock.at = *at;
  if (unlock.type != k_unlock_type) return unlock;

  if (unlock.uuid.empty()) return unusable("it has no uuid");
  if (unlock.uuid.size() > k_longest_uuid)
    return unusable(fmt::format("its uuid is longer than {} bytes", k_longest_uuid));
  const auto success = view["success"].as_bool();
  if (!success) return unusable("it does not say whether the door opened (success)");
  unlock.success = *success;
  if (!at) return unusable("created_at is not a time with a zone");
  return unlock;
}

Result<Unlock> parse_unlock(std::string_view body) {
  if (body.size() > k_max_unlock_bytes)
    return unusable(fmt::format("it is larger than {} KiB", k_max_unlock_bytes >> 10U));
  if (trim(body).empty()) return unusable("it is empty");
  auto document = json::Document::parse(body);
  if (!document) return unusable(document.error().message);
  return decode_unlock(document->root());
}

}  // namespace gk::checkin
