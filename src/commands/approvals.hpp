#pragma once

#include <map>
#include <string>
#include <string_view>

#include "reconcile/safety.hpp"
#include "util/result.hpp"

namespace gk::app {

/// Approved removals by integration name.
using ApprovalsByIntegration = std::map<std::string, reconcile::Approvals>;

/// Reads `--approve-removals FILE`: the JSON of an earlier dry run of the same command
/// (contract 8.5). Only removals that the report lists count, each by its row and e-mail. Category::usage: no
/// such file, no report, not a dry run, of another command, or finished more than 24 h ago (or in the
/// future).
[[nodiscard]] Result<ApprovalsByIntegration> parse_approvals(std::string_view text, std::string_view command,
                                                             Instant now);

}  // namespace gk::app
