#include "render/json.hpp"

#include "json/writer.hpp"
#include "render/envelope.hpp"

namespace gk::app {

namespace {

using json::Writer;

void write_action(Writer& writer, const reconcile::Action& action) {
  const bool shows_before = action.kind == reconcile::ActionKind::revoke;
  const Validity& validity = shows_before ? action.before : action.validity;
  writer.begin_object();
  writer.member("action", reconcile::action_name(action.kind)).member("email", action.person.email());
  writer.key("glofox_member_ids").begin_array();
  for (const MemberId& member : action.members) writer.value(member.text());
  writer.end_array();
  write_optional(writer, "kisi_user_id", action.user);
  write_optional(writer, "role_assignment_id", action.row);
  writer.member("group_id", action.group.value());
  write_optional(writer, "valid_from", validity.from);
  write_optional(writer, "valid_until", validity.until);
  writer.member("cause", reconcile::cause_name(action.cause)).member("detail", action.detail);
  writer.member("outcome", reconcile::outcome_name(action.outcome));
  write_error(writer, action.error);
  writer.end_object();
}

void write_summary(Writer& writer, const reconcile::Summary& summary) {
  write_counts(writer, "summary",
               {{"desired", summary.desired},
                {"observed", summary.observed},
                {"foreign", summary.foreign},
                {"create_user", summary.create_user},
                {"grant", summary.grant},
                {"change", summary.change},
                {"revoke", summary.revoke},
                {"keep", summary.keep},
                {"held", summary.held},
                {"failed", summary.failed},
                {"open_now", summary.open_now}});
}

void write_integration(Writer& writer, const reconcile::IntegrationReport& report) {
  writer.begin_object();
  writer.member("name", report.name).member("outcome", reconcile::outcome_name(report.outcome));
  write_error(writer, report.error ? report.error : report.stopped_by);
  writer.key("source").begin_object();
  const auto count = [](const std::optional<std::size_t>& number) {
    return number ? std::optional(std::uint64_t{*number}) : std::nullopt;
  };
  write_optional(writer, "members", count(report.source.members));
  write_optional(writer, "bookings", count(report.source.bookings));
  writer.member("people", reconcile::people_source_name(report.source.people));
  writer.member("complete", report.source.complete).end_object();
  write_summary(writer, report.summary);
  writer.key("actions").begin_array();
  for (const reconcile::Action& action : report.plan.actions) write_action(writer, action);
  writer.end_array();
  writer.key("notices").begin_array();
  for (const reconcile::Notice& notice : report.plan.notices) {
    writer.begin_object().member("kind", notice.kind);
    write_text(writer, "email", notice.who);
    writer.member("detail", notice.detail).end_object();
  }
  writer.end_array();
  write_requests(writer, report.requests);
  write_optional(writer, "verified", report.verified);
  if (!report.mismatch.empty()) writer.member("mismatch", report.mismatch);
  writer.end_object();
}

}  // namespace

std::string render_json(const RunReport& report) {
  Writer writer(Writer::Style::pretty);
  writer.begin_object();
  write_envelope_head(writer, report);
  writer.member("dry_run", report.dry_run);
  if (report.as_of) write_optional(writer, "as_of", report.as_of);
  write_envelope_result(writer, report);
  writer.key("integrations").begin_array();
  for (const reconcile::IntegrationReport& integration : report.integrations)
    write_integration(writer, integration);
  writer.end_array().end_object();
  return writer.take() + "\n";
}

}  // namespace gk::app
