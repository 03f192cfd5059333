#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "domain/booking.hpp"
#include "glofox/decode.hpp"
#include "glofox/paging.hpp"
#include "json/row_stream.hpp"

namespace gk::glofox {

/// Which rows of a booking list are wanted. The service's own filters are only asked to save pages: each may
/// be ignored, so every row is looked at again (glofox-api 2, 5.1, 5.2).
struct BookingFilter {
  Window span;     ///< classes that start in it
  Window widened;  ///< what was asked for; rows outside tell that the filter was ignored
  std::optional<BookingStatus> status{};  ///< nothing: any
  std::optional<MemberId> member{};       ///< nothing: of everybody
  ClassId class_id{};                     ///< empty: of any class
};

/// Collects the pages of a list of bookings, in both row formats.
class BookingPages {
 public:
  explicit BookingPages(BookingFilter filter);

  void set_branch(const BranchZone& branch) { branch_ = branch; }
  void begin();
  [[nodiscard]] Result<PageContent> take(int http_status, std::string& body);

  [[nodiscard]] std::vector<Booking> take_bookings() { return std::move(bookings_); }
  /// People with a BOOKED booking whose time cannot be read: it is unknown whether they have a right.
  [[nodiscard]] const std::map<MemberId, BookingId>& unreadable() const { return unreadable_; }
  [[nodiscard]] std::map<MemberId, BookingId> take_unreadable() { return std::move(unreadable_); }
  /// Rows outside even the widened span.
  [[nodiscard]] std::size_t outside() const { return outside_; }
  /// Rows of another class than the one that was asked for.
  [[nodiscard]] std::size_t strangers() const { return strangers_; }

 private:
  void add(BookingRow row, PageContent& content);

  BookingFilter filter_;
  BranchZone branch_;
  json::PageSchema schema_;
  std::vector<BookingRow> rows_;  ///< of one page
  std::unordered_set<std::string> ids_;
  std::vector<Booking> bookings_;
  std::map<MemberId, BookingId> unreadable_;
  std::size_t outside_ = 0, strangers_ = 0;
};

}  // namespace gk::glofox
