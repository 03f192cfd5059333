#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkin/unlock.hpp"
#include "domain/booking.hpp"

namespace gk::checkin {

/// How one unlock, or one of its two writes, ended (contract 9).
enum class CheckinOutcome { planned, applied, already_done, ignored, failed, unknown };

/// Why an unlock was ignored (contract 9), and `no_booking`: mode `attendance`, and nothing to
/// attend.
enum class IgnoreCause {
  not_unlock,
  denied,
  other_place,
  not_a_user,
  not_ours,
  too_old,
  duplicate,
  no_booking
};

[[nodiscard]] std::string_view outcome_name(CheckinOutcome outcome);
/// "not-unlock".
[[nodiscard]] std::string_view cause_name(IgnoreCause cause);

/// One unlock and what became of it at one location.
struct CheckinResult {
  std::string unlock_uuid;
  std::optional<UserId> user;
  Email email;  ///< of the Kisi user; empty when it was not read
  std::optional<MemberId> member;
  std::optional<LockId> lock;
  std::optional<Instant> at;
  std::optional<BookingId> booking;
  std::optional<CheckinOutcome> access;      ///< nothing: the mode has no entries, or it did not get this far
  std::optional<CheckinOutcome> attendance;  ///< nothing: the mode has none, or there is no booking
  CheckinOutcome outcome = CheckinOutcome::ignored;
  std::optional<IgnoreCause> cause;  ///< with `ignored`
  std::string detail;                ///< more about the cause, for people; may be empty
  std::optional<Error> error;        ///< with `failed` and `unknown`
};

/// A result with everything that the unlock says about itself.
[[nodiscard]] CheckinResult result_of(const Unlock& unlock);

/// Counts by outcome.
struct CheckinCounts {
  std::size_t planned = 0, applied = 0, already_done = 0, ignored = 0, failed = 0, unknown = 0;
};

[[nodiscard]] CheckinCounts count_outcomes(const std::vector<CheckinResult>& results);

}  // namespace gk::checkin
