#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "glofox/client.hpp"

namespace gk::glofox {

Result<Reading<std::vector<Event>>> GlofoxClient::list_events(const Window& span) {
  GK_TRY(check_branch_id());
  std::vector<Event> events;
  std::set<EventId> ids;
  Listing listing;
  listing.what = "Glofox classes";
  listing.path = fmt::format("/2.0/branches/{}/events", branch_.value());
  listing.endpoint = "/2.0/branches/{id}/events";
  // Without these words staff-only, cancelled and bookable-slot classes are missing (glofox-api 6).
  listing.query = {{"start", std::to_string(span.from().time_since_epoch().count())},
                   {"end", std::to_string(span.until().time_since_epoch().count())},
                   {"sort_by", "time_start"},
                   {"filter", "event,timeslot,course"},
                   {"private", "any"},
                   {"active", "any"}};
  listing.max_pages = options_.max_pages;
  listing.begin = [&] {
    events.clear();
    ids.clear();
  };
  const auto take_row = [&](const json::View& row) {
    auto event = decode_event(row);
    if (!event) return RowKind::unusable;
    if (!ids.insert(event->id).second) return RowKind::repeated;
    events.push_back(*std::move(event));
    return RowKind::fresh;
  };
  listing.take = [&](int http_status, std::string& body) {
    return read_short_page(http_status, body, take_row);
  };
  const auto tally = read_listing(paging(), listing);
  if (tally) return certify(std::move(events), *tally);
  // A key may lack this route while all others work (glofox-api 1.4).
  if (is_out_of_time(tally.error())) return fail(tally.error());
  return Reading<std::vector<Event>>(Partial<std::vector<Event>>({}, tally.error()));
}

Result<std::optional<Event>> GlofoxClient::read_event(const EventId& id) {
  const http::Request request =
      http::get(fmt::format("/2.0/branches/{}/events/{}", branch_.value(), id.value()),
                "/2.0/branches/{id}/events/{id}");
  const auto document = ask(request, Subject::optional);
  if (!document) {
    if (document.error().category == Category::not_found) return std::optional<Event>();
    return fail(with_context(fmt::format("Glofox class {}", id.value()), document.error()));
  }
  auto event = decode_event(unwrap(document->root()));
  if (!event || event->id != id)
    return fail(Category::protocol, fmt::format("Glofox class {}: the answer is not this class", id.value()));
  return event;
}

Result<std::map<EventId, Event>> GlofoxClient::read_events(const std::set<EventId>& ids, const Window& span) {
  constexpr std::size_t k_singly = 3;  // up to here one by one is not dearer than the list and its gaps
  constexpr std::size_t k_most = 200;  // single reads in one go
  GK_TRY(check_branch_id());
  std::map<EventId, Event> events;
  if (ids.size() > k_singly) {
    GK_TRY_ASSIGN(const auto listed, list_events(span));
    for (const Event& event : value_of(listed)) {
      if (ids.contains(event.id)) events.emplace(event.id, event);
    }
  }
  // The list is not exhaustive: some classes only appear by id (glofox-api 6).
  std::size_t reads = 0;
  for (const EventId& id : ids) {
    if (events.contains(id) || ++reads > k_most) continue;
    auto event = read_event(id);
    if (!event) {
      if (is_out_of_time(event.error())) return fail(std::move(event.error()));
      log_.write(LogLevel::warning, "a class could not be read; its bookings count as classes on site",
                 {{"class", id.value()}, {"error", event.error().message}});
    } else if (*event) {
      events.emplace(id, **std::move(event));
    }
  }
  return events;
}

}  // namespace gk::glofox
