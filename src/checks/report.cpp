#include "checks/report.hpp"

#include <algorithm>
#include <utility>

namespace gk::app {

std::string_view status_name(CheckStatus status) {
  switch (status) {
    case CheckStatus::ok: return "ok";
    case CheckStatus::warn: return "warn";
    case CheckStatus::fail: return "fail";
    case CheckStatus::skipped: break;
  }
  return "skipped";
}

Finding passed(std::string detail) { return {CheckStatus::ok, std::move(detail), {}, ExitCode::done}; }

Finding warned(std::string detail, std::string fix) {
  return {CheckStatus::warn, std::move(detail), std::move(fix), ExitCode::done};
}

Finding failed(ExitCode code, std::string detail, std::string fix) {
  return {CheckStatus::fail, std::move(detail), std::move(fix), code};
}

Finding failed(const Error& error, std::string fix) {
  if (error.category == Category::interrupted) return skipped("stopped by a signal");
  return failed(from_category(error.category), error.message, std::move(fix));
}

Finding skipped(std::string detail) { return {CheckStatus::skipped, std::move(detail), {}, ExitCode::done}; }

void CheckList::add(std::string_view name, const std::optional<std::string>& integration, Finding finding) {
  checks_.push_back({std::string(name), integration, std::move(finding)});
}

std::optional<std::string> CheckList::obstacle(std::string_view need,
                                               const std::optional<std::string>& integration) const {
  if (blocked_by_) return blocked_by_;
  const auto concerns = [&](const auto& result) {
    return result.name == need && (!result.integration || result.integration == integration);
  };
  if (const auto root = std::ranges::find_if(roots_, concerns); root != roots_.end()) return root->blocked_by;
  for (const Check& check : checks_) {
    if (!concerns(check)) continue;
    if (check.finding.status == CheckStatus::fail) return check.name + " failed";
    if (check.finding.status == CheckStatus::skipped) return check.name + " was skipped";
  }
  return std::nullopt;
}

void CheckList::add_blocked(std::string_view name, const std::optional<std::string>& integration,
                            const std::string& blocked_by) {
  add(name, integration, skipped("not checked: " + blocked_by));
  roots_.push_back({std::string(name), integration, blocked_by});
}

ExitCode earned_code(const std::vector<Check>& checks) {
  ExitCode worst = ExitCode::done;
  for (const Check& check : checks) {
    if (check.finding.status == CheckStatus::fail) worst = worst_of(worst, check.finding.code);
  }
  return worst;
}

}  // namespace gk::app
