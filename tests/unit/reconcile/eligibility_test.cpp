#include "reconcile/eligibility.hpp"

#include <catch2/catch.hpp>

#include "support/builders.hpp"
#include "support/membership_words.hpp"

namespace gk::reconcile::eligibility_test {

using namespace gk::test;

namespace {

using enum MembershipStatus;
using Match = PlanFilter::Match;

const PlanNames k_unlimited{"65cc00000000000000000001", "Unlimited", "Monthly Unlimited", "1700000000000"};

/// A membership of the named plan with every field.
Member full_member(MembershipType type, MembershipStatus status) {
  Member person = member(1, "ada@example.com", status);
  person.membership.type = type;
  person.membership.plan = k_unlimited;
  return person;
}

gk::reconcile::Judgement judge_one(const Member& person, const MembershipRules& rules, std::string_view now,
                                   std::string_view zone_name = "Europe/Dublin") {
  return judge(roster_of({person}), 0, rules, zone(zone_name), at(now));
}

}  // namespace

TEST_CASE("type and status decide; default is no") {
  struct Row {
    MembershipType type;
    MembershipStatus status;
    Cause cause;
  };
  using enum MembershipType;
  const Row rows[] = {
      {time, active, Cause::membership_active},
      {time, future, Cause::future},
      {time, locked, Cause::locked},
      {time, paused, Cause::paused},
      {time, cancelled, Cause::cancelled},
      {time, expired, Cause::expired},
      {time, missing, Cause::incomplete_record},
      {time, MembershipStatus::unknown, Cause::unknown_status},
      {time_classes, active, Cause::membership_active},
      {time_classes, future, Cause::future},
      {time_classes, locked, Cause::locked},
      {time_classes, paused, Cause::paused},
      {time_classes, cancelled, Cause::cancelled},
      {time_classes, expired, Cause::expired},
      {time_classes, missing, Cause::incomplete_record},
      {time_classes, MembershipStatus::unknown, Cause::unknown_status},
      {num_classes, active, Cause::type_not_allowed},
      {num_classes, missing, Cause::type_not_allowed},
      {num_classes, MembershipStatus::unknown, Cause::type_not_allowed},
      {payg, active, Cause::type_not_allowed},
      {payg, missing, Cause::type_not_allowed},
      {payg, expired, Cause::type_not_allowed},
      {none, active, Cause::no_membership},
      {none, missing, Cause::no_membership},
      {MembershipType::unknown, active, Cause::unknown_type},
      {MembershipType::unknown, cancelled, Cause::unknown_type},
      {MembershipType::unknown, missing, Cause::unknown_type},
  };
  for (const Row& row : rows) {
    CAPTURE(membership_type_name(row.type), membership_status_name(row.status));
    const auto verdict = judge_one(full_member(row.type, row.status), {}, "2026-03-01T12:00:00Z");
    CHECK(verdict.cause == row.cause);
    CHECK(verdict.missing_field == (row.cause == Cause::incomplete_record));
    Member deleted = full_member(row.type, row.status);
    deleted.active = false;
    CHECK(judge_one(deleted, {}, "2026-03-01T12:00:00Z").cause == Cause::deactivated);
  }
}

TEST_CASE("the configuration may allow other types and statuses, never unknown ones") {
  MembershipRules rules;
  rules.types = {MembershipType::payg, MembershipType::num_classes};
  rules.statuses = {locked, paused};
  const auto verdict = [&](MembershipType type, MembershipStatus status) {
    return judge_one(full_member(type, status), rules, "2026-03-01T12:00:00Z").cause;
  };
  CHECK(verdict(MembershipType::payg, locked) == Cause::membership_active);
  CHECK(verdict(MembershipType::num_classes, paused) == Cause::membership_active);
  CHECK(verdict(MembershipType::time, locked) == Cause::type_not_allowed);
  CHECK(verdict(MembershipType::payg, active) == Cause::status_not_allowed);
  CHECK(verdict(MembershipType::payg, MembershipStatus::unknown) == Cause::unknown_status);
  CHECK(verdict(MembershipType::payg, missing) == Cause::incomplete_record);
  rules.types = {MembershipType::unknown, MembershipType::none};
  rules.statuses = {MembershipStatus::unknown, missing};
  CHECK(verdict(MembershipType::unknown, MembershipStatus::unknown) == Cause::unknown_type);
  CHECK(verdict(MembershipType::none, missing) == Cause::no_membership);
}

TEST_CASE("start and expiry are days of the branch's zone, with grace while ACTIVE") {
  struct Row {
    const char* name;
    const char* zone;
    const char* start;
    const char* expiry;
    std::chrono::seconds grace;
    const char* now;
    Cause cause;
  };
  using std::chrono::hours;
  constexpr hours k_day{24};
  constexpr auto k_yes = Cause::membership_active;
  // Dublin in summer is UTC+1, so the local 1 July begins at 23:00Z of 30 June.
  const Row rows[] = {
      {"no dates", "Europe/Dublin", nullptr, nullptr, k_day, "2026-07-01T12:00:00Z", k_yes},
      {"starts today, local midnight", "Europe/Dublin", "2026-06-30T23:00:00Z", nullptr, k_day,
       "2026-06-30T23:00:00Z", k_yes},
      {"starts today, later today", "Europe/Dublin", "2026-07-01T20:00:00Z", nullptr, k_day,
       "2026-06-30T23:00:00Z", k_yes},
      {"starts tomorrow, last second of today", "Europe/Dublin", "2026-06-30T23:00:00Z", nullptr, k_day,
       "2026-06-30T22:59:59Z", Cause::future},
      {"expiry day, first second", "Europe/Dublin", nullptr, "2026-06-30T23:00:00Z", hours{0},
       "2026-06-30T23:00:00Z", k_yes},
      {"expiry day, last second", "Europe/Dublin", nullptr, "2026-06-30T23:00:00Z", hours{0},
       "2026-07-01T22:59:59Z", k_yes},
      {"after the expiry day, no grace", "Europe/Dublin", nullptr, "2026-06-30T23:00:00Z", hours{0},
       "2026-07-01T23:00:00Z", Cause::expired},
      {"expiry given as a time of the day", "Europe/Dublin", nullptr, "2026-07-01T10:00:00Z", hours{0},
       "2026-07-01T22:59:59Z", k_yes},
      {"last second of grace", "Europe/Dublin", nullptr, "2026-06-30T23:00:00Z", k_day,
       "2026-07-02T22:59:59Z", k_yes},
      {"first second after grace", "Europe/Dublin", nullptr, "2026-06-30T23:00:00Z", k_day,
       "2026-07-02T23:00:00Z", Cause::expired},
      {"grace of an hour", "Europe/Dublin", nullptr, "2026-06-30T23:00:00Z", hours{1}, "2026-07-01T23:59:59Z",
       k_yes},
      {"after a grace of an hour", "Europe/Dublin", nullptr, "2026-06-30T23:00:00Z", hours{1},
       "2026-07-02T00:00:00Z", Cause::expired},
      {"expires on the day of 23 hours", "Europe/Dublin", nullptr, "2026-03-29T00:00:00Z", hours{0},
       "2026-03-29T22:59:59Z", k_yes},
      {"after the day of 23 hours", "Europe/Dublin", nullptr, "2026-03-29T00:00:00Z", hours{0},
       "2026-03-29T23:00:00Z", Cause::expired},
      {"expires on the day of 25 hours", "Europe/Dublin", nullptr, "2026-10-24T23:00:00Z", hours{0},
       "2026-10-25T23:59:59Z", k_yes},
      {"after the day of 25 hours", "Europe/Dublin", nullptr, "2026-10-24T23:00:00Z", hours{0},
       "2026-10-26T00:00:00Z", Cause::expired},
      {"west of Greenwich", "America/New_York", nullptr, "2026-07-01T04:00:00Z", hours{0},
       "2026-07-02T03:59:59Z", k_yes},
      {"west of Greenwich, after", "America/New_York", nullptr, "2026-07-01T04:00:00Z", hours{0},
       "2026-07-02T04:00:00Z", Cause::expired},
      {"the day after has no midnight", "America/Santiago", nullptr, "2024-09-07T04:00:00Z", hours{0},
       "2024-09-08T03:59:59Z", k_yes},
      {"the day after has no midnight, after", "America/Santiago", nullptr, "2024-09-07T04:00:00Z", hours{0},
       "2024-09-08T04:00:00Z", Cause::expired},
      {"midnight comes twice, after the first", "America/Havana", nullptr, "2024-11-02T04:00:00Z", hours{0},
       "2024-11-03T04:00:00Z", Cause::expired},
      {"start and expiry both fit", "Europe/Dublin", "2026-06-01T00:00:00Z", "2026-08-01T00:00:00Z", k_day,
       "2026-07-01T12:00:00Z", k_yes},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Member person = full_member(MembershipType::time, active);
    if (row.start != nullptr) person.membership.start = at(row.start);
    if (row.expiry != nullptr) person.membership.expiry = at(row.expiry);
    MembershipRules rules;
    rules.expiry_grace = row.grace;
    CHECK(judge_one(person, rules, row.now, row.zone).cause == row.cause);
  }
}

TEST_CASE("there is no grace for a status other than ACTIVE") {
  Member person = full_member(MembershipType::time, locked);
  person.membership.expiry = at("2026-06-30T23:00:00Z");
  MembershipRules rules;
  rules.statuses = {active, locked};
  CHECK(judge_one(person, rules, "2026-07-01T22:59:59Z").cause == Cause::membership_active);
  CHECK(judge_one(person, rules, "2026-07-01T23:00:00Z").cause == Cause::expired);
}

TEST_CASE("the plan filter compares every name, trimmed and folded") {
  struct Row {
    const char* name;
    std::vector<std::string> entries;
    PlanNames plan;
    Match match;
  };
  const PlanNames thin{};
  const PlanNames only_names{"", "Unlimited", "Monthly Unlimited", ""};
  const PlanNames only_membership_name{"", "Unlimited", "", ""};
  const Row rows[] = {
      {"membership name", {"Unlimited"}, k_unlimited, Match::yes},
      {"other case and spaces", {"  uNLIMITED "}, k_unlimited, Match::yes},
      {"plan name, doubled space", {"monthly   unlimited"}, k_unlimited, Match::yes},
      {"plan code", {"1700000000000"}, k_unlimited, Match::yes},
      {"membership id", {"65cc00000000000000000001"}, k_unlimited, Match::yes},
      {"membership id in upper case", {"65CC00000000000000000001"}, k_unlimited, Match::yes},
      {"second entry", {"Off-peak", "Unlimited"}, k_unlimited, Match::yes},
      {"no entry", {}, k_unlimited, Match::no},
      {"another plan", {"Off-peak"}, k_unlimited, Match::no},
      {"part of a name is not the name", {"Unlim"}, k_unlimited, Match::no},
      {"another code", {"1700000000001"}, k_unlimited, Match::no},
      {"another id", {"65cc00000000000000000002"}, k_unlimited, Match::no},
      {"a name, and the row has none", {"Unlimited"}, thin, Match::field_missing},
      {"a code, and the row has none", {"1700000000000"}, only_names, Match::field_missing},
      {"an id, and the row has none", {"65cc00000000000000000001"}, only_names, Match::field_missing},
      {"a name that could be the plan's", {"Off-peak"}, only_membership_name, Match::field_missing},
      {"both names are there and differ", {"Off-peak"}, only_names, Match::no},
      {"one entry matches, another lacks its field", {"1700000000000", "Unlimited"}, only_names, Match::yes},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(PlanFilter::of(row.entries).match(row.plan) == row.match);
  }
  CHECK(PlanFilter::any().match(thin) == Match::yes);
  CHECK(PlanFilter::of({}).match(thin) == Match::no);
}

TEST_CASE("an entry of white space matches no row that lacks its names") {
  CHECK(PlanFilter::of({" "}).match(PlanNames{}) != Match::yes);
  CHECK(PlanFilter::of({""}).match(PlanNames{"65cc00000000000000000001", "", "", "5"}) != Match::yes);
}

TEST_CASE("entries that no plan matches are told as they were configured") {
  const PlanFilter filter = PlanFilter::of({"Unlimited", " Off-Peak ", "1700000000000", "42"});
  CHECK((filter.unmatched({PlanNames{}, k_unlimited}) == std::vector<std::string>{" Off-Peak ", "42"}));
  CHECK(filter.unmatched({}).size() == 4);
  CHECK(PlanFilter::any().unmatched({}).empty());
}

TEST_CASE("the plan filter and the status together") {
  struct Row {
    const char* name;
    MembershipStatus status;
    PlanNames plan;
    Cause cause;
    bool missing_field;
  };
  const PlanNames off_peak{"65cc00000000000000000002", "Off-peak", "Mornings", "5"};
  const Row rows[] = {
      {"right plan, active", active, k_unlimited, Cause::membership_active, false},
      {"wrong plan, active", active, off_peak, Cause::plan_not_allowed, false},
      {"wrong plan, no status: the status does not matter", missing, off_peak, Cause::plan_not_allowed,
       false},
      {"wrong plan, unknown status", MembershipStatus::unknown, off_peak, Cause::plan_not_allowed, false},
      {"no plan, active", active, {}, Cause::incomplete_record, true},
      {"no plan, no status", missing, {}, Cause::incomplete_record, true},
      {"no plan, but cancelled: the plan does not matter", cancelled, {}, Cause::cancelled, false},
      {"no plan, unknown status", MembershipStatus::unknown, {}, Cause::unknown_status, false},
      {"right plan, no status", missing, k_unlimited, Cause::incomplete_record, true},
  };
  MembershipRules rules;
  rules.plans = PlanFilter::of({"Unlimited"});
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Member person = full_member(MembershipType::time, row.status);
    person.membership.plan = row.plan;
    const auto verdict = judge_one(person, rules, "2026-03-01T12:00:00Z");
    CHECK(verdict.cause == row.cause);
    CHECK(verdict.missing_field == row.missing_field);
  }
}

TEST_CASE("a date that cannot be read is not the same as none") {
  using enum MembershipStatus;
  Member person = full_member(MembershipType::time, active);
  person.membership.unreadable_date = true;
  const auto undecided = judge_one(person, {}, "2026-03-01T12:00:00Z");
  CHECK(undecided.cause == Cause::incomplete_record);
  CHECK(undecided.missing_field);
  person.membership.status = cancelled;
  CHECK(judge_one(person, {}, "2026-03-01T12:00:00Z").cause == Cause::cancelled);
}

}  // namespace gk::reconcile::eligibility_test
