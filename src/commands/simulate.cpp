#include "commands/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/run.hpp"
#include "app/services.hpp"
#include "reconcile/damage.hpp"

namespace gk::app {

namespace {

reconcile::IntegrationReport rehearse(const config::Integration& integration, Services& services,
                                      reconcile::Damage damage, const Process& process) {
  reconcile::IntegrationReport report;
  report.name = integration.name;
  report.outcome = reconcile::IntegrationOutcome::skipped;
  if (!integration.enabled || process.stop.requested()) return report;
  const Instant now = process.clock.now();
  reconcile::DamagedRoster roster(services.glofox(integration), damage, now);
  const reconcile::PassContext context{roster, services.kisi(), process.clock, process.stop, now, true, {},
                                       {}};
  const reconcile::RequestCounts before = services.requests();
  report = reconcile::sync_members({integration, {}}, context);
  report.requests = services.requests() - before;
  report.plan.notices.push_back(
      {"simulation", "",
       fmt::format("nothing of this is real: the Glofox list was made {} in memory ({})",
                   reconcile::damage_name(damage),
                   roster.account().empty() ? "it could not be read" : roster.account())});
  std::ranges::sort(report.plan.notices);
  return report;
}

Result<void> rehearse_all(const GlobalOptions& global, reconcile::Damage damage, const Process& process,
                          Log& log, RunReport& report) {
  auto loaded = config::load(global.config_path, process.machine);
  report.config_path = loaded.path;
  report.faults = loaded.faults;
  if (!loaded.config) return fail(Category::config, "the configuration cannot be used; nothing was read");
  config::Config config = *std::move(loaded.config);
  config::SecretScope scope;
  GK_TRY_ASSIGN(scope.integrations, config::select_integrations(config, global.integrations));
  auto problems = config::resolve_secrets(config, report.config_path, scope, process.machine);
  hide_secrets(config, log);
  report.faults = std::move(problems.faults);
  if (!report.faults.empty()) return fail(Category::config, "a secret cannot be used; nothing was read");
  Services services(config, {.read_only = true, .deadline = {}, .random = random_source(), .on_reading = {}},
                    process.clock, log, process.stop);
  for (const config::Integration* integration : scope.integrations)
    report.integrations.push_back(rehearse(*integration, services, damage, process));
  return {};
}

}  // namespace

RunReport run_simulation(const GlobalOptions& global, reconcile::Damage damage, const Process& process,
                         Log& log) {
  RunReport report;
  report.command = "validate-config";
  report.started_at = process.clock.now();
  report.run_id = new_run_id(report.started_at);
  report.dry_run = true;
  if (auto done = rehearse_all(global, damage, process, log, report); !done)
    report.error = std::move(done.error());
  report.finished_at = process.clock.now();
  std::vector<ExitCode> codes;
  if (report.error) codes.push_back(from_category(report.error->category));
  for (const reconcile::IntegrationReport& integration : report.integrations) {
    for (const ExitCode code : earned_codes(integration, false)) codes.push_back(code);
  }
  report.exit_code =
      process.stop.requested() ? signal_exit_code(process.stop.signal()) : to_int(worst_of(codes));
  return report;
}

}  // namespace gk::app
