#include <fmt/format.h>

#include <set>
#include <utility>

#include "glofox/client.hpp"

namespace gk::glofox {

namespace {

std::string epoch(Instant instant) {
  return std::to_string(instant.time_since_epoch().count());
}

/// Collects the pages of one person's bookings.
class BookingPages {
 public:
  BookingPages(const Place& place, MemberId member, const Window& span)
      : place_(place), member_(member), span_(span), schema_("data", booking_fields(), envelope_fields()) {}

  void begin() {
    ids_.clear();
    bookings_.clear();
    fault_.reset();
  }

  Result<PageFacts> take(int http_status, std::string& body) {
    PageFacts facts;
    std::vector<BookingRow> rows;
    GK_TRY_ASSIGN(const json::PageEnvelope envelope,
                  json::read_page(body, schema_, [&](std::span<const json::Scalar> row) {
                    rows.push_back(decode_booking(row, place_));
                  }));
    describe_page(http_status, envelope.fields, facts);
    facts.has_rows = envelope.has_rows;
    facts.unusable = envelope.odd_rows;
    if (facts.refusal) return facts;
    for (BookingRow& row : rows) add(std::move(row), facts);
    return facts;
  }

  Result<std::vector<Booking>> finish() {
    if (fault_) return fail(*std::move(fault_));
    return std::move(bookings_);
  }

 private:
  void add(BookingRow row, PageFacts& facts) {
    if (!row.id) {
      ++facts.unusable;
      return;
    }
    if (!ids_.insert(row.id->value()).second) {
      ++facts.repeated;
      return;
    }
    ++facts.fresh;
    // Filters that the service ignores must not bring in other people, branches or days (glofox.md 2, 5.2).
    // A place whose time cannot be read might be the one that keeps this person's access.
    if (row.status == BookingStatus::booked && !row.start && !fault_) {
      fault_ =
          Error{Category::protocol, fmt::format("booking {} has no readable time_start", row.id->value())};
    }
    const bool ours = row.member.value_or(member_) == member_ && !row.other_branch;
    if (!ours || !row.start || !span_.contains(*row.start)) return;
    bookings_.push_back(
        {*std::move(row.id), member_, std::move(row.event), row.status, row.attended, *row.start, *row.end});
  }

  Place place_;
  MemberId member_;
  Window span_;
  json::PageSchema schema_;
  std::set<std::string> ids_;
  std::vector<Booking> bookings_;
  std::optional<Error> fault_;
};

}  // namespace

Result<std::vector<Booking>> GlofoxClient::read_bookings_of(MemberId member, const Window& span) {
  GK_TRY(check_branch_id());
  BookingPages pages(place(), member, span);
  Listing listing;
  listing.what = fmt::format("Glofox bookings of {}", member);
  listing.path = listing.endpoint = "/2.0/bookings";
  // Both times always: without them the window is whatever the service likes (glofox.md 5.2).
  listing.query = {{"branchId", branch_.value()},
                   {"user_id", member.text()},
                   {"time_start", epoch(span.from())},
                   {"time_end", epoch(span.until())}};
  listing.max_pages = options_.max_pages;
  listing.begin = [&] { pages.begin(); };
  listing.take = [&](int http_status, std::string& body) { return pages.take(http_status, body); };
  GK_TRY_ASSIGN(const ListingTally tally, read_listing(paging(), listing));
  if (auto reason = incompleteness(tally)) return fail(with_context(listing.what, *std::move(reason)));
  auto bookings = pages.finish();
  if (!bookings) return fail(with_context(listing.what, std::move(bookings).error()));
  return bookings;
}

}  // namespace gk::glofox
