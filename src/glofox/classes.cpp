#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "glofox/client.hpp"

namespace gk::glofox {

Result<Reading<std::vector<GymClass>>> GlofoxClient::list_classes(const Window& span) {
  GK_TRY(check_branch_id());
  std::vector<GymClass> classes;
  std::set<ClassId> ids;
  Listing listing;
  listing.what = "Glofox classes";
  listing.path = fmt::format("/2.0/branches/{}/events", branch_.value());
  listing.endpoint = "/2.0/branches/{id}/events";
  // Without these parameters, staff-only, cancelled and bookable-slot classes are missing (glofox-api 6).
  listing.query = {{"start", std::to_string(span.from().time_since_epoch().count())},
                   {"end", std::to_string(span.until().time_since_epoch().count())},
                   {"sort_by", "time_start"},
                   {"filter", "event,timeslot,course"},
                   {"private", "any"},
                   {"active", "any"}};
  listing.max_pages = options_.max_pages;
  listing.begin = [&] {
    classes.clear();
    ids.clear();
  };
  const auto take_row = [&](const json::View& row) {
    auto gym_class = decode_class(row);
    if (!gym_class) return RowKind::unusable;
    if (!ids.insert(gym_class->id).second) return RowKind::repeated;
    classes.push_back(*std::move(gym_class));
    return RowKind::fresh;
  };
  listing.take = [&](int http_status, std::string& body) {
    return read_short_page(http_status, body, take_row);
  };
  const auto tally = read_listing(paging(), listing);
  if (tally) return certify(std::move(classes), *tally);
  // A key may lack this route while all others work (glofox-api 1.4).
  if (is_out_of_time(tally.error())) return fail(tally.error());
  return Reading<std::vector<GymClass>>(Partial<std::vector<GymClass>>({}, tally.error()));
}

Result<std::optional<GymClass>> GlofoxClient::read_class(const ClassId& id) {
  const http::Request request =
      http::get(fmt::format("/2.0/branches/{}/events/{}", branch_.value(), id.value()),
                "/2.0/branches/{id}/events/{id}");
  const auto document = ask(request, Subject::optional);
  if (!document) {
    if (document.error().category == Category::not_found) return std::optional<GymClass>();
    return fail(with_context(fmt::format("Glofox class {}", id.value()), document.error()));
  }
  auto gym_class = decode_class(unwrap(document->root()));
  if (!gym_class || gym_class->id != id)
    return fail(Category::protocol, fmt::format("Glofox class {}: got another class", id.value()));
  return gym_class;
}

Result<std::map<ClassId, GymClass>> GlofoxClient::read_classes(const std::set<ClassId>& ids,
                                                               const Window& span) {
  constexpr std::size_t k_singly = 3;  // up to here single reads cost no more than the list and its gaps
  constexpr std::size_t k_most = 200;  // single reads in one go
  GK_TRY(check_branch_id());
  std::map<ClassId, GymClass> classes;
  if (ids.size() > k_singly) {
    GK_TRY_ASSIGN(const auto listed, list_classes(span));
    for (const GymClass& gym_class : value_of(listed)) {
      if (ids.contains(gym_class.id)) classes.emplace(gym_class.id, gym_class);
    }
  }
  // The list is not exhaustive: some classes only appear by id (glofox-api 6).
  std::size_t reads = 0;
  for (const ClassId& id : ids) {
    if (classes.contains(id) || ++reads > k_most) continue;
    auto gym_class = read_class(id);
    if (!gym_class) {
      if (is_out_of_time(gym_class.error())) return fail(std::move(gym_class.error()));
      log_.write(LogLevel::warning, "a class could not be read; it counts as a class on site",
                 {{"class", id.value()}, {"error", gym_class.error().message}});
    } else if (*gym_class) {
      classes.emplace(id, **std::move(gym_class));
    }
  }
  return classes;
}

}  // namespace gk::glofox
