#include "reconcile/planner.hpp"

// Must not compile: removals rest on silence, and a listing that may lack rows is silent for no reason
// (contract 8.1). complete_can_remove.cpp differs in one word and compiles.
namespace gk::reconcile {

void remove_by_silence(const Partial<Desired>& desired, const Observed& observed, const Policy& policy,
                       Instant now, Plan& plan) {
  plan_removals(desired, observed, policy, now, plan);
}

}  // namespace gk::reconcile
