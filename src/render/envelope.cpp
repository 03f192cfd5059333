#include "render/envelope.hpp"

namespace gk::app {

void write_envelope_head(json::Writer& writer, const Envelope& envelope) {
  writer.member("format_version", 1).member("command", envelope.command).member("tool_version", k_version);
  writer.member("run_id", envelope.run_id);
  writer.member("started_at", format_rfc3339(envelope.started_at))
      .member("finished_at", format_rfc3339(envelope.finished_at));
}

void write_envelope_result(json::Writer& writer, const Envelope& envelope) {
  writer.member("exit_code", envelope.exit_code);
  if (!envelope.error) return;
  writer.key("error").begin_object();
  writer.member("category", category_name(envelope.error->category))
      .member("message", envelope.error->message);
  writer.key("faults").begin_array();
  for (const config::Fault& fault : envelope.faults) {
    writer.begin_object();
    writer.member("line", fault.where.line)
        .member("column", fault.where.column)
        .member("path", fault.where.path);
    writer.member("message", fault.message).member("suggestion", fault.suggestion);
    writer.end_object();
  }
  writer.end_array().end_object();
}

void write_text(json::Writer& writer, std::string_view name, std::string_view text) {
  write_optional(writer, name, text.empty() ? std::nullopt : std::optional(text));
}

void write_counts(json::Writer& writer, std::string_view name,
                  std::initializer_list<std::pair<std::string_view, std::size_t>> counts) {
  writer.key(name).begin_object();
  for (const auto& [key, count] : counts) writer.member(key, std::uint64_t{count});
  writer.end_object();
}

void write_requests(json::Writer& writer, const reconcile::RequestCounts& requests) {
  write_counts(writer, "requests",
               {{"glofox", requests.glofox},
                {"kisi", requests.kisi},
                {"retries", requests.retries},
                {"throttled", requests.throttled}});
}

void write_error(json::Writer& writer, const std::optional<Error>& error) {
  writer.key("error");
  if (!error) {
    writer.null();
    return;
  }
  writer.begin_object();
  writer.member("category", category_name(error->category)).member("message", error->message);
  writer.end_object();
}

}  // namespace gk::app
