#include "render/checkin.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"
#include "render/envelope.hpp"
#include "render/palette.hpp"
#include "util/text.hpp"

namespace gk::app {

namespace {

using checkin::CheckinOutcome;
using checkin::CheckinResult;
using json::Writer;

constexpr std::size_t k_who_width = 34;
constexpr std::size_t k_longest_message = 600;

char symbol(CheckinOutcome outcome) {
  switch (outcome) {
    case CheckinOutcome::planned:
    case CheckinOutcome::applied: return '+';
    case CheckinOutcome::already_done:
    case CheckinOutcome::ignored: return '=';
    case CheckinOutcome::failed:
    case CheckinOutcome::unknown: break;
  }
  return '!';
}

Tone tone_of(char symbol) {
  return symbol == '+' ? Tone::good : symbol == '!' ? Tone::attention : Tone::quiet;
}

std::string who(const CheckinResult& result) {
  if (!result.email.empty()) return printable(result.email.as_written());
  return result.user ? fmt::format("user {}", *result.user) : "-";
}

/// "entry applied, attendance already_done (booking 65ee...)".
std::string writes(const CheckinResult& result) {
  std::vector<std::string> sent;
  if (result.access) sent.push_back(fmt::format("entry {}", checkin::outcome_name(*result.access)));
  if (result.attendance)
    sent.push_back(fmt::format("attendance {}", checkin::outcome_name(*result.attendance)));
  return fmt::format("{}{}", fmt::join(sent, ", "),
                     result.booking ? fmt::format(" (booking {})", result.booking->value()) : "");
}

std::string describe(const CheckinResult& result) {
  std::string text(checkin::outcome_name(result.outcome));
  if (result.cause) text += fmt::format(", {}", checkin::cause_name(*result.cause));
  if (!result.detail.empty()) text += fmt::format(" ({})", printable(result.detail, k_longest_message));
  if (const std::string sent = writes(result); !sent.empty()) text += ": " + sent;
  if (result.lock) text += fmt::format(", lock {}", *result.lock);
  if (result.at) text += fmt::format(", {}", format_rfc3339(*result.at));
  if (result.error) text += " [" + printable(result.error->message, k_longest_message) + "]";
  return text;
}

std::string summary_line(const CheckinIntegration& integration) {
  const checkin::CheckinCounts counts = checkin::count_outcomes(integration.results);
  return fmt::format("{}: {}. planned {}, applied {}, already_done {}, ignored {}, failed {}, unknown {}\n",
                     printable(integration.name), reconcile::outcome_name(integration.outcome),
                     counts.planned, counts.applied, counts.already_done, counts.ignored, counts.failed,
                     counts.unknown);
}

void write_action(Writer& writer, const CheckinResult& result) {
  writer.begin_object().member("action", "checkin");
  write_text(writer, "event_uuid", result.unlock_uuid);
  write_optional(writer, "kisi_user_id", result.user);
  write_text(writer, "email", result.email.as_written());
  write_text(writer, "glofox_member_id", result.member ? result.member->text() : "");
  write_optional(writer, "lock_id", result.lock);
  write_optional(writer, "at", result.at);
  write_text(writer, "booking_id", result.booking ? result.booking->value() : "");
  write_text(writer, "access", result.access ? checkin::outcome_name(*result.access) : "");
  write_text(writer, "attendance", result.attendance ? checkin::outcome_name(*result.attendance) : "");
  writer.member("outcome", checkin::outcome_name(result.outcome));
  write_text(writer, "cause", result.cause ? checkin::cause_name(*result.cause) : "");
  write_text(writer, "detail", result.detail);
  write_error(writer, result.error);
  writer.end_object();
}

void write_integration(Writer& writer, const CheckinIntegration& integration) {
  writer.begin_object().member("name", integration.name);
  writer.member("outcome", reconcile::outcome_name(integration.outcome));
  write_error(writer, integration.error);
  const checkin::CheckinCounts counts = checkin::count_outcomes(integration.results);
  write_counts(writer, "summary",
               {{"planned", counts.planned},
                {"applied", counts.applied},
                {"already_done", counts.already_done},
                {"ignored", counts.ignored},
                {"failed", counts.failed},
                {"unknown", counts.unknown}});
  writer.key("actions").begin_array();
  for (const CheckinResult& result : integration.results) write_action(writer, result);
  writer.end_array().key("notices").begin_array();
  for (const CheckinNotice& notice : integration.notices) {
    writer.begin_object().member("kind", notice.kind).member("detail", notice.detail).end_object();
  }
  writer.end_array();
  write_requests(writer, integration.requests);
  writer.end_object();
}

}  // namespace

std::string render_text(const CheckinReport& report, bool color) {
  std::string out;
  for (const CheckinIntegration& integration : report.integrations) {
    for (const CheckinResult& result : integration.results) {
      const char mark = symbol(result.outcome);
      const std::string line =
          fmt::format("  {} {:<{}} {}", mark, who(result), k_who_width, printable(describe(result), 2000));
      out += (color ? paint(tone_of(mark), line) : line) + "\n";
    }
    for (const CheckinNotice& notice : integration.notices)
      out += fmt::format("  * {}: {}\n", notice.kind, printable(notice.detail, k_longest_message));
    out += summary_line(integration);
  }
  return out;
}

std::string render_json(const CheckinReport& report) {
  Writer writer(Writer::Style::pretty);
  writer.begin_object();
  write_envelope_head(writer, report);
  writer.member("dry_run", report.dry_run);
  write_envelope_result(writer, report);
  writer.key("integrations").begin_array();
  for (const CheckinIntegration& integration : report.integrations) write_integration(writer, integration);
  writer.end_array().end_object();
  return writer.take() + "\n";
}

std::string render_errors(const CheckinReport& report) {
  constexpr std::size_t k_longest_error = 2000;
  std::string out;
  for (const config::Fault& fault : report.faults)
    out += "error: " + config::format_fault(report.config_path, fault) + "\n";
  if (report.error) out += fmt::format("error: {}\n", printable(report.error->message, k_longest_error));
  for (const CheckinIntegration& integration : report.integrations) {
    const std::string name = printable(integration.name);
    if (integration.error)
      out += fmt::format("error: {}: {}\n", name, printable(integration.error->message, k_longest_error));
    const checkin::CheckinCounts counts = checkin::count_outcomes(integration.results);
    if (counts.failed + counts.unknown > 0) {
      out += fmt::format(
          "error: {}: check-ins failed: {}, with unknown outcome: {}; see the lines marked '!'. The next "
          "checkin --since tries again what is known to have failed\n",
          name, counts.failed, counts.unknown);
    }
    for (const CheckinNotice& notice : integration.notices)
      out += fmt::format("error: {}: {}\n", name, printable(notice.detail, k_longest_error));
  }
  return out;
}

}  // namespace gk::app
