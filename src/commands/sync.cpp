#include "commands/sync.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/checkin_cache.hpp"
#include "app/session.hpp"
#include "commands/approvals.hpp"

namespace gk::app {

namespace {

/// At the deadline no action starts any more; what was written by then is still read back.
constexpr std::chrono::seconds k_read_back{30};

/// One run of a sync over all chosen integrations.
class SyncRun {
 public:
  SyncRun(SyncKind kind, const SyncOptions& options, Session& session, RunReport& report)
      : kind_(kind), options_(options), session_(session), process_(session.process()), report_(report) {}

  Result<void> run() {
    GK_TRY(session_.open());
    GK_TRY_ASSIGN(approvals_, read_approvals(options_.approval_file, report_.command, process_));
    GK_TRY(session_.resolve_secrets({.integrations = session_.chosen()}));
    // Where bookings are nowhere enabled, cron may still call: there is nothing to do, and nobody to wait
    // for.
    if (std::ranges::none_of(session_.chosen(), [this](const auto* one) { return is_wanted(*one); })) {
      skip_all();
      return {};
    }
    const auto lock = session_.acquire_lock(options_.lock_wait);
    if (!lock) {
      if (lock.error().category == Category::locked) skip_all();
      return fail(lock.error());
    }
    run_all(*lock);
    return {};
  }

 private:
  [[nodiscard]] bool is_wanted(const config::Integration& integration) const {
    return integration.enabled && (kind_ == SyncKind::members || integration.bookings.enabled);
  }

  void skip_all() {
    for (const config::Integration* integration : session_.chosen())
      report_.integrations.push_back(skipped_report(integration->name));
  }

  void run_all(const FileLock& lock) {
    const SteadyTime now = process_.clock.steady_now();
    const SteadyTime deadline = now + options_.deadline;
    Services::Options options{.read_only = options_.dry_run, .deadline = deadline + k_read_back};
    if (const auto before = lock.released_before()) options.kisi_last_used = now - *before;
    options.on_reading = [this](const std::string& integration, std::size_t read, std::size_t pages) {
      session_.progress().update(integration + ", reading", read, pages);
    };
    Services services = session_.make_services(std::move(options));
    for (const config::Integration* integration : session_.chosen()) {
      const bool runs = is_wanted(*integration) && !process_.stop.requested();
      report_.integrations.push_back(runs ? run_one(*integration, services, deadline)
                                          : skipped_report(integration->name));
    }
    if (const auto& self = services.kisi().known_self(); self && !options_.dry_run)
      remember_own_user(session_.config(), session_.chosen(), self->id, process_.machine,
                        process_.clock.now());
  }

  reconcile::IntegrationReport run_one(const config::Integration& integration, Services& services,
                                       SteadyTime deadline) {
    session_.log().write(LogLevel::info, "integration started", {{"integration", integration.name}});
    const reconcile::RequestCounts before = services.requests();
    reconcile::Job job{integration, {}};
    if (const auto approved = approvals_.find(integration.name); approved != approvals_.end())
      job.approvals = approved->second;
    const auto on_writing = [&](std::size_t done, std::size_t total) {
      session_.progress().update(integration.name + ", writing", done, total);
    };
    const reconcile::PassContext context{services.glofox(integration),
                                         services.kisi(),
                                         process_.clock,
                                         process_.stop,
                                         options_.as_of.value_or(process_.clock.now()),
                                         options_.dry_run,
                                         deadline,
                                         on_writing};
    reconcile::IntegrationReport report = kind_ == SyncKind::members ? reconcile::sync_members(job, context)
                                                                     : reconcile::sync_bookings(job, context);
    session_.progress().finish();
    add_deprecations(services, report);
    report.requests = services.requests() - before;
    session_.log().write(LogLevel::info, "integration ended",
                         {{"integration", integration.name},
                          {"outcome", std::string(reconcile::outcome_name(report.outcome))}});
    return report;
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

  SyncKind kind_;
  const SyncOptions& options_;
  Session& session_;
  const Process& process_;
  RunReport& report_;
  ApprovalsByIntegration approvals_;
  std::size_t deprecations_told_ = 0;
};

}  // namespace

RunReport run_sync(SyncKind kind, const GlobalOptions& global, const SyncOptions& options,
                   const Process& process, Log& log) {
  RunReport report;
  report.dry_run = options.dry_run;
  report.as_of = options.as_of;
  Session session(report, kind == SyncKind::members ? "sync-members" : "sync-bookings", global, process, log);
  const auto done = SyncRun(kind, options, session, report).run();
  session.close(done, earned_codes(report, options.dry_run && options.detailed_exitcode));
  return report;
}

}  // namespace gk::app
