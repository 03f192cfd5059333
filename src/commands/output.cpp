#include "commands/output.hpp"

namespace gk::app {

bool print(std::FILE* out, const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), out) == text.size() && std::fflush(out) == 0;
}

bool is_success(int exit_code) {
  return exit_code == to_int(ExitCode::done) || exit_code == to_int(ExitCode::changes_pending);
}

bool is_usage_error(const Envelope& report) {
  return report.error && report.error->category == Category::usage;
}

bool wants_color(const GlobalOptions& global, const Process& process) {
  const auto no_color = process.machine.get("NO_COLOR");
  const bool refused =
      global.no_color || (no_color && !no_color->empty()) || process.machine.get("TERM") == "dumb";
  return process.out_is_terminal && !refused;
}

int print_result(const Envelope& report, const std::string& result, const std::string& errors,
                 const Process& process, const Log& log) {
  const bool printed = print(process.out, log.redacted(result));
  static_cast<void>(print(process.err, log.redacted(errors)));
  if (printed) return report.exit_code;
  static_cast<void>(print(process.err, "error: the result could not be written to standard output\n"));
  return report.exit_code > signal_exit_code(0) ? report.exit_code : to_int(ExitCode::internal_error);
}

}  // namespace gk::app
