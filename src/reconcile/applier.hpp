#pragma once

#include <functional>
#include <optional>

#include "reconcile/plan.hpp"
#include "reconcile/ports.hpp"
#include "util/clock.hpp"

namespace gk::reconcile {

/// What the applier needs from outside.
struct ApplyContext {
  AccessControl& access;
  Clock& clock;
  const StopFlag& stop;
  std::optional<SteadyTime> deadline;  ///< no new action starts at or after it
  BranchId branch;                     ///< for the metadata of users
  std::function<void(std::size_t done, std::size_t total)> on_progress;  ///< may be empty
};

/// How applying ended; the plan says what became of each action.
struct ApplyResult {
  std::size_t writes = 0;           ///< actions that were sent, whatever came of them
  std::optional<Error> stopped_by;  ///< credentials refused, service gone, deadline, or a signal
};

/// Carries out the planned actions one by one, in order. A failing person does not stop the others. These do:
/// one refused credential, three forbidden writes in a row (Category::auth), three writes in a row that found
/// the service gone (unavailable), the deadline, a signal; what is left becomes `skipped`. A write whose
/// outcome is unknown is never blindly repeated: the service is read, then it is decided
/// (contract 7).
[[nodiscard]] ApplyResult apply(Plan& plan, const ApplyContext& context);

}  // namespace gk::reconcile
