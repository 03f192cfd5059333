#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

#include "sweep/arguments.hpp"
#include "sweep/play.hpp"
#include "sweep/random_world.hpp"

// sweep_worlds: sync-members over random gyms with both services in memory, against docs/invariants.md.
namespace gk::test {

namespace {

constexpr std::string_view k_help = R"(Usage: sweep_worlds [--worlds N] [--seed S] [--first NUMBER] [--faults]
Runs sync-members over N random worlds and checks the invariants of docs/invariants.md.
--first NUMBER --worlds 1 repeats one world of the seed and describes it.
)";

struct Sweep {
  std::uint64_t worlds = 10000, seed = 1, first = 0;
  bool faults = false;
};

struct Finding {
  std::uint64_t world;
  std::string what;
};

struct Result {
  Figures figures;
  std::vector<Finding> findings;
};

Result sweep(const Sweep& wanted) {
  constexpr std::uint64_t k_share = 64;  // worlds that a thread takes at a time
  Result result;
  std::mutex mutex;
  std::atomic<std::uint64_t> next{0};
  const auto work = [&] {
    Figures own;
    for (std::uint64_t start = next.fetch_add(k_share); start < wanted.worlds;
         start = next.fetch_add(k_share)) {
      for (std::uint64_t i = start; i < std::min(start + k_share, wanted.worlds); ++i) {
        Figures figures = play_world(wanted.seed, wanted.first + i, wanted.faults);
        if (!figures.violations.empty()) {
          const std::scoped_lock lock(mutex);
          for (const std::string& what : figures.violations)
            result.findings.push_back({wanted.first + i, what});
        }
        own.add(figures);
      }
    }
    const std::scoped_lock lock(mutex);
    result.figures.add(own);
  };
  std::vector<std::thread> threads(std::max(1U, std::thread::hardware_concurrency()));
  for (std::thread& thread : threads) thread = std::thread(work);
  for (std::thread& thread : threads) thread.join();
  return result;
}

void print(const Sweep& wanted, Result& result) {
  constexpr std::size_t k_shown = 20;
  std::ranges::sort(result.findings, {}, &Finding::world);
  std::map<std::string, std::size_t> kinds;
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    const Finding& finding = result.findings[i];
    ++kinds[finding.what.substr(0, finding.what.find(':'))];
    if (i < k_shown) fmt::print("seed {} world {}: {}\n", wanted.seed, finding.world, finding.what);
  }
  for (const auto& [kind, count] : kinds) fmt::print("violation {}: {}\n", kind, count);
  const Figures& seen = result.figures;
  fmt::print(
      "seed={} worlds={} faults={} runs={} clean_runs={} killed={} grants={} revokes={} changes={} "
      "users_created={} violations={}\n",
      wanted.seed, seen.worlds, wanted.faults ? 1 : 0, seen.runs, seen.clean_runs, seen.killed, seen.grants,
      seen.revokes, seen.changes, seen.users_created, result.findings.size());
}

void describe_one(const Sweep& wanted) {
  Dice dice(wanted.seed, wanted.first);
  InMemoryGym gym;
  furnish(gym, dice);
  fmt::print("{}", describe(gym));
}

int run(const std::vector<std::string>& arguments) {
  Sweep wanted;
  Arguments given(arguments, k_help);
  wanted.worlds = given.number("--worlds", wanted.worlds);
  wanted.seed = given.number("--seed", wanted.seed);
  wanted.first = given.number("--first", wanted.first);
  wanted.faults = given.flag("--faults");
  given.finish();
  if (wanted.worlds == 1) describe_one(wanted);
  Result result = sweep(wanted);
  print(wanted, result);
  return result.findings.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

}  // namespace gk::test

int main(int argc, char** argv) { return gk::test::run({argv + 1, argv + argc}); }
