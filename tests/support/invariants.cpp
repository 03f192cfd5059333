#include "support/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gk::test {

namespace {

using Violations = std::vector<std::string>;

const Claim& claim_of(const Terms& terms, const std::string& email) {
  static const Claim k_nothing;
  const auto found = terms.claims.find(email);
  return found == terms.claims.end() ? k_nothing : found->second;
}

bool is_managed_group(const Terms& terms, GroupId group) {
  return group == terms.group || terms.former.contains(group);
}

std::string described(std::int64_t id, const RowState& row) {
  return fmt::format("row {} of '{}' in group {} ({}..{})", id, row.email, row.group,
                     row.validity.from ? format_rfc3339(*row.validity.from) : "",
                     row.validity.until ? format_rfc3339(*row.validity.until) : "");
}

/// Foreign rows, and rows in groups that are none of our business, are untouched.
void check_foreign_rows(const KisiState& before, const KisiState& after, const Terms& terms,
                        Violations& found) {
  for (const auto& [id, row] : before.rows) {
    if (row.ours && is_managed_group(terms, row.group)) continue;
    const auto now = after.rows.find(id);
    if (now == after.rows.end()) found.push_back("foreign row removed: " + described(id, row));
    if (now != after.rows.end() && !(now->second == row))
      found.push_back("foreign row changed: " + described(id, row));
  }
}

/// Kisi users are never removed, renamed or disabled, and foreign metadata survives.
void check_users(const KisiState& before, const KisiState& after, Violations& found) {
  for (const auto& [id, user] : before.users) {
    const auto now = after.users.find(id);
    if (now == after.users.end()) {
      found.push_back("user removed: " + user.email);
      continue;
    }
    if (now->second.email != user.email || now->second.name != user.name)
      found.push_back("user renamed: " + user.email);
    if (now->second.rest != user.rest) found.push_back("user changed: " + user.email);
    for (const auto& [key, value] : user.metadata) {
      const auto kept = now->second.metadata.find(key);
      const bool ours = key.starts_with("glofox_");
      if (!ours && (kept == now->second.metadata.end() || kept->second != value))
        found.push_back(fmt::format("metadata '{}' of {} lost", key, user.email));
    }
  }
  std::set<std::string> emails;
  for (const auto& [id, user] : after.users) {
    const auto email = fold_email(user.email);
    if (email && !emails.insert(*email).second) found.push_back("two users for " + *email);
  }
}

bool may_enter(const KisiState& kisi, const std::string& email, const Terms& terms) {
  if (is_inside(kisi, email, terms.group, terms.now)) return true;
  return std::ranges::any_of(terms.former,
                             [&](GroupId group) { return is_inside(kisi, email, group, terms.now); });
}

std::set<std::string> everybody(const KisiState& kisi) {
  std::set<std::string> emails;
  for (const auto& [id, row] : kisi.rows) emails.insert(row.email);
  return emails;
}

bool holds_whole_right(const KisiState& kisi, const std::string& email, const Terms& terms) {
  return std::ranges::any_of(kisi.rows, [&](const auto& entry) {
    const RowState& row = entry.second;
    return row.email == email && row.group == terms.group && row.validity.is_open_ended() &&
           row.validity.is_active(terms.now);
  });
}

/// Nobody with a right loses it; nor do the protected, the unclear, or anybody by a list that is not whole.
void check_removals(const KisiState& before, const KisiState& after, const Terms& terms, Violations& found) {
  for (const std::string& email : everybody(before)) {
    if (!may_enter(before, email, terms) || may_enter(after, email, terms)) continue;
    const Claim& claim = claim_of(terms, email);
    // A window hangs on its booking alone, whatever the membership is: sync-members gives a right its row.
    const bool by_window = terms.windows_settled && !holds_whole_right(before, email, terms);
    // Between the two requests of the last resort somebody with a right may be caught outside.
    if (claim.kind == Claim::Kind::right && terms.may_step_out) continue;
    if (claim.kind == Claim::Kind::right && !by_window)
      found.push_back("wrong removal: " + email + " has a right");
    if (claim.kind == Claim::Kind::unclear && !by_window)
      found.push_back("wrong removal: Glofox does not say clearly whether " + email + " has a right");
    if (terms.protected_people.contains(email)) found.push_back("wrong removal: " + email + " is protected");
    if (!terms.believable)
      found.push_back("wrong removal: " + email + " lost access by a list that is not to be believed");
    const bool booked =
        std::ranges::any_of(claim.windows, [&](const Window& window) { return window.contains(terms.now); });
    if (booked && terms.windows_settled && !terms.may_step_out)
      found.push_back("wrong removal: " + email + " is booked now");
  }
}

/// Whether somebody had all of this before, by some row of ours in the managed scope.
bool had_already(const KisiState& before, const RowState& row, const Terms& terms) {
  return std::ranges::any_of(before.rows, [&](const auto& entry) {
    const RowState& old = entry.second;
    return old.email == row.email && is_managed_group(terms, old.group) &&
           old.validity.covers(row.validity, terms.now);
  });
}

/// From now on: what a row opened before does no harm any more.
bool is_booked(const Claim& claim, const Validity& validity, Instant now) {
  return std::ranges::any_of(claim.windows, [&](const Window& window) {
    return validity.until && *validity.until <= window.until() &&
           std::max(validity.from.value_or(now), now) >= window.from();
  });
}

/// Nobody gets access without a right, nor beyond the window of a booking.
void check_grants(const KisiState& before, const KisiState& after, const Terms& terms, Violations& found) {
  for (const auto& [id, row] : after.rows) {
    const auto old = before.rows.find(id);
    if (old != before.rows.end() && old->second == row) continue;
    const Claim& claim = claim_of(terms, row.email);
    if (!is_managed_group(terms, row.group)) {
      found.push_back("row in a group that is not ours to fill: " + described(id, row));
    } else if (claim.kind != Claim::Kind::right && !is_booked(claim, row.validity, terms.now) &&
               !had_already(before, row, terms)) {
      found.push_back("wrong grant: " + described(id, row));
    }
  }
}

/// People who had an open-ended row of ours in the group, have none now, and are not in the current one.
std::size_t count_lost(const KisiState& before, const KisiState& after, GroupId group, const Terms& terms) {
  const auto holders = [&](const KisiState& kisi, GroupId where, bool only_ours) {
    std::set<std::string> emails;
    for (const auto& [id, row] : kisi.rows) {
      const bool counts = row.ours || !only_ours;
      if (counts && row.group == where && row.validity.is_open_ended()) emails.insert(row.email);
    }
    return emails;
  };
  const auto now = holders(after, group, true);
  const auto current = holders(after, terms.group, false);
  std::size_t lost = 0;
  for (const std::string& email : holders(before, group, true)) {
    const bool moved = group != terms.group && current.contains(email);
    const bool kept = now.contains(email) || moved || claim_of(terms, email).kind == Claim::Kind::right;
    if (!kept) ++lost;
  }
  return lost;
}

void check_brakes(const KisiState& before, const KisiState& after, const Terms& terms, Violations& found) {
  if (!terms.brake) return;
  std::set<GroupId> groups = terms.former;
  groups.insert(terms.group);
  for (const GroupId group : groups) {
    const auto rows = static_cast<std::size_t>(std::ranges::count_if(before.rows, [&](const auto& entry) {
      const RowState& row = entry.second;
      return row.our_make && row.group == group && row.validity.is_open_ended();
    }));
    const std::size_t allowed = std::max(terms.brake->count, terms.brake->percent * rows / 100);
    const std::size_t lost = count_lost(before, after, group, terms);
    if (lost > allowed)
      found.push_back(fmt::format("brake: {} of {} people removed from group {}, allowed: {}", lost, rows,
                                  group, allowed));
  }
}

bool may_keep(const Claim& claim, const std::string& email, const Terms& terms) {
  return claim.kind == Claim::Kind::right || terms.protected_people.contains(email) ||
         terms.held.contains(email);
}

Instant::duration distance_of(Instant one, Instant other) { return one < other ? other - one : one - other; }

bool is_open_at(const Booking& booking, Instant at, std::chrono::seconds opens_before) {
  return booking.status == BookingStatus::booked && booking.start - opens_before <= at && at < booking.end;
}

}  // namespace

std::optional<std::string> fold_email(std::string_view email) {
  constexpr std::string_view k_space = " \t\r\n";
  const std::size_t first = email.find_first_not_of(k_space);
  if (first == std::string_view::npos) return std::nullopt;
  std::string folded(email.substr(first, email.find_last_not_of(k_space) - first + 1));
  const std::size_t at = folded.find('@');
  const bool usable = at != std::string::npos && at > 0 && at + 1 < folded.size() &&
                      folded.find('@', at + 1) == std::string::npos &&
                      folded.find_first_of(k_space) == std::string::npos;
  if (!usable) return std::nullopt;
  for (char& letter : folded) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return folded;
}

bool is_inside(const KisiState& kisi, const std::string& email, GroupId group, Instant now) {
  return std::ranges::any_of(kisi.rows, [&](const auto& entry) {
    const RowState& row = entry.second;
    return row.email == email && row.group == group && row.validity.is_active(now);
  });
}

std::vector<std::string> broken_by_step(const KisiState& before, const KisiState& after, const Terms& terms) {
  Violations found;
  check_foreign_rows(before, after, terms, found);
  check_users(before, after, found);
  check_removals(before, after, terms, found);
  check_grants(before, after, terms, found);
  check_brakes(before, after, terms, found);
  if (terms.everything_held && summary_of(before) != summary_of(after))
    found.emplace_back("written although a canary is missing");
  return found;
}

std::vector<std::string> unsettled(const KisiState& kisi, const Terms& terms) {
  Violations found;
  for (const auto& [email, claim] : terms.claims) {
    if (claim.kind == Claim::Kind::right && claim.listed && !holds_whole_right(kisi, email, terms))
      found.push_back("without access: " + email + " has a right");
    const bool booked =
        std::ranges::any_of(claim.windows, [&](const Window& window) { return window.contains(terms.now); });
    if (booked && claim.listed && terms.windows_settled && !is_inside(kisi, email, terms.group, terms.now))
      found.push_back("without access: " + email + " is booked now");
  }
  std::set<std::pair<std::string, GroupId>> holders;
  for (const auto& [id, row] : kisi.rows) {
    if (!row.ours || !is_managed_group(terms, row.group)) continue;
    const Claim& claim = claim_of(terms, row.email);
    if (row.validity.is_open_ended()) {
      if (!may_keep(claim, row.email, terms))
        found.push_back("access without a right: " + described(id, row));
      const bool known = claim.kind == Claim::Kind::right && claim.listed;
      if (known && !holders.emplace(row.email, row.group).second)
        found.push_back("two rows for one person: " + described(id, row));
    } else if (terms.windows_settled && !row.validity.has_ended(terms.now) &&
               !is_booked(claim, row.validity, terms.now) && !may_keep(claim, row.email, terms)) {
      found.push_back("access beyond a booking: " + described(id, row));
    }
  }
  return found;
}

std::vector<std::string> wrong_checkins(const CheckinState& seen, const CheckinState& goal, bool settled,
                                        const std::set<std::string>& unknown) {
  std::vector<std::string> wrong;
  for (const std::string& member : seen.entries) {
    if (seen.entries.count(member) > goal.entries.count(member))
      wrong.push_back(fmt::format("check-in: {} has {} entries, not {}", member, seen.entries.count(member),
                                  goal.entries.count(member)));
  }
  for (const std::string& booking : seen.attended) {
    if (!goal.attended.contains(booking))
      wrong.push_back(fmt::format("check-in: booking {} must not be attended", booking));
  }
  if (!settled) return wrong;
  for (const std::string& member : goal.entries) {
    if (!seen.entries.contains(member) && !unknown.contains(member))
      wrong.push_back(fmt::format("check-in: {} has no entry, and no run said so", member));
  }
  for (const std::string& booking : goal.attended) {
    if (!seen.attended.contains(booking))
      wrong.push_back(fmt::format("check-in: booking {} is not attended", booking));
  }
  return wrong;
}

std::vector<std::string> wrong_entries(std::span<const Visit> visits, std::span<const EntryState> entries,
                                       std::chrono::seconds debounce) {
  std::vector<std::string> wrong;
  for (const EntryState& entry : entries) {
    const bool visited = std::ranges::any_of(visits, [&](const Visit& visit) {
      return visit.entitled && visit.member == entry.member && visit.at == entry.at;
    });
    if (!visited)
      wrong.push_back(fmt::format("check-in: {} has an entry without a visit at {}", entry.member,
                                  format_rfc3339(entry.at)));
    const auto near = std::ranges::count_if(entries, [&](const EntryState& other) {
      return other.member == entry.member && distance_of(other.at, entry.at) < debounce;
    });
    if (near > 1)
      wrong.push_back(
          fmt::format("check-in: {} has a second entry at {}", entry.member, format_rfc3339(entry.at)));
  }
  return wrong;
}

bool is_recorded(const Visit& visit, std::span<const Visit> visits, std::span<const EntryState> entries,
                 std::chrono::seconds debounce) {
  const auto near = [&](const auto& other) {
    return other.member == visit.member && distance_of(other.at, visit.at) < debounce;
  };
  return std::ranges::any_of(entries, near) ||
         std::ranges::any_of(visits, [&](const Visit& other) { return other.entry_unknown && near(other); });
}

bool is_visited(const Booking& booking, std::span<const Visit> visits, std::chrono::seconds opens_before) {
  return std::ranges::any_of(visits, [&](const Visit& visit) {
    return visit.entitled && visit.member == booking.member.text() &&
           is_open_at(booking, visit.at, opens_before);
  });
}

std::optional<BookingId> booking_of_visit(std::span<const Booking> bookings, Instant at,
                                          std::chrono::seconds opens_before) {
  std::optional<Booking> nearest;
  for (const Booking& booking : bookings) {
    if (!is_open_at(booking, at, opens_before)) continue;
    const auto rank = [at](const Booking& one) { return std::pair(distance_of(one.start, at), one.start); };
    if (!nearest || rank(booking) < rank(*nearest)) nearest = booking;
  }
  return nearest ? std::optional<BookingId>(nearest->id) : std::nullopt;
}

std::multiset<std::string> summary_of(const KisiState& kisi) {
  std::multiset<std::string> lines;
  for (const auto& [id, row] : kisi.rows)
    lines.insert(fmt::format("row {} {} {} {}..{}", row.group, row.email, row.ours,
                             row.validity.from ? format_rfc3339(*row.validity.from) : "",
                             row.validity.until ? format_rfc3339(*row.validity.until) : ""));
  for (const auto& [id, user] : kisi.users) lines.insert("user " + user.email);
  return lines;
}

}  // namespace gk::test
