#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "contract/sandbox_glofox.hpp"
#include "domain/person.hpp"
#include "support/membership_words.hpp"

namespace gk::test::glofox_client_test {

namespace {

const std::string k_ada =
    R"({"email":"Ada.Example@Example.COM","name":" Ada  Example","membership":{"type":"time",
  "status":"ACTIVE","start_date":1772341200,"_id":"65cc00000000000000000001","plan_code":1700000000000}})";

PersonKey person(std::string_view email) { return PersonKey::from_email(email).value(); }

MemberId add_person(SandboxGlofox& gym, const std::string& fields) {
  const json::Document row = gym.sandbox.post("/people", fields);
  return MemberId::parse(row.root()["_id"].as_string().value()).value();
}

/// How many people the list declares.
std::size_t declared_people(SandboxGlofox& gym) {
  const auto total = gym.client->check_members_access();
  REQUIRE(total);
  REQUIRE(*total);
  return **total;
}

}  // namespace

TEST_CASE("the roster of a gym is whole and costs what the contract says") {
  for (const std::string people : {"0", "1", "250", "1000"}) {
    INFO(people);
    SandboxGlofox gym({"--people", people});
    const std::size_t count = declared_people(gym);
    gym.sandbox.count_requests("glofox");
    CHECK(gym.roster() == fmt::format("complete {}", count));
    CHECK(gym.sandbox.count_requests("glofox") == 1 + std::max<std::size_t>(1, (count + 99) / 100));
  }
}

TEST_CASE("the roster is the same whatever the service leaves open") {
  const std::vector<std::string> switches = {"member_order=modified_desc",
                                             "member_order=id",
                                             "member_order=shuffled",
                                             "has_more=absent",
                                             "has_more=always",
                                             "style_a_total=absent",
                                             "single_wrapper=data",
                                             "glofox_over_limit=error"};
  for (const std::string& one : switches) {
    INFO(one);
    SandboxGlofox plain({"--people", "420", "--seed", "5", "--now", "2026-03-01T08:00:00Z"});
    SandboxGlofox gym({"--people", "420", "--seed", "5", "--now", "2026-03-01T08:00:00Z", "--switch", one});
    const auto expected = plain.client->read_roster();
    const auto snapshot = gym.client->read_roster();
    REQUIRE(expected);
    REQUIRE(snapshot);
    CHECK(snapshot->branch.time_zone == "America/New_York");
    CHECK(incomplete_because(snapshot->roster) == nullptr);
    const auto people = [](const Roster& roster) {
      std::map<MemberId, std::string> rows;
      for (std::size_t i = 0; i < roster.size(); ++i) {
        rows[roster.id(i)] =
            fmt::format("{}|{}|{}|{}|{}", roster.email(i), roster.name(i), roster.active(i),
                        membership_type_name(roster.type(i)), membership_status_name(roster.status(i)));
      }
      return rows;
    };
    CHECK(people(value_of(snapshot->roster)) == people(value_of(expected->roster)));
  }
}

TEST_CASE("without a total a list whose has_more lies cannot be certified") {
  SandboxGlofox gym({"--people", "250", "--switch", "has_more=always", "--switch", "style_a_total=absent"});
  CHECK(gym.roster() == "partial protocol");
}

TEST_CASE("single people, deleted ones and strangers") {
  for (const std::string deleted : {"success_false", "404"}) {
    SandboxGlofox gym({"--people", "0", "--switch", "deleted_member=" + deleted});
    const MemberId ada = add_person(gym, k_ada);
    const MemberId gone = add_person(gym, R"({"active":false,"email":"gone@example.com"})");
    const std::vector<MemberId> ids = {gone, ada, *MemberId::parse("65aa0000000000000000dead")};
    const auto members = gym.client->read_members(ids);
    REQUIRE(members.size() == 3);
    REQUIRE(members[0]);
    CHECK_FALSE(*members[0]);
    REQUIRE(members[1]);
    REQUIRE(*members[1]);
    const Member& member = **members[1];
    CHECK(member.name == "Ada Example");
    CHECK(member.membership.status == MembershipStatus::active);
    CHECK(member.membership.plan.plan_code == "1700000000000");
    CHECK_FALSE(member.other_branch);
    REQUIRE(members[2]);
    CHECK_FALSE(*members[2]);
  }
}

TEST_CASE("people are found by e-mail whatever its case") {
  SandboxGlofox gym({"--people", "50"});
  const MemberId ada = add_person(gym, k_ada);
  const MemberId child = add_person(gym, R"({"email":"ada.example@example.com","name":"Cy"})");
  const auto found = gym.client->find_members(person("ada.example@example.com"));
  REQUIRE(found);
  std::vector<MemberId> ids;
  for (const Member& member : *found) ids.push_back(member.id);
  std::sort(ids.begin(), ids.end());
  CHECK(ids == std::vector<MemberId>{std::min(ada, child), std::max(ada, child)});
  const auto nobody = gym.client->find_members(person("nobody+x@example.com"));
  REQUIRE(nobody);
  CHECK(nobody->empty());
}

TEST_CASE("the catalogue has names and codes") {
  SandboxGlofox gym({"--people", "10"});
  const auto catalogue = gym.client->read_catalogue();
  REQUIRE(catalogue);
  REQUIRE_FALSE(catalogue->empty());
  CHECK(std::all_of(catalogue->begin(), catalogue->end(), [](const PlanNames& plan) {
    return plan.membership_id.size() == 24 && !plan.membership_name.empty();
  }));
}

TEST_CASE("the bookings of a person inside a span") {
  SandboxGlofox gym({"--people", "0", "--now", "2026-03-10T12:00:00Z", "--frozen"});
  const MemberId bo = add_person(gym, R"({"email":"bo@example.com"})");
  const auto book = [&](const std::string& start, const std::string& end, const std::string& status) {
    gym.sandbox.post("/bookings",
                     fmt::format(R"({{"user_id":"{}","time_start":"{}","time_finish":"{}","status":"{}"}})",
                                 bo.text(), start, end, status));
  };
  book("2026-03-10T22:00:00Z", "2026-03-10T22:45:00Z", "BOOKED");
  book("2026-03-10 20:00:00", "2026-03-10 21:00:00", "CANCELED");  // New York: 00:00Z of the 11th
  book("2026-03-12T22:00:00Z", "2026-03-12T23:00:00Z", "BOOKED");
  const auto read = [&](std::string_view from, std::string_view until) {
    const auto bookings =
        gym.client->read_bookings_of(bo, Window::make(*parse_rfc3339(from), *parse_rfc3339(until)).value());
    REQUIRE(bookings);
    std::vector<std::string> out;
    for (const Booking& booking : *bookings) {
      CHECK(booking.member == bo);
      out.push_back(fmt::format("{} {}..{}", static_cast<int>(booking.status), format_rfc3339(booking.start),
                                format_rfc3339(booking.end)));
    }
    std::sort(out.begin(), out.end());
    return out;
  };
  CHECK(read("2026-03-10T12:00:00Z", "2026-03-11T12:00:00Z") ==
        std::vector<std::string>{"0 2026-03-10T22:00:00Z..2026-03-10T22:45:00Z",
                                 "2 2026-03-11T00:00:00Z..2026-03-11T01:00:00Z"});
  CHECK(read("2026-03-10T12:00:00Z", "2026-03-11T00:00:00Z").size() == 1);
  CHECK(read("2026-03-14T00:00:00Z", "2026-03-15T00:00:00Z").empty());
}

TEST_CASE("the locations of the key") {
  for (const std::string form : {"array", "object"}) {
    SandboxGlofox gym({"--people", "0", "--switch", "locations_data=" + form});
    const auto branches = gym.client->read_allowed_branches();
    REQUIRE(branches);
    CHECK(std::any_of(branches->begin(), branches->end(), [](const Branch& branch) {
      return branch.id == BranchId("64b0c0ffee00000000000b01") && branch.time_zone == "America/New_York";
    }));
  }
}

}  // namespace gk::test::glofox_client_test
