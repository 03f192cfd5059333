#include "generate.hpp"

#include "eligibility.hpp"
#include "kisi_rows.hpp"

#include <random>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

std::string hex_words(std::mt19937_64& random, int words) {
  std::string text;
  for (int i = 0; i < words; ++i) {
    text += fmt::format("{:016x}", random());
  }
  return text;
}

void add_branch(World& world, const std::string& id, const char* name, const std::string& zone) {
  world.branches[id] = Branch{
      id,
      fmt::format(
          R"({{"_id":"{0}","name":"{1}","namespace":"{2}","type":"branch","email":"hello@example.com","phone":"","language":"en",)"
          R"("corporate_id":"","address":{{"street":"1 Example Street","city":"Exampleton","state":"New York",)"
          R"-("country":"United States of America (the)","country_code":"US","district":"Example","latitude":"40.7",)-"
          R"("longitude":"-74.0","currency":"USD","continent":"NA","timezone_id":"{3}","timezone_name":"{3}",)"
          R"("postal_code":"10001","location":{{"lat":40.7,"lng":-74.0}}}},)"
          R"("configuration":{{"only_payg":false,"control_access":null,"kiosk":null}},)"
          R"("features":{{"booking":{{"enabled":true,"booking_cancel_window":12,"guest_bookings":0}}}},)"
          R"("opening_times":[{{"dow":"MO","start":"09:00","end":"15:00","is_open":true}}]}})",
          id, name, world.installation.namespace_name, zone),
      zone};
}

void add_membership(World& world, const char* id, const char* name, const char* plan, const char* code,
                    const char* type, bool hidden) {
  world.memberships.push_back(fmt::format(
      R"({{"_id":"{}","branch_id":"{}","namespace":"{}","type":"membership","active":true,"name":"{}","description":"",)"
      R"("private":{},"buy_just_once":false,"plans":[{{"code":{},"name":"{}","type":"{}","price":120,"upfront_fee":0,)"
      R"("duration_time_unit":"month","duration_time_unit_count":1,"starts_on":"PURCHASE_DATE","auto_renewal":true,)"
      R"("credits":[]}}]}})",
      id, world.installation.branch_id, world.installation.namespace_name, name, hidden, code, plan, type));
}

void add_group(World& world, std::int64_t id, const char* name, bool place_scoped) {
  const std::string place =
      place_scoped ? fmt::format(R"({0},"place":{{"id":{0},"resource_type":"Place","name":"Riverside"}})",
                                 world.installation.place_id)
                   : std::string("null");
  world.groups[id] = fmt::format(
      R"({{"id":{},"resource_type":"Group","name":"{}","description":"Managed by Glofox sync","created_at":"2025-11-02T10:05:00Z",)"
      R"("updated_at":"2026-01-15T08:00:00Z","geofence_restriction_enabled":false,"geofence_restriction_radius":300,)"
      R"("primary_device_restriction_enabled":false,"managed_device_restriction_enabled":false,"reader_restriction_enabled":false,)"
      R"("time_restriction_enabled":false,"tap_to_access_restriction_enabled":false,"login_enabled":true,"elevator_stops_count":0,)"
      R"("time_restriction_time_zone":null,"place_id":{}}})",
      id, name, place);
}

void add_place(World& world, std::int64_t id, const char* name, const std::string& zone) {
  world.places[id] = fmt::format(
      R"({{"id":{},"resource_type":"Place","name":"{}","description":null,"created_at":"2025-10-30T12:00:00Z",)"
      R"("updated_at":"2026-01-10T12:00:00Z","latitude":40.7,"longitude":-74.0,"address":"1 Harbour Street","image":null,)"
      R"("time_zone":"{}","tz_time_zone":"{}","locks_count":2,"integrations_count":1,"locked_down":false,"locked_down_since":null,)"
      R"("occupancy_rate":null,"organization_id":{},"organization":{{"id":{},"resource_type":"Organization","name":"Example Gym",)"
      R"("domain":"example-gym"}},"color":null,"logo":null,"user_id":null,"members_count":0}})",
      id, name, zone, zone, world.installation.organization_id, world.installation.organization_id);
}

void add_lock(World& world, std::int64_t id, const char* name, std::int64_t place, const char* place_name) {
  world.locks[id] = fmt::format(
      R"({{"id":{},"resource_type":"Lock","created_at":"2025-10-30T12:10:00Z","updated_at":"2026-02-01T06:00:00Z","configured":true,)"
      R"("description":null,"first_to_arrive_required_until":null,"first_to_arrive_satisfied":false,"latitude":null,)"
      R"("locked_down":false,"locked_down_since":null,"longitude":null,"name":"{}","on_scheduled_unlock":false,"online":true,)"
      R"("open":false,"unlocked":false,"order_id":null,"geofence_restriction_enabled":null,"geofence_restriction_radius":300,)"
      R"("reader_restriction_enabled":null,"time_restriction_enabled":null,"time_restriction_time_zone":null,"place_id":{},)"
      R"("place":{{"id":{},"name":"{}","latitude":40.7,"longitude":-74.0}},"floor_id":null,"groups_count":2,"unlocked_until":null}})",
      id, name, place, place, place_name);
}

void add_group_lock(World& world, std::int64_t id, std::int64_t group, std::int64_t lock,
                    std::int64_t place) {
  const auto name = [](const Table& table, std::int64_t key) {
    return string_at(*parse_json(table.at(key)), "name");
  };
  world.group_locks[id] = fmt::format(
      R"({{"id":{0},"resource_type":"GroupLock","created_at":"2025-11-02T10:06:00Z","updated_at":"2025-11-02T10:06:00Z",)"
      R"("group_id":{1},"group":{{"id":{1},"resource_type":"Group","name":"{2}"}},"lock_id":{3},)"
      R"("lock":{{"id":{3},"description":null,"name":"{4}"}},"place_id":{5},"place":{{"id":{5},"resource_type":"Place","name":"{6}"}}}})",
      id, group, name(world.groups, group), lock, name(world.locks, lock), place, name(world.places, place));
}

void add_role(World& world, const char* id, const char* applies_to, const char* name, bool all) {
  world.roles.push_back(fmt::format(
      R"({{"id":"{0}","resource_type":"Role","applies_to":"{1}","name":"{2}","description":null,"custom":false,)"
      R"("permissions":{{"users_read":{3},"users_write":{3},"role_assignments_read":{3},"role_assignments_write":{3},"groups_read":{3},)"
      R"("group_locks_read":{3},"locks_read":true,"locks_unlock":true,"places_read":{3},"events_read":{3},"integrations_read":{3},)"
      R"("integrations_write":{3}}},"custom_role_id":null}})",
      id, applies_to, name, all));
}

void add_login(World& world, std::int64_t id, const char* type, const char* name) {
  const std::int64_t user = world.installation.key_user_id;
  world.logins[id] = fmt::format(
      R"({{"id":{0},"created_at":"2026-02-01T09:00:00Z","updated_at":"2026-02-01T09:00:00Z","type":"{1}","name":"{2}","primary":false,)"
      R"("expire":false,"last_used_at":null,"device_brand":null,"device_model":null,"os_name":null,"user_id":{3},)"
      R"("user":{{"id":{3},"resource_type":"User","email":"kisi-sync@example-gym.com","name":"Glofox Sync"}}}})",
      id, type, name, user);
}

Assignment group_row(World& world, const KisiUser& user, std::int64_t created_by, Epoch now) {
  NewAssignment row;
  row.id = world.next_assignment_id();
  row.applies_to_id = world.installation.group_id;
  row.applies_to_name = "Members - Riverside";
  row.user = &user;
  row.created_by_id = created_by;
  return make_assignment(row, now);
}

}  // namespace

void make_installation(World& world) {
  // Keys are new at every start: a client that knows them belongs to this sandbox and not to an earlier one
  // on the same port.
  std::mt19937_64 random(std::random_device{}());
  Installation& installation = world.installation;
  installation.kisi_key = "sandbox-" + hex_words(random, 2);
  installation.glofox_key = "sandbox-" + hex_words(random, 2);
  installation.glofox_token = "sandbox-" + hex_words(random, 3);
  installation.webhook_key = "sandbox-" + hex_words(random, 2);
  installation.branch_id = "64b0c0ffee00000000000b01";
  installation.scope = {installation.branch_id, "64b0c0ffee00000000000b02"};
}

void make_premises(World& world, const std::string& zone, Epoch now) {
  const Installation& installation = world.installation;
  add_branch(world, installation.branch_id, "Example Boxing Downtown", zone);
  add_branch(world, "64b0c0ffee00000000000b02", "Example Boxing Uptown", zone);
  add_membership(world, "65cc00000000000000000001", "Unlimited", "Monthly Unlimited", "1700000000000", "time",
                 false);
  add_membership(world, "65cc00000000000000000002", "Eight a month ", "8 classes", "1700000000123",
                 "time_classes", false);
  add_membership(world, "65cc00000000000000000003", "10 class pack", "10 classes", "1700000000456",
                 "num_classes", false);
  add_membership(world, "65cc00000000000000000004", "Staff", "Staff", "1700000000789", "time", true);
  add_place(world, installation.place_id, "Riverside", zone);
  add_place(world, 22802, "Harbour", zone);
  add_lock(world, 18842, "Front door", installation.place_id, "Riverside");
  add_lock(world, 18843, "Back door", installation.place_id, "Riverside");
  add_lock(world, 18850, "Harbour gate", 22802, "Harbour");
  add_group(world, installation.group_id, "Members - Riverside", false);
  add_group(world, 45511, "Riverside staff room", true);
  add_group(world, 45512, "Class bookings - Riverside", false);
  add_group(world, 45513, "Members - Old", false);
  add_group_lock(world, 661204, installation.group_id, 18842, installation.place_id);
  add_group_lock(world, 661205, installation.group_id, 18843, installation.place_id);
  add_group_lock(world, 661206, 45512, 18842, installation.place_id);
  add_role(world, "group_basic", "Group", "Door access", false);
  add_role(world, "group_manager", "Group", "Group manager", true);
  add_role(world, "place_basic", "Place", "Place access", false);
  add_role(world, "administrator", "Organization", "Administrator", true);
  add_login(world, 880001, "api", "Glofox sync");
  add_login(world, 880031, "device", "Phone");
  world.organization = fmt::format(
      R"({{"id":{},"resource_type":"Organization","name":"Example Gym","domain":"example-gym","logo":null,"address":null,)"
      R"("description":null,"device_logins_expire_after":1209600,"places_count":2,"scim_enabled":false,"sso_flow_enabled":false,)"
      R"("sso_expiration_override_enabled":false,"sso_expiration_override":null,"metadata":null,"time_zone":"{}",)"
      R"("web_authentication_api_enabled":false,"apple_pass_enabled":false,"created_at":"2025-10-30T11:00:00Z",)"
      R"("updated_at":"2026-01-01T00:00:00Z","user_id":{},"transfer_to_id":null,"image":null,"color":null}})",
      installation.organization_id, zone, installation.owner_id);
  world.put_user(make_user(
      world, NewUser{.id = installation.owner_id, .email = "owner@example-gym.com", .name = "Gym Owner"},
      now - k_day));
  world.put_user(make_user(
      world,
      NewUser{.id = installation.key_user_id, .email = "kisi-sync@example-gym.com", .name = "Glofox Sync"},
      now - k_day));
  NewAssignment administrator;
  administrator.id = world.next_assignment_id();
  administrator.role_id = "administrator";
  administrator.applies_to_type = "Organization";
  administrator.applies_to_id = installation.organization_id;
  administrator.applies_to_name = "Example Gym";
  administrator.user = &world.users.at(installation.key_user_id);
  administrator.created_by_id = installation.owner_id;
  world.put_assignment(make_assignment(administrator, now - k_day));
}

void generate_gym(World& world, const GymPlan& plan, Epoch now) {
  make_premises(world, plan.zone, now);
  make_people(world, plan, now);
  make_bookings(world, plan, now);
  const Installation& installation = world.installation;
  const auto add_user = [&world, now](const std::string& email, const std::string& name,
                                      const std::string& metadata) -> const KisiUser& {
    NewUser user;
    user.id = std::max<std::int64_t>(world.next_user_id(), 7710342);
    user.email = email;
    user.name = name.empty() ? email : name;
    user.metadata = metadata;
    world.put_user(make_user(world, user, now - k_day));
    return world.users.at(user.id);
  };
  if (plan.matching_group) {
    for (const ExpectedPerson& person : expected_people(world, now)) {
      const std::string metadata =
          fmt::format(R"({{"glofox_sync":"v1","glofox_member_id":"{}","glofox_branch_id":"{}"}})",
                      person.member_ids.front(), installation.branch_id);
      const KisiUser& user = add_user(person.email, person.name, metadata);
      world.put_assignment(group_row(world, user, installation.key_user_id, now - k_day));
    }
  }
  for (std::size_t i = 0; i < plan.foreign; ++i) {
    const KisiUser& user =
        add_user(fmt::format("by-hand.{}@example.net", i + 1), fmt::format("By Hand {}", i + 1), "{}");
    world.put_assignment(group_row(world, user, installation.owner_id, now - k_day));
  }
}

}  // namespace gk_sandbox
