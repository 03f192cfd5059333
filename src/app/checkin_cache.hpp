#pragma once

#include <string>
#include <vector>

#include "checkin/cache.hpp"
#include "config/load.hpp"

/// Where check-in keeps what it must remember between runs.
namespace gk::app {

/// `checkin.dedupe_dir`, else below $XDG_STATE_HOME or ~/.local/state; empty when none of them is known.
[[nodiscard]] std::string checkin_directory(const config::Integration& integration,
                                            const config::Machine& machine);

/// The longest `max_age` of the file: integrations may share a cache, and none may lose the other's.
[[nodiscard]] std::chrono::seconds longest_age(const config::Config& config);

/// Whether check-in concerns itself with this integration.
[[nodiscard]] bool takes_part_in_checkin(const config::Integration& integration);

/// The unlocks and people of one integration, as earlier runs left them.
[[nodiscard]] checkin::Cache checkin_cache(const config::Config& config,
                                           const config::Integration& integration,
                                           const config::Machine& machine);

/// Leaves the user behind the key with the caches of `integrations`, so that no hook need ask whose key it
/// is.
void remember_own_user(const config::Config& config,
                       const std::vector<const config::Integration*>& integrations, UserId user,
                       const config::Machine& machine, Instant now);

}  // namespace gk::app
