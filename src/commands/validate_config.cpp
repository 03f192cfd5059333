#include "commands/validate_config.hpp"

#include <algorithm>
#include <utility>

#include "app/checkin_cache.hpp"
#include "app/run_lock.hpp"
#include "app/session.hpp"
#include "checks/checkin.hpp"
#include "checks/config.hpp"
#include "checks/gather.hpp"
#include "checks/judge.hpp"
#include "checks/table.hpp"

namespace gk::app {

namespace {

/// One run over everything that can be checked.
class ValidateRun {
 public:
  ValidateRun(const ValidateConfig& command, Session& session, ValidateReport& report)
      : command_(command), session_(session), process_(session.process()), report_(report) {}

  Result<void> run() {
    auto done = check_all();
    report_.checks = list_.checks();
    return done;
  }

 private:
  Result<void> check_all() {
    const config::Loaded loaded = session_.load();
    for (Finding& finding : judge_file(loaded)) list_.add("config.file", std::nullopt, std::move(finding));
    note_faults(loaded.faults);
    // Without a file there is nothing to choose from; the checks are then skipped by name.
    if (report_.faults.empty()) GK_TRY(session_.choose());
    check_secrets();
    list_.run("config.lock_directory", "config.secrets", std::nullopt, [this] {
      return judge_lock_directories(
          probe_lock_directories(lock_directories(process_.machine), lock_name(session_.config().kisi)));
    });
    if (command_.offline) list_.block("--offline");
    check_services();
    if (report_.faults.empty()) return {};
    return fail(Category::config, "the configuration has " + counted(report_.faults.size(), "fault"));
  }

  void check_secrets() {
    if (!report_.faults.empty()) {
      list_.run("config.secrets", "config.file", std::nullopt, [] { return Finding{}; });
      return;
    }
    config::SecretScope scope;
    scope.everything = true;
    const config::SecretProblems problems = session_.read_secrets(scope);
    for (Finding& finding : judge_secrets(problems, report_.config_path))
      list_.add("config.secrets", std::nullopt, std::move(finding));
    note_faults(problems.faults);
  }

  void note_faults(const std::vector<config::Fault>& faults) {
    report_.faults.insert(report_.faults.end(), faults.begin(), faults.end());
  }

  /// Both services, as far as nothing stands in the way; where it does, nothing is asked.
  void check_services() {
    Services services = session_.make_services({.read_only = true});
    const bool reachable = !list_.obstacle("config.secrets", std::nullopt);
    const std::vector<config::Integration>& all = session_.config().integrations;
    const std::size_t steps = all.size() + 1;
    std::size_t done = 0;
    session_.progress().update(report_.command, done, steps);
    const KisiFacts kisi =
        reachable ? gather_kisi(services.kisi(), session_.config().kisi.base_url) : KisiFacts{};
    add_kisi_checks(list_, kisi);
    for (const config::Integration& integration : all) {
      session_.progress().update(report_.command, ++done, steps);
      // Unlike the chosen ones, these include the disabled ones when nobody chose: they are listed as
      // skipped.
      const auto& names = session_.global().integrations;
      if (names.empty() || config::is_named(integration, names))
        check_integration(integration, kisi, services, reachable);
    }
    session_.progress().finish();
  }

  void check_integration(const config::Integration& integration, const KisiFacts& kisi, Services& services,
                         bool reachable) {
    if (!integration.enabled) {
      list_.add("integration", integration.name, skipped("enabled is false"));
      return;
    }
    const bool kisi_works = !list_.obstacle("kisi.key", std::nullopt);
    const IntegrationFacts facts =
        reachable ? gather_integration(session_.config(), integration, services, kisi_works)
                  : name_groups(integration);
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

  const ValidateConfig& command_;
  Session& session_;
  const Process& process_;
  ValidateReport& report_;
  CheckList list_;
  Fact<std::vector<kisi::Webhook>> webhooks_;
};

}  // namespace

ValidateReport run_validate_config(const GlobalOptions& global, const ValidateConfig& command,
                                   const Process& process, Log& log) {
  ValidateReport report;
  Session session(report, "validate-config", global, process, log);
  const auto done = ValidateRun(command, session, report).run();
  session.close(done, {earned_code(report.checks)});
  return report;
}

}  // namespace gk::app
