#pragma once

#include <catch2/catch.hpp>

#include <functional>
#include <string>
#include <vector>

#include "checks/report.hpp"

namespace gk::test {

inline constexpr app::CheckStatus k_ok = app::CheckStatus::ok;
inline constexpr app::CheckStatus k_warn = app::CheckStatus::warn;
inline constexpr app::CheckStatus k_fail = app::CheckStatus::fail;
inline constexpr app::CheckStatus k_skipped = app::CheckStatus::skipped;

/// One row of a table: facts that were changed in one way, and the finding they must give.
template <class Facts>
struct Case {
  std::string name;
  std::function<void(Facts&)> change;
  app::CheckStatus status;
  app::ExitCode code;
  std::string says;      ///< part of the detail
  std::string fix = "";  ///< part of the fix
};

/// Judges the facts of every row, each from a fresh copy of `good`.
template <class Facts, class Judge>
void check_table(const Facts& good, const std::vector<Case<Facts>>& table, const Judge& judge) {
  for (const Case<Facts>& row : table) {
    Facts facts = good;
    row.change(facts);
    const app::Finding finding = judge(facts);
    INFO(row.name << ": " << finding.detail << " | " << finding.fix);
    CHECK(finding.status == row.status);
    CHECK(finding.code == row.code);
    CHECK(finding.detail.find(row.says) != std::string::npos);
    CHECK(finding.fix.find(row.fix) != std::string::npos);
    CHECK_FALSE(finding.detail.empty());
    const bool needs_fix =
        finding.status == app::CheckStatus::warn || finding.status == app::CheckStatus::fail;
    CHECK(finding.fix.empty() != needs_fix);
  }
}

}  // namespace gk::test
