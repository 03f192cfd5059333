#pragma once

#include <functional>
#include <optional>

#include "reconcile/booking_rights.hpp"
#include "reconcile/ports.hpp"
#include "reconcile/report.hpp"
#include "reconcile/safety.hpp"
#include "util/clock.hpp"

namespace gk::reconcile {

/// One integration with what a person has approved for this run.
struct Job : Integration {
  Approvals approvals;
};

/// What a pass needs from outside.
struct PassContext {
  RosterSource& roster;
  AccessControl& access;
  Clock& clock;
  const StopFlag& stop;
  Instant now;  ///< the moment that is planned for: the run's start, or --as-of
  bool dry_run = false;
  std::optional<SteadyTime> deadline;
  std::function<void(std::size_t done, std::size_t total)> on_progress;  ///< of writes; may be empty
};

/// One whole pass of sync-members over one integration: read both services, derive, plan, limit, apply, read
/// back. Never throws for what a service does; every failure is in the report (contract 5 to 8).
[[nodiscard]] IntegrationReport sync_members(const Job& job, const PassContext& context);

/// The same for sync-bookings: time-bounded rows for everybody with a booking (contract 2, 5 to 8).
[[nodiscard]] IntegrationReport sync_bookings(const Job& job, const PassContext& context);

}  // namespace gk::reconcile
