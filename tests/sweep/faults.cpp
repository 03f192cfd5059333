#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "sweep/arguments.hpp"
#include "sweep/dice.hpp"
#include "sweep/fault_kinds.hpp"
#include "sweep/trial.hpp"

// sweep_faults: the real program against the sandbox; every request of a standard run meets every fault, or
// the program is killed there. Checks docs/invariants.md, convergence and the second run after each point.
namespace gk::test {

namespace {

constexpr std::string_view k_help =
    R"(Usage: sweep_faults [--run NAME] [--kill] [--rate N] [--every N] [--offset N] [--workers N] [--seed S]
Points: every request of every standard run x every fault, once and from there on.
--kill     instead: SIGKILL before and after every request, and at 200 random instants
--rate N   instead: few faults at N requests per second to Kisi, never exceeded in any second
--every N  only every N-th point, from --offset on
)";

struct Point {
  enum class Kind { fault, kill_before, kill_after, kill_instant };
  Kind kind = Kind::fault;
  const FaultKind* fault = nullptr;
  std::int64_t request = 0;
  bool persistent = false;

  [[nodiscard]] std::string name() const {
    switch (kind) {
      case Kind::fault:
        return fmt::format("{} at request {}{}", fault->name, request,
                           persistent ? " and from there on" : "");
      case Kind::kill_before: return fmt::format("SIGKILL before request {} is processed", request);
      case Kind::kill_after: return fmt::format("SIGKILL after request {} was processed", request);
      case Kind::kill_instant: return fmt::format("SIGKILL at {} thousandths of the run", request);
    }
    return {};
  }
};

struct Options {
  std::optional<std::string> run;
  bool kill = false;
  int rate = 0;
  std::size_t every = 1, offset = 0, workers = 0;
  std::uint64_t seed = 1;
};

std::vector<Point> fault_points(std::int64_t requests, bool few, bool bounded) {
  std::vector<Point> points;
  for (const FaultKind& fault : k_fault_kinds) {
    if (few && fault.name != "503" && fault.name != "429 Retry-After seconds" && fault.name != "reset after")
      continue;
    for (std::int64_t request = 1; request <= requests; ++request) {
      points.push_back({Point::Kind::fault, &fault, request, false});
      // Whatever moves the services at every request would never let a list settle; a run without a deadline
      // would try for minutes.
      if (!fault.moves_world && !few && bounded)
        points.push_back({Point::Kind::fault, &fault, request, true});
    }
  }
  return points;
}

std::vector<Point> kill_points(std::int64_t requests, std::uint64_t seed) {
  std::vector<Point> points;
  for (std::int64_t request = 1; request <= requests; ++request) {
    points.push_back({Point::Kind::kill_before, nullptr, request, false});
    points.push_back({Point::Kind::kill_after, nullptr, request, false});
  }
  Dice dice(seed);
  for (int i = 0; i < 200; ++i)
    points.push_back({Point::Kind::kill_instant, nullptr, dice.between(0, 1000), false});
  return points;
}

TrialResult attempt(Trials& trials, const Point& point) {
  switch (point.kind) {
    case Point::Kind::fault: return trials.try_fault(*point.fault, point.request, point.persistent);
    case Point::Kind::kill_before: return trials.try_kill_at(point.request, false);
    case Point::Kind::kill_after: return trials.try_kill_at(point.request, true);
    case Point::Kind::kill_instant: return trials.try_kill_after(trials.duration() * point.request / 1000);
  }
  return {};
}

struct Score {
  std::size_t points = 0, violations = 0, not_converged = 0, missed = 0;
};

class FaultSweep {
 public:
  explicit FaultSweep(const Options& options) : options_(options) {}

  Score run(const StandardRun& standard) {
    Score score;
    const int rate = options_.rate > 0 ? options_.rate : 100000;
    Trials first(standard, rate);
    for (const std::string& complaint : first.complaints()) report(score, standard, "undisturbed", complaint);
    std::vector<Point> points = options_.kill
                                    ? kill_points(first.requests(), options_.seed)
                                    : fault_points(first.requests(), options_.rate > 0, !standard.checkins);
    std::vector<Point> chosen;
    for (std::size_t i = options_.offset; i < points.size(); i += options_.every) chosen.push_back(points[i]);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      std::optional<Trials> trials;
      for (std::size_t i = next++; i < chosen.size(); i = next++) {
        if (!trials) trials.emplace(standard, rate);
        const TrialResult result = attempt(*trials, chosen[i]);
        const std::scoped_lock lock(mutex_);
        score.points += result.happened ? 1 : 0;
        score.missed += result.happened ? 0 : 1;
        score.not_converged += result.converged ? 0 : 1;
        for (const std::string& what : result.violations) report(score, standard, chosen[i].name(), what);
      }
    };
    // Most of a point is waiting for retries, so that there are more workers than cores.
    std::vector<std::thread> workers(std::min(options_.workers, chosen.size()));
    for (std::thread& worker : workers) worker = std::thread(work);
    for (std::thread& worker : workers) worker.join();
    return score;
  }

 private:
  static void report(Score& score, const StandardRun& standard, const std::string& point,
                     const std::string& what) {
    constexpr std::size_t k_shown = 60;
    if (score.violations++ < k_shown) fmt::print("{}: {}: {}\n", standard.name, point, what);
    std::fflush(stdout);
  }

  Options options_;
  std::mutex mutex_;
};

Options read_options(const std::vector<std::string>& arguments) {
  Options options;
  Arguments given(arguments, k_help);
  options.run = given.text("--run");
  options.kill = given.flag("--kill");
  options.rate = static_cast<int>(given.number("--rate", 0));
  options.every = std::max<std::size_t>(1, given.number("--every", 1));
  options.offset = given.number("--offset", 0);
  options.seed = given.number("--seed", 1);
  options.workers = std::max<std::size_t>(1, given.number("--workers", 6));
  given.finish();
  return options;
}

int run(const std::vector<std::string>& arguments) {
  const Options options = read_options(arguments);
  Score all;
  for (const StandardRun& standard : standard_runs()) {
    if (options.run && standard.name != *options.run) continue;
    const Score score = FaultSweep(options).run(standard);
    fmt::print("run={} points={} violations={} not_converged={} without_effect={}\n", standard.name,
               score.points, score.violations, score.not_converged, score.missed);
    std::fflush(stdout);
    all.points += score.points;
    all.violations += score.violations;
    all.not_converged += score.not_converged;
  }
  fmt::print("points={} violations={} not_converged={}\n", all.points, all.violations, all.not_converged);
  return all.points > 0 && all.violations == 0 && all.not_converged == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

}  // namespace gk::test

int main(int argc, char** argv) { return gk::test::run({argv + 1, argv + argc}); }
