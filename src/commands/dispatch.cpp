#include "commands/dispatch.hpp"

#include <fmt/format.h>

#include "app/cli.hpp"
#include "app/run.hpp"
#include "commands/checkin.hpp"
#include "commands/simulate.hpp"
#include "commands/sync.hpp"
#include "commands/validate_config.hpp"
#include "render/json.hpp"
#include "render/text.hpp"
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
void tell(const Process& process, const std::string& text) {
  static_cast<void>(print(process.err, text));
}

int print_sync(const RunReport& report, const GlobalOptions& global, const Process& process, const Log& log) {
  constexpr int k_pending = to_int(ExitCode::changes_pending);
  const bool success = report.exit_code == 0 || report.exit_code == k_pending;
  if (global.quiet && success) return report.exit_code;
  const bool usage_error = report.error && report.error->category == Category::usage;
  bool printed = true;
  if (global.output == OutputFormat::json) {
    if (!usage_error) printed = print(process.out, log.redacted(render_json(report)));
  } else {
    printed = print(process.out, log.redacted(render_text(report, wants_color(global, process))));
  }
  tell(process, log.redacted(render_errors(report)));
  return conclude(report.exit_code, printed, process);
}

int run_command(const Invocation& invocation, const Process& process, Log& log) {
  const GlobalOptions& global = invocation.global;
  return std::visit(
      Overloaded{[&](const SyncMembers& command) {
                   return print_sync(run_sync(SyncKind::members, global, command.sync, process, log), global,
                                     process, log);
                 },
                 [&](const SyncBookings& command) {
                   return print_sync(run_sync(SyncKind::bookings, global, command.sync, process, log), global,
                                     process, log);
                 },
                 [&](const ValidateConfig& command) {
                   if (command.simulate) {
                     return print_sync(run_simulation(global, *command.simulate, process, log), global,
                                       process, log);
                   }
                   return run_validate_config(global, command, process, log);
                 },
                 [&](const Checkin& command) { return run_checkin(global, command, process, log); }},
      invocation.command);
}

}  // namespace

int run(int argc, const char* const* argv, const Process& process) {
  const ParseOutcome parsed = parse_command_line(argc, argv);
  if (const auto* now = std::get_if<ExitNow>(&parsed)) {
    static_cast<void>(print(process.out, now->stdout_text));
    tell(process, now->stderr_text);
    return to_int(now->code);
  }
  const auto& invocation = std::get<Invocation>(parsed);
  Log log(process.err, threshold(invocation.global), invocation.global.log_format, process.clock);
  return run_command(invocation, process, log);
}

}  // namespace gk::app
