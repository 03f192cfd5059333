#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "domain/ids.hpp"
#include "domain/window.hpp"

namespace gk {

/// Glofox booking statuses (glofox-api 5.1). Only `booked` gives access.
enum class BookingStatus : std::uint8_t { booked, waiting, cancelled, reserved, failed, unknown };

/// "BOOKED" -> booked, "CANCELED" and "CANCELLED" -> cancelled, else unknown.
[[nodiscard]] BookingStatus parse_booking_status(std::string_view word);

/// One person's booking of one class, in real instants.
struct Booking {
  BookingId id;
  MemberId member;
  ClassId class_id;  ///< empty for time slots and some courses
  BookingStatus status = BookingStatus::unknown;
  bool attended = false;
  Instant start{}, end{};  ///< of the class; start < end
  bool end_known = true;   ///< false: `end` is 60 minutes after the start because the row does not say
  bool online = false;     ///< nobody comes to the door for it; known once its class was read
};

/// A class, which Glofox calls an event, as far as it says more than its bookings do
/// (glofox-api 6).
struct GymClass {
  ClassId id;
  std::optional<std::chrono::seconds> duration;
  bool online = false;
};

/// Completes a booking of that class: whether it is online and, where the row does not say, when it ends.
void apply_class(const GymClass& gym_class, Booking& booking);
/// Completes those of the bookings whose class is among these.
void apply_classes(const std::map<ClassId, GymClass>& classes, std::vector<Booking>& bookings);

}  // namespace gk
