#include "render/checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "json/writer.hpp"
#include "render/envelope.hpp"
#include "render/palette.hpp"
#include "util/text.hpp"

namespace gk::app {

namespace {

constexpr std::size_t k_longest_text = 4000;  ///< of one text: a path, a list of plans

/// Four letters each, so that the columns behind them stand still.
std::string_view word(CheckStatus status) {
  return status == CheckStatus::skipped ? "skip" : status_name(status);
}

Tone tone_of(CheckStatus status) {
  switch (status) {
    case CheckStatus::ok: return Tone::good;
    case CheckStatus::warn: return Tone::attention;
    case CheckStatus::fail: return Tone::loss;
    case CheckStatus::skipped: break;
  }
  return Tone::quiet;
}

std::string summary(const ValidateReport& report) {
  const auto count = [&](CheckStatus status) {
    return std::ranges::count(report.checks, status, [](const Check& check) { return check.finding.status; });
  };
  return fmt::format("{}: {} ok, {} warned, {} failed, {} skipped\n", report.command, count(CheckStatus::ok),
                     count(CheckStatus::warn), count(CheckStatus::fail), count(CheckStatus::skipped));
}

}  // namespace

std::string render_text(const ValidateReport& report, bool color) {
  std::size_t name_width = 0;
  std::size_t integration_width = 1;
  for (const Check& check : report.checks) {
    name_width = std::max(name_width, check.name.size());
    integration_width = std::max(integration_width, printable(check.integration.value_or("-")).size());
  }
  std::string out;
  for (const Check& check : report.checks) {
    const Finding& finding = check.finding;
    const std::string status = fmt::format("{:<4}", word(finding.status));
    out += color ? paint(tone_of(finding.status), status) : status;
    out += fmt::format("  {:<{}}  {:<{}}  {}\n", check.name, name_width,
                       printable(check.integration.value_or("-")), integration_width,
                       printable(finding.detail, k_longest_text));
    if (!finding.fix.empty()) out += fmt::format("      fix: {}\n", printable(finding.fix, k_longest_text));
  }
  return out + summary(report);
}

std::string render_json(const ValidateReport& report) {
  json::Writer writer(json::Writer::Style::pretty);
  writer.begin_object();
  write_envelope_head(writer, report);
  write_envelope_result(writer, report);
  writer.key("checks").begin_array();
  for (const Check& check : report.checks) {
    writer.begin_object().member("check", check.name);
    write_optional(writer, "integration", check.integration);
    writer.member("status", status_name(check.finding.status)).member("detail", check.finding.detail);
    writer.member("fix", check.finding.fix).end_object();
  }
  writer.end_array().end_object();
  return writer.take() + "\n";
}

std::string render_errors(const ValidateReport& report) {
  if (!report.error || report.error->category != Category::usage) return "";
  return fmt::format("error: {}\n", printable(report.error->message, 2000));
}

}  // namespace gk::app
