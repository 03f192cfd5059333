#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "app/process.hpp"
#include "reconcile/safety.hpp"
#include "util/result.hpp"

namespace gk::app {

/// Approved removals by integration name.
using ApprovalsByIntegration = std::map<std::string, reconcile::Approvals>;

/// Reads `--approve-removals FILE`, if it is given: the JSON of an earlier dry run of the same command
/// (contract 8.5). Category::usage: the file cannot be read or used.
[[nodiscard]] Result<ApprovalsByIntegration> read_approvals(const std::optional<std::string>& file,
                                                            std::string_view command, const Process& process);

/// The content of that file. Only removals that the report lists count, each by its row and e-mail.
/// Category::usage: no report, not a dry run, of another command, or finished more than 24 h ago (or in the
/// future).
[[nodiscard]] Result<ApprovalsByIntegration> parse_approvals(std::string_view text, std::string_view command,
                                                             Instant now);

}  // namespace gk::app
