#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "domain/roster.hpp"
#include "domain/zone.hpp"
#include "reconcile/cause.hpp"

namespace gk::reconcile {

/// One entry of `memberships.plans`: a membership name, plan name, plan code or membership id
/// (contract 5).
class PlanFilter {
 public:
  enum class Match { yes, no, field_missing };

  /// Nothing: any plan.
  [[nodiscard]] static PlanFilter any() { return {}; }
  /// An empty list matches nobody; the configuration refuses it.
  [[nodiscard]] static PlanFilter of(const std::vector<std::string>& entries);

  /// field_missing: nothing matches, but a name that an entry could match is absent from `plan`.
  [[nodiscard]] Match match(const PlanNames& plan) const;
  /// The entries, as configured, that match none of `plans`.
  [[nodiscard]] std::vector<std::string> unmatched(const std::vector<PlanNames>& plans) const;

 private:
  struct Entry {
    std::string text;    ///< as configured
    std::string folded;  ///< trimmed and case-folded
  };
  std::optional<std::vector<Entry>> entries_;
};

/// Who is a member in the eyes of one integration (contract 5).
struct MembershipRules {
  std::vector<MembershipType> types{MembershipType::time, MembershipType::time_classes};
  std::vector<MembershipStatus> statuses{MembershipStatus::active};
  PlanFilter plans = PlanFilter::any();
  std::chrono::seconds expiry_grace{std::chrono::hours{24}};
};

/// The verdict on one Glofox record.
struct Judgement {
  Cause cause;  ///< membership_active: eligible
  bool missing_field =
      false;  ///< the verdict rests on a field that the row lacks: ask the single-member route
};

/// Judges row `index` of the roster at `now`. Default is no. The start day and the expiry day are days of the
/// branch's zone; the expiry day itself is valid, and while ACTIVE the grace too. Pure.
[[nodiscard]] Judgement judge(const Roster& roster, std::size_t index, const MembershipRules& rules,
                              const Zone& zone, Instant now);

}  // namespace gk::reconcile
