#include "commands/validate_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/checkin_jobs.hpp"
#include "app/progress.hpp"
#include "app/run.hpp"
#include "app/services.hpp"
#include "checks/checkin.hpp"
#include "checks/config.hpp"
#include "checks/gather.hpp"
#include "checks/judge.hpp"
#include "checks/table.hpp"
#include "render/checks.hpp"
#include "util/text.hpp"

namespace gk::app {

namespace {

/// One run over everything that can be checked.
class ValidateRun {
 public:
  ValidateRun(const GlobalOptions& global, const ValidateConfig& command, const Process& process, Log& log)
      : global_(global), command_(command), process_(process), log_(log) {}

  ValidateReport run() {
    report_.command = "validate-config";
    report_.started_at = process_.clock.now();
    report_.run_id = new_run_id(report_.started_at);
    if (auto done = check_all(); !done) report_.error = std::move(done.error());
    report_.checks = list_.take();
    report_.finished_at = process_.clock.now();
    report_.exit_code = exit_code();
    return std::move(report_);
  }

 private:
  Result<void> check_all() {
    auto loaded = config::load(global_.config_path, process_.machine);
    report_.config_path = loaded.path;
    for (Verdict& verdict : judge_file(loaded)) list_.add("config.file", std::nullopt, std::move(verdict));
    note_faults(loaded.faults);
    // Without a file there is nothing to choose from; the checks are then skipped by name.
    config::Config config = std::move(loaded.config).value_or(config::Config{});
    if (report_.faults.empty()) GK_TRY(config::select_integrations(config, global_.integrations));
    check_secrets(config);
    list_.run("config.lock_directory", "config.secrets", std::nullopt, [&] {
      return judge_lock_directories(
          probe_lock_directories(lock_directories(process_.machine), lock_name(config.kisi)));
    });
    if (command_.offline) list_.block("--offline");
    check_services(config);
    if (report_.faults.empty()) return {};
    return fail(Category::config, "the configuration has " + counted(report_.faults.size(), "fault"));
  }

  void check_secrets(config::Config& config) {
    if (!report_.faults.empty()) {
      list_.run("config.secrets", "config.file", std::nullopt, [] { return Verdict{}; });
      return;
    }
    config::SecretScope scope;
    scope.everything = true;
    const auto secrets = config::resolve_secrets(config, report_.config_path, scope, process_.machine);
    hide_secrets(config, log_);
    for (Verdict& verdict : judge_secrets(secrets, report_.config_path))
      list_.add("config.secrets", std::nullopt, std::move(verdict));
    note_faults(secrets.faults);
  }

  void note_faults(const std::vector<config::Fault>& faults) {
    report_.faults.insert(report_.faults.end(), faults.begin(), faults.end());
  }

  /// Both services, as far as nothing stands in the way; where it does, nothing is asked.
  void check_services(const config::Config& config) {
    Services services(config, {.read_only = true, .deadline = {}, .random = random_source()}, process_.clock,
                      log_, process_.stop);
    Progress progress(process_.err_is_terminal && !global_.quiet ? process_.err : nullptr, process_.clock);
    const bool reachable = !list_.obstacle("config.secrets", std::nullopt);
    progress.update(report_.command, 0, config.integrations.size() + 1);
    const KisiFacts kisi = reachable ? gather_kisi(services.kisi(), config.kisi.base_url) : KisiFacts{};
    add_kisi_checks(list_, kisi);
    for (std::size_t i = 0; i < config.integrations.size(); ++i) {
      progress.update(report_.command, i + 1, config.integrations.size() + 1);
      check_integration(config, config.integrations[i], kisi, services, reachable);
    }
  }

  void check_integration(const config::Config& config, const config::Integration& integration,
                         const KisiFacts& kisi, Services& services, bool reachable) {
    const auto& chosen = global_.integrations;
    if (!chosen.empty() && std::ranges::find(chosen, integration.name) == chosen.end()) return;
    if (!integration.enabled) {
      list_.add("integration", integration.name, skipped("enabled is false"));
      return;
    }
    const bool kisi_works = !list_.obstacle("kisi.key", std::nullopt);
    const IntegrationFacts facts =
        reachable ? gather_integration(config, integration, services, kisi_works) : name_groups(integration);
    add_integration_checks(list_, kisi, integration, facts);
    add_checkin_checks(list_, integration, gather_checkin(integration, services, reachable, kisi_works));
  }

  CheckinFacts gather_checkin(const config::Integration& integration, Services& services, bool reachable,
                              bool kisi_works) {
    CheckinFacts facts;
    if (!integration.checkin.enabled) return facts;
    facts.directory = checkin_directory(integration, process_.machine);
    facts.directory_problem = cache_problem(facts.directory);
    if (!reachable) return facts;
    // The same for all integrations.
    if (kisi_works && !webhooks_) webhooks_ = read_webhooks(services.kisi().account());
    facts.webhooks = webhooks_;
    if (integration.checkin.records_attendance()) {
      const Instant now = process_.clock.now();
      const auto soon = Window::make(now, now + std::chrono::hours{1});
      facts.bookings = services.glofox(integration).read_bookings_of(MemberId(), *soon);
    }
    return facts;
  }

  [[nodiscard]] int exit_code() const {
    if (process_.stop.requested()) return signal_exit_code(process_.stop.signal());
    if (report_.error && report_.error->category == Category::usage) return to_int(ExitCode::usage);
    return to_int(earned_code(report_.checks));
  }

  const GlobalOptions& global_;
  const ValidateConfig& command_;
  const Process& process_;
  Log& log_;
  ValidateReport report_;
  CheckList list_;
  Fact<std::vector<kisi::Webhook>> webhooks_;
};

}  // namespace

ValidateReport run_checks(const GlobalOptions& global, const ValidateConfig& command, const Process& process,
                          Log& log) {
  return ValidateRun(global, command, process, log).run();
}

int run_validate_config(const GlobalOptions& global, const ValidateConfig& command, const Process& process,
                        Log& log) {
  const ValidateReport report = run_checks(global, command, process, log);
  if (report.error && report.error->category == Category::usage) {
    static_cast<void>(print(process.err, fmt::format("error: {}\n", printable(report.error->message, 2000))));
    return report.exit_code;
  }
  // Under --quiet warnings alone are no reason for a mail from cron; they are printed beside a failure.
  if (global.quiet && report.exit_code == 0) return report.exit_code;
  const bool json = global.output == OutputFormat::json;
  const std::string text =
      json ? render_checks_json(report) : render_checks_text(report, wants_color(global, process));
  const bool printed = print(process.out, log.redacted(text));
  return conclude(report.exit_code, printed, process);
}

}  // namespace gk::app
