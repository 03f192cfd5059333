#pragma once

#include <cstdint>
#include <string>

#include "domain/ids.hpp"
#include "domain/window.hpp"

namespace gk {

/// Glofox booking statuses (glofox.md 5.1). Only `booked` gives access.
enum class BookingStatus : std::uint8_t { booked, waiting, cancelled, reserved, failed, unknown };

/// "BOOKED" -> booked, "CANCELED" and "CANCELLED" -> cancelled, else unknown.
[[nodiscard]] BookingStatus parse_booking_status(std::string_view word);

/// One person's place in one session, in real instants.
struct Booking {
  BookingId id;
  MemberId member;
  EventId event;  ///< empty for time slots and some courses
  BookingStatus status = BookingStatus::unknown;
  bool attended = false;
  Instant start, end;  ///< of the session; start < end
};

}  // namespace gk
