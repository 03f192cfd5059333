#pragma once

#include <string>
#include <vector>

#include "checks/facts.hpp"
#include "checks/report.hpp"
#include "config/load.hpp"

/// The checks that need no network. Pure.
namespace gk::app {

/// One finding per fault and warning, so that all are told at once; a single ok when there is none.
[[nodiscard]] std::vector<Finding> judge_file(const config::Loaded& loaded);

/// The same of the secrets.
[[nodiscard]] std::vector<Finding> judge_secrets(const config::SecretProblems& problems,
                                                 const std::string& config_path);

/// A sync needs one directory that works.
[[nodiscard]] Finding judge_lock_directories(const std::vector<LockProbe>& probes);

}  // namespace gk::app
