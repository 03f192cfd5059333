#include "reconcile/planner.hpp"

// The twin of partial_cannot_remove.cpp: compiles, so that the other one fails for the right reason.
namespace gk::reconcile {

void remove_by_silence(const Complete<Desired>& desired, const Observed& observed, const Policy& policy,
                       Instant now, Plan& plan) {
  plan_removals(desired, observed, policy, now, plan);
}

}  // namespace gk::reconcile
