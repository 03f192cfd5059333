#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ids.hpp"
#include "domain/person.hpp"
#include "util/time.hpp"

namespace gk {

/// membership.type (glofox-api 4.3). `none`: no membership object. Unknown words never grant.
enum class MembershipType : std::uint8_t { none, time, time_classes, num_classes, payg, unknown };

/// membership.status (glofox-api 4.3). `missing`: a membership without one. Unknown words (INACTIVE among
/// them, which no document explains) never grant.
enum class MembershipStatus : std::uint8_t {
  missing,
  future,
  active,
  locked,
  paused,
  cancelled,
  expired,
  unknown
};

/// The words of the types, as Glofox and the configuration write them.
inline constexpr std::array<std::pair<std::string_view, MembershipType>, 4> k_membership_types{
    {{"time", MembershipType::time},
     {"time_classes", MembershipType::time_classes},
     {"num_classes", MembershipType::num_classes},
     {"payg", MembershipType::payg}}};

/// The words of the statuses, as Glofox and the configuration write them.
inline constexpr std::array<std::pair<std::string_view, MembershipStatus>, 6> k_membership_statuses{
    {{"ACTIVE", MembershipStatus::active},
     {"FUTURE", MembershipStatus::future},
     {"LOCKED", MembershipStatus::locked},
     {"PAUSED", MembershipStatus::paused},
     {"CANCELLED", MembershipStatus::cancelled},
     {"EXPIRED", MembershipStatus::expired}}};

// The first enumerator of both means that nothing is written, the last one an unlisted word.
static_assert(k_membership_types.size() + 1 == static_cast<std::size_t>(MembershipType::unknown),
              "every type has its word");
static_assert(k_membership_statuses.size() + 1 == static_cast<std::size_t>(MembershipStatus::unknown),
              "every status has its word");

/// "time" -> time; "" or an unlisted word -> unknown. Case and surrounding space do not matter.
[[nodiscard]] MembershipType parse_membership_type(std::string_view word);
/// "ACTIVE" -> active, "CANCELED" and "CANCELLED" -> cancelled, else unknown.
[[nodiscard]] MembershipStatus parse_membership_status(std::string_view word);

/// What a membership is called, by each of the names that the plan filter accepts. Empty: the row did not
/// say.
struct PlanNames {
  std::string membership_id, membership_name, plan_name, plan_code;
  friend auto operator<=>(const PlanNames&, const PlanNames&) = default;
};

/// The one membership that Glofox shows of a person.
struct Membership {
  MembershipType type = MembershipType::none;
  MembershipStatus status = MembershipStatus::missing;
  std::optional<Instant> start, expiry;
  bool unreadable_date = false;  ///< a start or expiry that is given but cannot be read: not the same as none
  PlanNames plan;
  std::string unknown_type, unknown_status;  ///< the word, when type or status is `unknown`
};

/// A Glofox person as the list or the single-member route shows them.
struct Member {
  MemberId id;
  Email email;                ///< maybe no address at all
  std::string name;           ///< trimmed, spaces folded; may be empty
  bool active = true;         ///< false: soft-deleted
  bool other_branch = false;  ///< branch_id is present and is not the location that was asked
  Membership membership;
};

/// A branch's list of people, packed: e-mails and names in one arena, plans once each, about 90 bytes a
/// person. Rows keep the order in which they were added; ids are unique.
class Roster {
 public:
  /// Makes room at once when the service has declared how many will come.
  void reserve(std::size_t people);
  /// False when the id is there already (the first one stays).
  bool add(const Member& member);
  /// Replaces the membership and the active flag of a row by what the single-member route said.
  void amend(std::size_t index, const Member& member);
  /// Frees the index of ids; add() must not be called afterwards.
  void seal();

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] MemberId id(std::size_t index) const { return rows_[index].id; }
  /// A row as it was added, but for words that are unknown.
  [[nodiscard]] Member member(std::size_t index) const;
  [[nodiscard]] Email email(std::size_t index) const;
  /// Nothing when the e-mail is no address.
  [[nodiscard]] std::optional<PersonKey> person(std::size_t index) const;
  /// A number that rows of the same person share; to find the few that matter without making a key of each.
  [[nodiscard]] std::uint64_t person_hash(std::size_t index) const { return hash_of(address(index)); }
  [[nodiscard]] static std::uint64_t hash_of(std::string_view address);
  [[nodiscard]] std::string_view name(std::size_t index) const;
  [[nodiscard]] bool active(std::size_t index) const { return rows_[index].active; }
  [[nodiscard]] MembershipType type(std::size_t index) const { return rows_[index].type; }
  [[nodiscard]] MembershipStatus status(std::size_t index) const { return rows_[index].status; }
  [[nodiscard]] std::optional<Instant> start(std::size_t index) const;
  [[nodiscard]] std::optional<Instant> expiry(std::size_t index) const;
  [[nodiscard]] bool has_unreadable_date(std::size_t index) const { return rows_[index].unreadable_date; }
  [[nodiscard]] const PlanNames& plan(std::size_t index) const { return plans_[rows_[index].plan]; }
  /// Every distinct plan that some row carries.
  [[nodiscard]] const std::vector<PlanNames>& plans() const { return plans_; }
  /// Unlisted words and how many people carry them.
  [[nodiscard]] const std::map<std::string, std::size_t>& unknown_types() const { return unknown_types_; }
  [[nodiscard]] const std::map<std::string, std::size_t>& unknown_statuses() const {
    return unknown_statuses_;
  }

 private:
  static constexpr std::int64_t k_no_time = INT64_MIN;
  struct Packed {
    std::int64_t start, expiry;
    std::uint64_t text;  ///< where the e-mail starts in the arena; the name follows it
    MemberId id;
    std::uint16_t email_size, name_size, plan;
    MembershipType type;
    MembershipStatus status;
    bool active, unreadable_date, is_address;
  };
  static constexpr std::size_t k_typical_text = 40;  ///< bytes of an e-mail and a name
  [[nodiscard]] std::string_view address(std::size_t index) const {
    return {arena_.data() + rows_[index].text, rows_[index].email_size};
  }
  void set_membership(Packed& row, const Member& member);
  /// Enters the id that the next row will have; false when it is there.
  bool index_id(const MemberId& id);
  std::uint16_t plan_index(const PlanNames& plan);

  std::vector<Packed> rows_;
  std::vector<char> arena_;
  std::vector<PlanNames> plans_;
  std::map<PlanNames, std::uint16_t> plan_indexes_;
  /// Open addressing: row index + 1 in the low half, bits of the id's hash in the high half, so that a probe
  /// seldom touches a row.
  std::vector<std::uint64_t> id_table_;
  std::map<std::string, std::size_t> unknown_types_, unknown_statuses_;
};

/// GET /2.0/branches/{id}: what the sync needs of a location.
struct Branch {
  BranchId id;
  std::string name;
  std::string time_zone;  ///< IANA name, empty when Glofox gave none
};

/// One purchasable plan of the catalogue with the membership that holds it (glofox-api 4.6).
using Catalogue = std::vector<PlanNames>;

}  // namespace gk
