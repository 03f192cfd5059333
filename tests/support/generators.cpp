#include "support/generators.hpp"
#include "support/membership_words.hpp"

#include <algorithm>
#include <cstdlib>

namespace gk::test {

namespace {

/// The corners need more cases than RapidCheck's hundred. RC_PARAMS of the caller's choice goes first.
[[maybe_unused]] const int k_default_params = ::setenv("RC_PARAMS", "max_success=500", 0);

constexpr std::size_t k_people = 8;

std::string email_of(std::size_t number) { return fmt::format("p{}@example.com", number); }

/// As an e-mail may be written in either service.
std::string spelled(const std::string& email) { return chance(20) ? " P" + email.substr(1) + " " : email; }

Member any_member(unsigned number) {
  using enum MembershipStatus;
  Member made = member(number, chance(5) ? "no address" : spelled(any_email()));
  made.active = !chance(5);
  made.membership.type = one_of<MembershipType>(
      {MembershipType::time, MembershipType::time, MembershipType::time, MembershipType::time_classes,
       MembershipType::num_classes, MembershipType::payg, MembershipType::none, MembershipType::unknown});
  made.membership.status = one_of<MembershipStatus>(
      {active, active, active, active, paused, cancelled, expired, missing, unknown});
  if (chance(20))
    made.membership.start = ManualClock::k_start + std::chrono::hours{*rc::gen::inRange(-90, 90)};
  if (chance(30))
    made.membership.expiry = ManualClock::k_start + std::chrono::hours{*rc::gen::inRange(-90, 90)};
  return made;
}

/// Relative to `now`, which differs between scenes and gyms.
Validity any_validity_at(Instant now) {
  const auto hour = [&](int number) { return now + std::chrono::hours{number}; };
  return one_of<Validity>({Validity::open_ended(),
                           Validity::open_ended(),
                           Validity::open_ended(),
                           {hour(-100), std::nullopt},
                           {hour(3), std::nullopt},
                           {hour(-1), hour(2)},
                           {hour(-1), hour(2)},
                           {hour(-2), hour(4)},
                           {hour(5), hour(8)},
                           {hour(-8), hour(-5)},
                           {std::nullopt, hour(30)}});
}

RoleAssignment any_row_at(std::int64_t id, Instant now) {
  const std::size_t person = *rc::gen::inRange<std::size_t>(0, k_people);
  RoleAssignment made =
      row(id, static_cast<std::int64_t>(1000 + person), email_of(person), any_validity_at(now));
  switch (*rc::gen::inRange(0, 14)) {
    case 13: made.creator = UserId{7000002}; break;
    case 12: made.role = "group_manager"; break;
    case 11:
      made.assignee = one_of<Assignee>({Assignee::team, Assignee::guest, Assignee::unknown});
      made.user = UserId{0};
      made.email = "";
      break;
    case 10: made.created_by = Creator::none; break;
    case 9:
      made.email = "no address";
      made.user = UserId{made.user.value() + 1000};
      break;
    default: break;
  }
  return made;
}

void add_kisi_side(World& world) {
  const Instant now = ManualClock::k_start;
  for (std::size_t i = 0; i < k_people; ++i) {
    if (!chance(60)) continue;
    const UserId id{static_cast<std::int64_t>(1000 + i)};
    world.kisi.users[id] = User{id, email_of(i), email_of(i), {}};
    if (chance(30)) world.kisi.users[id].metadata["colour"] = "\"red\"";
  }
  const int rows = *rc::gen::inRange(0, 12);
  for (int i = 0; i < rows; ++i) {
    RoleAssignment made = any_row_at(100 + i, now);
    if (chance(20)) made.group = k_former_group;
    if (made.assignee == Assignee::user && made.email.person())
      world.kisi.users.try_emplace(made.user, User{made.user, made.email, made.email.as_written(), {}});
    world.kisi.rows[made.id] = made;
  }
}

void add_glofox_side(World& world, bool bookings) {
  const unsigned members = *rc::gen::inRange(0U, 10U);
  for (unsigned i = 0; i < members; ++i) {
    world.glofox.members.push_back(any_member(i));
    if (!bookings || !chance(30)) continue;
    const Instant start = ManualClock::k_start + std::chrono::hours{*rc::gen::inRange(-3, 30)};
    Booking booked = booking(i, member_id(i), "2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z");
    booked.start = start;
    booked.end = start + std::chrono::hours{1};
    world.glofox.bookings[member_id(i)].push_back(booked);
  }
}

}  // namespace

std::string any_email() { return email_of(*rc::gen::inRange<std::size_t>(0, k_people)); }

Validity any_validity() { return any_validity_at(k_now); }

RoleAssignment any_row(std::int64_t id) { return any_row_at(id, k_now); }

Scene any_scene(Scope scope) {
  using reconcile::Cause;
  Scene scene;
  scene.policy.scope = scope;
  const bool members = scope == Scope::members;
  for (std::size_t i = 0; i < k_people; ++i) {
    const std::string email = email_of(i);
    switch (*rc::gen::inRange(0, 4)) {
      case 3:
        scene.right(email, members ? Validity::open_ended() : one_of<Validity>({hours(-1, 2), hours(5, 8)}));
        break;
      case 2:
        scene.refuse(email, one_of<Cause>({Cause::cancelled, Cause::deactivated, Cause::unknown_status}));
        break;
      default: break;
    }
    if (chance(10)) scene.policy.protected_people.insert(key(email));
    if (members && chance(10)) scene.policy.booked[key(email)] = hours(-1, 2);
    if (chance(50)) scene.user(static_cast<std::int64_t>(1000 + i), email);
    if (chance(20)) scene.desired.clients.push_back({key(email), email, member_id(1)});
  }
  const int rows = *rc::gen::inRange(0, 14);
  std::vector<RoleAssignment> former;
  for (int i = 0; i < rows; ++i) {
    const RoleAssignment made = any_row(100 + i);
    if (chance(20)) {
      former.push_back(made);
    } else {
      scene.rows({made});
    }
  }
  scene.former(former);
  return scene;
}

World any_world(const WorldOptions& options) {
  World world;
  add_kisi_side(world);
  add_glofox_side(world, options.bookings);
  world.job.bookings.enabled = options.bookings;
  world.job.users.import_all = chance(20);
  if (chance(50)) world.job.former_groups = {k_former_group};
  if (chance(20)) world.job.protected_people = {key(any_email())};
  world.job.limits.max_users = 1000;
  world.job.limits.absent = {100, 100};
  world.job.limits.stated = {100, 100};
  if (options.tight_limits) {
    const auto small = [] { return *rc::gen::inRange<std::size_t>(0, 4); };
    world.job.limits.absent = {small(), 20 * small()};
    world.job.limits.stated = {small(), 20 * small()};
    world.job.limits.max_users = 4 + small();
  }
  return world;
}

KisiSwitches any_switches() {
  using SecondRow = KisiSwitches::SecondRow;
  using Patch = KisiSwitches::Patch;
  using Metadata = KisiSwitches::Metadata;
  KisiSwitches switches;
  switches.second_row = one_of<SecondRow>({SecondRow::conflict, SecondRow::extra});
  switches.patch = one_of<Patch>({Patch::works, Patch::ignored, Patch::refused});
  switches.metadata = one_of<Metadata>({Metadata::replace, Metadata::merge});
  switches.search_lag = *rc::gen::inRange(0, 3);
  return switches;
}

std::string describe(const World& world) {
  std::string text = fmt::format(
      "second row {}, patch {}, search lag {}, former {}, import all {}, bookings {}, absent {}/{}, stated "
      "{}/{}, "
      "max_users {}\n",
      static_cast<int>(world.kisi.switches.second_row), static_cast<int>(world.kisi.switches.patch),
      world.kisi.switches.search_lag, world.job.former_groups.size(), world.job.users.import_all,
      world.job.bookings.enabled, world.job.limits.absent.count, world.job.limits.absent.percent,
      world.job.limits.stated.count, world.job.limits.stated.percent, world.job.limits.max_users);
  for (const auto& person : world.job.protected_people) text += "protected " + person.email() + "\n";
  for (const auto& entry : world.glofox.members) {
    text +=
        fmt::format("member {} '{}' active {} {} {} booked {}\n", entry.id, entry.email, entry.active,
                    membership_type_name(entry.membership.type),
                    membership_status_name(entry.membership.status), world.glofox.bookings.count(entry.id));
  }
  for (const auto& [id, entry] : world.kisi.rows) {
    text += fmt::format("#{} '{}' user {} group {} creator {} {} from {} until {}\n", id, entry.email,
                        entry.user, entry.group, entry.creator, entry.role,
                        entry.validity.from ? format_rfc3339(*entry.validity.from) : "ever",
                        entry.validity.until ? format_rfc3339(*entry.validity.until) : "ever");
  }
  for (const std::string& line : world.kisi.state()) text += line + "\n";
  return text;
}

void enter(InMemoryGym& gym, const World& world) {
  gym.glofox = world.glofox;
  gym.kisi = world.kisi;
  gym.job = world.job;
}

bool is_last_resort(const KisiSwitches& switches) {
  return switches.second_row == KisiSwitches::SecondRow::conflict &&
         switches.patch != KisiSwitches::Patch::works;
}

}  // namespace gk::test
