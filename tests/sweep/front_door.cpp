#include "sweep/front_door.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace gk::test {

namespace {

/// Holds a grant that somebody else made, and is known to Glofox: never checked in.
const UserId k_visitor{7720001};
constexpr std::string_view k_visitor_email = "visitor@example.com";
constexpr unsigned k_visitor_number = 9999;

constexpr std::chrono::seconds k_usual_since = std::chrono::minutes{30};  // cron.example

bool is_write(std::string_view call) { return call == "record_entry" || call == "mark_attended"; }

bool are_same(std::span<const Booking> one, std::span<const Booking> other) {
  return std::ranges::equal(one, other, [](const Booking& a, const Booking& b) {
    return a.id == b.id && a.status == b.status && a.start == b.start && a.end == b.end;
  });
}

}  // namespace

FrontDoor::FrontDoor(InMemoryGym& gym, Dice& dice, DoorTotals& totals)
    : gym_(gym), dice_(dice), totals_(totals) {
  note_address(std::string(k_visitor_email), member_id(k_visitor_number));
  world_.kisi.fates = [this](std::string_view) { return fate_of_kisi(); };
  world_.glofox.fates = [this](std::string_view call) { return fate_of_glofox(call); };
}

void FrontDoor::open(Instant real) {
  look();
  for (std::size_t people = dice_.below(4); people > 0; --people) {
    // One second apart: an entry tells its unlock by person and time.
    unlock_once(real - std::chrono::seconds{people}, somebody());
  }
}

/// Mostly people with a row.
UserId FrontDoor::somebody() {
  const auto any_of = [this](const auto& all) {
    return std::next(all.begin(), static_cast<std::ptrdiff_t>(dice_.below(all.size())));
  };
  return dice_.chance(20) ? any_of(world_.kisi.users)->first : any_of(world_.kisi.rows)->user;
}

void FrontDoor::unlock_once(Instant real, UserId user) {
  Unlock unlock{.event = DoorWorld::unlock(fmt::format("unlock {}", ++number_), user, format_rfc3339(real)),
                .since = gym_.clock.steady_now()};
  unlock.event.success = std::ranges::any_of(world_.kisi.rows, [&](const RoleAssignment& row) {
    return row.user == user && row.validity.is_active(real);
  });
  Visit visit{.at = real};
  const auto owner = owners_.find(world_.kisi.users.at(user).email.as_written());
  if (owner != owners_.end()) {
    visit.member = owner->second.text();
    visit.entitled = lets_in(user, real);
    unlock.bookings = bookings_of(owner->second);
  }
  totals_.unlocks += visit.entitled ? 1U : 0U;
  unlocks_.push_back(std::move(unlock));
  visits_.push_back(std::move(visit));
  world_.options.needs_cache = false;
  // Deliveries are lost, and repeated.
  for (std::size_t deliveries = dice_.below(3); deliveries > 0; --deliveries) {
    if (!run({unlocks_.size() - 1})) unlocks_.back().disturbed = true;
  }
}

void FrontDoor::catch_up(Instant real, bool outage) {
  const Instant now = gym_.clock.now();
  const Instant from = now - (trouble_ ? world_.integration.checkin.max_age : k_usual_since);
  std::vector<std::size_t> seen;
  for (std::size_t i = 0; i < unlocks_.size(); ++i) {
    if (from <= unlocks_[i].event.at && unlocks_[i].event.at < now) seen.push_back(i);
  }
  look();
  world_.options.needs_cache = true;
  const bool whole = run(seen);
  world_.cache().prune(now, std::numeric_limits<std::size_t>::max());
  trouble_ = outage || !whole;
  if (trouble_) {
    for (Unlock& unlock : unlocks_) unlock.disturbed |= unlock.open;
  }
  const bool settled = !trouble_ && real == now;
  if (settled) settle();
  forget(real - world_.integration.checkin.max_age - std::chrono::hours{1});
}

void FrontDoor::look() {
  world_.now = gym_.clock.now();
  world_.kisi.users = gym_.kisi.users;
  world_.kisi.rows.clear();
  for (const auto& [id, row] : gym_.kisi.rows) world_.kisi.rows.push_back(row);
  world_.glofox.members = gym_.glofox.members;
  const std::string visitor(k_visitor_email);
  world_.kisi.users[k_visitor] = User{k_visitor, visitor, visitor, {}};
  world_.kisi.rows.push_back(foreign_row(k_visitor.value(), k_visitor.value(), visitor));
  world_.glofox.members.push_back(member(k_visitor_number, visitor));
  world_.glofox.bookings.clear();
  for (const auto& [member, booked] : gym_.glofox.bookings) {
    for (Booking booking : booked) {
      booking.attended = attended_.contains(booking.id);
      world_.glofox.bookings.push_back(booking);
    }
  }
}

bool FrontDoor::run(const std::vector<std::size_t>& unlocks) {
  const std::size_t entries_before = world_.glofox.entries.size();
  faulty_ = false;
  try {
    for (const std::size_t number : unlocks) {
      current_ = number;
      if (!checkin::check_time(unlocks_[number].event, world_.now)) continue;
      const auto handled = world_.run(unlocks_[number].event);
      if (handled && handled->stop) break;
    }
  } catch (const Killed&) {
    ++totals_.killed;
  }
  totals_.entries += world_.glofox.entries.size() - entries_before;
  check();
  return !faulty_;
}

Fate FrontDoor::fate_of_kisi() {
  const bool killed = dice_.below(1000) == 0;
  const bool failed = gym_.kisi.fault && dice_.chance(50);
  faulty_ |= killed || failed;
  if (killed) throw Killed{};
  return failed ? dice_.one_of({Fate::refused, Fate::unsent}) : Fate::fine;
}

Fate FrontDoor::fate_of_glofox(std::string_view call) {
  Fate fate = Fate::fine;
  const bool killed = dice_.below(1000) == 0;
  if (gym_.glofox.outage) {
    fate = is_write(call) ? dice_.one_of({Fate::refused, Fate::unsent, Fate::lost_before, Fate::lost_after})
                          : dice_.one_of({Fate::refused, Fate::unsent});
  }
  faulty_ |= killed || fate != Fate::fine;
  // Whether it was on its way is not known to the next run.
  if (call == "record_entry" && (killed || fate == Fate::lost_before)) {
    visits_[current_].entry_unknown = true;
    ++totals_.unknown;
  }
  if (killed) throw Killed{};
  return fate;
}

bool FrontDoor::lets_in(UserId user, Instant at) const {
  return std::ranges::any_of(world_.kisi.rows, [&](const RoleAssignment& row) {
    return row.user == user && row.group == k_group && is_own_row(row) && row.validity.is_active(at);
  });
}

std::vector<Booking> FrontDoor::bookings_of(MemberId member) const {
  const auto booked = gym_.glofox.bookings.find(member);
  return booked == gym_.glofox.bookings.end() ? std::vector<Booking>{} : booked->second;
}

std::vector<EntryState> FrontDoor::entries() const {
  std::vector<EntryState> all;
  for (const checkin::Entry& entry : world_.glofox.entries) all.push_back({entry.at, entry.member.text()});
  return all;
}

void FrontDoor::check() {
  const auto made = entries();
  const auto wrong = wrong_entries(visits_, made, world_.integration.checkin.debounce);
  totals_.violations.insert(totals_.violations.end(), wrong.begin(), wrong.end());
  for (const Booking& booking : world_.glofox.bookings) {
    if (!booking.attended || !attended_.insert(booking.id).second) continue;
    ++totals_.attended;
    if (!is_visited(booking, visits_, world_.integration.checkin.opens_before))
      totals_.violations.push_back(
          fmt::format("check-in: booking {} is attended without a visit", booking.id.value()));
  }
  for (std::size_t i = 0; i < unlocks_.size(); ++i) {
    Unlock& unlock = unlocks_[i];
    const bool counts = unlock.open && !unlock.recorded && visits_[i].entitled;
    if (!counts || !is_recorded(visits_[i], visits_, made, world_.integration.checkin.debounce)) continue;
    unlock.recorded = true;
    const auto delay =
        std::chrono::duration_cast<std::chrono::seconds>(gym_.clock.steady_now() - unlock.since);
    (unlock.disturbed ? totals_.delay_outage : totals_.delay).add(delay);
  }
}

void FrontDoor::settle() {
  for (std::size_t i = 0; i < unlocks_.size(); ++i) {
    Unlock& unlock = unlocks_[i];
    if (!std::exchange(unlock.open, false)) continue;
    // A grant that went before anybody looked dates cannot be worked out from none (docs/checkin.md).
    const Visit& visit = visits_[i];
    if (!visit.entitled || !lets_in(*unlock.event.actor, visit.at)) continue;
    if (!unlock.recorded)
      totals_.violations.push_back(
          fmt::format("check-in: {} has no entry for {}", visit.member, format_rfc3339(visit.at)));
    const auto now = bookings_of(*MemberId::parse(visit.member));
    if (!are_same(now, unlock.bookings)) continue;
    const auto booking = booking_of_visit(now, visit.at, world_.integration.checkin.opens_before);
    if (booking && !attended_.contains(*booking))
      totals_.violations.push_back(fmt::format("check-in: booking {} is not attended", booking->value()));
  }
}

void FrontDoor::forget(Instant before) {
  std::size_t old = 0;
  while (old < unlocks_.size() && unlocks_[old].event.at < before) ++old;
  unlocks_.erase(unlocks_.begin(), unlocks_.begin() + static_cast<std::ptrdiff_t>(old));
  visits_.erase(visits_.begin(), visits_.begin() + static_cast<std::ptrdiff_t>(old));
  std::erase_if(world_.glofox.entries, [before](const checkin::Entry& entry) { return entry.at < before; });
}

}  // namespace gk::test
