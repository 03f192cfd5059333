#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/door_world.hpp"
#include "support/fake_services.hpp"
#include "support/invariants.hpp"
#include "sweep/delays.hpp"
#include "sweep/dice.hpp"

namespace gk::test {

/// What the doors of simulated gyms have seen.
struct DoorTotals {
  std::uint64_t unlocks = 0;   ///< by somebody whom a row of ours let in
  std::uint64_t entries = 0;   ///< that Glofox has
  std::uint64_t unknown = 0;   ///< sent or about to be, and never arrived
  std::uint64_t killed = 0;    ///< runs of check-in
  std::uint64_t attended = 0;  ///< bookings
  Delays delay;                ///< from the unlock to its entry
  Delays delay_outage;         ///< the same, where an outage or a kill came between
  std::vector<std::string> violations;
};

/// Check-in in a gym that the syncs keep: people unlock doors, a webhook starts the program for some of the
/// unlocks, cron starts the catch-up, and all of it is disturbed by the gym's outages and by kills. Looks at
/// both services as the syncs left them; keeps the entries, attendance and cache to itself.
class FrontDoor {
 public:
  FrontDoor(InMemoryGym& gym, Dice& dice, DoorTotals& totals);

  /// This address is, or once was, that person's.
  void note_address(const std::string& email, MemberId member) { owners_[email] = member; }
  /// Up to three people at the doors, at Kisi's time `real`; some unlocks bring a webhook at once.
  void open(Instant real);
  /// `checkin --since 30m` from cron; a day after trouble, as the documentation says.
  void catch_up(Instant real, bool outage);

 private:
  struct Unlock {
    checkin::Unlock event;
    SteadyTime since{};
    std::vector<Booking> bookings;  ///< of the person, as they were
    bool open = true;               ///< no settled catch-up has come yet
    bool recorded = false;          ///< it is known to Glofox
    bool disturbed = false;         ///< an outage or a kill came between
  };
  [[nodiscard]] UserId somebody();
  void unlock_once(Instant real, UserId user);
  /// Both services as they are now.
  void look();
  /// One start of the program for these unlocks. False: it was killed, or met a fault.
  bool run(const std::vector<std::size_t>& unlocks);
  [[nodiscard]] Fate fate_of_kisi();
  [[nodiscard]] Fate fate_of_glofox(std::string_view call);
  [[nodiscard]] bool lets_in(UserId user, Instant at) const;
  [[nodiscard]] std::vector<Booking> bookings_of(MemberId member) const;
  [[nodiscard]] std::vector<EntryState> entries() const;
  /// What must hold after every run.
  void check();
  /// What must hold after an undisturbed catch-up.
  void settle();
  void forget(Instant before);

  InMemoryGym& gym_;
  Dice& dice_;
  DoorTotals& totals_;
  DoorWorld world_;
  std::map<std::string, MemberId> owners_;
  std::vector<Unlock> unlocks_;
  std::vector<Visit> visits_;  ///< of unlocks_, in their order
  std::set<BookingId> attended_;
  std::size_t number_ = 0;
  std::size_t current_ = 0;  ///< the unlock that is being handled
  bool faulty_ = false;      ///< this run met a fault
  bool trouble_ = false;     ///< the last catch-up did not see everything
};

}  // namespace gk::test
