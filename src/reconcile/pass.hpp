#pragma once

#include <future>
#include <map>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

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

/// Reads both services at the same time, Glofox on a thread of its own (contract 10). Kisi's side goes into
/// the pass, Glofox's is given back.
template <class ReadGlofox>
[[nodiscard]] auto read_both(Pass& pass, const ReadGlofox& read_glofox)
    -> std::invoke_result_t<const ReadGlofox&> {
  auto reading = std::async(std::launch::async, read_glofox);
  auto observation = observe(pass.context.access, pass.group, pass.job.former_groups);
  auto read = reading.get();
  if (read) pass.report.time_zone = read->branch.time_zone;
  if (!observation) return fail(std::move(observation.error()));
  if (!read) return read;
  if (pass.context.stop.requested())
    return fail(Category::interrupted, "stopped by a signal before anything was changed");
  pass.observed = std::move(observation->observed);
  pass.report.group_name = std::move(observation->group_name);
  return read;
}

/// Finds the Kisi users of people who need a grant.
[[nodiscard]] Result<void> resolve(Pass& pass, const Reading<Desired>& desired);

/// Grants and, when the desired state is whole, removals; no limits yet.
[[nodiscard]] Plan plan_all(const Pass& pass, const Reading<Desired>& desired);

/// As plan_all(), with what the safety limits hold. Notes in the report whether they hold something.
[[nodiscard]] Plan plan_within_limits(Pass& pass, const Reading<Desired>& desired);

/// People whose absence may be looked into, as far as the limits let them go.
[[nodiscard]] std::vector<PersonKey> absent_within_limits(const Pass& pass, const Reading<Desired>& desired);

/// Adds what was found out about people. People who have a denial keep it.
[[nodiscard]] Reading<Desired> with_denials(Reading<Desired> desired, std::map<PersonKey, Denial> denials);

/// Plans within the limits and, but for a dry run, applies the plan; after a write the group is read and
/// planned once more (contract 7). Ends with the error `not_whole` when the desired state is partial.
[[nodiscard]] Result<void> finish(Pass& pass, const Reading<Desired>& desired, std::string_view not_whole);

/// What a failed proof of removals means: an error that ends the run is given back; any other means that the
/// Glofox list cannot be believed, so it becomes a partial one: nobody is removed, whoever it does name may
/// still come in (contract 8.1, 8.2).
[[nodiscard]] Result<Reading<Desired>> distrust(Pass& pass, const Reading<Desired>& desired, Error error);

/// The finished report. `done`: how the pass went.
[[nodiscard]] IntegrationReport conclude(Pass& pass, Result<void> done);

}  // namespace gk::reconcile
