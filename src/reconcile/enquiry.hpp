#pragma once

#include <map>
#include <vector>

#include "domain/zone.hpp"
#include "reconcile/planner.hpp"
#include "reconcile/ports.hpp"
#include "reconcile/reconciler.hpp"

namespace gk::reconcile {

/// Questions to the services about single people, asked before the plan is final. A person about whom no
/// answer came is left undecided; an error is returned only when it concerns everybody (credentials, signal,
/// deadline, a wrong listing).

/// Completes rows that lack the field that decides, by the single-member route (contract 5). A
/// member who is listed but not shown stays undecided: the service contradicts itself.
[[nodiscard]] Result<void> complete_rows(Roster& roster, const std::vector<std::size_t>& rows,
                                         RosterSource& source);

/// Finds the Kisi users of people who need a grant, by single look-ups or by listing all users, whichever
/// takes fewer requests (contract 10). People whose look-up failed are put into `unresolved`.
[[nodiscard]] Result<void> resolve_users(const std::vector<PersonKey>& people, Observed& observed,
                                         AccessControl& access);

/// Asks Glofox about people who are absent from a complete listing (contract 8.2): by the id in their
/// Kisi user's metadata, else by e-mail. Gives the denial that each of them has earned; Category::protocol
/// when one is a member under the same e-mail, because then the listing was wrong.
[[nodiscard]] Result<std::map<PersonKey, Denial>> verify_absent(const std::vector<PersonKey>& people,
                                                                const Observed& observed,
                                                                const BranchId& branch, RosterSource& source,
                                                                AccessControl& access);

/// A person whose Kisi user carries our mark of this location.
struct KnownMember {
  PersonKey person;
  MemberId member;
};

/// Which of these people (sorted) hold a row of ours whose Kisi user carries the id of a member of `branch`.
[[nodiscard]] Result<std::vector<KnownMember>> known_members(const std::vector<PersonKey>& people,
                                                             const Observed& observed, const BranchId& branch,
                                                             AccessControl& access);

/// The denial of somebody about whom no answer came: undecided, so access is kept.
[[nodiscard]] Denial unanswered(const Error& error);

/// Asks for the classes of these bookings: which are online, and when they end where the rows do not say.
[[nodiscard]] Result<void> complete_by_classes(std::vector<Booking>& bookings, RosterSource& source,
                                               const Window& span);

/// Booking windows of people who are about to lose an open-ended row (contract 6).
struct Lapses {
  std::map<PersonKey, Validity> booked;         ///< the current or next window, within the lookahead
  std::map<PersonKey, std::string> unanswered;  ///< people whose bookings could not be read, and why
};
[[nodiscard]] Result<Lapses> read_lapses(const Plan& plan, const BookingRules& rules, RosterSource& source,
                                         Instant now);

}  // namespace gk::reconcile
