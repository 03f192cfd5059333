#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "domain/rules.hpp"
#include "reconcile/desired.hpp"
#include "reconcile/ports.hpp"

namespace gk::reconcile {

/// Starts of all classes whose windows can matter at `now`, however long they last.
[[nodiscard]] Window class_span(const BookingRules& rules, Instant now);

/// When one booking opens the door: [start - opens_before, end + closes_after). Nothing for whatever is not
/// booked and for online classes.
[[nodiscard]] std::optional<Window> booking_window(const Booking& booking, const BookingRules& rules);

/// Whether the booking's window has not ended and begins by now + lookahead.
[[nodiscard]] bool is_due(const Booking& booking, const BookingRules& rules, Instant now);

/// One person's due windows as the one that a row can hold: overlapping and touching ones merged, the current
/// one or else the next (contract 5). Nothing when none is due.
[[nodiscard]] std::optional<Validity> due_validity(const std::vector<Booking>& bookings,
                                                   const BookingRules& rules, Instant now);

/// Everything that Glofox says about who is booked when.
struct BookedRoster {
  std::vector<Booking> bookings;
  std::map<MemberId, BookingId> unreadable;  ///< who made a booking whose time cannot be read
  std::set<ClassId> known_classes;           ///< that were asked for: their bookings are completed
  bool by_class = false;                     ///< see BookingSnapshot
  PeopleReading people;                      ///< of everybody whose booking is due or unreadable
};

/// Whose e-mail must be known: everybody with a booking that is due or unreadable.
[[nodiscard]] std::vector<MemberId> bookers(const BookedRoster& roster, const BookingRules& rules,
                                            Instant now);

/// Classes of these people's due bookings that were not asked for yet.
[[nodiscard]] std::set<ClassId> classes_to_ask(const BookedRoster& roster, const std::set<PersonKey>& people,
                                               const BookingRules& rules, Instant now);

/// Joins the due bookings by e-mail: a right per person, with the window that a row can hold. Bookers who are
/// deleted, unknown or without an e-mail give notices; insiders among them give denials. The order of the
/// bookings does not matter. Pure.
[[nodiscard]] Desired derive_booking_rights(const BookedRoster& roster, const BookingRules& rules,
                                            Instant now, const Insiders& insiders);

}  // namespace gk::reconcile
