#include "sweep/play.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "sweep/random_world.hpp"

namespace gk::test {

namespace {

using reconcile::IntegrationReport;

void note_writes(const InMemoryGym& gym, std::size_t first, Figures& figures) {
  for (std::size_t i = first; i < gym.kisi.writes.size(); ++i) {
    const std::string& verb = gym.kisi.writes[i].verb;
    figures.grants += verb == "grant" ? 1U : 0U;
    figures.revokes += verb == "revoke" ? 1U : 0U;
    figures.changes += verb == "change" ? 1U : 0U;
    figures.users_created += verb == "create_user" ? 1U : 0U;
  }
}

/// Whether a further run has nothing to do after this one: a share of more rows, or more room under
/// max_users, may let more through.
bool is_final(const IntegrationReport& report, const reconcile::Job& job) {
  if (was_clean(report)) return true;
  // What one command removes may bring the other below its brake.
  if (job.bookings.enabled) return false;
  const bool fixed = job.limits.absent.percent % 100 == 0 && job.limits.stated.percent % 100 == 0 &&
                     job.limits.max_users == 1000;
  return report.limit_holds && fixed && !report.error && !report.actions_failed && !report.stopped_by;
}

void check_second_run(InMemoryGym& gym, const IntegrationReport& first, Figures& figures) {
  gym.kisi.catch_up();
  const std::size_t writes = gym.kisi.writes.size();
  static_cast<void>(run_undisturbed(gym, figures));
  if (is_final(first, gym.job) && gym.kisi.writes.size() != writes) {
    figures.violations.push_back(fmt::format("second run: wrote {} times, first {}",
                                             gym.kisi.writes.size() - writes, gym.kisi.writes[writes].verb));
  }
}

/// Without rows of ours beside a foreign one that covers them: they may stay or go (contract 6).
std::multiset<std::string> access_in(const FakeKisi& kisi, Instant now) {
  KisiState state = state_of(kisi);
  std::set<std::pair<std::string, GroupId>> covered;
  for (const auto& [id, row] : state.rows) {
    if (!row.ours && row.validity.covers(Validity::open_ended(), now)) covered.emplace(row.email, row.group);
  }
  std::erase_if(state.rows, [&](const auto& entry) {
    return entry.second.ours && covered.contains({entry.second.email, entry.second.group});
  });
  return summary_of(state);
}

/// Where an undisturbed run of the same world ends.
void check_convergence(InMemoryGym& gym, const IntegrationReport& last, std::uint64_t seed,
                       std::uint64_t number, Figures& figures) {
  if (gym.job.limits.stated.count != 100) return;  // brakes may let what is left pass later
  // Killed between the two requests of the last resort, a lapsing member has no row by which sync-members
  // could know about the window: sync-bookings writes it.
  if (gym.job.bookings.enabled && terms_of(gym, gym.clock.now()).may_step_out) return;
  Dice dice(seed, number);
  InMemoryGym calm;
  furnish(calm, dice);
  Figures ignored;
  const IntegrationReport undisturbed = run_undisturbed(calm, ignored);
  if (!was_clean(undisturbed)) return;
  if (!was_clean(last)) {
    figures.violations.emplace_back("convergence: the first undisturbed run was not clean");
    return;
  }
  const auto wanted = access_in(calm.kisi, calm.clock.now());
  const auto reached = access_in(gym.kisi, calm.clock.now());
  if (wanted == reached) return;
  std::vector<std::string> missing;
  std::vector<std::string> extra;
  std::ranges::set_difference(wanted, reached, std::back_inserter(missing));
  std::ranges::set_difference(reached, wanted, std::back_inserter(extra));
  figures.violations.push_back(
      fmt::format("convergence: not where an undisturbed run ends; missing: {}; too much: {}",
                  fmt::join(missing, ", "), fmt::join(extra, ", ")));
}

}  // namespace

void Figures::add(const Figures& other) {
  worlds += other.worlds;
  runs += other.runs;
  clean_runs += other.clean_runs;
  killed += other.killed;
  grants += other.grants;
  revokes += other.revokes;
  changes += other.changes;
  users_created += other.users_created;
  violations.insert(violations.end(), other.violations.begin(), other.violations.end());
}

std::optional<IntegrationReport> run_and_check(InMemoryGym& gym, Figures& figures, Command command) {
  const KisiState before = state_of(gym.kisi);
  Terms terms = terms_of(gym, gym.clock.now());
  if (command == Command::bookings) {
    // Bookings are read for themselves; the list of members, with its canaries, only where that is cheaper.
    terms.windows_settled = true;
    terms.believable = !gym.glofox.outage;
    terms.everything_held = false;
  }
  const std::size_t writes = gym.kisi.writes.size();
  std::optional<IntegrationReport> report;
  ++figures.runs;
  try {
    report = command == Command::members ? gym.sync() : gym.sync_bookings();
  } catch (const Killed&) {
    ++figures.killed;
  }
  note_writes(gym, writes, figures);
  const auto broken = broken_by_step(before, state_of(gym.kisi), terms);
  figures.violations.insert(figures.violations.end(), broken.begin(), broken.end());
  return report;
}

IntegrationReport run_undisturbed(InMemoryGym& gym, Figures& figures) {
  const bool books = gym.job.bookings.enabled;
  std::set<std::string> held;
  // As cron.example does: bookings first.
  if (books) {
    IntegrationReport bookings = *run_and_check(gym, figures, Command::bookings);
    if (!was_clean(bookings)) {
      static_cast<void>(run_and_check(gym, figures, Command::members));
      return bookings;
    }
    held = held_people(bookings);
    gym.kisi.catch_up();
  }
  const IntegrationReport report = *run_and_check(gym, figures, Command::members);
  if (!was_clean(report)) return report;
  ++figures.clean_runs;
  Terms terms = terms_of(gym, gym.clock.now());
  terms.windows_settled = books;
  terms.held = held_people(report);
  terms.held.merge(held);
  const auto left = unsettled(state_of(gym.kisi), terms);
  figures.violations.insert(figures.violations.end(), left.begin(), left.end());
  return report;
}

Figures play_world(std::uint64_t seed, std::uint64_t number, bool faults) {
  Figures figures;
  figures.worlds = 1;
  Dice dice(seed, number);
  InMemoryGym gym;
  furnish(gym, dice);
  bool lived_on = false;
  const std::size_t disturbed_runs = faults ? 1 + dice.below(3) : 0;
  for (std::size_t i = 0; i < disturbed_runs; ++i) {
    const auto hidden = disturb(gym, dice);
    const bool bookings = gym.job.bookings.enabled && dice.chance(50);
    static_cast<void>(run_and_check(gym, figures, bookings ? Command::bookings : Command::members));
    calm_down(gym, hidden);
    if (!dice.chance(40)) continue;
    live_on(gym, dice);
    lived_on = true;
  }
  const IntegrationReport first = run_undisturbed(gym, figures);
  if (faults && !lived_on) check_convergence(gym, first, seed, number, figures);
  check_second_run(gym, first, figures);
  if (dice.chance(50)) {
    live_on(gym, dice);
    static_cast<void>(run_undisturbed(gym, figures));
  }
  return figures;
}

}  // namespace gk::test
