#include "checkin/decision.hpp"

#include "domain/class_length.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gk::checkin {

namespace {

std::chrono::seconds distance(Instant a, Instant b) { return a < b ? b - a : a - b; }

bool has_membership(const Member& member, const Integration& integration) {
  return member.membership.status == MembershipStatus::active &&
         std::ranges::find(integration.memberships.types, member.membership.type) !=
             integration.memberships.types.end();
}

/// The one candidate that satisfies the predicate, or nothing.
template <class Predicate>
const Candidate* only(std::span<const Candidate> candidates, const Predicate& predicate) {
  const Candidate* found = nullptr;
  for (const Candidate& candidate : candidates) {
    if (!predicate(candidate)) continue;
    if (found != nullptr) return nullptr;
    found = &candidate;
  }
  return found;
}

}  // namespace

std::optional<IgnoreCause> reason_to_ignore(const Unlock& unlock, const Integration& integration,
                                            Instant now) {
  if (!unlock.is_unlock()) return IgnoreCause::not_unlock;
  if (!unlock.success) return IgnoreCause::denied;
  if (!unlock.actor) return IgnoreCause::not_a_user;
  if (unlock.place && *unlock.place != integration.place) return IgnoreCause::other_place;
  if (unlock.at < now - integration.checkin.max_age) return IgnoreCause::too_old;
  return std::nullopt;
}

Result<void> check_time(const Unlock& unlock, Instant now) {
  if (unlock.at <= now + k_clock_slack) return {};
  return fail(Category::protocol, fmt::format("the event cannot be used: it is dated {}, {} s in the future "
                                              "by this machine's clock; one of the two clocks is wrong",
                                              format_rfc3339(unlock.at), (unlock.at - now).count()));
}

bool holds_our_row(std::span<const RoleAssignment> rows, UserId user, UserId own,
                   const Integration& integration, Instant at) {
  return std::ranges::any_of(rows, [&](const RoleAssignment& row) {
    return row.user == user && is_ours(row, own) && integration.fills(row.group) &&
           row.validity.is_active(at);
  });
}

Window booking_span(Instant at, std::chrono::seconds opens_before) {
  constexpr std::chrono::seconds k_one{1};
  return *Window::make(at - k_longest_class, at + opens_before + k_one);
}

const Booking* nearest_booking(std::span<const Booking> bookings, Instant at,
                               std::chrono::seconds opens_before) {
  const Booking* nearest = nullptr;
  const auto is_nearer = [at](const Booking& a, const Booking& b) {
    if (distance(a.start, at) != distance(b.start, at)) return distance(a.start, at) < distance(b.start, at);
    return a.start != b.start ? a.start < b.start : a.id < b.id;
  };
  for (const Booking& booking : bookings) {
    if (booking.status != BookingStatus::booked) continue;
    if (at < booking.start - opens_before || at >= booking.end) continue;
    if (nearest == nullptr || is_nearer(booking, *nearest)) nearest = &booking;
  }
  return nearest;
}

const Candidate* choose_candidate(std::span<const Candidate> candidates, const Integration& integration,
                                  Instant at) {
  if (candidates.size() == 1) return &candidates.front();
  const auto is_booked = [&](const Candidate& candidate) {
    return nearest_booking(candidate.bookings, at, integration.checkin.opens_before) != nullptr;
  };
  const bool anybody_booked = std::ranges::any_of(candidates, is_booked);
  // Two are booked for this hour: there is no way to tell which of them came.
  if (anybody_booked) return only(candidates, is_booked);
  return only(candidates,
              [&](const Candidate& candidate) { return has_membership(candidate.member, integration); });
}

std::optional<CheckinOutcome> combine(const std::optional<CheckinOutcome>& access,
                                      const std::optional<CheckinOutcome>& attendance) {
  constexpr std::array k_order{CheckinOutcome::unknown, CheckinOutcome::failed, CheckinOutcome::applied,
                               CheckinOutcome::planned, CheckinOutcome::already_done};
  for (const CheckinOutcome outcome : k_order) {
    if (access == outcome || attendance == outcome) return outcome;
  }
  return std::nullopt;
}

}  // namespace gk::checkin
