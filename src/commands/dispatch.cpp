#include "commands/dispatch.hpp"

#include "app/cli.hpp"
#include "commands/checkin.hpp"
#include "commands/output.hpp"
#include "commands/simulate.hpp"
#include "commands/sync.hpp"
#include "commands/validate_config.hpp"
#include "render/checkin.hpp"
#include "render/checks.hpp"
#include "render/json.hpp"
#include "render/text.hpp"
#include "util/overloaded.hpp"

namespace gk::app {

namespace {

LogLevel threshold(const GlobalOptions& global) {
  if (global.quiet && global.verbosity == 0) return LogLevel::error;
  switch (global.verbosity) {
    case 0: return LogLevel::warning;
    case 1: return LogLevel::info;
    default: return LogLevel::debug;
  }
}

}  // namespace

int run(int argc, const char* const* argv, const Process& process) {
  const ParseOutcome parsed = parse_command_line(argc, argv);
  if (const auto* now = std::get_if<ExitNow>(&parsed)) {
    static_cast<void>(print(process.out, now->stdout_text));
    static_cast<void>(print(process.err, now->stderr_text));
    return to_int(now->code);
  }
  const auto& [global, command] = std::get<Invocation>(parsed);
  Log log(process.err, threshold(global), global.log_format, process.clock);
  return run_command(global, command, process, log);
}

int run_command(const GlobalOptions& global, const Command& command, const Process& process, Log& log) {
  const auto show = [&](const auto& report) { return print_report(report, global, process, log); };
  return std::visit(
      Overloaded{
          [&](const SyncMembers& chosen) {
            return show(run_sync(SyncKind::members, global, chosen.sync, process, log));
          },
          [&](const SyncBookings& chosen) {
            return show(run_sync(SyncKind::bookings, global, chosen.sync, process, log));
          },
          [&](const ValidateConfig& chosen) {
            return chosen.simulate ? show(run_simulation(global, *chosen.simulate, process, log))
                                   : show(run_validate_config(global, chosen, process, log));
          },
          [&](const Checkin& chosen) { return show(run_checkin(global, chosen, process, log)); },
      },
      command);
}

}  // namespace gk::app
