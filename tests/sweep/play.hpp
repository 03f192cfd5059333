#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/fake_truth.hpp"

namespace gk::test {

/// What a sweep has seen: figures that show that it looked at something, and what it found.
struct Figures {
  std::uint64_t worlds = 0, runs = 0, clean_runs = 0, killed = 0;
  std::uint64_t grants = 0, revokes = 0, changes = 0, users_created = 0;
  std::vector<std::string> violations;  ///< "wrong removal: ...": the kind is before the colon

  void add(const Figures& other);
};

enum class Command { members, bookings };

/// One run of a sync and the invariants between its two ends. Returns nothing when the run was killed.
std::optional<reconcile::IntegrationReport> run_and_check(InMemoryGym& gym, Figures& figures,
                                                          Command command = Command::members);

/// What cron starts, with nothing to disturb it: sync-bookings where the gym uses bookings, then
/// sync-members. All is settled afterwards if neither reported trouble. Returns the report of the one that
/// did, else the last.
reconcile::IntegrationReport run_undisturbed(InMemoryGym& gym, Figures& figures);

/// Random world `number` of a seed: its runs, disturbed ones first when `faults` are wanted, and what must
/// hold after them.
[[nodiscard]] Figures play_world(std::uint64_t seed, std::uint64_t number, bool faults);

}  // namespace gk::test
