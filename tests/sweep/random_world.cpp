#include "sweep/random_world.hpp"

#include <algorithm>
#include <memory>
#include "support/membership_words.hpp"

namespace gk::test {

namespace {

constexpr std::size_t k_people = 7;

std::string email_of(std::size_t number) { return fmt::format("p{}@example.com", number); }

std::string any_email(Dice& dice) { return email_of(dice.below(k_people)); }

/// As an e-mail may be written in either service.
std::string spelled(std::string email, Dice& dice) {
  if (!dice.chance(15)) return email;
  email.front() = 'P';
  return " " + email + " ";
}

Membership any_membership(Dice& dice, Instant now) {
  using Type = MembershipType;
  using Status = MembershipStatus;
  Membership made;
  made.type = dice.one_of({Type::time, Type::time, Type::time, Type::time, Type::time_classes,
                           Type::num_classes, Type::payg, Type::none, Type::unknown});
  made.status = dice.one_of({Status::active, Status::active, Status::active, Status::active, Status::active,
                             Status::paused, Status::cancelled, Status::expired, Status::locked,
                             Status::future, Status::missing, Status::unknown});
  // An unknown type or status carries its word.
  if (made.type == Type::unknown) made.unknown_type = "rolling";
  if (made.status == Status::unknown) made.unknown_status = "INACTIVE";
  if (dice.chance(15)) made.start = now + std::chrono::hours{dice.between(-90, 90)};
  if (dice.chance(25)) made.expiry = now + std::chrono::hours{dice.between(-90, 90)};
  made.unreadable_date = dice.chance(3);
  if (dice.chance(70)) {
    made.plan.membership_name = dice.one_of<const char*>({"Unlimited", "Off-peak"});
    made.plan.plan_name = "Monthly";
  }
  return made;
}

Member any_member(unsigned number, Dice& dice, Instant now) {
  Member made;
  made.id = member_id(number);
  made.email = dice.chance(4) ? "no address" : spelled(any_email(dice), dice);
  made.name = fmt::format("Person {}", number);
  made.active = !dice.chance(6);
  made.membership = any_membership(dice, now);
  return made;
}

void book(InMemoryGym& gym, MemberId member, Dice& dice) {
  const Instant start = gym.clock.now() + std::chrono::hours{dice.between(-3, 30)};
  Booking made = booking(static_cast<unsigned>(gym.glofox.bookings.size()), member, "2026-03-01T00:00:00Z",
                         "2026-03-01T01:00:00Z",
                         dice.one_of({BookingStatus::booked, BookingStatus::booked, BookingStatus::booked,
                                      BookingStatus::cancelled, BookingStatus::waiting}));
  made.start = start;
  made.end = start + std::chrono::hours{1};
  gym.glofox.bookings[member].push_back(made);
}

Validity any_validity(Dice& dice, Instant now) {
  const auto hour = [&](int number) { return now + std::chrono::hours{number}; };
  switch (dice.below(12)) {
    case 0: return {hour(-100), std::nullopt};
    case 1: return {hour(3), std::nullopt};
    case 2: return {hour(-1), hour(2)};
    case 3: return {hour(5), hour(8)};
    case 4: return {hour(-8), hour(-5)};
    default: return Validity::open_ended();
  }
}

/// What somebody else, or an earlier program, may have left in the group.
void make_strange(RoleAssignment& made, Dice& dice) {
  switch (dice.below(5)) {
    case 0: made.creator = UserId{7000002}; break;
    case 1: made.role = "group_manager"; break;
    case 2:
      made.assignee = dice.one_of({Assignee::team, Assignee::guest, Assignee::unknown});
      made.user = UserId{0};
      made.email = "";
      break;
    case 3:
      made.created_by = Creator::none;
      made.creator = UserId{0};
      break;
    default:
      made.email = "no address";
      made.user = UserId{made.user.value() + 500000};
      break;
  }
}

void add_rows(InMemoryGym& gym, Dice& dice) {
  const Instant now = gym.clock.now();
  const std::size_t rows = dice.below(11);
  for (std::size_t i = 0; i < rows; ++i) {
    const RoleAssignmentId id = gym.kisi.add_row(any_email(dice), any_validity(dice, now));
    RoleAssignment& made = gym.kisi.rows.at(id);
    if (dice.chance(15)) made.group = k_former_group;
    if (dice.chance(5)) made.group = GroupId{45600};
    if (dice.chance(20)) make_strange(made, dice);
  }
}

void add_users(InMemoryGym& gym, Dice& dice) {
  for (std::size_t i = 0; i < k_people; ++i) {
    if (dice.chance(30)) static_cast<void>(gym.kisi.add_user(email_of(i)));
  }
  for (auto& [id, user] : gym.kisi.users) {
    if (dice.chance(25)) user.metadata["colour"] = "\"red\"";
    if (!dice.chance(50) || gym.glofox.members.empty()) continue;
    // The mark of an earlier run; now and then the person has another e-mail since.
    const auto key = user.email.person();
    const auto fits = std::ranges::find_if(gym.glofox.members, [&key](const Member& member) {
      return member.active && member.email.person() == key;
    });
    const bool moved = fits == gym.glofox.members.end() || dice.chance(5);
    // Somebody whom the list hides is found by the mark alone, so it must be right.
    if (moved && !gym.glofox.unlisted.empty()) continue;
    const Member& member = moved ? gym.glofox.members[dice.below(gym.glofox.members.size())] : *fits;
    user.metadata[std::string(k_metadata_sync)] = "\"v1\"";
    user.metadata[std::string(k_metadata_member)] = "\"" + member.id.text() + "\"";
    user.metadata[std::string(k_metadata_branch)] = "\"" + k_branch.value() + "\"";
  }
}

void set_job(InMemoryGym& gym, Dice& dice) {
  reconcile::Job& job = gym.job;
  job.users.import_all = dice.chance(15);
  job.bookings.enabled = dice.chance(40);
  if (dice.chance(50)) job.former_groups = {k_former_group};
  if (dice.chance(20)) job.protected_people = {key(any_email(dice))};
  if (dice.chance(5)) job.canaries = {key(any_email(dice))};
  if (dice.chance(15)) job.memberships.plans = PlanFilter::of({"unlimited"});
  job.limits.max_users = 1000;
  job.limits.absent = {100, 100};
  job.limits.stated = {100, 100};
  if (!dice.chance(30)) return;
  job.limits.absent = {dice.below(4), dice.chance(50) ? 0 : 20 * dice.below(4)};
  job.limits.stated = {dice.below(4), dice.chance(50) ? 0 : 20 * dice.below(4)};
  if (dice.chance(30)) job.limits.max_users = 3 + dice.below(5);
}

void set_switches(KisiSwitches& switches, Dice& dice) {
  using SecondRow = KisiSwitches::SecondRow;
  using Patch = KisiSwitches::Patch;
  switches.second_row = dice.one_of({SecondRow::conflict, SecondRow::extra});
  switches.patch = dice.one_of({Patch::works, Patch::ignored, Patch::refused});
  switches.metadata = dice.one_of({KisiSwitches::Metadata::replace, KisiSwitches::Metadata::merge});
  switches.search_lag = dice.between(0, 2);
}

Error any_error(Dice& dice) {
  switch (dice.below(4)) {
    case 0: return Error{Category::unavailable, "HTTP 503", 503};
    case 1: return Error{Category::protocol, "not JSON"};
    case 2: return Error{Category::rate_limited, "HTTP 429", 429};
    default: return Error{Category::auth, "HTTP 401", 401};
  }
}

}  // namespace

void furnish(InMemoryGym& gym, Dice& dice) {
  gym.clock.advance(std::chrono::minutes{15 * dice.below(96)});
  if (dice.chance(30)) gym.glofox.branch.time_zone = dice.one_of<const char*>({"Pacific/Auckland", "UTC"});
  const auto members = static_cast<unsigned>(dice.below(9));
  for (unsigned i = 0; i < members; ++i) {
    const Member made = any_member(i, dice, gym.clock.now());
    gym.glofox.members.push_back(made);
    if (dice.chance(20)) book(gym, made.id, dice);
    if (dice.chance(8)) gym.glofox.thin[made.id] = Membership{made.membership.type};
    // Whom the list hides has booked nothing: sync-members could not know of it.
    if (dice.chance(3) && !gym.glofox.bookings.contains(made.id)) gym.glofox.unlisted.insert(made.id);
  }
  set_switches(gym.kisi.switches, dice);
  add_rows(gym, dice);
  add_users(gym, dice);
  set_job(gym, dice);
}

void live_on(InMemoryGym& gym, Dice& dice) {
  gym.clock.advance(std::chrono::minutes{15});
  gym.kisi.catch_up();
  if (gym.glofox.members.empty() || dice.chance(30)) {
    const auto number = static_cast<unsigned>(100 + dice.below(1000000));
    gym.glofox.members.push_back(any_member(number, dice, gym.clock.now()));
    return;
  }
  Member& member = gym.glofox.members[dice.below(gym.glofox.members.size())];
  gym.glofox.thin.erase(member.id);
  switch (dice.below(5)) {
    case 0:
      member.email = spelled(any_email(dice), dice);
      gym.glofox.unlisted.clear();
      break;
    case 1: member.active = !member.active; break;
    case 2: book(gym, member.id, dice); break;
    default: member.membership = any_membership(dice, gym.clock.now()); break;
  }
}

std::set<MemberId> disturb(InMemoryGym& gym, Dice& dice) {
  std::set<MemberId> hidden;
  if (dice.chance(80)) {
    // The fake asks at every call, so the dice of this run live on in the closure.
    const auto own = std::make_shared<Dice>(dice.next());
    const std::size_t share = dice.one_of<std::size_t>({10, 30, 60});
    const bool patch_works = gym.kisi.switches.patch == KisiSwitches::Patch::works;
    gym.kisi.fault = [own, share, patch_works](const Call& call) {
      using enum Fault;
      if (!own->chance(share)) return none;
      // Refusals that are not true of the service would teach the run the last resort of contract 6.
      if (call.verb == "change" || (call.verb == "grant" && !patch_works))
        return own->one_of({unreachable, lost, done_but_lost, unauthorized, throttled, out_of_time});
      return own->one_of({unreachable, lost, done_but_lost, unauthorized, forbidden, missing, conflict,
                          rejected, throttled, out_of_time, lost, done_but_lost});
    };
  }
  if (dice.chance(15)) gym.glofox.outage = any_error(dice);
  if (dice.chance(30)) {
    gym.glofox.listing_fault = any_error(dice);
    gym.glofox.listing_fault->category = Category::unavailable;
    for (const Member& member : gym.glofox.members) {
      if (dice.chance(40) && gym.glofox.unlisted.insert(member.id).second) hidden.insert(member.id);
    }
  }
  for (const Member& member : gym.glofox.members) {
    if (dice.chance(20)) gym.glofox.member_faults.emplace(member.id, any_error(dice));
    if (dice.chance(20)) gym.glofox.booking_faults.emplace(member.id, any_error(dice));
    if (const auto person = member.email.person(); person && dice.chance(20))
      gym.glofox.search_faults.emplace(*person, any_error(dice));
  }
  if (dice.chance(10)) gym.kisi.partial_groups.emplace(k_group, any_error(dice));
  if (dice.chance(20)) gym.kisi.kill_at = gym.kisi.calls.size() + 1 + dice.below(12);
  return hidden;
}

void calm_down(InMemoryGym& gym, const std::set<MemberId>& hidden) {
  gym.kisi.fault = nullptr;
  gym.kisi.partial_groups.clear();
  gym.kisi.kill_at.reset();
  gym.kisi.catch_up();
  gym.glofox.outage.reset();
  for (const MemberId& id : hidden) gym.glofox.unlisted.erase(id);
  gym.glofox.listing_fault.reset();
  gym.glofox.member_faults.clear();
  gym.glofox.booking_faults.clear();
  gym.glofox.search_faults.clear();
}

std::string describe(const InMemoryGym& gym) {
  const auto& switches = gym.kisi.switches;
  std::string text = fmt::format(
      "second row {}, patch {}, lag {}, former {}, import all {}, bookings {}, plans {}, absent {}/{}, "
      "stated "
      "{}/{}, max_users {}\n",
      static_cast<int>(switches.second_row), static_cast<int>(switches.patch), switches.search_lag,
      gym.job.former_groups.size(), gym.job.users.import_all, gym.job.bookings.enabled,
      !gym.job.memberships.plans.is_any(), gym.job.limits.absent.count, gym.job.limits.absent.percent,
      gym.job.limits.stated.count, gym.job.limits.stated.percent, gym.job.limits.max_users);
  for (const PersonKey& person : gym.job.protected_people) text += "protected " + person.email() + "\n";
  for (const Member& member : gym.glofox.members) {
    const auto day = [](const std::optional<Instant>& time) { return time ? format_rfc3339(*time) : "-"; };
    text += fmt::format("member {} '{}' active {} {} {} start {} expiry {} thin {} unlisted {}\n", member.id,
                        member.email, member.active, membership_type_name(member.membership.type),
                        membership_status_name(member.membership.status), day(member.membership.start),
                        day(member.membership.expiry), gym.glofox.thin.count(member.id),
                        gym.glofox.unlisted.count(member.id));
  }
  for (const auto& [id, bookings] : gym.glofox.bookings) {
    for (const Booking& booking : bookings)
      text += fmt::format("booking of {} {}..{} status {}\n", id, format_rfc3339(booking.start),
                          format_rfc3339(booking.end), static_cast<int>(booking.status));
  }
  for (const auto& [id, row] : gym.kisi.rows) {
    text += fmt::format("row {} '{}' user {} group {} role {} creator {} {}..{}\n", id, row.email, row.user,
                        row.group, row.role, row.creator,
                        row.validity.from ? format_rfc3339(*row.validity.from) : "",
                        row.validity.until ? format_rfc3339(*row.validity.until) : "");
  }
  for (const std::string& line : gym.kisi.state()) {
    if (line.starts_with("user")) text += line + "\n";
  }
  return text;
}

}  // namespace gk::test
