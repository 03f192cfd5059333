#include "generate.hpp"

#include <algorithm>
#include <array>
#include <random>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

constexpr std::size_t k_most_credit_people = 200;
constexpr int k_days_each_way = 2;

struct Class {
  std::string id;
  std::string name;
  Epoch start = 0;
};

std::vector<Class> make_classes(World& world, const Zone& zone, Epoch now) {
  std::vector<Class> classes;
  const std::string& branch = world.installation.branch_id;
  for (int day = -k_days_each_way; day <= k_days_each_way; ++day) {
    for (int hour = 6; hour <= 21; ++hour) {
      const std::size_t number = classes.size();
      // A day with a clock change has 23 or 25 hours, and classes keep their wall time.
      const std::string midnight = zone.to_wall(zone.local_midnight(now, day));
      const auto start = zone.from_wall(fmt::format("{} {:02}:00:00", midnight.substr(0, 10), hour));
      Class one{fmt::format("65dd{:020x}", number + 1), hour < 12 ? "Morning Boxing" : "Evening Boxing",
                start.value_or(now)};
      const bool online = number % 10 == 9;
      world.events[one.id] = fmt::format(
          R"({{"_id":"{}","namespace":"{}","branch_id":"{}","program_id":"65de00000000000000000001","type":"event","active":true,)"
          R"("name":"{}","description":"","time_start":{},"duration":60,"size":12,"booked":1,"waiting":0,)"
          R"("facility":"65fa00000000000000000001","trainers":["65ab00000000000000000001"],"private":{},"is_online":{},)"
          R"("status":"AVAILABLE","level":"All Levels","open_booking_time":null,"close_booking_time":{},"model":null,)"
          R"("model_id":null,"session_id":null,"booking_status":null,"has_booked":false,"modified":{}}})",
          one.id, world.installation.namespace_name, branch, one.name, one.start, number % 13 == 12, online,
          one.start, now - k_day);
      classes.push_back(std::move(one));
    }
  }
  return classes;
}

std::string booking_row(const World& world, const Zone& zone, const Class& one, const Person& person,
                        std::size_t number, Epoch now, const char* status) {
  const Epoch created = std::min(one.start, now) - k_day - static_cast<Epoch>(number % 1000) * k_minute;
  const bool cancelled = std::string_view(status) == "CANCELED";
  return fmt::format(
      R"({{"_id":"{:08x}{:016x}","namespace":"{}","branch_id":"{}","user_id":"{}","user_name":"Guest","type":"events",)"
      R"("program_id":"65de00000000000000000001","event_id":"{}","event_name":"{}","time_slot_id":null,"model":"events",)"
      R"("model_id":null,"model_name":"{}","course_id":null,"session_id":null,"guest_bookings":0,"status":"{}","attended":false,)"
      R"("paid":false,"payment_method":null,"time_start":"{}","time_finish":"{}","is_first":{},"created":"{}","modified":"{}",)"
      R"("date_start":null,"date_finish":null,"is_from_waiting_list":false,"is_late_cancellation":false,"canceled_at":{},)"
      R"("cancellations":[],"region":null,"timestamp":0,"origin":null,"metadata":{{"service":{{"type":"credit",)"
      R"("id":"65cf00000000000000000001"}}}},"batch_id":null}})",
      static_cast<std::uint32_t>(created), 0xee00000000ULL + number, world.installation.namespace_name,
      world.installation.branch_id, person.id, one.id, one.name, one.name, status, zone.to_wall(one.start),
      zone.to_wall(one.start + k_hour), number % 5 == 0, to_utc_text(created), to_utc_text(created),
      cancelled ? "\"" + zone.to_wall(std::min(one.start, now)) + "\"" : "null");
}

void make_credits(World& world, Epoch now) {
  std::size_t made = 0;
  for (const auto& [id, person] : world.people) {
    if (made >= k_most_credit_people) {
      return;
    }
    if (person.row.find(R"("type":"num_classes")") == std::string::npos) {
      continue;
    }
    ++made;
    const std::size_t available = made % 7;
    const std::string end = made % 3 == 0 ? fmt::format(R"("end_date":{},)", now + 30 * k_day) : "";
    world.credits[id].push_back(fmt::format(
        R"({{"_id":"65cf{:020x}","namespace":"{}","branch_id":"{}","user_id":"{}","membership_id":"65cc00000000000000000003",)"
        R"("membership_name":"10 class pack","model":"programs","category_id":null,"model_ids":null,"num_sessions":10,"available":{},)"
        R"("active":true,"bookings":[],"start_date":{},{}"created":{},"modified":{},"type":"usercredit"}})",
        made, world.installation.namespace_name, person.branch, id, available, person.created, end,
        person.created, person.modified));
  }
}

}  // namespace

void make_bookings(World& world, const GymPlan& plan, Epoch now) {
  const Zone& zone = world.zone_of(world.installation.branch_id);
  const auto classes = make_classes(world, zone, now);
  make_credits(world, now);
  if (plan.bookings == 0 || world.people.empty()) {
    return;
  }
  std::mt19937_64 random(plan.seed * 104729 + 3);
  std::vector<const Person*> people;
  for (const auto& [id, person] : world.people) {
    people.push_back(&person);
  }
  Person stranger;
  stranger.id = "65aaffffffffffffffffffff";
  for (std::size_t i = 0; i < plan.bookings; ++i) {
    constexpr std::array<const char*, 20> k_statuses{"BOOKED",   "BOOKED",   "BOOKED",  "BOOKED",   "BOOKED",
                                                     "BOOKED",   "BOOKED",   "BOOKED",  "BOOKED",   "BOOKED",
                                                     "BOOKED",   "BOOKED",   "BOOKED",  "BOOKED",   "BOOKED",
                                                     "CANCELED", "CANCELED", "WAITING", "RESERVED", "FAILED"};
    const Class& one = classes.at(random() % classes.size());
    // The seventh booking belongs to somebody whom no list shows (glofox-api 11).
    const Person& person = i == 6 ? stranger : *people.at(random() % people.size());
    const auto row = parse_json(booking_row(world, zone, one, person, i + 1, now,
                                            k_statuses.at(i < 20 ? (i * 7) % 20 : random() % 20)));
    world.put_booking(*row);
  }
}

}  // namespace gk_sandbox
