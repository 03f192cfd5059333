#include "glofox/checkin_client.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "json/writer.hpp"
#include "util/text.hpp"

namespace gk::glofox {

Result<std::vector<Member>> CheckinClient::find_members(const PersonKey& person) {
  return client_.find_members(person);
}

Result<std::optional<Member>> CheckinClient::read_member(MemberId member) {
  const std::array<MemberId, 1> ids{member};
  auto members = client_.read_members(ids);
  return std::move(members.front());
}

Result<std::vector<Booking>> CheckinClient::read_bookings_of(MemberId member, const Window& span) {
  return client_.read_bookings_of(member, span);
}

Result<json::Document> CheckinClient::write(std::string path, std::string body) {
  http::Request request = http::get(path, path);
  request.method = http::Method::post;
  request.body = std::move(body);
  request.replay = http::Replay::once;
  request.effect = http::Effect::write;
  GK_TRY_ASSIGN(const http::Response response, http::send(transport_, std::move(request)));
  // A write is about one person: a refusal says nothing about the location.
  auto document = read_answer(response, Subject::optional, branch_);
  if (document) return document;
  Error error = std::move(document).error();
  if (response.status == 401) error.category = Category::auth;
  // The request was accepted, or may have been, but the effect is unknown.
  error.outcome_unknown = response.status == 408 || response.status >= 500 ||
                          (is_success(response.status) && is_malformed(error));
  return fail(std::move(error));
}

Result<checkin::EntryReceipt> CheckinClient::record_entry(const checkin::Entry& entry) {
  json::Writer body;
  body.begin_object().member("user_id", entry.member.text()).member("branch_id", branch_.value());
  body.member("entry_at", std::int64_t{entry.at.time_since_epoch().count()});
  // The door has opened; whether it should have is decided by the sync (glofox-api 8.3).
  body.member("status", "GRANTED").member("door", entry.door).member("door_type", "external").end_object();
  GK_TRY_ASSIGN(const json::Document document, write("/2.0/access", body.take()));
  const json::View access = document.root()["access"];
  if (access.kind() != json::Kind::object || access["user_id"].as_string() != entry.member.text()) {
    Error error{Category::protocol, "Glofox's answer does not show the entry"};
    error.outcome_unknown = true;
    return fail(std::move(error));
  }
  return checkin::EntryReceipt{.granted = access["status"].as_string() == "GRANTED",
                               .valid = access["valid_on_entry"].as_bool().value_or(true)};
}

Result<bool> CheckinClient::mark_attended(const BookingId& booking) {
  json::Writer body;
  // Both words plural, booking ids only: other forms mark somebody else's booking (glofox-api 8.2).
  body.begin_object().member("model", "bookings").key("model_ids").begin_array();
  body.value(booking.value()).end_array().end_object();
  GK_TRY_ASSIGN(const json::Document document, write("/2.0/attendances", body.take()));
  return std::ranges::any_of(document.root()["model_ids"].elements(), [&booking](const json::View& id) {
    return ascii_lower(trim(id.as_string().value_or(""))) == booking.value();
  });
}

}  // namespace gk::glofox
