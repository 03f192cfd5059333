#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/booking.hpp"
#include "domain/ids.hpp"
#include "domain/window.hpp"

// The invariants of docs/invariants.md, once, over plain values: the in-memory services and the sandbox are
// both turned into these. Nothing here uses the product's planner or its eligibility.
namespace gk::test {

/// One row of a Kisi group.
struct RowState {
  GroupId group;
  std::string email;      ///< folded; as Kisi has it when it is no address
  bool ours = false;      ///< the words of contract 6, and the address is usable
  bool our_make = false;  ///< the contract's words alone: the base of the brakes
  Validity validity;
  std::string rest;  ///< everything else that must not change
  friend bool operator==(const RowState&, const RowState&) = default;
};

struct UserState {
  std::string email, name;
  std::map<std::string, std::string> metadata;
  std::string rest;  ///< everything else that must not change: enabled, ...
};

/// Kisi at one moment.
struct KisiState {
  std::map<std::int64_t, RowState> rows;
  std::map<std::int64_t, UserState> users;
};

/// The check-ins that Glofox has.
struct CheckinState {
  std::multiset<std::string> entries;  ///< member ids, one for each entry
  std::set<std::string> attended;      ///< ids of bookings
  friend bool operator==(const CheckinState&, const CheckinState&) = default;
};

/// One unlock, as check-in has to understand it.
struct Visit {
  Instant at{};
  std::string member;          ///< id of the person in Glofox; empty: nobody there
  bool entitled = false;       ///< the door opened, by a row of ours
  bool entry_unknown = false;  ///< an entry of it was sent, and nobody knows whether it arrived
};

/// One entry that Glofox has.
struct EntryState {
  Instant at{};
  std::string member;
};

/// What somebody may claim by what Glofox knows at one moment.
struct Claim {
  enum class Kind { none, unclear, right };
  Kind kind = Kind::none;
  bool listed = true;           ///< false: Glofox knows it when asked, but its list does not show it
  std::vector<Window> windows;  ///< of bookings
};

/// How many people with a row of ours may lose it in one run (contract 8.3).
struct BrakeRule {
  std::size_t count = 0, percent = 0;
};

/// Under which circumstances two moments are compared.
struct Terms {
  GroupId group;
  std::set<GroupId> former;
  std::set<std::string> protected_people;
  Instant now;
  std::map<std::string, Claim> claims;  ///< by folded e-mail; who is not in it claims nothing
  bool believable = true;               ///< false: the Glofox list was partial, empty or wrong
  bool everything_held = false;         ///< a canary is missing
  bool may_step_out = false;            ///< a row can only be replaced by deleting it first (contract 6)
  bool windows_settled = false;         ///< sync-bookings has run too
  std::optional<BrakeRule> brake;       ///< of stated removals, the ones that every removal must pass
  std::set<std::string> held;           ///< people whom the run reported as held for review
};

/// Trimmed and lower-cased; nothing when it is no address.
[[nodiscard]] std::optional<std::string> fold_email(std::string_view email);

/// Whether somebody may enter by a row of this group.
[[nodiscard]] bool is_inside(const KisiState& kisi, const std::string& email, GroupId group, Instant now);

/// The invariants that hold between any two moments of one run, however it was disturbed: one line for each
/// violation.
[[nodiscard]] std::vector<std::string> broken_by_step(const KisiState& before, const KisiState& after,
                                                      const Terms& terms);

/// The invariants that hold after a run that reported no trouble but people held for review.
[[nodiscard]] std::vector<std::string> unsettled(const KisiState& kisi, const Terms& terms);

/// The check-ins of a run that was disturbed, and of the run after it, against those of an undisturbed one:
/// nobody twice, nobody else; and after the second run (`settled`) nobody left out, but for members of whose
/// entry a run said that its outcome is unknown.
[[nodiscard]] std::vector<std::string> wrong_checkins(const CheckinState& seen, const CheckinState& goal,
                                                      bool settled, const std::set<std::string>& unknown);

/// The entries of any stretch of time against its unlocks: each belongs to one, and no two of a person stand
/// within `debounce`.
[[nodiscard]] std::vector<std::string> wrong_entries(std::span<const Visit> visits,
                                                     std::span<const EntryState> entries,
                                                     std::chrono::seconds debounce);

/// Whether this visit is in Glofox: by an entry within `debounce`, which may be one whose outcome is unknown.
[[nodiscard]] bool is_recorded(const Visit& visit, std::span<const Visit> visits,
                               std::span<const EntryState> entries, std::chrono::seconds debounce);

/// Whether a booking may be attended by one of these visits: it is BOOKED, and one of its person fell between
/// `opens_before` its start and its end.
[[nodiscard]] bool is_visited(const Booking& booking, std::span<const Visit> visits,
                              std::chrono::seconds opens_before);

/// The booking that a visit at this time attends, of one person's: that with the nearest start, of two the
/// earlier.
[[nodiscard]] std::optional<BookingId> booking_of_visit(std::span<const Booking> bookings, Instant at,
                                                        std::chrono::seconds opens_before);

/// Who may enter when, and who is a user, without ids and marks: equal for two organizations that are the
/// same to people.
[[nodiscard]] std::multiset<std::string> summary_of(const KisiState& kisi);

}  // namespace gk::test
