#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/ids.hpp"
#include "domain/person.hpp"
#include "domain/roster.hpp"

/// What a gym decides: who is a member, how bookings open doors, what counts as a check-in, when to stop. The
/// configuration fills these values, and everybody else reads them. The member initialisers are the defaults
/// of the configuration file.
namespace gk {

/// `memberships.plans`: names of memberships or plans, plan codes or membership ids (contract 5).
class PlanFilter {
 public:
  enum class Match { yes, no, field_missing };

  /// Every plan passes.
  [[nodiscard]] static PlanFilter any() { return {}; }
  /// An empty list matches nobody; the configuration refuses it.
  [[nodiscard]] static PlanFilter of(const std::vector<std::string>& entries);

  [[nodiscard]] bool is_any() const { return !entries_; }
  /// As configured; none for any().
  [[nodiscard]] std::vector<std::string> entries() const;
  /// field_missing: nothing matches, but a name that an entry could match is absent from `plan`.
  [[nodiscard]] Match match(const PlanNames& plan) const;
  /// The entries that match none of `plans`.
  [[nodiscard]] std::vector<std::string> unmatched(const std::vector<PlanNames>& plans) const;

 private:
  struct Wanted {
    std::string text;    ///< as configured
    std::string folded;  ///< trimmed and case-folded
  };
  std::optional<std::vector<Wanted>> entries_;
};

/// Who is a member (contract 5).
struct MembershipRules {
  std::vector<MembershipType> types{MembershipType::time, MembershipType::time_classes};
  std::vector<MembershipStatus> statuses{MembershipStatus::active};
  PlanFilter plans = PlanFilter::any();
  std::chrono::seconds expiry_grace = std::chrono::hours{24};  ///< after the local expiry day
};

/// Who becomes a Kisi user, and how (`users`).
struct UserRules {
  bool import_all = false;  ///< every Glofox client becomes a Kisi user, not only people with access
  bool send_emails = true;  ///< to created users; Kisi cannot change it later
};

/// How a booking becomes a window, and how early that is written (contract 5).
struct BookingRules {
  bool enabled = false;
  std::chrono::seconds opens_before = std::chrono::hours{1};  ///< before the class starts
  std::chrono::seconds closes_after = std::chrono::hours{1};  ///< after it ends
  std::chrono::seconds lookahead = std::chrono::hours{24};    ///< how early a window is written
  std::optional<GroupId> group;                               ///< nothing: the integration's own group
};

enum class CheckinMode { access, attendance, both };

/// Which unlocks become check-ins (contract 1.4).
struct CheckinRules {
  bool enabled = false;  ///< needs Integration::place
  CheckinMode mode = CheckinMode::both;
  std::chrono::seconds opens_before = std::chrono::hours{1};  ///< before the class starts
  std::optional<std::string> dedupe_dir;                      ///< absolute; nothing: under $XDG_STATE_HOME
  std::chrono::seconds debounce = std::chrono::minutes{10};   ///< one person, any doors, one entry
  std::chrono::seconds max_age = std::chrono::hours{24};      ///< of an unlock

  [[nodiscard]] bool records_access() const { return mode != CheckinMode::attendance; }
  [[nodiscard]] bool records_attendance() const { return mode != CheckinMode::access; }
};

/// max(count, floor(percent * rows / 100)) removals pass; one more and all of the kind are held (contract
/// 8.3).
struct BrakeLimit {
  std::size_t count = 0;
  std::size_t percent = 0;  ///< 0 to 100

  [[nodiscard]] std::size_t allowed(std::size_t rows) const;
};

/// When to stop and ask (contract 8.3).
struct Limits {
  std::size_t max_users = 5000;  ///< people with a row in the group, ours and foreign
  BrakeLimit absent{3, 2};       ///< Glofox no longer lists the person
  BrakeLimit stated{10, 20};     ///< Glofox states why
};

/// One Glofox location feeding one Kisi group, and the gym's rules for it.
struct Integration {
  std::string name;
  BranchId location;
  GroupId group;
  std::vector<GroupId> former_groups;  ///< to be cleaned of our rows
  std::optional<PlaceId> place;        ///< whose doors count for check-in
  MembershipRules memberships;
  UserRules users;
  BookingRules bookings;
  CheckinRules checkin;
  Limits limits;
  std::set<PersonKey> protected_people;  ///< never removed
  std::vector<PersonKey> canaries;       ///< must be in every complete Glofox listing

  /// Where booking windows are written.
  [[nodiscard]] GroupId booking_group() const { return bookings.group.value_or(group); }
  /// Then bookings never meet the members' rows.
  [[nodiscard]] bool has_separate_booking_group() const { return booking_group() != group; }
  /// Whether it fills this group, for members or for bookings.
  [[nodiscard]] bool fills(GroupId other) const { return other == group || other == booking_group(); }
};

}  // namespace gk
