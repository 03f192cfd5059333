#pragma once

#include "domain/roster.hpp"
#include "domain/rules.hpp"
#include "domain/zone.hpp"
#include "reconcile/cause.hpp"

namespace gk::reconcile {

/// What the rules say of one Glofox record.
struct Judgement {
  Cause cause;                 ///< membership_active: eligible
  bool missing_field = false;  ///< the row lacks the field that decides: ask the single-member route
};

/// Judges row `index` of the roster at `now`. Default is no. The start day and the expiry day are days of the
/// branch's zone; the expiry day itself is valid, and while ACTIVE the grace too. Pure.
[[nodiscard]] Judgement judge(const Roster& roster, std::size_t index, const MembershipRules& rules,
                              const Zone& zone, Instant now);

}  // namespace gk::reconcile
