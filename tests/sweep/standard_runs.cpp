#include "sweep/standard_runs.hpp"

#include <fmt/format.h>

namespace gk::test {

namespace {

constexpr std::int64_t k_by_hand = 6999999;  ///< the owner of the sandbox's organization

/// New people, an adopted user, a lapsed and an absent member, a duplicate row, foreign rows, a former group
/// and a window that becomes an open-ended right.
void furnish_members(Gym& gym) {
  gym.settings.integration =
      fmt::format(R"(,"former_group_ids":[{}],"protected":["owner@example.com"])", k_old_group);
  for (const char* name : {"ada", "bo"}) gym.add_member(fmt::format("{}@example.com", name));
  gym.add_member("dee@example.com");
  gym.add_user("dee@example.com", R"(,"metadata":{"locker":"12"})");
  gym.add_member("eli@example.com");
  gym.add_row("eli@example.com", fmt::format(R"(,"group_id":{})", k_old_group));
  gym.add_member("fay@example.com");
  gym.add_row("fay@example.com");
  gym.add_row("fay@example.com");
  gym.add_member("gus@example.com", Membership{.status = "CANCELLED"});
  gym.add_row("gus@example.com");
  gym.add_row("absent@example.com");
  gym.add_row("owner@example.com");
  gym.add_row("by.hand@example.net", fmt::format(R"(,"created_by_id":{})", k_by_hand));
  gym.add_member("hana@example.com");
  gym.add_row("hana@example.com",
              R"(,"valid_from":"2026-01-01T00:00:00Z","valid_until":"2099-01-01T00:00:00Z")");
}

void furnish_members_with_second_rows(Gym& gym) {
  gym.set_switch("duplicate_assignment", "extra_row");
  furnish_members(gym);
}

/// Lists of several pages on both sides.
void furnish_many(Gym& gym) {
  furnish_members(gym);
  for (int i = 0; i < 210; ++i)
    gym.add_member(fmt::format("lead{}@example.com", i), Membership{.type = "payg"});
  for (int i = 0; i < 260; ++i)
    gym.add_row(fmt::format("staff{}@example.net", i), fmt::format(R"(,"created_by_id":{})", k_by_hand));
}

}  // namespace

const std::vector<StandardRun>& standard_runs() {
  static const std::vector<StandardRun> k_runs{
      {"members", {"sync-members"}, furnish_members},
      {"members-second-rows", {"sync-members"}, furnish_members_with_second_rows},
      {"members-many", {"sync-members"}, furnish_many},
  };
  return k_runs;
}

}  // namespace gk::test
