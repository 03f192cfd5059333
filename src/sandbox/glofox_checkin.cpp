#include "glofox_api.hpp"

#include "eligibility.hpp"
#include "text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

const char* const k_invalid_model = "Invalid model or model_ids";

}  // namespace

/// glofox-api 8.1: one entry per POST, and the attendance of a booking within the hour.
Reply GlofoxApi::record_access(const Call& call) {
  const auto body = call.has_json_type() ? parse_json(call.body) : std::nullopt;
  const std::string user = body ? string_at(*body, "user_id") : "";
  if (user.empty()) {
    return glofox_error(400, "The user_id is required", "USER_ID_REQUIRED");
  }
  const std::string wanted = string_at(*body, "status");
  const std::string door_type = string_at(*body, "door_type");
  if ((!wanted.empty() && wanted != "GRANTED" && wanted != "FAILED") ||
      (!door_type.empty() && door_type != "external" && door_type != "internal")) {
    return glofox_error(400, "Invalid status or door_type", "VALIDATION_ERROR");
  }
  const std::string branch =
      find(*body, "branch_id") != nullptr ? string_at(*body, "branch_id") : branch_of(call);
  const auto& scope = world_.installation.scope;
  if (std::find(scope.begin(), scope.end(), branch) == scope.end()) {
    return refusal(403, "You are not allowed to access this branch", "FORBIDDEN");
  }
  const auto person = world_.people.find(user);
  if (person == world_.people.end() || !person->second.active) {
    const std::string policy = switches_.get("access_unknown_user");
    return glofox_error(policy == "400"   ? 400
                        : policy == "404" ? 404
                                          : 200,
                        "User not found", "USER_NOT_FOUND");
  }
  const Epoch now = clock_.now();
  const Epoch entry_at = int_at(*body, "entry_at").value_or(now);
  const std::string repeat = switches_.get("access_repeat");
  if (repeat != "new_entry") {
    for (const std::string& text : world_.accesses) {
      const auto old = parse_json(text);
      if (string_at(*old, "user_id") == user && int_at(*old, "entry_at") == entry_at) {
        return repeat == "refused" ? glofox_error(400, "The entry exists", "ACCESS_ALREADY_RECORDED")
                                   : glofox_ok(R"({"success":true,"access":)" + text + "}");
      }
    }
  }
  const Epoch window = switches_.number("access_window_minutes") * k_minute;
  const Epoch base = switches_.is("access_window_base", "now") ? now : entry_at;
  std::vector<std::string> near;
  for (const Booking* booking : world_.bookings_of(user)) {
    if (booking->branch == branch && booking->status == "BOOKED" && booking->start - window <= base &&
        base < booking->finish) {
      near.push_back(booking->id);
    }
  }
  const bool valid = is_current_member(person->second.row, world_.zone_of(branch), entry_at,
                                       switches_.is("expiry_day", "inclusive"));
  const std::string status = !wanted.empty() ? wanted : valid || !near.empty() ? "GRANTED" : "FAILED";
  const std::string marks = switches_.get("access_marks");
  if (marks == "always" || (marks == "granted" && status == "GRANTED")) {
    for (const std::string& id : near) {
      world_.mark_attended(id, now);
    }
  }
  JsonText out;
  out.begin_object()
      .field("_id", world_.next_object_id(now))
      .field("user_id", user)
      .field("branch_id", branch);
  out.field("namespace", world_.installation.namespace_name)
      .field("entry_at", entry_at)
      .field("status", status);
  out.field("valid_on_entry", valid).field("door", string_at(*body, "door"));
  out.field("door_type", door_type.empty() ? "external" : door_type)
      .field("created", now)
      .field("modified", now)
      .end_object();
  world_.accesses.push_back(out.text());
  return glofox_ok(R"({"success":true,"access":)" + out.text() + "}");
}

/// glofox-api 8.2, with its traps: both words plural, and event ids hit somebody else's booking.
Reply GlofoxApi::mark_attendance(const Call& call) {
  const auto body = call.has_json_type() ? parse_json(call.body) : std::nullopt;
  const std::string model = body ? string_at(*body, "model") : "";
  const Value* ids = body ? find(*body, "model_ids") : nullptr;
  if (model.empty() || ids == nullptr || !ids->IsArray() || ids->Empty()) {
    return glofox_error(200, k_invalid_model, k_invalid_model);
  }
  if (model != "bookings" && model != "events") {
    return glofox_error(200, "The model is not implemented", "The model is not implemented");
  }
  const Epoch now = clock_.now();
  const std::string repeat = switches_.get("attendance_repeat");
  std::vector<std::string> marked;
  for (const Value& entry : ids->GetArray()) {
    std::string id = entry.IsString() ? entry.GetString() : "";
    if (model == "events") {
      const auto other = std::find_if(world_.bookings.begin(), world_.bookings.end(),
                                      [&id](const auto& item) { return item.second.event_id == id; });
      id = other != world_.bookings.end() ? other->first : "";
    }
    const auto found = world_.bookings.find(id);
    if (found == world_.bookings.end() || found->second.branch != branch_of(call)) {
      continue;
    }
    if (found->second.attended && repeat == "refused") {
      return glofox_error(200, "The booking is already attended", "BOOKING_ALREADY_ATTENDED");
    }
    if (!(found->second.attended && repeat == "omitted")) {
      marked.push_back(id);
    }
    world_.mark_attended(id, now);
  }
  if (marked.empty() && repeat != "omitted") {
    return glofox_error(400, "Booking not found", "BOOKING_NOT_FOUND");
  }
  JsonText out;
  out.begin_object().field("success", true).key("model_ids").begin_array();
  for (const std::string& id : marked) {
    out.value(id);
  }
  return glofox_ok(out.end_array().end_object().text());
}

}  // namespace gk_sandbox
