#include "commands/approvals.hpp"

#include <fmt/format.h>

#include "json/document.hpp"

namespace gk::app {

namespace {

constexpr std::chrono::hours k_max_age{24};

tl::unexpected<Error> no_report(std::string_view why) {
  return fail(
      Category::usage,
      fmt::format("--approve-removals: {}; pass the output of an earlier run with --dry-run --output json",
                  why));
}

reconcile::Approvals read_actions(json::View actions) {
  reconcile::Approvals approvals;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const json::View action = actions.at(i);
    const auto kind = action["action"].as_string();
    const auto row = action["role_assignment_id"].as_integer();
    const auto person = PersonKey::from_email(action["email"].as_string().value_or(""));
    const bool removes = kind == "revoke" || kind == "change";
    if (removes && row && person) approvals.insert({RoleAssignmentId{*row}, *person});
  }
  return approvals;
}

}  // namespace

Result<ApprovalsByIntegration> read_approvals(const std::optional<std::string>& file,
                                              std::string_view command, const Process& process) {
  constexpr std::size_t k_max_bytes = std::size_t{64} << 20U;
  if (!file) return ApprovalsByIntegration{};
  const config::FileReading reading = process.machine.read_file(*file, k_max_bytes);
  if (reading.problem != config::FileProblem::none) {
    return fail(Category::usage,
                fmt::format("--approve-removals: {} {}", *file, config::describe(reading, k_max_bytes)));
  }
  return parse_approvals(reading.bytes, command, process.clock.now());
}

Result<ApprovalsByIntegration> parse_approvals(std::string_view text, std::string_view command, Instant now) {
  const auto document = json::Document::parse(text);
  if (!document) return no_report("the file is not JSON");
  const json::View report = document->root();
  if (report["format_version"].as_integer() != 1 || report["integrations"].kind() != json::Kind::array) {
    return no_report("the file is not a report of this program");
  }
  if (report["command"].as_string() != command)
    return no_report(fmt::format("the report is not from {}", command));
  if (report["dry_run"].as_bool() != true) return no_report("the report is not from a dry run");
  const auto finished = parse_rfc3339(report["finished_at"].as_string().value_or(""));
  if (!finished) return no_report("the report has no finished_at");
  if (now - *finished > k_max_age || *finished - now > k_clock_slack) {
    return no_report(
        fmt::format("the report is from {}, and it may be at most 24 hours old", format_rfc3339(*finished)));
  }
  ApprovalsByIntegration approvals;
  const json::View integrations = report["integrations"];
  for (std::size_t i = 0; i < integrations.size(); ++i) {
    const auto name = integrations.at(i)["name"].as_string();
    if (name) approvals[std::string(*name)] = read_actions(integrations.at(i)["actions"]);
  }
  return approvals;
}

}  // namespace gk::app
