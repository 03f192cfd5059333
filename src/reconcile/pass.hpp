#pragma once

#include <future>
#include <utility>

#include "reconcile/observation.hpp"
#include "reconcile/reconciler.hpp"

namespace gk::reconcile {

/// What both syncs do once they know the desired state: plan, limit, apply, read back, report. Each of them
/// derives its own desired state and proves its own removals.
struct Pass {
  Pass(const Job& wanted, const PassContext& services, Scope scope);

  const Job& job;
  const PassContext& context;
  GroupId group;  ///< that the command fills
  IntegrationReport report;
  Observed observed;
  Policy policy;
  RosterHealth health;
  bool wrote = false;
};

/// Reads both services at the same time, Glofox on a thread of its own (contract 10).
template <class ReadGlofox>
[[nodiscard]] auto read_both(const Pass& pass, const ReadGlofox& read_glofox) {
  auto reading = std::async(std::launch::async, read_glofox);
  auto observation = observe(pass.context.access, pass.group, pass.job.former_groups);
  return std::pair(reading.get(), std::move(observation));
}

/// Grants and, when the desired state is whole, removals; no limits yet.
[[nodiscard]] Plan plan_all(const Pass& pass, const Reading<Desired>& desired);

/// As plan_all(), with what the safety limits hold. Notes in the report whether they hold something.
[[nodiscard]] Plan plan_within_limits(Pass& pass, const Reading<Desired>& desired);

/// Applies the report's plan. After a write the group is read and planned once more (contract 7).
[[nodiscard]] Result<void> carry_out(Pass& pass, const Reading<Desired>& desired);

/// What a failed proof of removals means: an error that ends the run is given back; any other means that the
/// Glofox list cannot be believed, so it becomes a partial one: nobody is removed, whoever it does name may
/// still come in (contract 8.1, 8.2).
[[nodiscard]] Result<Reading<Desired>> distrust(Pass& pass, const Reading<Desired>& desired, Error error);

/// The finished report. `done`: how the pass went.
[[nodiscard]] IntegrationReport conclude(Pass& pass, Result<void> done);

}  // namespace gk::reconcile
