#pragma once

#include <vector>

#include "app/services.hpp"
#include "checks/facts.hpp"

/// The calls behind validate-config. They read only, one service at a time, and stop asking where an answer
/// already decides.
namespace gk::app {

/// 7 requests, and one per role that the key's user holds; 1 when the key does not work.
[[nodiscard]] KisiFacts gather_kisi(kisi::KisiClient& client, const std::string& base_url);

/// The groups by name alone, with nothing asked about them.
[[nodiscard]] IntegrationFacts name_groups(const config::Integration& integration);

/// Kisi's side is asked only if `kisi_works`. Per group: as KisiClient::read_group(), and its doors.
[[nodiscard]] IntegrationFacts gather_integration(const config::Config& config,
                                                  const config::Integration& integration, Services& services,
                                                  bool kisi_works);

/// Looks whether a run could make the lock file `name` in each directory; makes none and locks none.
[[nodiscard]] std::vector<LockProbe> probe_lock_directories(const std::vector<std::string>& directories,
                                                            const std::string& name);

}  // namespace gk::app
