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
  std::string text;
  const auto add = [&text](std::string_view what, const std::optional<CheckinOutcome>& outcome) {
    if (outcome)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", what, checkin::outcome_name(*outcome));
  };
  add("entry", result.access);
  add("attendance", result.attendance);
  if (result.booking) text += fmt::format(" (booking {})", result.booking->value());
  return text;
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

template <class IdType>
void write_id(Writer& writer, std::string_view name, const std::optional<IdType>& id) {
  writer.key(name);
  if (id) {
    writer.value(id->value());
  } else {
    writer.null();
  }
}

void write_outcome(Writer& writer, std::string_view name, const std::optional<CheckinOutcome>& outcome) {
  write_optional(writer, name,
                 outcome ? std::optional<std::string_view>(checkin::outcome_name(*outcome)) : std::nullopt);
}

void write_text(Writer& writer, std::string_view name, std::string_view text) {
  write_optional(writer, name, text.empty() ? std::nullopt : std::optional<std::string_view>(text));
}

void write_action(Writer& writer, const CheckinResult& result) {
  writer.begin_object().member("action", "checkin");
  write_text(writer, "event_uuid", result.unlock_uuid);
  write_id(writer, "kisi_user_id", result.user);
  write_text(writer, "email", result.email.as_written());
  write_text(writer, "glofox_member_id", result.member ? result.member->text() : "");
  write_id(writer, "lock_id", result.lock);
  write_text(writer, "at", result.at ? format_rfc3339(*result.at) : "");
  write_text(writer, "booking_id", result.booking ? result.booking->value() : "");
  write_outcome(writer, "access", result.access);
  write_outcome(writer, "attendance", result.attendance);
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
  const auto count = [&writer](std::string_view name, std::size_t number) {
    writer.member(name, std::uint64_t{number});
  };
  writer.key("summary").begin_object();
  count("planned", counts.planned);
  count("applied", counts.applied);
  count("already_done", counts.already_done);
  count("ignored", counts.ignored);
  count("failed", counts.failed);
  count("unknown", counts.unknown);
  writer.end_object().key("actions").begin_array();
  for (const CheckinResult& result : integration.results) write_action(writer, result);
  writer.end_array().key("notices").begin_array();
  for (const CheckinNotice& notice : integration.notices) {
    writer.begin_object().member("kind", notice.kind).member("detail", notice.detail).end_object();
  }
  writer.end_array().key("requests").begin_object();
  count("glofox", integration.requests.glofox);
  count("kisi", integration.requests.kisi);
  count("retries", integration.requests.retries);
  count("throttled", integration.requests.throttled);
  writer.end_object().end_object();
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
