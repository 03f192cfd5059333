#pragma once

#include <initializer_list>
#include <type_traits>
#include <utility>

#include "app/report.hpp"
#include "json/writer.hpp"

namespace gk::app {

/// The members that every JSON report starts with, up to `finished_at`, inside an object that is open.
void write_envelope_head(json::Writer& writer, const Envelope& envelope);

/// `exit_code`, and `error` with the faults of the configuration when there is one.
void write_envelope_result(json::Writer& writer, const Envelope& envelope);

/// A member that may be null: text, a number, an id of Kisi, or a time.
template <class T>
void write_optional(json::Writer& writer, std::string_view name, const std::optional<T>& value) {
  writer.key(name);
  if (!value) {
    writer.null();
  } else if constexpr (std::is_same_v<T, Instant>) {
    writer.value(format_rfc3339(*value));
  } else if constexpr (requires { value->value(); }) {
    writer.value(value->value());
  } else {
    writer.value(*value);
  }
}

/// A text, or null when it is empty.
void write_text(json::Writer& writer, std::string_view name, std::string_view text);

/// An object of numbers.
void write_counts(json::Writer& writer, std::string_view name,
                  std::initializer_list<std::pair<std::string_view, std::size_t>> counts);
void write_requests(json::Writer& writer, const reconcile::RequestCounts& requests);

/// `error`: null, or its category and message.
void write_error(json::Writer& writer, const std::optional<Error>& error);

}  // namespace gk::app
