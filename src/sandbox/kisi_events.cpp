#include "kisi_api.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

constexpr Epoch k_widest = 90 * k_day;  // kisi-api 13.3
constexpr Epoch k_lifetime = k_day;

struct Interval {
  Epoch start = 0;
  Epoch end = 0;
};

/// `P1DT2H30M`; years and months have no fixed length and are refused.
std::optional<Epoch> parse_duration(std::string_view text) {
  if (text.size() < 3 || text.front() != 'P') {
    return std::nullopt;
  }
  Epoch total = 0;
  std::int64_t number = -1;
  for (const char c : text.substr(1)) {
    if (c >= '0' && c <= '9') {
      number = std::max<std::int64_t>(number, 0) * 10 + (c - '0');
      continue;
    }
    if (c == 'T') {
      continue;
    }
    const Epoch unit = c == 'W'   ? 7 * k_day
                       : c == 'D' ? k_day
                       : c == 'H' ? k_hour
                       : c == 'M' ? k_minute
                       : c == 'S' ? 1
                                  : 0;
    if (unit == 0 || number < 0) {
      return std::nullopt;
    }
    total += number * unit;
    number = -1;
  }
  return number < 0 ? std::optional<Epoch>(total) : std::nullopt;
}

std::optional<Interval> parse_interval(const std::string& text) {
  const auto parts = split(text, '/');
  if (parts.size() != 2) {
    return std::nullopt;
  }
  const auto start = parse_rfc3339(parts[0]);
  const auto end = parse_rfc3339(parts[1]);
  if (start && end) {
    return Interval{*start, *end};
  }
  if (const auto duration = parse_duration(parts[1]); start && duration) {
    return Interval{*start, *start + *duration};
  }
  if (const auto duration = parse_duration(parts[0]); end && duration) {
    return Interval{*end - *duration, *end};
  }
  return std::nullopt;
}

constexpr std::array k_filters{"interval",
                               "event_actor_id",
                               "event_actor_type",
                               "event_authenticated_by_id",
                               "event_authenticated_by_type",
                               "event_object_id",
                               "event_object_type",
                               "event_place_id",
                               "event_success",
                               "event_sequence",
                               "event_type",
                               "event_uuid",
                               "place_id"};

/// One filter of an event set against the event key of the same meaning.
bool passes(const Value& filters, const char* filter, const Value& event, const char* key) {
  const Value* wanted = find(filters, filter);
  const Value* actual = find(event, key);
  if (wanted == nullptr || wanted->IsNull()) {
    return true;
  }
  if (actual == nullptr) {
    return false;
  }
  if (wanted->IsString() && actual->IsString()) {
    const auto list = split(string_at(filters, filter), ',');
    const std::string text = string_at(event, key);
    return std::any_of(list.begin(), list.end(),
                       [&text](const std::string& one) { return trim(one) == text; });
  }
  return to_text(*wanted) == to_text(*actual);
}

std::string make_cursor(std::size_t offset) { return fmt::format("b2Zmc2V0+{}/==", offset); }

std::optional<std::size_t> read_cursor(const std::string& text) {
  constexpr std::string_view k_head = "b2Zmc2V0+";
  constexpr std::string_view k_tail = "/==";
  if (!text.starts_with(k_head) || !text.ends_with(k_tail) || text.size() <= k_head.size() + k_tail.size()) {
    return std::nullopt;
  }
  const auto number =
      to_int(std::string_view(text).substr(k_head.size(), text.size() - k_head.size() - k_tail.size()));
  return number && *number >= 0 ? std::optional<std::size_t>(static_cast<std::size_t>(*number))
                                : std::nullopt;
}

}  // namespace

Reply KisiApi::event_sets(const Call& call, const std::vector<std::string>& path) {
  if (path.size() == 1 && call.method == "POST") {
    return create_event_set(call);
  }
  if (path.size() == 2 && call.method == "GET") {
    const auto found = event_sets_.find(id_of(path[1]));
    if (found == event_sets_.end() || found->second.created + k_lifetime < clock_.now()) {
      return kisi_error(404, "The requested resource could not be found.", "fac404");
    }
    return show_event_set(found->first, found->second, call, true);
  }
  return kisi_error(404, "The endpoint does not exist, please check your request.", "000404");
}

Reply KisiApi::create_event_set(const Call& call) {
  const auto arrival = std::chrono::steady_clock::now();
  const bool soon = last_event_set_post_ && arrival - *last_event_set_post_ < std::chrono::seconds(1);
  if (soon && switches_.is("event_set_limit", "on")) {
    return kisi_error(429, "Too many requests.", "fac429");
  }
  last_event_set_post_ = arrival;
  Body body = body_of(call, "event_set");
  if (body.refusal) {
    return std::move(*body.refusal);
  }
  const Value& fields = *body.fields;
  const Epoch now = clock_.now();
  const std::string text = string_at(fields, "interval");
  const auto interval =
      text.empty() ? std::optional<Interval>(Interval{now - k_widest, now}) : parse_interval(text);
  if (!interval || interval->end < interval->start || interval->end - interval->start > k_widest) {
    return kisi_invalid("interval", "is invalid");
  }
  const auto given = [&fields](const char* key) {
    return find(fields, key) != nullptr && !find(fields, key)->IsNull();
  };
  if (given("place_id") && given("event_place_id")) {
    return kisi_invalid("event_place_id", "can't be used together with place_id");
  }
  EventSet set;
  JsonText echo;
  echo.begin_object();
  for (const char* key : k_filters) {
    const Value* value = find(fields, key);
    value != nullptr ? echo.field(key, *value) : echo.field(key, nullptr);
  }
  set.filters = echo.end_object().text();
  std::vector<std::pair<Epoch, std::string>> events;
  for (const std::string& row : world_.unlocks) {
    const auto event = parse_json(row);
    const Epoch at = parse_rfc3339(string_at(*event, "created_at")).value_or(0);
    const bool wanted =
        at >= interval->start && at <= interval->end && passes(fields, "event_type", *event, "type") &&
        passes(fields, "event_success", *event, "success") &&
        passes(fields, "event_actor_type", *event, "actor_type") &&
        passes(fields, "event_actor_id", *event, "actor_id") &&
        passes(fields, "event_object_type", *event, "object_type") &&
        passes(fields, "event_object_id", *event, "object_id") &&
        passes(fields, "event_place_id", *event, "place_id") &&
        passes(fields, "place_id", *event, "place_id") &&
        passes(fields, "event_sequence", *event, "sequence") && passes(fields, "event_uuid", *event, "uuid");
    if (wanted) {
      events.emplace_back(at, row);
    }
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const std::string order = switches_.get("event_order");
  if (order == "descending") {
    std::reverse(events.begin(), events.end());
  } else if (order == "shuffled") {
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
      return a.second.substr(9, 8) < b.second.substr(9, 8);
    });
  }
  events.resize(std::min(events.size(), static_cast<std::size_t>(switches_.number("event_cap"))));
  for (auto& [at, row] : events) {
    set.events.push_back(std::move(row));
  }
  set.polls_left = switches_.number("event_set_polls");
  set.created = now;
  const std::int64_t id = ++last_event_set_;
  EventSet& stored = event_sets_.emplace(id, std::move(set)).first->second;
  return show_event_set(id, stored, call, false);
}

Reply KisiApi::show_event_set(std::int64_t id, EventSet& set, const Call& call, bool poll) {
  if (poll && set.polls_left > 0) {
    --set.polls_left;
  }
  const bool finished = set.polls_left == 0;
  std::size_t offset = 0;
  if (const auto cursor = call.parameter("cursor"); poll && cursor) {
    const auto read = read_cursor(*cursor);
    if (!read) {
      return kisi_error(400, "The cursor is invalid.", "fac404");
    }
    offset = *read;
  }
  const auto limit = to_int(call.parameter("limit").value_or("50"));
  if (!limit || *limit < 1 || *limit > 1000) {
    return kisi_error(400, "The parameter limit must be between 1 and 1000.", "fac400");
  }
  const std::size_t end = std::min(set.events.size(), offset + static_cast<std::size_t>(*limit));
  const auto filters = parse_json(set.filters);
  JsonText out;
  out.begin_object()
      .field("id", id)
      .field("created_at", to_rfc3339(set.created))
      .field("status", finished ? "finished" : "in_progress");
  for (const auto& filter : filters->GetObject()) {
    out.field(filter.name.GetString(), filter.value);
  }
  const bool more = finished && end < set.events.size();
  out.field("cursor", more ? std::optional<std::string>(make_cursor(end)) : std::nullopt);
  if (finished) {
    out.key("events").begin_array();
    for (std::size_t i = std::min(offset, end); i < end; ++i) {
      out.raw(set.events[i]);
    }
    out.end_array();
  }
  return kisi_ok(out.end_object().text());
}

}  // namespace gk_sandbox
