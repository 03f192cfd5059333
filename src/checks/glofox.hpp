#pragma once

#include "checks/facts.hpp"
#include "checks/report.hpp"

/// The checks of one integration's Glofox location (glofox-api 9.3). Pure.
namespace gk::app {

/// The location can be read and is the one asked for.
[[nodiscard]] Finding check_location(const config::Integration& integration, const IntegrationFacts& facts);
/// Key and token may read the location's members.
[[nodiscard]] Finding check_access(const config::Integration& integration, const IntegrationFacts& facts);
/// This machine knows the location's time zone.
[[nodiscard]] Finding check_time_zone(const config::Integration& integration, const IntegrationFacts& facts);
/// Every configured plan is in the catalogue.
[[nodiscard]] Finding check_plans(const config::Integration& integration, const IntegrationFacts& facts);
/// Glofox knows every canary.
[[nodiscard]] Finding check_canaries(const config::Integration& integration, const IntegrationFacts& facts);

/// Up to three names of the catalogue that look most like `entry`, the closest first.
[[nodiscard]] std::vector<std::string> nearest_names(const std::string& entry, const Catalogue& catalogue);

}  // namespace gk::app
