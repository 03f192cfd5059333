#include "app/checkin_cache.hpp"

#include <algorithm>

#include "app/services.hpp"

namespace gk::app {

std::string checkin_directory(const config::Integration& integration, const config::Machine& machine) {
  if (integration.checkin.dedupe_dir) return *integration.checkin.dedupe_dir;
  constexpr const char* k_name = "/glofox-kisi/checkins";
  const auto state = machine.get("XDG_STATE_HOME");
  if (state && state->starts_with('/')) return *state + k_name;
  const auto home = machine.get("HOME");
  return home && home->starts_with('/') ? *home + "/.local/state" + k_name : std::string();
}

std::chrono::seconds longest_age(const config::Config& config) {
  std::chrono::seconds longest{0};
  for (const config::Integration& integration : config.integrations)
    longest = std::max(longest, integration.checkin.max_age);
  return longest;
}

bool takes_part_in_checkin(const config::Integration& integration) {
  return integration.enabled && integration.checkin.enabled && integration.place;
}

checkin::Cache checkin_cache(const config::Config& config, const config::Integration& integration,
                             const config::Machine& machine) {
  return checkin::Cache(
      {checkin_directory(integration, machine), integration.location.value(), longest_age(config)});
}

void remember_own_user(const config::Config& config,
                       const std::vector<const config::Integration*>& integrations, UserId user,
                       const config::Machine& machine, Instant now) {
  const std::string key = fingerprint(config.kisi.api_key.value, config.kisi.base_url);
  for (const config::Integration* integration : integrations) {
    if (takes_part_in_checkin(*integration))
      checkin_cache(config, *integration, machine).remember_own_user(key, user, now);
  }
}

}  // namespace gk::app
