#include "sweep/standard_runs.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace gk::test {

namespace {

constexpr std::int64_t k_by_hand = 6999999;  ///< the owner of the sandbox's organization

void furnish_members(SandboxGym& gym) {
  gym.settings.integration =
      fmt::format(R"(,"former_group_ids":[{}],"protected":["owner@example.com"])", k_old_group);
  add_people_of_every_kind(gym);
  gym.add_row("absent@example.com");
  gym.add_row("owner@example.com");
  gym.add_row("by.hand@example.net", fmt::format(R"(,"created_by_id":{})", k_by_hand));
}

void furnish_members_with_second_rows(SandboxGym& gym) {
  gym.set_switch("duplicate_assignment", "extra_row");
  furnish_members(gym);
}

/// New, moved, cancelled and vanished bookings, an ended row, a member who needs no window.
void furnish_bookings(SandboxGym& gym) {
  gym.settings.integration = fmt::format(
      R"(,"former_group_ids":[{}],"protected":["owner@example.com"],"bookings":{{"enabled":true}})",
      k_old_group);
  const auto payg = [&](const char* name) {
    return gym.add_member(fmt::format("{}@example.com", name), Membership{.type = "payg", .name = ""});
  };
  const auto hold = [&](const char* name, std::int64_t from, std::int64_t until) {
    gym.add_row(fmt::format("{}@example.com", name), fmt::format(R"(,"valid_from":"{}","valid_until":"{}")",
                                                                 time_from_now(from), time_from_now(until)));
  };
  gym.add_booking(payg("ada"), time_from_now(30), time_from_now(90));
  gym.add_user("bo@example.com", R"(,"metadata":{"locker":"12"})");
  gym.add_booking(payg("bo"), time_from_now(180), time_from_now(240));
  gym.add_booking(payg("cy"), time_from_now(90), time_from_now(150));
  hold("cy", 0, 210);
  const std::string dee = payg("dee");
  gym.add_booking(dee, time_from_now(90), time_from_now(150), R"(,"status":"CANCELED")");
  hold("dee", 30, 210);
  payg("eli");
  hold("eli", 30, 210);
  hold("fay", -300, -60);
  const std::string member = gym.add_member("gus@example.com");
  gym.add_row("gus@example.com");
  gym.add_booking(member, time_from_now(30), time_from_now(90));
  gym.add_row("by.hand@example.net", fmt::format(R"(,"created_by_id":{})", k_by_hand));
}

/// Unlocks of everybody: with a booking, without one, at two doors, of somebody without our mark, denied, and
/// by a grant of somebody else. One visit each.
void furnish_checkins(SandboxGym& gym) {
  for (const char* name : {"bo", "dee"}) gym.add_member(fmt::format("{}@example.com", name));
  const std::string ada = gym.add_member("ada@example.com");
  const std::string cy = gym.add_member("cy@example.com");
  if (gym.sync().exit_code != 0) throw std::runtime_error("the sync before check-in failed");
  gym.add_member("eli@example.com");
  gym.add_row("eli@example.com");
  gym.add_member("by.hand@example.net");
  gym.add_row("by.hand@example.net", fmt::format(R"(,"created_by_id":{})", k_by_hand));
  gym.add_booking(ada, time_from_now(20), time_from_now(80));
  gym.add_booking(cy, time_from_now(10), time_from_now(70));
  gym.set_switch("access_marks", "never");
  const auto unlock = [&](const char* email, std::int64_t minutes, const std::string& more = {}) {
    gym.post("/events", fmt::format(R"({{"email":"{}","at":"{}"{}}})", email, time_from_now(minutes), more));
  };
  unlock("ada@example.com", -12);
  unlock("bo@example.com", -11);
  unlock("bo@example.com", -9, R"(,"lock_id":18843)");
  unlock("cy@example.com", -8);
  unlock("dee@example.com", -7, R"(,"success":false)");
  unlock("eli@example.com", -6);
  unlock("by.hand@example.net", -4);
  gym.settings.integration = fmt::format(
      R"(,"place_id":22801,"checkin":{{"enabled":true,"mode":"both","max_age":"24h","dedupe_dir":"{}"}})",
      checkin_directory(gym).string());
}

/// Lists of several pages on both sides.
void furnish_many(SandboxGym& gym) {
  furnish_members(gym);
  for (int i = 0; i < 210; ++i)
    gym.add_member(fmt::format("lead{}@example.com", i), Membership{.type = "payg"});
  for (int i = 0; i < 260; ++i)
    gym.add_row(fmt::format("staff{}@example.net", i), fmt::format(R"(,"created_by_id":{})", k_by_hand));
}

}  // namespace

std::filesystem::path checkin_directory(const SandboxGym& gym) { return gym.directory() / "checkins"; }

const std::vector<StandardRun>& standard_runs() {
  static const std::vector<StandardRun> k_runs{
      {"members", {"sync-members"}, furnish_members},
      {"members-second-rows", {"sync-members"}, furnish_members_with_second_rows},
      {"members-many", {"sync-members"}, furnish_many},
      {"bookings", {"sync-bookings"}, furnish_bookings, true},
      {"checkin", {"checkin", "--since", "24h"}, furnish_checkins, false, true},
  };
  return k_runs;
}

}  // namespace gk::test
