#include "commands/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/session.hpp"
#include "reconcile/damage.hpp"

namespace gk::app {

namespace {

reconcile::IntegrationReport simulate(const config::Integration& integration, Services& services,
                                      reconcile::Damage damage, const Process& process) {
  const Instant now = process.clock.now();
  reconcile::DamagedRoster roster(services.glofox(integration), damage, now);
  const reconcile::PassContext context{roster, services.kisi(), process.clock, process.stop, now, true, {},
                                       {}};
  const reconcile::RequestCounts before = services.requests();
  reconcile::IntegrationReport report = reconcile::sync_members({integration, {}}, context);
  report.requests = services.requests() - before;
  report.plan.notices.push_back(
      {"simulation", "",
       fmt::format("this is only a simulation: the Glofox list was made {} in memory ({})",
                   reconcile::damage_name(damage),
                   roster.account().empty() ? "it could not be read" : roster.account())});
  std::ranges::sort(report.plan.notices);
  return report;
}

Result<void> simulate_all(Session& session, reconcile::Damage damage, RunReport& report) {
  GK_TRY(session.open());
  GK_TRY(session.resolve_secrets({.integrations = session.chosen()}));
  Services services = session.make_services({.read_only = true});
  for (const config::Integration* integration : session.chosen()) {
    const bool runs = integration->enabled && !session.process().stop.requested();
    report.integrations.push_back(runs ? simulate(*integration, services, damage, session.process())
                                       : skipped_report(integration->name));
  }
  return {};
}

}  // namespace

RunReport run_simulation(const GlobalOptions& global, reconcile::Damage damage, const Process& process,
                         Log& log) {
  RunReport report;
  report.dry_run = true;
  Session session(report, "validate-config", global, process, log);
  const auto done = simulate_all(session, damage, report);
  session.close(done, earned_codes(report, false));
  return report;
}

}  // namespace gk::app
