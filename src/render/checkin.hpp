#pragma once

#include <string>

#include "app/checkin_report.hpp"

/// The result of `checkin` (contract 2 and 9). Pure.
namespace gk::app {

/// One line per unlock (`+` sent or to be sent, `=` ignored or done before, `!` failed or unknown), then one
/// summary line per integration. Times are UTC. What came from the services is escaped.
[[nodiscard]] std::string render_text(const CheckinReport& report, bool color);
[[nodiscard]] std::string render_json(const CheckinReport& report);
/// The troubles alone, for standard error; empty when there are none.
[[nodiscard]] std::string render_errors(const CheckinReport& report);

}  // namespace gk::app
