#include "app/session.hpp"

#include <fmt/format.h>

#include <functional>
#include <random>
#include <utility>

#include "app/run_lock.hpp"
#include "util/text.hpp"

namespace gk::app {

namespace {

/// When it started and a random number.
std::string new_run_id(Instant now) {
  std::random_device random;
  return fmt::format("{}-{:08x}", format_rfc3339(now), random());
}

/// Numbers in [0, 1) for jitter only: no secret depends on them.
std::function<double()> random_source() {
  return [engine = std::minstd_rand(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  };
}

/// Keeps every resolved secret out of all output, whoever repeats it.
void hide_secrets(const config::Config& config, Log& log) {
  const auto hide = [&](const std::optional<config::SecretSetting>& setting) {
    if (setting) log.hide(setting->value);
  };
  hide(config.kisi.api_key);
  hide(config.glofox.api_key);
  hide(config.glofox.api_token);
  for (const config::Integration& integration : config.integrations) {
    hide(integration.glofox.api_key);
    hide(integration.glofox.api_token);
    hide(integration.signature_key);
  }
}

}  // namespace

Session::Session(Envelope& report, std::string command, const GlobalOptions& global, const Process& process,
                 Log& log)
    : report_(report),
      global_(global),
      process_(process),
      log_(log),
      progress_(process.err_is_terminal && !global.quiet ? process.err : nullptr, process.clock) {
  report_.command = std::move(command);
  report_.started_at = process.clock.now();
  report_.run_id = new_run_id(report_.started_at);
}

Result<void> Session::open() {
  const config::Loaded loaded = load();
  GK_TRY(accept(loaded.faults, loaded.warnings));
  return choose();
}

config::Loaded Session::load() {
  config::Loaded loaded = config::load(global_.config_path, process_.machine);
  report_.config_path = loaded.path;
  if (loaded.config) config_ = *loaded.config;
  return loaded;
}

Result<void> Session::choose() {
  GK_TRY_ASSIGN(chosen_, config::select_integrations(config_, global_.integrations));
  return {};
}

Result<void> Session::resolve_secrets(const config::SecretScope& scope) {
  const config::SecretProblems problems = read_secrets(scope);
  return accept(problems.faults, problems.warnings);
}

config::SecretProblems Session::read_secrets(const config::SecretScope& scope) {
  config::SecretProblems problems =
      config::resolve_secrets(config_, report_.config_path, scope, process_.machine);
  hide_secrets(config_, log_);
  return problems;
}

Result<void> Session::accept(const std::vector<config::Fault>& faults,
                             const std::vector<config::Fault>& warnings) {
  for (const config::Fault& warning : warnings)
    log_.write(LogLevel::warning, config::format_fault(report_.config_path, warning));
  if (faults.empty()) return {};
  report_.faults = faults;
  return fail(Category::config, fmt::format("the configuration has {}; nothing was read or changed",
                                            counted(faults.size(), "fault")));
}

Result<FileLock> Session::acquire_lock(std::chrono::seconds wait) const {
  return FileLock::acquire(lock_directories(process_.machine), lock_name(config_.kisi), wait, process_.clock,
                           process_.stop);
}

Services Session::make_services(Services::Options options) const {
  options.random = random_source();
  return Services(config_, std::move(options), process_.clock, log_, process_.stop);
}

void Session::close(const Result<void>& done, std::vector<ExitCode> earned) {
  if (!done) report_.error = done.error();
  report_.finished_at = process_.clock.now();
  if (report_.error && report_.error->category != Category::interrupted)
    earned.push_back(from_category(report_.error->category));
  report_.exit_code =
      process_.stop.requested() ? signal_exit_code(process_.stop.signal()) : to_int(worst_of(earned));
}

}  // namespace gk::app
