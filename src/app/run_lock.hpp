#pragma once

#include <string>
#include <vector>

#include "config/load.hpp"

/// Where two runs of one Kisi key meet.
namespace gk::app {

/// Each user's runtime directory, and the machine's.
[[nodiscard]] std::vector<std::string> lock_directories(const config::Machine& machine);

/// The lock file of the Kisi key; its secret must be resolved.
[[nodiscard]] std::string lock_name(const config::KisiSettings& kisi);

}  // namespace gk::app
