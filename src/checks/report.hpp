#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/report.hpp"

/// The results of validate-config, and how they add up.
namespace gk::app {

enum class CheckStatus { ok, warn, fail, skipped };

/// "ok", "warn", "fail", "skipped" (contract 9).
[[nodiscard]] std::string_view status_name(CheckStatus status);

/// What judging one thing gave.
struct Finding {
  CheckStatus status = CheckStatus::ok;
  std::string detail;
  std::string fix;                 ///< what to do; empty when there is nothing to do
  ExitCode code = ExitCode::done;  ///< what a failure earns
};

[[nodiscard]] Finding passed(std::string detail);
[[nodiscard]] Finding warned(std::string detail, std::string fix);
[[nodiscard]] Finding failed(ExitCode code, std::string detail, std::string fix);
/// The code of the error's category and its message. What a signal stopped is skipped: it says nothing about
/// the configuration.
[[nodiscard]] Finding failed(const Error& error, std::string fix);
[[nodiscard]] Finding skipped(std::string detail);

/// One line of the result (contract 9, `checks`).
struct Check {
  std::string name;
  std::optional<std::string> integration;
  Finding finding;
};

/// Results in the order of checking, and which of them keep others from making sense.
class CheckList {
 public:
  void add(std::string_view name, const std::optional<std::string>& integration, Finding finding);

  /// Why a check that needs `need` cannot be made: the check that failed, or was left out, at the root of it.
  /// Looks at the integration's own results and at those of the account. Nothing: it can be made.
  [[nodiscard]] std::optional<std::string> obstacle(std::string_view need,
                                                    const std::optional<std::string>& integration) const;

  /// From now on every run() is skipped for this reason.
  void block(std::string reason) { blocked_by_ = std::move(reason); }

  /// add(judge()) if nothing stands in the way, else a skipped result that names the obstacle. An empty
  /// `need` is never in the way.
  template <class Judge>
  void run(std::string_view name, std::string_view need, const std::optional<std::string>& integration,
           const Judge& judge) {
    if (const auto blocked_by = obstacle(need, integration)) {
      add_blocked(name, integration, *blocked_by);
    } else {
      add(name, integration, judge());
    }
  }

  [[nodiscard]] const std::vector<Check>& checks() const { return checks_; }

 private:
  void add_blocked(std::string_view name, const std::optional<std::string>& integration,
                   const std::string& blocked_by);

  struct Root {
    std::string name;  ///< of the check that was skipped
    std::optional<std::string> integration;
    std::string blocked_by;
  };
  std::vector<Check> checks_;
  std::vector<Root> roots_;
  std::optional<std::string> blocked_by_;
};

/// The code of all of them: the worst that a failed one earned. Warnings and skipped checks earn nothing.
[[nodiscard]] ExitCode earned_code(const std::vector<Check>& checks);

/// What one run of validate-config found: text and JSON are rendered from it.
struct ValidateReport : Envelope {
  std::vector<Check> checks;
};

}  // namespace gk::app
