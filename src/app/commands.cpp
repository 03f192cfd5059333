#include "app/commands.hpp"

#include <fmt/format.h>

#include "app/checkin.hpp"
#include "app/render_json.hpp"
#include "app/render_text.hpp"
#include "app/run.hpp"
#include "app/simulate.hpp"
#include "app/validate.hpp"
#include "util/overloaded.hpp"

namespace gk::app {

namespace {

LogLevel threshold(const GlobalOptions& global) {
  if (global.quiet && global.verbosity == 0) return LogLevel::error;
  switch (global.verbosity) {
    case 0:
      return LogLevel::warning;
    case 1:
      return LogLevel::info;
    default:
      return LogLevel::debug;
  }
}

/// Standard error: nobody is left to tell when that fails.
void tell(const Environment& environment, const std::string& text) {
  static_cast<void>(print(environment.err, text));
}

int print_sync(const RunReport& report, const GlobalOptions& global, const Environment& environment,
               const Log& log) {
  constexpr int k_pending = to_int(ExitCode::changes_pending);
  const bool success = report.exit_code == 0 || report.exit_code == k_pending;
  if (global.quiet && success) return report.exit_code;
  const bool usage_error = report.error && report.error->category == Category::usage;
  bool printed = true;
  if (global.output == OutputFormat::json) {
    if (!usage_error) printed = print(environment.out, log.redacted(render_json(report)));
  } else {
    printed = print(environment.out, log.redacted(render_text(report, wants_color(global, environment))));
  }
  tell(environment, log.redacted(render_errors(report)));
  return conclude(report.exit_code, printed, environment);
}

int run_command(const Invocation& invocation, const Environment& environment, Log& log) {
  const GlobalOptions& global = invocation.global;
  return std::visit(
      Overloaded{[&](const SyncMembers& command) {
                   return print_sync(run_sync(SyncKind::members, global, command.sync, environment, log),
                                     global, environment, log);
                 },
                 [&](const SyncBookings& command) {
                   return print_sync(run_sync(SyncKind::bookings, global, command.sync, environment, log),
                                     global, environment, log);
                 },
                 [&](const ValidateConfig& command) {
                   if (command.simulate) {
                     return print_sync(run_simulation(global, *command.simulate, environment, log), global,
                                       environment, log);
                   }
                   return run_validate_config(global, command, environment, log);
                 },
                 [&](const Checkin& command) { return run_checkin(global, command, environment, log); }},
      invocation.command);
}

}  // namespace

int run(int argc, const char* const* argv, const Environment& environment) {
  const ParseOutcome parsed = parse_command_line(argc, argv);
  if (const auto* now = std::get_if<ExitNow>(&parsed)) {
    static_cast<void>(print(environment.out, now->stdout_text));
    tell(environment, now->stderr_text);
    return to_int(now->code);
  }
  const auto& invocation = std::get<Invocation>(parsed);
  Log log(environment.err, threshold(invocation.global), invocation.global.log_format, environment.clock);
  return run_command(invocation, environment, log);
}

}  // namespace gk::app
