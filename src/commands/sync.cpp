#include "commands/sync.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/checkin_jobs.hpp"
#include "app/progress.hpp"
#include "app/run.hpp"
#include "app/services.hpp"
#include "commands/approvals.hpp"
#include "util/file_lock.hpp"

namespace gk::app {

namespace {

/// One run of a sync over all chosen integrations.
class SyncRun {
 public:
  SyncRun(SyncKind kind, const GlobalOptions& global, const SyncOptions& sync, const Process& process,
          Log& log)
      : kind_(kind),
        global_(global),
        sync_(sync),
        process_(process),
        log_(log),
        progress_(process.err_is_terminal && !global.quiet ? process.err : nullptr, process.clock) {}

  RunReport run() {
    report_.command = kind_ == SyncKind::members ? "sync-members" : "sync-bookings";
    report_.started_at = process_.clock.now();
    report_.run_id = new_run_id(report_.started_at);
    report_.dry_run = sync_.dry_run;
    report_.as_of = sync_.as_of;
    if (auto done = run_integrations(); !done) report_.error = std::move(done.error());
    report_.finished_at = process_.clock.now();
    report_.exit_code = exit_code();
    return std::move(report_);
  }

 private:
  Result<void> run_integrations() {
    auto loaded = config::load(global_.config_path, process_.machine);
    report_.config_path = loaded.path;
    GK_TRY(accept_configuration(loaded.faults, loaded.warnings, report_, log_));
    config::Config config = *std::move(loaded.config);
    GK_TRY_ASSIGN(const auto chosen, config::select_integrations(config, global_.integrations));
    GK_TRY_ASSIGN(const ApprovalsByIntegration approvals, read_approvals());
    config::SecretScope scope;
    scope.integrations = chosen;
    const auto problems = config::resolve_secrets(config, report_.config_path, scope, process_.machine);
    hide_secrets(config, log_);
    GK_TRY(accept_configuration(problems.faults, problems.warnings, report_, log_));

    // Where bookings are nowhere enabled, cron may still call: there is nothing to do, and nobody to wait
    // for.
    if (std::ranges::none_of(chosen, [this](const auto* integration) { return is_wanted(*integration); })) {
      skip_all(chosen);
      return {};
    }
    const auto lock = FileLock::acquire(lock_directories(process_.machine), lock_name(config.kisi),
                                        sync_.lock_wait, process_.clock, process_.stop);
    if (!lock) {
      if (lock.error().category == Category::locked) skip_all(chosen);
      return fail(lock.error());
    }
    const SteadyTime now = process_.clock.steady_now();
    const SteadyTime deadline = now + sync_.deadline;
    std::optional<SteadyTime> kisi_last_used;
    if (const auto before = lock->released_before()) kisi_last_used = now - *before;
    // At the deadline no action starts any more; what was written by then is still read back.
    constexpr std::chrono::seconds k_read_back{30};
    Services services(config,
                      {.read_only = sync_.dry_run,
                       .deadline = deadline + k_read_back,
                       .random = random_source(),
                       .kisi_last_used = kisi_last_used,
                       .on_reading =
                           [this](const std::string& integration, std::size_t read, std::size_t pages) {
                             progress_.update(integration + ", reading", read, pages);
                           }},
                      process_.clock, log_, process_.stop);
    for (const config::Integration* integration : chosen)
      run_one(*integration, services, approvals, deadline);
    if (const auto& self = services.kisi().known_self(); self && !sync_.dry_run)
      remember_own_user(config, chosen, self->id, process_.machine, process_.clock.now());
    return {};
  }

  [[nodiscard]] Result<ApprovalsByIntegration> read_approvals() const {
    constexpr std::size_t k_max_bytes = std::size_t{64} << 20U;
    if (!sync_.approval_file) return ApprovalsByIntegration{};
    const config::FileReading reading = process_.machine.read_file(*sync_.approval_file, k_max_bytes);
    if (reading.problem != config::FileProblem::none) {
      return fail(Category::usage, fmt::format("--approve-removals: {} {}", *sync_.approval_file,
                                               config::describe(reading, k_max_bytes)));
    }
    return parse_approvals(reading.bytes, report_.command, process_.clock.now());
  }

  [[nodiscard]] bool is_wanted(const config::Integration& integration) const {
    return integration.enabled && (kind_ == SyncKind::members || integration.bookings.enabled);
  }

  void skip_all(const std::vector<const config::Integration*>& chosen) {
    for (const config::Integration* integration : chosen)
      report_.integrations.push_back(skipped(*integration));
  }

  static reconcile::IntegrationReport skipped(const config::Integration& integration) {
    reconcile::IntegrationReport report;
    report.name = integration.name;
    report.outcome = reconcile::IntegrationOutcome::skipped;
    return report;
  }

  void run_one(const config::Integration& integration, Services& services,
               const ApprovalsByIntegration& approvals, SteadyTime deadline) {
    if (!is_wanted(integration) || process_.stop.requested()) {
      report_.integrations.push_back(skipped(integration));
      return;
    }
    log_.write(LogLevel::info, "integration started", {{"integration", integration.name}});
    const reconcile::RequestCounts before = services.requests();
    reconcile::Job job{integration, {}};
    if (const auto approved = approvals.find(integration.name); approved != approvals.end())
      job.approvals = approved->second;
    const reconcile::PassContext context{services.glofox(integration),
                                         services.kisi(),
                                         process_.clock,
                                         process_.stop,
                                         sync_.as_of.value_or(process_.clock.now()),
                                         sync_.dry_run,
                                         deadline,
                                         [&](std::size_t done, std::size_t total) {
                                           progress_.update(integration.name + ", writing", done, total);
                                         }};
    reconcile::IntegrationReport report = kind_ == SyncKind::members ? reconcile::sync_members(job, context)
                                                                     : reconcile::sync_bookings(job, context);
    progress_.finish();
    add_deprecations(services, report);
    report.requests = services.requests() - before;
    log_.write(LogLevel::info, "integration ended",
               {{"integration", integration.name},
                {"outcome", std::string(reconcile::outcome_name(report.outcome))}});
    report_.integrations.push_back(std::move(report));
  }

  /// One notice per endpoint and run (kisi-api 4.5).
  void add_deprecations(Services& services, reconcile::IntegrationReport& report) {
    const auto deprecations = services.kisi().deprecations();
    for (; deprecations_told_ < deprecations.size(); ++deprecations_told_) {
      const kisi::Deprecation& told = deprecations[deprecations_told_];
      report.plan.notices.push_back(
          {"deprecated_endpoint", "",
           fmt::format(
               "Kisi {}: deprecated '{}', may vanish after '{}'; look for a newer version of this program",
               told.endpoint, told.deprecation, told.sunset)});
    }
  }

  [[nodiscard]] int exit_code() const {
    std::vector<ExitCode> codes;
    if (report_.error && report_.error->category != Category::interrupted)
      codes.push_back(from_category(report_.error->category));
    for (const reconcile::IntegrationReport& integration : report_.integrations) {
      for (const ExitCode code : earned_codes(integration, sync_.dry_run && sync_.detailed_exitcode))
        codes.push_back(code);
    }
    if (process_.stop.requested()) return signal_exit_code(process_.stop.signal());
    return to_int(worst_of(codes));
  }

  SyncKind kind_;
  const GlobalOptions& global_;
  const SyncOptions& sync_;
  const Process& process_;
  Log& log_;
  RunReport report_;
  Progress progress_;  ///< the reading thread's while it reads, this thread's before and after
  std::size_t deprecations_told_ = 0;
};

}  // namespace

RunReport run_sync(SyncKind kind, const GlobalOptions& global, const SyncOptions& sync,
                   const Process& process, Log& log) {
  return SyncRun(kind, global, sync, process, log).run();
}

}  // namespace gk::app
