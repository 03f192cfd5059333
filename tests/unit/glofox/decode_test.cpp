#include "glofox/decode.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "json/row_stream.hpp"
#include "support/membership_words.hpp"
#include "util/text.hpp"

namespace gk::glofox::decode_test {

namespace {

constexpr std::string_view k_branch = "64b0c0ffee00000000000b01";

std::string fixture(const std::string& name) {
  std::ifstream file(std::string(GK_FIXTURES) + "/glofox/members/" + name + ".json");
  INFO(name);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string when(const std::optional<Instant>& instant) { return instant ? format_rfc3339(*instant) : "-"; }

/// Everything that was decoded, in one line; only what differs from the plainest row is shown.
std::string shown(const Member& member) {
  const Membership& membership = member.membership;
  std::string text = fmt::format("<{}> {}", member.email, printable(member.name, 60));
  if (!member.active) text += " deleted";
  if (member.other_branch) text += " other-branch";
  text += fmt::format(" | {}", membership_type_name(membership.type));
  if (membership.type == MembershipType::unknown) text += "(" + membership.unknown_type + ")";
  text += fmt::format(" {}", membership_status_name(membership.status));
  if (membership.status == MembershipStatus::unknown) text += "(" + membership.unknown_status + ")";
  if (membership.start || membership.expiry)
    text += " " + when(membership.start) + ".." + when(membership.expiry);
  if (membership.unreadable_date) text += " unreadable-date";
  const PlanNames& plan = membership.plan;
  if (plan != PlanNames{}) {
    text += fmt::format(" | {}, {}, {}, {}", plan.membership_id, plan.membership_name, plan.plan_name,
                        plan.plan_code);
  }
  return text;
}

struct Case {
  std::string fixture;
  std::string expected;  ///< empty: no valid id
};

const std::string k_ada = "<ada@example.com> Ada Example";
const std::string k_active = k_ada + " | time ACTIVE";
const std::string k_march = " 2026-03-01T05:00:00Z..2026-04-01T04:00:00Z";

const std::vector<Case> k_cases = {
    {"full",
     "<Ada.Example@Example.COM> Ada Example | time ACTIVE 2026-03-01T05:00:00Z..2026-04-01T04:00:00Z"
     " | 65cc00000000000000000001, Unlimited, Monthly Unlimited, 1700000000000"},
    {"payg_active", k_ada + " | payg ACTIVE 2026-03-01T05:00:00Z..-"},
    {"num_classes_without_status", k_ada + " | num_classes missing"},
    {"roaming", k_active},
    {"branch_other", k_ada + " other-branch | none missing"},
    {"branch_absent", k_ada + " | none missing"},
    {"branch_upper_case", k_ada + " | none missing"},
    {"branch_array_other", k_ada + " other-branch | none missing"},
    {"branch_array_with_ours", k_ada + " | none missing"},
    {"branch_array_empty", k_ada + " | none missing"},
    {"id_upper_case", k_ada + " | none missing"},
    {"id_of_v3", k_ada + " | none missing"},
    {"id_missing", ""},
    {"id_short", ""},
    {"id_number", ""},
    {"id_not_hex", ""},
    {"email_spaces", "<  Ada@Example.COM > Ada Example | none missing"},
    {"email_absent", "<> Ada Example | none missing"},
    {"email_null", "<> Ada Example | none missing"},
    {"email_no_address", "<none> Ada Example | none missing"},
    {"email_wrong_type", "<> Ada Example | none missing"},
    {"email_blank_account", "<account@example.com> Ada Example | none missing"},
    {"email_blank_contact", "<contact@example.com> Ada Example | none missing"},
    {"child_without_email", "<> Ada Example | none missing"},
    {"child_by_role", "<> Ada Example | none missing"},
    {"child_by_parent", "<> Ada Example | none missing"},
    {"child_with_own_email", "<kid@example.com> Ada Example | none missing"},
    {"name_spaces", k_ada + " | none missing"},
    {"name_blank", k_ada + " | none missing"},
    {"name_one_word", "<ada@example.com> Ada | none missing"},
    {"name_none", "<ada@example.com>  | none missing"},
    {"name_not_latin", "<ada@example.com> 김 에이다 | none missing"},
    {"name_control_characters", "<ada@example.com> Ada \\x1b[31m\\x00 \\u{202e}Example | none missing"},
    {"name_ten_thousand_letters", "<ada@example.com> " + std::string(60, 'N') + "... | none missing"},
    {"active_false", k_ada + " deleted | none missing"},
    {"active_null", k_ada + " | none missing"},
    {"active_absent", k_ada + " | none missing"},
    {"active_zero", k_ada + " deleted | none missing"},
    {"active_word", k_ada + " deleted | none missing"},
    {"membership_absent", k_ada + " | none missing"},
    {"membership_null", k_ada + " | none missing"},
    {"membership_empty_array", k_ada + " | none missing"},
    {"membership_empty_string", k_ada + " | none missing"},
    {"membership_empty_object", k_ada + " | none missing"},
    {"membership_filled_array", k_ada + " | unknown() missing"},
    {"membership_string", k_ada + " | unknown() missing"},
    {"membership_without_type", k_ada + " | unknown() ACTIVE | , , Monthly, "},
    {"membership_type_wrong_type", k_ada + " | unknown() ACTIVE"},
    {"membership_type_unknown", k_ada + " | unknown(time_unlimited) ACTIVE"},
    {"membership_type_spelling", k_ada + " | time_classes ACTIVE"},
    {"status_inactive", k_ada + " | time unknown(INACTIVE)"},
    {"status_canceled", k_ada + " | time CANCELLED"},
    {"status_cancelled", k_ada + " | time CANCELLED"},
    {"status_null", k_ada + " | time missing"},
    {"status_wrong_type", k_ada + " | time missing"},
    {"status_locked", k_ada + " | num_classes LOCKED"},
    {"dates_float", k_active + k_march},
    {"dates_digits", k_active + k_march},
    {"dates_sec_usec", k_active + k_march},
    {"dates_milliseconds", k_active + k_march},
    {"dates_iso", k_active + k_march},
    {"dates_wall_clock", k_active + k_march},
    {"dates_null", k_active},
    {"dates_empty", k_active},
    {"dates_zero", k_active},
    {"dates_absurd", k_active + " unreadable-date"},
    {"dates_far", k_active + " unreadable-date"},
    {"dates_impossible", k_active + " unreadable-date"},
    {"plan_code_integer", k_active + " | , , 8 classes, 1700000000123"},
    {"plan_code_float", k_active + " | , , , 1700000000123"},
    {"plan_other_spelling", k_active + " | , , Eight a month, "},
    {"wrong_types", "<>  | time missing"},
};

Zone new_york() {
  auto zone = Zone::locate("America/New_York");
  REQUIRE(zone);
  return *zone;
}

/// The row as a page of the list shows it.
std::string from_list(const std::string& row, const BranchZone& place) {
  const json::PageSchema schema("data", member_fields(), {});
  std::string page =
      R"({"data":[{"_id":"65aa00000000000000000009","name":"Before","active":false},)" + row + "]}";
  Member member;
  std::string text;
  const auto envelope = json::read_page(page, schema, [&](std::span<const json::Scalar> fields) {
    text = decode_member(fields, place, member) ? shown(member) : "";
  });
  REQUIRE(envelope);
  return text;
}

std::string from_single(const std::string& body, const BranchZone& place) {
  const auto document = json::Document::parse(body);
  REQUIRE(document);
  const auto member = decode_member(unwrap(document->root()), place);
  return member ? shown(*member) : "";
}

}  // namespace

TEST_CASE("every oddity of a person is read as the notes say, from the list and from the single route") {
  const Zone zone = new_york();
  const BranchZone place{k_branch, &zone};
  for (const auto& [name, expected] : k_cases) {
    INFO(name);
    const std::string row = fixture(name);
    CHECK(from_list(row, place) == expected);
    CHECK(from_single(row, place) == expected);
    CHECK(from_single("{\"data\":" + row + "}", place) == expected);
  }
}

TEST_CASE("a wall clock without a zone is no moment") {
  CHECK(from_single(fixture("dates_wall_clock"), BranchZone{k_branch, nullptr}) ==
        k_active + " unreadable-date");
}

TEST_CASE("ids are read whatever their case and key") {
  const auto id = [](const std::string& name) {
    const auto document = json::Document::parse(fixture(name));
    REQUIRE(document);
    return decode_member(document->root(), BranchZone{k_branch})->id.text();
  };
  CHECK(id("id_upper_case") == "65aa0000000000000000000f");
  CHECK(id("id_of_v3") == "65aa00000000000000000002");
}

TEST_CASE("an unlisted word is cut to a length that a report can bear") {
  const std::string row =
      R"({"_id":"65aa00000000000000000001","membership":{"type":")" + std::string(10'000, 't') + "\"}}";
  const auto document = json::Document::parse(row);
  REQUIRE(document);
  CHECK(decode_member(document->root(), BranchZone{k_branch})->membership.unknown_type.size() == 60);
}

TEST_CASE("a branch gives its name and zone") {
  const auto branch = [](const std::string& body) {
    const auto document = json::Document::parse(body);
    REQUIRE(document);
    return decode_branch(unwrap(document->root()));
  };
  const auto plain = branch(
      R"({"_id":"64b0c0ffee00000000000b01","name":" Example  Boxing ","address":{"timezone_id":"America/New_York"}})");
  REQUIRE(plain);
  CHECK(plain->id == BranchId("64b0c0ffee00000000000b01"));
  CHECK(plain->name == "Example Boxing");
  CHECK(plain->time_zone == "America/New_York");
  CHECK(branch(R"({"id":"64B0C0FFEE00000000000B01"})")->id == BranchId("64b0c0ffee00000000000b01"));
  CHECK(branch(R"({"data":{"_id":"64b0c0ffee00000000000b01","address":{"timezone_name":"Europe/Dublin"}}})")
            ->time_zone == "Europe/Dublin");
  CHECK(branch(R"({"_id":"64b0c0ffee00000000000b01","address":[]})")->time_zone.empty());
  CHECK_FALSE(branch(R"({"name":"x"})"));
  CHECK_FALSE(branch("[]"));
}

TEST_CASE("a catalogue row gives one entry per plan") {
  const auto plans = [](const std::string& body) {
    const auto document = json::Document::parse(body);
    REQUIRE(document);
    Catalogue catalogue;
    const bool usable = decode_plans(document->root(), catalogue);
    CHECK(usable == !catalogue.empty());
    return catalogue;
  };
  const std::string id = "65cc00000000000000000001";
  CHECK(plans(R"({"_id":"65cc00000000000000000001","name":"1. Unlimited ",
                  "plans":[{"code":1700000000000,"name":" Monthly"},{"code":"x","name":null},{}]})") ==
        Catalogue{{id, "1. Unlimited", "Monthly", "1700000000000"},
                  {id, "1. Unlimited", "", "x"},
                  {id, "1. Unlimited", "", ""}});
  CHECK(plans(R"({"_id":"65cc00000000000000000001","name":"Bare","plans":[]})") ==
        Catalogue{{id, "Bare", "", ""}});
  CHECK(plans(R"({"_id":"65cc00000000000000000001"})") == Catalogue{{id, "", "", ""}});
  CHECK(plans(R"({"name":"no id","plans":[{"code":1}]})").empty());
}

}  // namespace gk::glofox::decode_test
