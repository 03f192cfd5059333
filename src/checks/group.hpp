#pragma once

#include "checks/facts.hpp"
#include "checks/report.hpp"

/// The checks of one integration's Kisi groups and place. Pure.
namespace gk::app {

/// What the judges of a group look at.
struct GroupContext {
  const KisiFacts& kisi;
  const GroupFacts& group;
  std::optional<PlaceId> place;  ///< of the configuration
};

/// The group exists and its rows can be read.
[[nodiscard]] Finding check_group(const GroupContext& context);
/// It belongs to the organization, not to a place (contract 1.5).
[[nodiscard]] Finding check_group_scope(const GroupContext& context);
/// It opens doors, and those of the configured place.
[[nodiscard]] Finding check_group_doors(const GroupContext& context);
/// No other integration writes to it (contract 6); counts foreign rows.
[[nodiscard]] Finding check_group_writers(const GroupContext& context);
/// All its rows can be listed.
[[nodiscard]] Finding check_group_size(const GroupContext& context);

/// The configured place exists, in the key's organization.
[[nodiscard]] Finding check_place(const KisiFacts& kisi, const config::Integration& integration,
                                  const IntegrationFacts& facts);
/// Unlocks of the group's people can be told apart by place.
[[nodiscard]] Finding check_checkin_place(const config::Integration& integration,
                                          const IntegrationFacts& facts);

}  // namespace gk::app
