#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "support/fake_services.hpp"
#include "support/plans.hpp"

// Random gyms for properties. The universe is small on purpose: eight addresses, so that rows, members and
// bookings of one person meet all the time. Call these inside a property only.
namespace gk::test {

/// One of eight e-mail addresses.
std::string any_email();
/// A validity that is open, begins later, is a window around now, of later or of the past.
Validity any_validity();
/// A row in the current group: mostly ours, else foreign by creator, role, assignee or address.
RoleAssignment any_row(std::int64_t id);
/// Desired state, rows and policy for the pure planner.
Scene any_scene(Scope scope);

/// Both services and the configuration, before a run.
struct World {
  FakeGlofox glofox;
  FakeKisi kisi;
  reconcile::Job job = InMemoryGym::default_job();
};

/// What a random world may contain.
struct WorldOptions {
  bool bookings = true;       ///< lapsing members may be booked
  bool tight_limits = false;  ///< small brakes and max_users, else none
};

World any_world(const WorldOptions& options);
KisiSwitches any_switches();
/// For the log of a failing property: a world as a few lines of text.
std::string describe(const World& world);
void enter(InMemoryGym& gym, const World& world);
/// True when a row can only be replaced by deleting it first.
bool is_last_resort(const KisiSwitches& switches);

/// A permutation of the elements.
template <class T>
std::vector<T> shuffled(std::vector<T> elements) {
  for (std::size_t i = elements.size(); i > 1; --i)
    std::swap(elements[i - 1], elements[*rc::gen::inRange<std::size_t>(0, i)]);
  return elements;
}

template <class T>
T one_of(const std::vector<T>& elements) {
  return elements[*rc::gen::inRange<std::size_t>(0, elements.size())];
}

/// True in `percent` of all cases; shrinks to false.
inline bool chance(int percent) { return *rc::gen::inRange(0, 100) >= 100 - percent; }

}  // namespace gk::test
