#pragma once

#include "app/report.hpp"
#include "json/writer.hpp"

namespace gk::app {

/// The members that every JSON report starts with, up to `finished_at`, inside an object that is open.
void write_envelope_head(json::Writer& writer, const Envelope& envelope);

/// `exit_code`, and `error` with the faults of the configuration when there is one.
void write_envelope_result(json::Writer& writer, const Envelope& envelope);

}  // namespace gk::app
