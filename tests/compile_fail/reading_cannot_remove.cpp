#include "reconcile/planner.hpp"

// Must not compile: whoever has a Reading must look whether it is whole before anything may be removed.
namespace gk::reconcile {

void remove_unseen(const Reading<Desired>& desired, const Observed& observed, const Policy& policy,
                   Instant now, Plan& plan) {
  plan_removals(desired, observed, policy, now, plan);
}

}  // namespace gk::reconcile
