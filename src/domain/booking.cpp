#include "domain/booking.hpp"

#include "util/text.hpp"

namespace gk {

BookingStatus parse_booking_status(std::string_view word) {
  const std::string folded = ascii_lower(trim(word));
  if (folded == "booked") return BookingStatus::booked;
  if (folded == "waiting") return BookingStatus::waiting;
  if (folded == "canceled" || folded == "cancelled") return BookingStatus::cancelled;
  if (folded == "reserved") return BookingStatus::reserved;
  if (folded == "failed") return BookingStatus::failed;
  return BookingStatus::unknown;
}

void apply_class(const GymClass& gym_class, Booking& booking) {
  booking.online = gym_class.online;
  if (!booking.end_known && gym_class.duration) {
    booking.end = booking.start + *gym_class.duration;
    booking.end_known = true;
  }
}

void apply_classes(const std::map<ClassId, GymClass>& classes, std::vector<Booking>& bookings) {
  for (Booking& booking : bookings) {
    if (const auto found = classes.find(booking.class_id); found != classes.end())
      apply_class(found->second, booking);
  }
}

}  // namespace gk
