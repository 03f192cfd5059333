#include <catch2/catch.hpp>

#include "unit/config/samples.hpp"

namespace gk::config::test::load_faults_rules_test {

TEST_CASE("The rules of an integration: every fault with its place and words") {
  check_rows({
      {"plans empty",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "plans": [] })",
       {"c:9:52: $.integrations[0].memberships.plans: must not be empty: an empty list would "
        R"(match no membership and lock everybody out (write "any", or leave the key out, to )"
        "accept every plan)"}},
      {"plans a single word",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "plans": "Gold" })",
       {R"(c:9:52: $.integrations[0].memberships.plans: must be "any" or a list, found "Gold" )"
        "(write a single plan in square brackets, too)"}},
      {"plans Any",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "plans": "Any" })",
       {R"(c:9:52: $.integrations[0].memberships.plans: must be "any" or a list, found "Any" )"
        R"((did you mean "any"?))"}},
      {"plans with an empty name",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "plans": ["Gold", ""] })",
       {"c:9:61: $.integrations[0].memberships.plans[1]: must not be empty"}},
      {"types empty",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "types": [] })",
       {"c:9:52: $.integrations[0].memberships.types: must not be empty: an empty list would "
        "match no membership and lock everybody out (leave the key out to get the default)"}},
      {"statuses empty",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "statuses": [] })",
       {"c:9:55: $.integrations[0].memberships.statuses: must not be empty: an empty list "
        "would match no membership and lock everybody out (leave the key out to get the "
        "default)"}},
      {"type misspelt",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "types": ["time", "time-classes"] })",
       {"c:9:61: $.integrations[0].memberships.types[1]: must be one of time, time_classes, "
        R"(num_classes, payg; found "time-classes" (did you mean "time_classes"?))"}},
      {"type unknown",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "types": ["gold"] })",
       {"c:9:53: $.integrations[0].memberships.types[0]: must be one of time, time_classes, "
        R"(num_classes, payg; found "gold")"}},
      {"type as single word",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "types": "time" })",
       {"c:9:52: $.integrations[0].memberships.types: expected a list, found a string (write "
        "it in square brackets)"}},
      {"status in lower case",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "statuses": ["active"] })",
       {"c:9:56: $.integrations[0].memberships.statuses[0]: must be one of ACTIVE, FUTURE, "
        R"(LOCKED, PAUSED, CANCELLED, EXPIRED; found "active" (did you mean "ACTIVE"?))"}},
      {"status in American",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "statuses": ["CANCELED"] })",
       {"c:9:56: $.integrations[0].memberships.statuses[0]: must be one of ACTIVE, FUTURE, "
        R"(LOCKED, PAUSED, CANCELLED, EXPIRED; found "CANCELED" (did you mean "CANCELLED"?))"}},
      {"duration as number",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "expiry_grace": 24 })",
       {"c:9:59: $.integrations[0].memberships.expiry_grace: expected a duration such as "
        R"("15m", found a whole number (write a number and a unit in quotes: "90s", "15m", )"
        R"("1h" or "2d"))"}},
      {"duration without unit",
       R"("group_id": 45510)",
       R"("group_id": 45510, "memberships": { "expiry_grace": "24" })",
       {R"(c:9:59: $.integrations[0].memberships.expiry_grace: "24" is not a duration (write a )"
        "number and a unit: 90s, 15m, 1h or 2d)"}},
      {"duration with a space",
       R"("group_id": 45510)",
       R"("group_id": 45510, "bookings": { "opens_before": "1 h" })",
       {R"(c:9:56: $.integrations[0].bookings.opens_before: "1 h" is not a duration (write a )"
        "number and a unit: 90s, 15m, 1h or 2d)"}},
      {"duration negative",
       R"("group_id": 45510)",
       R"("group_id": 45510, "bookings": { "opens_before": "-1h" })",
       {R"(c:9:56: $.integrations[0].bookings.opens_before: "-1h" is not a duration (write a )"
        "number and a unit: 90s, 15m, 1h or 2d)"}},
      {"duration too long",
       R"("group_id": 45510)",
       R"("group_id": 45510, "bookings": { "closes_after": "25h" })",
       {"c:9:56: $.integrations[0].bookings.closes_after: must be between 0s and 1d, found "
        "25h"}},
      {"max_age of zero",
       R"("group_id": 45510)",
       R"("group_id": 45510, "checkin": { "max_age": "0s" })",
       {"c:9:50: $.integrations[0].checkin.max_age: must be between 1s and 31d, found 0s"}},
      {"lookahead too long",
       R"("group_id": 45510)",
       R"("group_id": 45510, "bookings": { "lookahead": "32d" })",
       {"c:9:53: $.integrations[0].bookings.lookahead: must be between 0s and 31d, found 32d"}},
      {"import misspelt",
       R"("group_id": 45510)",
       R"("group_id": 45510, "users": { "import": "every" })",
       {R"(c:9:47: $.integrations[0].users.import: must be one of eligible, all; found "every")"}},
      {"mode misspelt",
       R"("group_id": 45510)",
       R"("group_id": 45510, "checkin": { "mode": "attendence" })",
       {"c:9:47: $.integrations[0].checkin.mode: must be one of access, attendance, both; "
        R"(found "attendence" (did you mean "attendance"?))"}},
      {"dedupe_dir relative",
       R"("group_id": 45510)",
       R"("group_id": 45510, "checkin": { "dedupe_dir": "checkins" })",
       {"c:9:53: $.integrations[0].checkin.dedupe_dir: must be an absolute path, found "
        R"("checkins" (cron and a terminal start in different directories))"}},
      {"check-in without a place",
       R"("group_id": 45510)",
       R"("group_id": 45510, "checkin": { "enabled": true })",
       {"c:9:50: $.integrations[0].checkin.enabled: check-in needs place_id: it says "
        R"(which doors belong to this location (add "place_id" to )"
        "$.integrations[0])"}},
      {"max_users of zero",
       R"("group_id": 45510)",
       R"("group_id": 45510, "limits": { "max_users": 0 })",
       {"c:9:51: $.integrations[0].limits.max_users: must be at least 1, found 0"}},
      {"percent above 100",
       R"("group_id": 45510)",
       R"("group_id": 45510, "limits": { "removals": { "absent": { "percent": 101 } } })",
       {"c:9:75: $.integrations[0].limits.removals.absent.percent: must be at most 100, "
        "found 101"}},
      {"count negative",
       R"("group_id": 45510)",
       R"("group_id": 45510, "limits": { "removals": { "stated": { "count": -1 } } })",
       {"c:9:73: $.integrations[0].limits.removals.stated.count: must be at least 0, found -1"}},
      {"brake of another name",
       R"("group_id": 45510)",
       R"("group_id": 45510, "limits": { "removals": { "statd": { "count": 1 } } })",
       {R"(c:9:52: $.integrations[0].limits.removals.statd: unknown key "statd" (did you mean )"
        R"("stated"?))"}},
      {"protected is no e-mail",
       R"("group_id": 45510)",
       R"("group_id": 45510, "protected": ["owner@example.com", "owner"])",
       {R"(c:9:61: $.integrations[0].protected[1]: "owner" is not an e-mail address (write it )"
        "as name@example.com)"}},
      {"protected as number",
       R"("group_id": 45510)",
       R"("group_id": 45510, "protected": [5])",
       {"c:9:40: $.integrations[0].protected[0]: expected an e-mail address, found a whole "
        "number"}},
      {"canary is no e-mail",
       R"("group_id": 45510)",
       R"("group_id": 45510, "canaries": ["@example.com"])",
       {R"(c:9:39: $.integrations[0].canaries[0]: "@example.com" is not an e-mail address )"
        "(write it as name@example.com)"}},
  });
}

}  // namespace gk::config::test::load_faults_rules_test
