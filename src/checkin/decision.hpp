#pragma once

#include <optional>
#include <span>
#include <vector>

#include "checkin/report.hpp"
#include "domain/booking.hpp"
#include "domain/row.hpp"
#include "domain/rules.hpp"
#include "domain/user.hpp"

/// The decisions of check-in (contract 1.4, glofox-api 8). Pure.
namespace gk::checkin {

/// Why an unlock is ignored without asking anybody; nothing when it may be a check-in. Looks at what the
/// event says about itself, in this order: type, success, actor, place (when it says one), age.
[[nodiscard]] std::optional<IgnoreCause> reason_to_ignore(const Unlock& unlock,
                                                          const Integration& integration, Instant now);

/// Category::protocol for an unlock further in the future than k_clock_slack: one of the two clocks is wrong.
[[nodiscard]] Result<void> check_time(const Unlock& unlock, Instant now);

/// Whether one of the rows is ours, of this user, in a group of the integration and valid at that time
/// (contract 6).
[[nodiscard]] bool holds_our_row(std::span<const RoleAssignment> rows, UserId user, UserId own,
                                 const Integration& integration, Instant at);

/// The span in which the bookings start that this unlock can belong to.
[[nodiscard]] Window booking_span(Instant at, std::chrono::seconds opens_before);

/// The BOOKED booking whose window [start - opens_before, end) holds the unlock and whose start is nearest to
/// it; of two, the earlier. Attended ones count: two doors in a row must not attend two classes.
[[nodiscard]] const Booking* nearest_booking(std::span<const Booking> bookings, Instant at,
                                             std::chrono::seconds opens_before);

/// One of several Glofox records behind one e-mail.
struct Candidate {
  Member member;
  std::vector<Booking> bookings;
};

/// The only candidate; else the only one with a booking at this time; else the only one with an active
/// membership of a type that counts. Nothing when that leaves several or none: then nobody is checked in.
[[nodiscard]] const Candidate* choose_candidate(std::span<const Candidate> candidates,
                                                const Integration& integration, Instant at);

/// Of both writes, the outcome that the whole unlock gets: unknown, failed, applied, planned,
/// already_done.
[[nodiscard]] std::optional<CheckinOutcome> combine(const std::optional<CheckinOutcome>& access,
                                                    const std::optional<CheckinOutcome>& attendance);

}  // namespace gk::checkin
