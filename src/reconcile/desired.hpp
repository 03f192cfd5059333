#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/person.hpp"
#include "domain/window.hpp"
#include "reconcile/eligibility.hpp"
#include "reconcile/notice.hpp"

namespace gk::reconcile {

/// Somebody who should have access: desired state, one per person.
struct Right {
  PersonKey person;
  std::string name;
  std::vector<MemberId> members;  ///< every Glofox record behind the e-mail, the one that grants first
  Validity validity;
  Cause cause = Cause::membership_active;
};

/// What Glofox says about somebody who has no right.
struct Denial {
  Cause cause;
  std::vector<MemberId> members;
  bool missing_field = false;            ///< rests on a field that the row lacks and that could not be read
  std::string detail;                    ///< for messages: "now new@example.com"
  std::optional<PersonKey> successor{};  ///< of a changed e-mail: who the person is now
};

/// A person to exist as a Kisi user without any right (users.import: all).
struct Client {
  PersonKey person;
  std::string name;
  MemberId member;
};

/// Who should have access, and what is known of those inside who should not.
struct Desired {
  std::vector<Right> rights;            ///< sorted by person, unique
  std::map<PersonKey, Denial> denials;  ///< only for insiders that Glofox has a record of
  std::vector<Client> clients;          ///< sorted by person; filled when every client is to be imported
  std::vector<Notice> notices;
};

/// People who hold a row that we own somewhere in the managed scope.
using Insiders = std::set<PersonKey>;

/// Rows that lack the field that decides, to be read singly first: all of type time
/// or time_classes, and any other whose e-mail is an insider's (contract 5).
[[nodiscard]] std::vector<std::size_t> rows_to_read_singly(const Roster& roster, const MembershipRules& rules,
                                                           const Zone& zone, Instant now,
                                                           const Insiders& insiders);

/// Joins the records by e-mail: several give the union of their access and one notice. Records without a
/// usable e-mail give a notice. The order of the roster does not matter. Pure.
[[nodiscard]] Desired derive_desired(const Roster& roster, const MembershipRules& rules, const Zone& zone,
                                     Instant now, const Insiders& insiders, bool import_all);

}  // namespace gk::reconcile
