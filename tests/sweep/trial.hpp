#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sweep/fault_kinds.hpp"
#include "sweep/standard_runs.hpp"

namespace gk::test {

/// What one disturbed run, and the two runs after it, showed.
struct TrialResult {
  bool happened = false;   ///< the fault hit a request, or the kill hit the program
  bool converged = false;  ///< one clean run ended where an undisturbed one does
  std::vector<std::string> violations;
};

/// One standard run on a sandbox of its own, to be disturbed again and again: the services go back to their
/// first state before each trial.
class Trials {
 public:
  /// Furnishes the sandbox and learns where an undisturbed run ends.
  explicit Trials(const StandardRun& run, int kisi_rate = 100000);

  /// Requests of both services in an undisturbed run.
  [[nodiscard]] std::int64_t requests() const { return requests_; }
  /// What was wrong with the undisturbed run itself.
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

  /// A fault on one request (`persistent`: on every request from it on), in the sandbox's words.
  [[nodiscard]] TrialResult try_fault(const FaultKind& fault, std::int64_t request, bool persistent);
  /// SIGKILL while a request is held, before or after it took effect.
  [[nodiscard]] TrialResult try_kill_at(std::int64_t request, bool after);
  /// SIGKILL so many microseconds after the start.
  [[nodiscard]] TrialResult try_kill_after(std::chrono::microseconds delay);
  /// How long an undisturbed run takes.
  [[nodiscard]] std::chrono::microseconds duration() const { return duration_; }

 private:
  void reset();
  [[nodiscard]] Program program() const;
  [[nodiscard]] Terms terms() const;
  /// The check-ins that must be there, beside those that are.
  [[nodiscard]] CheckinState goal_of(const CheckinState& seen) const;
  /// What a run that reported no trouble left undone.
  [[nodiscard]] std::vector<std::string> left_by(const SandboxState& state) const;
  void check_rate(TrialResult& result) const;
  /// What the disturbed run itself broke.
  void note_step(const SandboxState& disturbed, TrialResult& result) const;
  void check_recovery(const SandboxState& disturbed, bool moved, TrialResult& result);

  const StandardRun& run_;
  std::unique_ptr<SandboxGym> gym_;
  int kisi_rate_;
  SandboxState first_, goal_;
  std::map<std::string, Claim> claims_;
  bool hidden_ = false;            ///< the fault of this trial shows a list without its rows
  std::size_t ignored_ = 0;        ///< unlocks that an undisturbed run ignores
  std::set<std::string> unknown_;  ///< members whose entry was reported as of unknown outcome in this trial
  std::int64_t requests_ = 0;
  std::chrono::microseconds duration_{0};
  std::vector<std::string> complaints_;
};

}  // namespace gk::test
