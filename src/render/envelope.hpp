#pragma once

#include "app/report.hpp"
#include "json/writer.hpp"

namespace gk::app {

/// The members that every JSON report starts with, up to `finished_at`, inside an object that is open.
void write_envelope_head(json::Writer& writer, const Envelope& envelope);

/// `exit_code`, and `error` with the faults of the configuration when there is one.
void write_envelope_result(json::Writer& writer, const Envelope& envelope);

/// A member that may be null.
template <class T>
void write_optional(json::Writer& writer, std::string_view name, const std::optional<T>& value) {
  writer.key(name);
  if (value) {
    writer.value(*value);
  } else {
    writer.null();
  }
}

/// `error`: null, or its category and message.
void write_error(json::Writer& writer, const std::optional<Error>& error);

}  // namespace gk::app
