#include "render/text.hpp"

#include <fmt/format.h>

#include "domain/zone.hpp"
#include "render/palette.hpp"
#include "util/text.hpp"

namespace gk::app {

namespace {

using reconcile::ActionKind;
using reconcile::ActionOutcome;
using reconcile::IntegrationReport;

constexpr std::size_t k_email_width = 34;

class TextRenderer {
 public:
  TextRenderer(const RunReport& report, bool color) : report_(report), color_(color) {}

  std::string render() {
    for (const IntegrationReport& integration : report_.integrations) render(integration);
    return std::move(out_);
  }

 private:
  void render(const IntegrationReport& integration) {
    const auto zone = Zone::locate(integration.time_zone);
    zone_ = integration.time_zone.empty() || !zone ? nullptr : &*zone;
    out_ += heading(integration) + "\n";
    for (const reconcile::Action& action : integration.plan.actions)
      line(symbol(action), action.person.email(), describe(action));
    for (const char mark : {'=', '*'}) {
      for (const reconcile::Notice& notice : integration.plan.notices) {
        if (is_kept(notice) == (mark == '='))
          line(mark, notice.who, fmt::format("{}: {}", notice.kind, notice.detail));
      }
    }
    if (integration.source.bookings) out_ += "  " + about_bookings(integration) + "\n";
    out_ += summary(integration) + "\n";
    zone_ = nullptr;
  }

  [[nodiscard]] std::string heading(const IntegrationReport& integration) const {
    std::string text = printable(integration.name);
    if (!integration.group_name.empty())
      text += fmt::format(" -> Kisi group \"{}\"", printable(integration.group_name));
    if (report_.dry_run)
      text += report_.as_of ? ", preview as of " + time(*report_.as_of) : ", preview: nothing is changed";
    return text;
  }

  static bool is_kept(const reconcile::Notice& notice) {
    return notice.kind == "foreign" || notice.kind == "protected";
  }

  static char symbol(const reconcile::Action& action) {
    if (action.outcome == ActionOutcome::held) return '!';
    switch (action.kind) {
      case ActionKind::revoke: return '-';
      case ActionKind::change: return '~';
      case ActionKind::create_user:
      case ActionKind::grant: return '+';
    }
    return '?';
  }

  static Tone tone_of(char symbol) {
    switch (symbol) {
      case '+': return Tone::good;
      case '-': return Tone::loss;
      case '~': return Tone::change;
      case '!': return Tone::attention;
      default: return Tone::quiet;
    }
  }

  [[nodiscard]] std::string describe(const reconcile::Action& action) const {
    std::string text = fmt::format("{}, {}", word(action.kind), reconcile::cause_name(action.cause));
    if (!action.detail.empty()) text += fmt::format(" ({})", printable(action.detail, 300));
    if (action.kind == ActionKind::change)
      text += fmt::format(", {} -> {}", window(action.before), wanted_window(action.validity));
    if (action.kind == ActionKind::grant && action.validity != Validity::open_ended())
      text += ", " + wanted_window(action.validity);
    if (action.kind == ActionKind::revoke && !action.before.is_open_ended())
      text += ", " + window(action.before);
    if (action.former) text += fmt::format(", former group {}", action.group);
    switch (action.outcome) {
      case ActionOutcome::planned:
      case ActionOutcome::applied: break;
      case ActionOutcome::already_done: text += ", was already done"; break;
      case ActionOutcome::held: text = "held: " + text; break;
      case ActionOutcome::failed: text = "FAILED: " + text; break;
      case ActionOutcome::unknown: text = "UNKNOWN, the next run will settle it: " + text; break;
      case ActionOutcome::skipped: text = "not done: " + text; break;
    }
    if (action.error) text += " [" + printable(action.error->message, 600) + "]";
    return text;
  }

  static std::string_view word(ActionKind kind) {
    return kind == ActionKind::create_user ? "create user" : reconcile::action_name(kind);
  }

  [[nodiscard]] std::string window(const Validity& validity) const {
    if (!validity.from && !validity.until) return "open-ended";
    const std::string from = validity.from ? time(*validity.from) : "now";
    return fmt::format("{} to {}", from, validity.until ? time(*validity.until) : "open-ended");
  }

  [[nodiscard]] std::string wanted_window(const Validity& validity) const {
    if (validity.is_open_ended()) return window(validity);
    return fmt::format("{} ({})", window(validity),
                       validity.is_active(planned_for()) ? "open" : "not open yet");
  }

  [[nodiscard]] Instant planned_for() const { return report_.as_of.value_or(report_.started_at); }

  [[nodiscard]] std::string about_bookings(const IntegrationReport& integration) const {
    const auto& source = integration.source;
    const std::string people = source.people == reconcile::PeopleSource::list
                                   ? fmt::format("people looked up in the member list ({})", *source.members)
                               : source.people == reconcile::PeopleSource::singly
                                   ? "people looked up one by one"
                                   : "nobody to look up";
    return fmt::format("people let in by a booking at {}: {}. Bookings read: {}; {}", time(planned_for()),
                       integration.summary.open_now, *source.bookings, people);
  }

  [[nodiscard]] std::string time(Instant instant) const {
    return zone_ != nullptr ? zone_->format(instant) : format_rfc3339(instant);
  }

  void line(char symbol, std::string_view email, const std::string& text) {
    const std::string who = email.empty() ? "-" : printable(email);
    const std::string plain =
        fmt::format("  {} {:<{}} {}", symbol, who, k_email_width, printable(text, 2000));
    out_ += (color_ ? paint(tone_of(symbol), plain) : plain) + "\n";
  }

  [[nodiscard]] std::string summary(const IntegrationReport& integration) const {
    const reconcile::Summary& counts = integration.summary;
    return fmt::format(
        "{}: {}. desired {}, observed {}, foreign {}; create_user {}, grant {}, change {}, revoke {}, keep "
        "{}, held {}, failed {}",
        printable(integration.name), reconcile::outcome_name(integration.outcome), counts.desired,
        counts.observed, counts.foreign, counts.create_user, counts.grant, counts.change, counts.revoke,
        counts.keep, counts.held, counts.failed);
  }

  const RunReport& report_;
  bool color_;
  const Zone* zone_ = nullptr;
  std::string out_;
};

void add_error(std::string& out, std::string_view who, std::string_view message) {
  out += fmt::format("error: {}{}{}\n", printable(who), who.empty() ? "" : ": ", printable(message, 2000));
}

}  // namespace

std::string render_text(const RunReport& report, bool color) { return TextRenderer(report, color).render(); }

std::string render_errors(const RunReport& report) {
  std::string out;
  for (const config::Fault& fault : report.faults)
    out += "error: " + config::format_fault(report.config_path, fault) + "\n";
  if (report.error) add_error(out, "", report.error->message);
  for (const IntegrationReport& integration : report.integrations) {
    const auto tell = [&](const std::string& message) { add_error(out, integration.name, message); };
    if (integration.error) tell(integration.error->message);
    if (integration.stopped_by) tell(integration.stopped_by->message);
    if (!integration.mismatch.empty()) {
      tell("after the run, the group is not as planned: " + integration.mismatch +
           ". Somebody else may have changed it meanwhile; the next run will put it right");
    }
    const std::size_t held = integration.summary.held;
    if (integration.limit_holds) {
      tell(
          fmt::format("a safety limit holds back changes (held: {}); see the lines marked '!' and the "
                      "notices. If the removals are right: --dry-run --output json > plan.json, then "
                      "--approve-removals plan.json",
                      held));
    } else if (integration.people_held) {
      tell(fmt::format(
          "people are held for review and keep their access (held: {}); see the lines marked '!'", held));
    }
    if (integration.actions_failed) {
      tell(fmt::format("actions failed: {}; the next run will try them again", integration.summary.failed));
    }
  }
  return out;
}

}  // namespace gk::app
