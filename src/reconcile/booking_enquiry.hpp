#pragma once

#include <map>
#include <set>
#include <vector>

#include "reconcile/booking_rights.hpp"
#include "reconcile/planner.hpp"

namespace gk::reconcile {

/// Glofox's side of sync-bookings.
struct BookedReading {
  Branch branch;
  Reading<BookedRoster> roster;  ///< whole: the list of bookings, and the member list if that was read
};

/// Reads the bookings around `now`, when they end where the rows do not say, and who is behind the due ones.
[[nodiscard]] Result<BookedReading> read_booked(RosterSource& source, const BookingRules& rules, Instant now);

/// Asks for the classes of these people's due bookings, once each: whose windows are about to be written. The
/// bookings themselves do not say whether a class is online (glofox-api 6).
[[nodiscard]] Result<void> ask_for_classes(BookedRoster& roster, const std::set<PersonKey>& people,
                                           const BookingRules& rules, RosterSource& source, Instant now);

/// What sync-bookings asks about people who hold a window but have no booking any more.
struct BookingEnquiry {
  const BookedRoster& roster;
  const Observed& observed;
  const BranchId& branch;
  const BookingRules& rules;
  Instant now;
  RosterSource& source;
  AccessControl& access;
};

/// What Glofox states about these people (sorted): their booking is in the list of the cancelled, or their
/// e-mail has changed. People about whom it states nothing are left out: they are absent.
[[nodiscard]] Result<std::map<PersonKey, Denial>> read_cancellations(const std::vector<PersonKey>& people,
                                                                     const BookingEnquiry& enquiry);

/// Asks about absent people one by one: by the id in their Kisi user's metadata and by e-mail
/// (contract 8.2). Gives the denial that each of them has earned; Category::protocol when one has a due
/// booking that the list lacked, because then the list was wrong.
[[nodiscard]] Result<std::map<PersonKey, Denial>> verify_unbooked(const std::vector<PersonKey>& people,
                                                                  const BookingEnquiry& enquiry);

}  // namespace gk::reconcile
