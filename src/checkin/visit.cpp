#include "checkin/visit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "util/text.hpp"

namespace gk::checkin {

namespace {

constexpr std::size_t k_glofox_requests = 3;  ///< that one unlock may cost (docs/checkin.md)
constexpr std::size_t k_max_candidates = 5;   ///< records behind one e-mail that are looked at

}  // namespace

/// One unlock in progress.
struct Visit::Work {
  const Unlock& unlock;
  Seen seen;
  CheckinResult result;
  std::optional<Claim> claim;    ///< nothing: dry run, or no cache
  Stage stage = Stage::claimed;  ///< that an earlier run reached
  bool cache_failed = false;
  bool debounced = false;
  bool decided = false;  ///< the result has its outcome
  std::string door_name;
  std::optional<MemberId> member;
  std::size_t calls = 0;                         ///< to Glofox
  std::optional<std::vector<Booking>> bookings;  ///< of the member, when they were read to find out who it is
  std::optional<Error> stop;

  void ignore(IgnoreCause cause, std::string detail = {}) {
    result.outcome = CheckinOutcome::ignored;
    result.cause = cause;
    result.detail = std::move(detail);
    decided = true;
  }
  void fail_with(Category category, std::string message) {
    result.outcome = CheckinOutcome::failed;
    result.error = Error{category, std::move(message)};
    decided = true;
  }
  /// Of two errors, the first says more.
  void note_error(Error error) {
    if (ends_run(error)) stop = error;
    if (!result.error) result.error = std::move(error);
  }
};

Result<Handled> Visit::handle(const Unlock& unlock, Instant now) {
  Work work{.unlock = unlock, .seen = {unlock.uuid, unlock.at}, .result = result_of(unlock)};
  if (const auto cause = reason_to_ignore(unlock, integration_, now)) {
    work.ignore(*cause);
    return Handled{std::move(work.result), std::nullopt};
  }
  const auto decided = decide(work);
  if (!decided) {
    conclude(work);
    return fail(decided.error());
  }
  if (!work.decided) {
    if (integration_.checkin.records_access()) settle_entry(work);
    if (integration_.checkin.records_attendance()) settle_attendance(work);
    const auto outcome = combine(work.result.access, work.result.attendance);
    if (outcome) {
      work.result.outcome = *outcome;
    } else {
      work.ignore(work.debounced ? IgnoreCause::duplicate : IgnoreCause::no_booking,
                  work.debounced ? "the person was checked in shortly before or after" : "");
    }
  }
  conclude(work);
  return Handled{std::move(work.result), std::move(work.stop)};
}

/// Everything before the first write. Ends with a decided result, or with a member.
Result<void> Visit::decide(Work& work) {
  GK_TRY(take_claim(work));
  if (work.decided) return {};
  GK_TRY_ASSIGN(const bool entitled, is_entitled(work));
  if (!entitled) return {};
  return identify(work);
}

Result<void> Visit::take_claim(Work& work) {
  constexpr const char* k_handled = "this event was already handled";
  if (options_.dry_run) {
    work.stage = cache_.peek(work.seen).value_or(Stage::claimed);
    if (work.stage == Stage::done) work.ignore(IgnoreCause::duplicate, k_handled);
    return {};
  }
  auto claim = cache_.claim(work.seen);
  if (!claim) {
    warn_about_cache(claim.error());
    work.cache_failed = true;
  } else if (!*claim) {
    work.ignore(IgnoreCause::duplicate, k_handled);
  } else {
    work.claim = *std::move(claim);
    work.stage = work.claim->stage();
  }
  return {};
}

/// Whether the door belongs to the place and the person holds a row of ours. Asks only what is still open.
Result<bool> Visit::is_entitled(Work& work) {
  GK_TRY_ASSIGN(const std::optional<Door> door, lookups_.door(*work.unlock.lock));
  if (!door) {
    work.ignore(IgnoreCause::other_place, fmt::format("Kisi shows no lock {}", *work.unlock.lock));
    return false;
  }
  if (door->place != integration_.place) {
    work.ignore(IgnoreCause::other_place,
                fmt::format("lock {} is in place {}", *work.unlock.lock, door->place));
    return false;
  }
  work.door_name = work.unlock.lock_name.empty() ? door->name : work.unlock.lock_name;
  const UserId user = *work.unlock.actor;
  GK_TRY_ASSIGN(const std::vector<RoleAssignment> rows, lookups_.rows_of(user));
  const bool inside =
      std::ranges::any_of(rows, [this](const RoleAssignment& row) { return integration_.fills(row.group); });
  if (inside) {
    GK_TRY_ASSIGN(const UserId own, lookups_.own_user());
    if (holds_our_row(rows, user, own, integration_, work.unlock.at)) return true;
  }
  work.ignore(IgnoreCause::not_ours, "no row of ours was valid at that time");
  return false;
}

/// Who this is in Glofox: the member that our mark names, else the one with the same e-mail.
Result<void> Visit::identify(Work& work) {
  GK_TRY_ASSIGN(const std::optional<User> user, lookups_.user(*work.unlock.actor));
  if (!user) {
    // Kisi showed their row a moment ago.
    work.fail_with(Category::not_found,
                   fmt::format("Kisi does not show user {} of this unlock: either they are gone, or the user "
                               "of kisi.api_key may not see them; nothing was sent",
                               *work.unlock.actor));
    return {};
  }
  work.result.email = user->email;
  work.member = marked_member(*user, integration_.location);
  if (!work.member) {
    const auto person = user->email.person();
    if (person) {
      GK_TRY(choose_by_email(work, *person));
    } else {
      work.fail_with(Category::not_found,
                     "the Kisi user has neither our mark nor an e-mail address, so there is no way to find "
                     "them in Glofox; nothing was sent");
    }
  }
  work.result.member = work.member;
  return {};
}

Result<void> Visit::choose_by_email(Work& work, const PersonKey& person) {
  ++work.calls;
  GK_TRY_ASSIGN(const std::vector<Member> members, glofox_.find_members(person));
  std::vector<Candidate> candidates;
  for (const Member& member : members) {
    if (member.active && !member.other_branch) candidates.push_back({member, {}});
  }
  if (candidates.empty()) {
    work.fail_with(Category::not_found,
                   fmt::format("Glofox has nobody with the e-mail {} at this location; nothing was sent",
                               printable(person.email())));
    return {};
  }
  const bool several = candidates.size() > 1;
  if (several && candidates.size() <= k_max_candidates) {
    for (Candidate& candidate : candidates) {
      GK_TRY_ASSIGN(candidate.bookings, read_bookings(work, candidate.member.id));
      if (candidate.member.membership.status != MembershipStatus::missing) continue;
      ++work.calls;
      GK_TRY_ASSIGN(const std::optional<Member> whole, glofox_.read_member(candidate.member.id));
      if (whole) candidate.member = *whole;
    }
  }
  const bool too_many = candidates.size() > k_max_candidates;
  const Candidate* chosen = too_many ? nullptr : choose_candidate(candidates, integration_, work.unlock.at);
  if (chosen == nullptr) {
    work.fail_with(Category::conflict,
                   fmt::format("{} Glofox records have the e-mail {}, and neither bookings nor memberships "
                               "tell whose unlock it was; nothing was sent",
                               candidates.size(), printable(person.email())));
    return {};
  }
  work.member = chosen->member.id;
  if (several) work.bookings = chosen->bookings;
  return {};
}

void Visit::settle_entry(Work& work) {
  if (work.stage == Stage::entered) {
    work.result.access = CheckinOutcome::already_done;
    return;
  }
  if (work.stage == Stage::sending) {
    // The run that began this was stopped midway: a second entry would be worse than a missing one.
    work.result.access = CheckinOutcome::unknown;
    work.note_error(Error{Category::internal,
                          "an earlier run was stopped while sending this entry, so it is unknown whether "
                          "Glofox has it; it is not sent again: check the person's entries in Glofox"});
    return;
  }
  if (options_.dry_run) {
    work.debounced = cache_.is_debounced(*work.member, work.seen, integration_.checkin.debounce);
    if (!work.debounced) work.result.access = CheckinOutcome::planned;
    return;
  }
  if (!work.cache_failed) {
    const auto reserved = cache_.reserve_entry(*work.member, work.seen, integration_.checkin.debounce);
    if (reserved && !*reserved) {
      work.debounced = true;
      return;
    }
    auto noted = reserved ? work.claim->note(Stage::sending) : fail(reserved.error());
    if (!noted) {
      warn_about_cache(noted.error());
      work.cache_failed = true;
    }
  }
  if (work.cache_failed && options_.needs_cache) {
    work.result.access = CheckinOutcome::failed;
    work.note_error(Error{Category::internal,
                          "the cache of check-ins cannot be used, so it is unknown whether this entry was "
                          "already sent; it is not sent"});
    return;
  }
  send_entry(work);
}

void Visit::send_entry(Work& work) {
  constexpr std::size_t k_longest_door = 100;
  const std::string door = work.door_name.empty() ? fmt::format("Kisi lock {}", *work.unlock.lock)
                                                  : printable(work.door_name, k_longest_door);
  ++work.calls;
  const auto receipt = glofox_.record_entry({*work.member, work.unlock.at, door});
  if (receipt) {
    work.result.access = CheckinOutcome::applied;
    // If the note is lost, the next run finds "sending" and does not send again.
    if (work.claim && !work.cache_failed) static_cast<void>(work.claim->note(Stage::entered).has_value());
    if (!receipt->valid || !receipt->granted) {
      log_.write(LogLevel::info, "glofox would not have let this member in",
                 {{"integration", integration_.name}, {"member", work.member->text()}});
    }
    return;
  }
  const Error& error = receipt.error();
  work.result.access = error.outcome_unknown ? CheckinOutcome::unknown : CheckinOutcome::failed;
  if (!error.outcome_unknown && work.claim && !work.cache_failed) {
    cache_.cancel_entry(*work.member, work.seen);
    static_cast<void>(work.claim->note(Stage::claimed).has_value());
  }
  work.note_error(with_context("entry", error));
}

Result<std::vector<Booking>> Visit::read_bookings(Work& work, MemberId member) {
  ++work.calls;
  return glofox_.read_bookings_of(member, booking_span(work.unlock.at, integration_.checkin.opens_before));
}

void Visit::settle_attendance(Work& work) {
  if (work.stop) return;
  // An entry marks bookings by itself, so what was read before it is out of date.
  const bool known = work.bookings && !work.result.access;
  auto bookings = known ? Result<std::vector<Booking>>(*work.bookings) : read_bookings(work, *work.member);
  if (!bookings) {
    work.result.attendance = CheckinOutcome::failed;
    work.note_error(with_context("attendance", std::move(bookings).error()));
    return;
  }
  const Booking* booking = nearest_booking(*bookings, work.unlock.at, integration_.checkin.opens_before);
  if (booking == nullptr) return;
  work.result.booking = booking->id;
  if (booking->attended) {
    work.result.attendance = CheckinOutcome::already_done;
  } else if (options_.dry_run) {
    work.result.attendance = CheckinOutcome::planned;
  } else {
    send_attendance(work, *booking);
  }
}

/// At most two tries: the second only after Glofox has said that the first did nothing (glofox-api 8.4).
void Visit::send_attendance(Work& work, const Booking& booking) {
  constexpr int k_tries = 2;
  for (int i = 1; i <= k_tries; ++i) {
    ++work.calls;
    const auto marked = glofox_.mark_attended(booking.id);
    if (!marked && !marked.error().outcome_unknown) {
      work.result.attendance = CheckinOutcome::failed;
      work.note_error(with_context("attendance", marked.error()));
      return;
    }
    const bool confirmed = marked && *marked;
    if (confirmed && work.calls >= k_glofox_requests) break;
    const auto bookings = read_bookings(work, *work.member);
    if (!bookings) {
      work.result.attendance = confirmed ? CheckinOutcome::applied : CheckinOutcome::unknown;
      if (!confirmed) work.note_error(with_context("attendance, read back", bookings.error()));
      return;
    }
    const auto same = [&](const Booking& other) { return other.id == booking.id; };
    const auto found = std::ranges::find_if(*bookings, same);
    if (found != bookings->end() && found->attended) break;
    if (i < k_tries && !marked) continue;
    work.result.attendance = CheckinOutcome::failed;
    work.note_error(
        Error{Category::protocol,
              fmt::format("attendance: booking {} is not attended after it was marked", booking.id.value())});
    return;
  }
  work.result.attendance = CheckinOutcome::applied;
}

/// Leaves what the next run needs to know. Whatever may be sent again stays open.
void Visit::conclude(Work& work) {
  if (!work.claim) return;
  const auto& access = work.result.access;
  const auto& attendance = work.result.attendance;
  const bool open =
      attendance == CheckinOutcome::failed || attendance == CheckinOutcome::unknown || work.stop;
  const bool entry_settled = access && access != CheckinOutcome::failed;
  const bool attendance_settled = attendance && !open;
  if (work.claim->stage() == Stage::claimed && !entry_settled && (access || !attendance_settled)) {
    // Undecided, refused, ignored by this integration (another one may share the location), or nothing to
    // send: to be judged again. So must a debounced unlock, when the entry before it failed.
    work.claim->release();
  } else if ((entry_settled || attendance_settled) && !open) {
    static_cast<void>(work.claim->note(Stage::done).has_value());
  }
}

void Visit::warn_about_cache(const Error& error) {
  if (cache_warned_) return;
  cache_warned_ = true;
  log_.write(LogLevel::warning, error.message,
             {{"integration", integration_.name},
              {"then", options_.needs_cache ? "no entry is sent" : "an entry may be repeated"}});
}

}  // namespace gk::checkin
