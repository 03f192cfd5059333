#include "glofox/booking_pages.hpp"

#include <utility>

namespace gk::glofox {

BookingPages::BookingPages(BookingFilter filter)
    : filter_(std::move(filter)), schema_("data", booking_fields(), envelope_fields()) {}

void BookingPages::begin() {
  ids_.clear();
  bookings_.clear();
  unreadable_.clear();
  outside_ = strangers_ = 0;
}

Result<PageContent> BookingPages::take(int http_status, std::string& body) {
  PageContent content;
  rows_.clear();
  GK_TRY_ASSIGN(const json::PageEnvelope envelope,
                json::read_page(body, schema_, [&](std::span<const json::Scalar> row) {
                  rows_.push_back(decode_booking(row, branch_));
                }));
  describe_page(http_status, envelope.fields, content);
  content.has_rows = envelope.has_rows;
  content.unusable = envelope.odd_rows;
  if (content.refusal) return content;
  for (BookingRow& row : rows_) add(std::move(row), content);
  return content;
}

void BookingPages::add(BookingRow row, PageContent& content) {
  if (!row.id) {
    ++content.unusable;
    return;
  }
  if (!ids_.insert(row.id->value()).second) {
    ++content.repeated;
    return;
  }
  ++content.fresh;
  const auto member = row.member ? row.member : filter_.member;
  if (row.other_branch || !member || (filter_.member && member != filter_.member)) return;
  if (!filter_.class_id.value().empty() && row.class_id != filter_.class_id) {
    ++strangers_;
    return;
  }
  if (!row.start) {
    if (row.status == BookingStatus::booked) unreadable_.emplace(*member, *std::move(row.id));
    return;
  }
  if (!filter_.widened.contains(*row.start)) ++outside_;
  if (!filter_.span.contains(*row.start) || (filter_.status && row.status != *filter_.status)) return;
  Booking booking{*std::move(row.id), *member, std::move(row.class_id), row.status, row.attended,
                  *row.start,         *row.end};
  booking.end_known = row.end_known;
  bookings_.push_back(std::move(booking));
}

}  // namespace gk::glofox
