#include "sweep/trial.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <thread>

namespace gk::test {

namespace {

// Bounds the retries of a persistent fault; the run says so with its exit code.
constexpr const char* k_deadline = "3s";

Instant now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

bool same_access(const SandboxState& a, const SandboxState& b) {
  return summary_of(a.kisi) == summary_of(b.kisi);
}

bool same_to_people(const SandboxState& a, const SandboxState& b) {
  return same_access(a, b) && a.checkins == b.checkins;
}

/// What a report of check-in says of its unlocks.
struct Told {
  std::set<std::string> unknown;  ///< members of whose entry nobody knows whether it arrived
  std::size_t ignored = 0;        ///< unlocks
};

Told told_by(const Ended& run) {
  Told told;
  const auto report = json::Document::parse(run.out);
  if (!report) return told;
  const json::View integrations = report->root()["integrations"];
  for (std::size_t i = 0; i < integrations.size(); ++i) {
    const json::View actions = integrations.at(i)["actions"];
    for (std::size_t k = 0; k < actions.size(); ++k) {
      const json::View action = actions.at(k);
      if (action["access"].as_string() == "unknown") told.unknown.insert(text_of(action["glofox_member_id"]));
      told.ignored += action["outcome"].as_string() == "ignored" ? 1U : 0U;
    }
  }
  return told;
}

}  // namespace

Trials::Trials(const StandardRun& run, int kisi_rate)
    : run_(run), gym_(std::make_unique<SandboxGym>()), kisi_rate_(kisi_rate) {
  gym_->settings.kisi_rate = kisi_rate;
  run.furnish(*gym_);
  first_ = state_of(*gym_);
  claims_ = claims_of(*gym_, run.windows);
  reset();
  const auto start = std::chrono::steady_clock::now();
  const Ended ended = run_program(program());
  duration_ = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  requests_ = gym_->kisi().requests + gym_->glofox().requests;
  goal_ = state_of(*gym_);
  ignored_ = told_by(ended).ignored;
  if (ended.exit_code != 0)
    complaints_.push_back(fmt::format("undisturbed: exit {}: {}", ended.exit_code, ended.err));
  append(complaints_, broken_by_step(first_.kisi, goal_.kisi, terms()));
  append(complaints_, left_by(goal_));
  if (same_to_people(first_, goal_)) complaints_.emplace_back("undisturbed: the run had nothing to do");
}

void Trials::reset() {
  gym_->clear_faults();
  gym_->put("/state", first_.text);
  gym_->clear_journal();
  std::filesystem::remove_all(checkin_directory(*gym_));
  unknown_.clear();
}

Program Trials::program() const {
  std::vector<std::string> arguments = run_.arguments;
  append(arguments, {"--config", gym_->config_path(), "--output", "json"});
  if (!run_.checkins) append(arguments, {"--deadline", kisi_rate_ < 100 ? "1m" : k_deadline});
  return gym_->product(std::move(arguments));
}

Terms Trials::terms() const {
  Terms terms;
  terms.group = GroupId{k_group};
  terms.former = {GroupId{k_old_group}};
  terms.protected_people = {"owner@example.com"};
  terms.now = now();
  terms.claims = claims_;
  terms.windows_settled = run_.windows;
  terms.brake = BrakeRule{10, 20};
  return terms;
}

CheckinState Trials::goal_of(const CheckinState& seen) const {
  CheckinState goal = goal_.checkins;
  // That somebody has no bookings is an answer; whoever unlocked then has only their entry.
  if (hidden_) std::erase_if(goal.attended, [&](const auto& id) { return !seen.attended.contains(id); });
  return goal;
}

std::vector<std::string> Trials::left_by(const SandboxState& state) const {
  // Check-in gives nobody access, and takes none.
  return run_.checkins ? std::vector<std::string>() : unsettled(state.kisi, terms());
}

void Trials::check_rate(TrialResult& result) const {
  const std::int64_t most = gym_->kisi().most_in_one_second;
  if (most > kisi_rate_)
    result.violations.push_back(fmt::format("rate: {} requests in one second, allowed {}", most, kisi_rate_));
}

void Trials::note_step(const SandboxState& disturbed, TrialResult& result) const {
  append(result.violations, broken_by_step(first_.kisi, disturbed.kisi, terms()));
  append(result.violations, wrong_checkins(disturbed.checkins, goal_.checkins, false, unknown_));
}

void Trials::check_recovery(const SandboxState& disturbed, bool moved, TrialResult& result) {
  gym_->clear_faults();
  const Ended clean = run_program(program());
  const SandboxState after = state_of(*gym_);
  if (moved) claims_ = claims_of(*gym_, run_.windows);
  append(result.violations, broken_by_step(disturbed.kisi, after.kisi, terms()));
  const auto left = left_by(after);
  append(result.violations, left);
  unknown_.merge(told_by(clean).unknown);
  const auto wrong = wrong_checkins(after.checkins, goal_of(after.checkins), true, unknown_);
  append(result.violations, wrong);
  // Whoever was stopped while an entry was sent is told of once.
  const int code = run_.checkins && !unknown_.empty() && clean.exit_code == 3 ? 0 : clean.exit_code;
  result.converged = code == 0 && left.empty() && wrong.empty() && (moved || same_access(after, goal_));
  if (!result.converged) {
    result.violations.push_back(
        fmt::format("convergence: one clean run (exit {}) does not end where an undisturbed one does: {}",
                    clean.exit_code, clean.err.substr(0, 400)));
  }
  gym_->clear_journal();
  const Ended second = run_program(program());
  if (second.exit_code != 0 || gym_->writes() != 0)
    result.violations.push_back(
        fmt::format("second run: exit {}, {} writes", second.exit_code, gym_->writes()));
}

TrialResult Trials::try_fault(const FaultKind& fault, std::int64_t request, bool persistent) {
  TrialResult result;
  reset();
  const std::string which =
      persistent ? fmt::format(R"("skip":{})", request - 1) : fmt::format(R"("request":{})", request);
  gym_->add_fault(fmt::format(R"({{"service":"any",{},{}}})", which, fault.members));
  const Ended ended = run_program(program());
  result.happened = gym_->fault_hits() > 0;
  if (ended.exit_code < 0 || ended.exit_code == 1 || ended.timed_out) {
    result.violations.push_back(fmt::format("crash: exit {} signal {}{}: {}", ended.exit_code, ended.signal,
                                            ended.timed_out ? ", hung" : "", ended.err));
  }
  check_rate(result);
  Told told = told_by(ended);
  unknown_.merge(told.unknown);
  const SandboxState disturbed = state_of(*gym_);
  hidden_ = fault.hides;
  if (!fault.moves_world) {
    note_step(disturbed, result);
    // "No such lock" or "no such grant" is an answer; an unlock that is ignored for it is named, and judged
    // anew.
    if (ended.exit_code == 0 && told.ignored <= ignored_ &&
        !(same_access(disturbed, goal_) && disturbed.checkins == goal_of(disturbed.checkins)))
      result.violations.emplace_back("exit code: 0 although something is left to do");
  }
  check_recovery(disturbed, fault.moves_world, result);
  hidden_ = false;
  if (fault.moves_world) {
    reset();
    claims_ = claims_of(*gym_, run_.windows);
  }
  return result;
}

TrialResult Trials::try_kill_at(std::int64_t request, bool after) {
  TrialResult result;
  reset();
  gym_->add_fault(fmt::format(R"({{"service":"any","request":{},"kind":"{}","ms":20000}})", request,
                              after ? "timeout_after" : "timeout_before"));
  Process process(program());
  result.happened = happens_within(std::chrono::seconds{20},
                                   [&] { return gym_->fault_hits() > 0 || !process.is_running(); });
  // The fault is noted just before the request is processed.
  std::this_thread::sleep_for(std::chrono::milliseconds{10});
  result.happened = result.happened && process.kill_and_wait().signal == SIGKILL;
  const SandboxState disturbed = state_of(*gym_);
  note_step(disturbed, result);
  check_recovery(disturbed, false, result);
  return result;
}

TrialResult Trials::try_kill_after(std::chrono::microseconds delay) {
  TrialResult result;
  reset();
  Process process(program());
  std::this_thread::sleep_for(delay);
  result.happened = process.kill_and_wait().signal == SIGKILL;
  // A request that is under way when the program dies is still processed.
  std::this_thread::sleep_for(std::chrono::milliseconds{10});
  const SandboxState disturbed = state_of(*gym_);
  note_step(disturbed, result);
  check_recovery(disturbed, false, result);
  return result;
}

}  // namespace gk::test
