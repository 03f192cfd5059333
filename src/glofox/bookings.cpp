#include <fmt/format.h>

#include <utility>

#include "glofox/booking_pages.hpp"
#include "glofox/client.hpp"

namespace gk::glofox {

namespace {

/// The list's times are "local": the branch's wall clock as if it were UTC, or true instants. A day on both
/// sides covers every zone (glofox-api 5.1).
constexpr std::chrono::hours k_widening{24};

std::string epoch(Instant instant) { return std::to_string(instant.time_since_epoch().count()); }

std::string_view status_word(BookingStatus status) {
  return status == BookingStatus::cancelled ? "CANCELED" : "BOOKED";
}

}  // namespace

Listing GlofoxClient::booking_listing(BookingPages& pages, std::string what) const {
  Listing listing =
      listing_into(pages, std::move(what), fmt::format("/2.2/branches/{}/bookings", branch_.value()));
  listing.endpoint = "/2.2/branches/{id}/bookings";
  return listing;
}

Result<reconcile::BookingSnapshot> GlofoxClient::read_bookings(const Window& span, BookingStatus status) {
  GK_TRY(check_branch_id());
  const Window widened = *Window::make(span.from() - k_widening, span.until() + k_widening);
  BookingPages pages({.span = span, .widened = widened, .status = status});
  Listing listing = booking_listing(pages, "Glofox bookings");
  listing.query = {{"status", std::string(status_word(status))},
                   {"time_start_start_date", epoch(widened.from())},
                   {"time_start_end_date", epoch(widened.until())}};

  GK_TRY_ASSIGN(Opening opening, open(listing));
  if (!opening.branch) return fail(std::move(opening.branch).error());
  const auto zone = Zone::locate(opening.branch->time_zone);
  if (!zone) return fail(with_context("bookings were left as they are", zone.error()));
  pages.set_branch(branch_zone());
  const std::size_t declared = opening.page ? declared_pages(pages, *opening.page) : 0;
  if (declared > options_.booking_page_budget && status == BookingStatus::booked) {
    GK_TRY_ASSIGN(auto by_class, read_bookings_by_class(span, declared));
    if (by_class)
      return reconcile::BookingSnapshot{*std::move(opening.branch), *std::move(by_class), {}, true};
  }
  GK_TRY_ASSIGN(const ListingTally tally, read_listing(paging(), listing, std::move(opening.page)));
  if (pages.outside() > 0) {
    log_.write(LogLevel::info, "Glofox ignored the filter by time; filtered here",
               {{"list", listing.what}, {"rows_outside", std::to_string(pages.outside())}});
  }
  return reconcile::BookingSnapshot{*std::move(opening.branch), certify(pages.take_bookings(), tally),
                                    pages.take_unreadable(), false};
}

/// How many pages the list has according to its first one; 0 when that does not say.
std::size_t GlofoxClient::declared_pages(BookingPages& pages, const http::Response& first) {
  std::string body = first.body;
  pages.begin();
  const auto content = pages.take(first.status, body);
  pages.begin();
  if (!content || content->refusal || !content->total || content->rows() == 0) return 0;
  return (*content->total + content->rows() - 1) / content->rows();
}

/// Nothing when that takes more requests than the list itself, or when the service does not filter by class
/// either.
Result<std::optional<Reading<std::vector<Booking>>>> GlofoxClient::read_bookings_by_class(
    const Window& span, std::size_t pages_of_list) {
  GK_TRY_ASSIGN(const auto classes, list_classes(span));
  const auto* whole = std::get_if<Complete<std::vector<GymClass>>>(&classes);
  if (whole == nullptr || whole->value().size() >= pages_of_list)
    return std::optional<Reading<std::vector<Booking>>>();
  ListingTally sum;
  sum.ended_properly = true;
  std::vector<Booking> bookings;
  for (const GymClass& gym_class : whole->value()) {
    BookingPages pages(
        {.span = span, .widened = span, .status = BookingStatus::booked, .class_id = gym_class.id});
    pages.set_branch(branch_zone());
    Listing listing =
        booking_listing(pages, fmt::format("Glofox bookings of class {}", gym_class.id.value()));
    listing.max_pages = options_.booking_page_budget;
    listing.query = {{"status", "BOOKED"}, {"event_id", gym_class.id.value()}};
    GK_TRY_ASSIGN(const ListingTally tally, read_listing(paging(), listing));
    if (pages.strangers() > 0 && incompleteness(tally)) return std::optional<Reading<std::vector<Booking>>>();
    if (auto reason = incompleteness(tally); reason && !sum.failed_page) sum.failed_page = std::move(reason);
    auto found = pages.take_bookings();
    sum.unique_rows += found.size();
    std::move(found.begin(), found.end(), std::back_inserter(bookings));
  }
  return std::optional(certify(std::move(bookings), sum));
}

Result<std::vector<Booking>> GlofoxClient::read_bookings_of(MemberId member, const Window& span) {
  GK_TRY(check_branch_id());
  BookingPages pages({.span = span, .widened = span, .member = member});
  pages.set_branch(branch_zone());
  Listing listing = listing_into(pages, fmt::format("Glofox bookings of {}", member), "/2.0/bookings");
  // Always send both times: without them the service chooses the window (glofox-api 5.2).
  listing.query = {{"branchId", branch_.value()},
                   {"user_id", member.text()},
                   {"time_start", epoch(span.from())},
                   {"time_end", epoch(span.until())}};
  GK_TRY_ASSIGN(const ListingTally tally, read_listing(paging(), listing));
  if (auto reason = incompleteness(tally)) return fail(with_context(listing.what, *std::move(reason)));
  // A booking whose time cannot be read might be the one that keeps this person's access.
  if (!pages.unreadable().empty()) {
    return fail(Category::protocol, fmt::format("{}: booking {} has no readable time_start", listing.what,
                                                pages.unreadable().begin()->second.value()));
  }
  return pages.take_bookings();
}

}  // namespace gk::glofox
