#pragma once

#include <string>

#include "support/fake_services.hpp"
#include "sweep/dice.hpp"

// Random gyms and random trouble for sweeps. The universe is small on purpose: a handful of addresses, so
// that rows, members and bookings of one person meet all the time.
namespace gk::test {

/// Both services, the configuration and the clock before the first run, all from the dice.
void furnish(InMemoryGym& gym, Dice& dice);

/// Something happens in Glofox between two runs: somebody joins, lapses, pauses, changes the e-mail, books.
void live_on(InMemoryGym& gym, Dice& dice);

/// Breaks single requests of both services until calm_down() is called. Returns whom a broken list hides.
[[nodiscard]] std::set<MemberId> disturb(InMemoryGym& gym, Dice& dice);
void calm_down(InMemoryGym& gym, const std::set<MemberId>& hidden);

/// A world as a few lines of text, for whoever repeats a seed.
[[nodiscard]] std::string describe(const InMemoryGym& gym);

}  // namespace gk::test
