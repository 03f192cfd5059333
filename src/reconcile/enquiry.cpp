#include "reconcile/enquiry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "util/text.hpp"

namespace gk::reconcile {

namespace {

Error listing_was_wrong(const PersonKey& person) {
  return Error{Category::protocol, fmt::format("Glofox did not list {}, but knows this person as an active "
                                               "member when asked: the list was wrong, so nobody was removed",
                                               person.email())};
}

/// What the single record says about somebody whose e-mail the listing lacked.
Result<Denial> judge_record(const PersonKey& person, const std::optional<Member>& member) {
  if (!member) return Denial{Cause::deactivated, {}, false, "Glofox no longer knows this person"};
  if (!member->active) return Denial{Cause::deactivated, {member->id}, false, {}};
  if (member->other_branch)
    return Denial{Cause::deactivated, {member->id}, false, "has moved to another location"};
  const auto key = member->email.person();
  if (key == person) return fail(listing_was_wrong(person));
  if (!key) {
    return Denial{
        Cause::incomplete_record, {member->id}, false, "active in Glofox, but now without an e-mail address"};
  }
  return Denial{Cause::email_changed, {member->id}, false, "now " + key->email(), key};
}

/// As judge_record(), for the people found by e-mail.
Result<Denial> judge_found(const PersonKey& person, const std::vector<Member>& found) {
  const bool is_member =
      std::ranges::any_of(found, [](const Member& member) { return member.active && !member.other_branch; });
  if (is_member) return fail(listing_was_wrong(person));
  return Denial{Cause::deactivated, {}, false, "no active Glofox member has this e-mail address"};
}

Result<void> look_up_singly(const std::vector<PersonKey>& people, Observed& observed, AccessControl& access) {
  for (const PersonKey& person : people) {
    if (observed.users.contains(person)) continue;
    auto found = access.find_user(person);
    if (!found) {
      if (ends_run(found.error())) return fail(std::move(found.error()));
      observed.unresolved.emplace(person, std::move(found.error()));
    } else if (*found) {
      observed.users.emplace(person, **std::move(found));
    }
  }
  return {};
}

/// A lower bound of the number of Kisi users, known without asking: those in the rows.
std::size_t users_seen(const Observed& observed) {
  std::set<UserId> users;
  for (const RoleAssignment& row : observed.rows) users.insert(row.user);
  return users.size();
}

}  // namespace

Denial unanswered(const Error& error) {
  return Denial{Cause::incomplete_record,
                {},
                false,
                "not in the Glofox list, and asking about this person failed: " + error.message};
}

Result<std::vector<KnownMember>> known_members(const std::vector<PersonKey>& people, const Observed& observed,
                                               const BranchId& branch, AccessControl& access) {
  std::map<UserId, PersonKey> wanted;
  observed.for_each_row([&](const RoleAssignment& row) {
    const auto person = is_ours(row, observed.self.id) ? row.person() : std::nullopt;
    if (person && std::ranges::binary_search(people, *person)) wanted.emplace(row.user, *person);
  });
  std::vector<UserId> ids;
  ids.reserve(wanted.size());
  for (const auto& [id, person] : wanted) ids.push_back(id);
  std::vector<KnownMember> known;
  if (ids.empty()) return known;
  GK_TRY_ASSIGN(const std::vector<User> users, access.read_users(ids));
  for (const User& user : users) {
    const auto person = wanted.find(user.id);
    const auto member = marked_member(user, branch);
    if (person != wanted.end() && member) known.push_back({person->second, *member});
  }
  return known;
}

Result<void> complete_rows(Roster& roster, const std::vector<std::size_t>& rows, RosterSource& source) {
  if (rows.empty()) return {};
  std::vector<MemberId> ids;
  ids.reserve(rows.size());
  for (const std::size_t row : rows) ids.push_back(roster.id(row));
  const auto answers = source.read_members(ids);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& answer = answers[i];
    if (!answer) {
      if (ends_run(answer.error())) return fail(answer.error());
      continue;  // stays undecided: no grant, and no removal
    }
    // Listed, but not shown when asked: a contradiction, so it stays undecided too.
    if (*answer) roster.amend(rows[i], **answer);
  }
  return {};
}

Result<void> resolve_users(const std::vector<PersonKey>& people, Observed& observed, AccessControl& access) {
  constexpr std::size_t k_page = 100;
  // Whoever has some row is known by it; their metadata is read fifty at a time.
  std::vector<UserId> by_row;
  std::vector<PersonKey> missing;
  std::map<PersonKey, UserId> rows;
  for (const RoleAssignment& row : observed.rows) {
    if (const auto person = row.person()) rows.emplace(*person, row.user);
  }
  for (const PersonKey& person : people) {
    const auto row = rows.find(person);
    if (row == rows.end()) {
      missing.push_back(person);
    } else {
      by_row.push_back(row->second);
    }
  }
  if (!by_row.empty()) {
    GK_TRY_ASSIGN(const std::vector<User> users, access.read_users(by_row));
    for (const User& user : users) {
      if (auto person = user.email.person()) observed.users.emplace(*std::move(person), user);
    }
  }
  if (missing.empty()) return {};

  const bool listing_may_be_cheaper =
      missing.size() > (users_seen(observed) + k_page - 1) / k_page && missing.size() > 1;
  if (listing_may_be_cheaper) {
    const auto keep = [&](const User& user) {
      auto person = user.email.person();
      if (person && std::ranges::binary_search(missing, *person))
        observed.users.emplace(*std::move(person), user);
    };
    GK_TRY_ASSIGN(const bool listed_all, access.list_users(missing.size(), keep));
    if (listed_all) return {};
  }
  return look_up_singly(missing, observed, access);
}

Result<std::map<PersonKey, Denial>> verify_absent(const std::vector<PersonKey>& people,
                                                  const Observed& observed, const BranchId& branch,
                                                  RosterSource& source, AccessControl& access) {
  std::map<PersonKey, Denial> denials;
  if (people.empty()) return denials;
  GK_TRY_ASSIGN(const std::vector<KnownMember> known, known_members(people, observed, branch, access));
  std::vector<MemberId> ids;
  ids.reserve(known.size());
  for (const KnownMember& entry : known) ids.push_back(entry.member);
  const auto answers = source.read_members(ids);
  const auto leave_undecided = [&](const PersonKey& person, const Error& error) -> Result<void> {
    if (ends_run(error)) return fail(error);
    denials.emplace(person, unanswered(error));
    return {};
  };
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!answers[i]) {
      GK_TRY(leave_undecided(known[i].person, answers[i].error()));
      continue;
    }
    GK_TRY_ASSIGN(Denial denial, judge_record(known[i].person, *answers[i]));
    denials.emplace(known[i].person, std::move(denial));
  }
  // The id is of one record; somebody else may be a member under the same e-mail (families share them), so
  // that the e-mail is asked for as well before anybody is removed.
  for (const PersonKey& person : people) {
    const auto by_id = denials.find(person);
    if (by_id != denials.end() && is_undecided(by_id->second.cause)) continue;
    const auto found = source.find_members(person);
    if (!found) {
      denials.erase(person);
      GK_TRY(leave_undecided(person, found.error()));
      continue;
    }
    GK_TRY_ASSIGN(Denial denial, judge_found(person, *found));
    denials.emplace(person, std::move(denial));
  }
  return denials;
}

Result<Lapses> read_lapses(const Plan& plan, const BookingRules& rules, RosterSource& source, Instant now) {
  Lapses lapses;
  const Window span = class_span(rules, now);
  std::set<PersonKey> asked;
  for (const Action& action : plan.actions) {
    if (!action.removes() || action.former || action.outcome != ActionOutcome::planned) continue;
    // Bookings of the deleted give nothing, and those of a changed e-mail belong to the new one.
    if (action.cause == Cause::deactivated || action.cause == Cause::email_changed) continue;
    if (!asked.insert(action.person).second) continue;
    std::vector<Booking> due;
    for (const MemberId& member : action.members) {
      auto bookings = source.read_bookings_of(member, span);
      if (!bookings) {
        if (ends_run(bookings.error())) return fail(std::move(bookings.error()));
        lapses.unanswered.emplace(action.person, bookings.error().message);
        break;
      }
      std::ranges::copy_if(*bookings, std::back_inserter(due),
                           [&](const Booking& booking) { return is_due(booking, rules, now); });
    }
    GK_TRY(complete_by_classes(due, source, span));
    if (const auto validity = due_validity(due, rules, now)) lapses.booked.emplace(action.person, *validity);
  }
  return lapses;
}

Result<void> complete_by_classes(std::vector<Booking>& bookings, RosterSource& source, const Window& span) {
  std::set<ClassId> classes;
  for (const Booking& booking : bookings) {
    if (!booking.class_id.value().empty()) classes.insert(booking.class_id);
  }
  if (classes.empty()) return {};
  GK_TRY_ASSIGN(const auto found, source.read_classes(classes, span));
  apply_classes(found, bookings);
  return {};
}

}  // namespace gk::reconcile
