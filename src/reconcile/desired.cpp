#include "reconcile/desired.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "util/text.hpp"

namespace gk::reconcile {

namespace {

struct Record {
  std::size_t index;
  Judgement judgement;
};

/// All records behind one e-mail, in an order that does not depend on the listing's: the one nearest to
/// access first.
void sort_records(std::vector<Record>& records, const Roster& roster) {
  std::ranges::sort(records, [&](const Record& a, const Record& b) {
    const bool a_yes = a.judgement.cause == Cause::membership_active;
    const bool b_yes = b.judgement.cause == Cause::membership_active;
    if (a_yes != b_yes) return a_yes;
    const auto a_distance = distance_from_access(a.judgement.cause);
    const auto b_distance = distance_from_access(b.judgement.cause);
    if (a_distance != b_distance) return a_distance < b_distance;
    return roster.id(a.index) < roster.id(b.index);
  });
}

std::vector<MemberId> ids_of(const std::vector<Record>& records, const Roster& roster) {
  std::vector<MemberId> ids;
  ids.reserve(records.size());
  for (const Record& record : records) ids.push_back(roster.id(record.index));
  return ids;
}

std::string first_name_known(const std::vector<Record>& records, const Roster& roster) {
  for (const Record& record : records) {
    if (!roster.name(record.index).empty()) return std::string(roster.name(record.index));
  }
  return {};
}

void note_unknown_words(const Roster& roster, std::vector<Notice>& notices) {
  for (const auto& [word, people] : roster.unknown_types()) {
    notices.push_back(
        {"unknown_type", "", fmt::format("membership type '{}' gives no access (people: {})", word, people)});
  }
  for (const auto& [word, people] : roster.unknown_statuses()) {
    notices.push_back({"unknown_status", "",
                       fmt::format("membership status '{}' gives no access (people: {})", word, people)});
  }
}

using Records = std::map<PersonKey, std::vector<Record>>;

/// Records of everybody who matters: with a right, inside, or (import_all) anybody. The rest of a gym's leads
/// is skipped, so that memory follows the people concerned.
Records gather(const Roster& roster, const MembershipRules& rules, const Zone& zone, Instant now,
               const Insiders& insiders, bool import_all, std::vector<Notice>& notices) {
  Records records;
  std::unordered_set<std::uint64_t> concerned;
  for (const PersonKey& insider : insiders) concerned.insert(Roster::hash_of(insider.email()));
  std::vector<Judgement> judgements(roster.size());
  for (std::size_t i = 0; i < roster.size(); ++i) {
    judgements[i] = judge(roster, i, rules, zone, now);
    if (judgements[i].cause != Cause::membership_active) continue;
    if (auto key = roster.person(i)) {
      records.try_emplace(*std::move(key));
      concerned.insert(roster.person_hash(i));
    } else {
      const Email email = roster.email(i);
      notices.push_back(
          {"missing_email", email.as_written(),
           fmt::format("member {} is eligible but has {}; no access until Glofox has a valid one",
                       roster.id(i), email.empty() ? "no e-mail address" : "an invalid e-mail address")});
    }
  }
  for (std::size_t i = 0; i < roster.size(); ++i) {
    const bool import = import_all && roster.active(i);
    if (!import && !concerned.contains(roster.person_hash(i))) continue;
    const auto key = roster.person(i);
    if (!key) continue;
    const auto found = records.find(*key);
    if (found != records.end()) {
      found->second.push_back({i, judgements[i]});
    } else if (import || insiders.contains(*key)) {
      records[*key].push_back({i, judgements[i]});
    }
  }
  return records;
}

}  // namespace

std::vector<std::size_t> rows_to_read_singly(const Roster& roster, const MembershipRules& rules,
                                             const Zone& zone, Instant now, const Insiders& insiders) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < roster.size(); ++i) {
    if (!judge(roster, i, rules, zone, now).missing_field) continue;
    const MembershipType type = roster.type(i);
    bool wanted = type == MembershipType::time || type == MembershipType::time_classes;
    if (!wanted) {
      const auto key = roster.person(i);
      wanted = key && insiders.contains(*key);
    }
    if (wanted) rows.push_back(i);
  }
  std::ranges::sort(rows, {}, [&](std::size_t i) { return roster.id(i); });
  return rows;
}

Desired derive_desired(const Roster& roster, const MembershipRules& rules, const Zone& zone, Instant now,
                       const Insiders& insiders, bool import_all) {
  Desired desired;
  note_unknown_words(roster, desired.notices);
  for (auto& [person, records] : gather(roster, rules, zone, now, insiders, import_all, desired.notices)) {
    sort_records(records, roster);
    const Judgement& best = records.front().judgement;
    const bool eligible = best.cause == Cause::membership_active;
    if (records.size() > 1 && (eligible || insiders.contains(person))) {
      desired.notices.push_back({"duplicate_email", person.email(),
                                 fmt::format("{} Glofox members have this e-mail", records.size())});
    }
    if (import_all && std::ranges::any_of(records, [&](const Record& r) { return roster.active(r.index); })) {
      desired.clients.push_back(
          {person, first_name_known(records, roster), roster.id(records.front().index)});
    }
    if (eligible) {
      desired.rights.push_back({person, first_name_known(records, roster), ids_of(records, roster),
                                Validity::open_ended(), Cause::membership_active});
    } else {
      desired.denials.emplace(person, Denial{best.cause, ids_of(records, roster), best.missing_field, {}});
    }
  }
  std::ranges::sort(desired.notices);
  return desired;
}

}  // namespace gk::reconcile
