#include "glofox_api.hpp"

#include "text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

/// The row of `/2.0/bookings`: instants and a duration instead of wall clock (glofox-api 5.2).
std::string style_a_row(const Booking& booking) {
  const auto row = parse_json(booking.row);
  JsonText out;
  out.begin_object()
      .field("_id", booking.id)
      .field("user_id", booking.user_id)
      .field("branch_id", booking.branch);
  out.field("namespace", string_at(*row, "namespace"));
  for (const char* key : {"event_id", "model", "model_id", "model_name", "program_id", "time_slot_id",
                          "status", "paid", "guest_bookings"}) {
    if (const Value* value = find(*row, key)) {
      out.field(key, *value);
    }
  }
  out.field("attended", booking.attended).field("time_start", booking.start);
  out.field("duration", (booking.finish - booking.start) / k_minute).field("created", booking.created);
  return out.field("modified", booking.modified).end_object().text();
}

std::optional<Epoch> epoch_parameter(const Call& call, const char* name) {
  return to_int(call.parameter(name).value_or(""));
}

bool within(Epoch value, const std::optional<Epoch>& from, const std::optional<Epoch>& until) {
  return (!from || value >= *from) && (!until || value <= *until);
}

}  // namespace

Reply GlofoxApi::branch_bookings(const Call& call, const std::string& branch, const ListTricks& tricks) {
  Page page = page_of(call, tricks);
  if (page.refusal) {
    return std::move(*page.refusal);
  }
  std::string key = branch + switches_.get("bookings_local_filter") + switches_.get("booking_order") +
                    switches_.get("roaming_bookings");
  for (const char* name : {"start_date", "end_date", "modified_start_date", "modified_end_date",
                           "time_start_start_date", "time_start_end_date", "time_finish_start_date",
                           "time_finish_end_date", "status", "event_type", "event_id", "course_id"}) {
    key += fmt::format("|{}={}", name, call.parameter(name).value_or("\x01"));
  }
  const auto& view =
      world_.booking_views.get(key, world_.booking_version, [&] { return select_bookings(call, branch); });
  const Slice slice = slice_of(view.size(), page.offset(), page.limit, tricks);
  std::string body = R"({"success":true,"data":)" + join_rows(view, slice);
  body += fmt::format(R"(,"meta":{{"totalCount":{},"page":{},"limit":{}}}}})", slice.total, page.number,
                      page.limit);
  const std::string first = view.empty() ? "" : view.front()->id;
  if (tricks.insert_row && !first.empty()) {
    auto row = parse_json(view.front()->row);
    set_member(*row, "_id", world_.next_object_id(0), row->GetAllocator());
    world_.put_booking(*row);
  }
  if (tricks.remove_row) {
    world_.erase_booking(first);
  }
  return glofox_ok(std::move(body));
}

ViewCache<Booking>::View GlofoxApi::select_bookings(const Call& call, const std::string& branch) {
  const Zone& zone = world_.zone_of(branch);
  const std::string reading = switches_.get("bookings_local_filter");
  const bool roaming = switches_.is("roaming_bookings", "included");
  const auto status = call.parameter("status");
  const auto event_type = call.parameter("event_type");
  const auto event_id = call.parameter("event_id");
  const auto epoch = [&call](const char* name) { return epoch_parameter(call, name); };
  const auto local = [&](Epoch instant) {
    return reading == "wall_clock" ? zone.wall_as_utc(instant) : instant;
  };
  const auto created_from = epoch("start_date");
  const auto created_until = epoch("end_date");
  const auto modified_from = epoch("modified_start_date");
  const auto modified_until = epoch("modified_end_date");
  const auto start_from = epoch("time_start_start_date");
  const auto start_until = epoch("time_start_end_date");
  const auto finish_from = epoch("time_finish_start_date");
  const auto finish_until = epoch("time_finish_end_date");
  ViewCache<Booking>::View view;
  for (const auto& [id, booking] : world_.bookings) {
    if (booking.branch != branch || (status && booking.status != *status) ||
        (event_type && booking.type != *event_type) || (event_id && booking.event_id != *event_id) ||
        !within(booking.created, created_from, created_until) ||
        !within(booking.modified, modified_from, modified_until)) {
      continue;
    }
    if (reading != "ignored" && (!within(local(booking.start), start_from, start_until) ||
                                 !within(local(booking.finish), finish_from, finish_until))) {
      continue;
    }
    const auto person = world_.people.find(booking.user_id);
    if (!roaming && person != world_.people.end() && !person->second.origin_branch.empty() &&
        person->second.origin_branch != branch) {
      continue;
    }
    view.push_back(&booking);
  }
  const std::string order = switches_.get("booking_order");
  std::stable_sort(view.begin(), view.end(), [&order](const Booking* a, const Booking* b) {
    if (order == "shuffled") {
      return std::hash<std::string>()(a->id) < std::hash<std::string>()(b->id);
    }
    return order == "created_desc" ? a->created > b->created : a->created < b->created;
  });
  return view;
}

Reply GlofoxApi::person_bookings(const Call& call, const ListTricks& tricks) {
  Page page = page_of(call, tricks);
  if (page.refusal) {
    return std::move(*page.refusal);
  }
  const std::string user = call.parameter("user_id").value_or("");
  const std::string branch = call.parameter("branchId").value_or("");
  if (!is_object_id(user) || !is_object_id(branch)) {
    return glofox_error(400, "branchId and user_id are required", "VALIDATION_ERROR");
  }
  const bool across = call.parameter("across_branches").value_or("false") == "true";
  if (branch != branch_of(call) && !across) {
    return refusal(403, "You are not allowed to access this branch", "FORBIDDEN");
  }
  auto from = epoch_parameter(call, "time_start");
  auto until = epoch_parameter(call, "time_end");
  if (!from && !until && switches_.is("person_bookings_window", "day")) {
    from = clock_.now();
    until = *from + k_day;
  }
  const bool exclude = call.parameter("exclude_cancelled").value_or("false") == "true";
  std::vector<const Booking*> found;
  for (const Booking* booking : world_.bookings_of(user)) {
    const auto same = [&](const char* name, const std::string& value) {
      return call.parameter(name).value_or(value) == value;
    };
    if ((across || booking->branch == branch) && within(booking->start, from, until) &&
        !(exclude && booking->status == "CANCELED") && same("event_id", booking->event_id) &&
        same("status", booking->status)) {
      found.push_back(booking);
    }
  }
  std::string sort = call.parameter("sort_by").value_or("-created");
  const bool descending = sort.starts_with('-');
  sort = descending ? sort.substr(1) : sort;
  const auto value = [&sort](const Booking* booking) {
    return sort == "time_start" ? booking->start : sort == "time_finish" ? booking->finish : booking->created;
  };
  std::sort(found.begin(), found.end(), [&](const Booking* a, const Booking* b) {
    const auto left = std::pair(value(a), a->id);
    const auto right = std::pair(value(b), b->id);
    return descending ? right < left : left < right;
  });
  std::vector<std::string> rows;
  for (const Booking* booking : found) {
    rows.push_back(style_a_row(*booking));
  }
  return style_a(rows, page, tricks);
}

Reply GlofoxApi::list_events(const Call& call, const ListTricks& tricks) const {
  Page page = page_of(call, tricks);
  if (page.refusal) {
    return std::move(*page.refusal);
  }
  const Epoch start = epoch_parameter(call, "start").value_or(clock_.now());
  const Epoch end = epoch_parameter(call, "end").value_or(start + k_day);
  const std::string hidden = call.parameter("private").value_or("false");
  const std::string active = call.parameter("active").value_or("true");
  const std::string branch = branch_of(call);
  std::vector<std::pair<Epoch, std::string>> found;
  for (const auto& [id, text] : world_.events) {
    const auto row = parse_json(text);
    const Epoch at = int_at(*row, "time_start").value_or(0);
    const bool is_private = bool_at(*row, "private").value_or(false);
    const bool is_active = bool_at(*row, "active").value_or(true);
    if (string_at(*row, "branch_id") == branch && within(at, start, end) &&
        (hidden == "any" || (hidden == "true") == is_private) &&
        (active == "any" || (active == "false") == !is_active)) {
      found.emplace_back(call.parameter("sort_by").value_or("") == "time_start" ? at : 0, text);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> rows;
  for (auto& [at, text] : found) {
    rows.push_back(std::move(text));
  }
  return style_a(rows, page, tricks);
}

Reply GlofoxApi::show_event(const std::string& id) const {
  const auto found = world_.events.find(id);
  return found != world_.events.end() ? single(found->second)
                                      : glofox_error(404, "Event not found", "EVENT_NOT_FOUND");
}

}  // namespace gk_sandbox
