#pragma once

#include <cstdio>
#include <string>

#include "app/cli.hpp"
#include "app/process.hpp"
#include "app/report.hpp"
#include "util/log.hpp"

/// How every command shows its report.
namespace gk::app {

/// Writes a result; false when it did not arrive. A full disk or a closed pipe must not look like success:
/// cron would mail nothing.
[[nodiscard]] bool print(std::FILE* out, const std::string& text);

/// Success, or changes that a dry run was asked to announce: under --quiet nothing is printed then.
[[nodiscard]] bool is_success(int exit_code);

/// A wrong command line: only standard error says so, in either form of output.
[[nodiscard]] bool is_usage_error(const Envelope& report);

/// A terminal that can show colours, and nobody who said no (contract 2).
[[nodiscard]] bool wants_color(const GlobalOptions& global, const Process& process);

/// Prints the result and what went wrong, without secrets. The exit code is the report's; when the result
/// could not be written, it says so, and success becomes a failure.
[[nodiscard]] int print_result(const Envelope& report, const std::string& result, const std::string& errors,
                               const Process& process, const Log& log);

/// The same for a report of any command, rendered as the command line asks; nothing under --quiet after
/// success.
template <class Report>
[[nodiscard]] int print_report(const Report& report, const GlobalOptions& global, const Process& process,
                               const Log& log) {
  if (global.quiet && is_success(report.exit_code)) return report.exit_code;
  std::string result;
  if (!is_usage_error(report)) {
    result = global.output == OutputFormat::json ? render_json(report)
                                                 : render_text(report, wants_color(global, process));
  }
  return print_result(report, result, render_errors(report), process, log);
}

}  // namespace gk::app
