#pragma once

#include "world.hpp"

#include <cstdint>

namespace gk_sandbox {

struct GymPlan {
  std::size_t people = 200;
  std::uint64_t seed = 1;
  std::string zone = "America/New_York";
  std::optional<double> eligible_percent;  ///< Otherwise the mix of a real studio (glofox-api 4.3).
  bool matching_group = false;             ///< The group already holds exactly the expected people.
  std::size_t bookings = 0;
  std::size_t foreign = 0;  ///< Rows of the group that somebody else made.
};

/// Fills an empty world. The same plan and the same `now` give the same gym.
void generate_gym(World& world, const GymPlan& plan, Epoch now);

/// Credentials and ids of the installation, from the seed.
void make_installation(World& world);

/// Branches, plans, doors, groups and roles: everything that does not depend on the number of people.
void make_premises(World& world, const std::string& zone, Epoch now);

/// The people, with the messy data of glofox-api 11.
void make_people(World& world, const GymPlan& plan, Epoch now);

/// Classes around now, and bookings in every state.
void make_bookings(World& world, const GymPlan& plan, Epoch now);

}  // namespace gk_sandbox
