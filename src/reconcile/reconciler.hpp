#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "reconcile/ports.hpp"
#include "reconcile/report.hpp"
#include "reconcile/safety.hpp"
#include "util/clock.hpp"

namespace gk::reconcile {

/// How a booking becomes a window, and how early it is written (contract section 5).
struct BookingRules {
  bool enabled = false;
  std::chrono::seconds opens_before{std::chrono::hours{1}};
  std::chrono::seconds closes_after{std::chrono::hours{1}};
  std::chrono::seconds lookahead{std::chrono::hours{24}};
  bool separate_group = false;  ///< bookings have a group of their own: they never meet the members' rows
};

/// One integration's part of the configuration, in the words of the reconciler.
struct MemberJob {
  std::string name;
  BranchId branch;
  GroupId group;
  std::vector<GroupId> former_groups;
  MembershipRules rules;
  bool import_all = false;
  bool send_emails = true;
  BookingRules bookings;
  SafetyLimits limits;
  std::set<PersonKey> protected_people;
  std::vector<PersonKey> canaries;
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
/// back. Never throws for what a service does; every failure is in the report (contract sections 5 to 8).
[[nodiscard]] IntegrationReport sync_members(const MemberJob& job, const PassContext& context);

}  // namespace gk::reconcile
