#include <catch2/catch.hpp>

#include "domain/rules.hpp"

namespace gk::test::rules_test {

TEST_CASE("an integration fills its group, and that of its bookings when it is another") {
  Integration integration;
  integration.group = GroupId{1};
  integration.former_groups = {GroupId{7}};
  CHECK(integration.booking_group() == GroupId{1});
  CHECK_FALSE(integration.has_separate_booking_group());
  CHECK(integration.fills(GroupId{1}));
  CHECK_FALSE(integration.fills(GroupId{2}));
  CHECK_FALSE(integration.fills(GroupId{7}));

  integration.bookings.group = GroupId{2};
  CHECK(integration.booking_group() == GroupId{2});
  CHECK(integration.has_separate_booking_group());
  CHECK(integration.fills(GroupId{1}));
  CHECK(integration.fills(GroupId{2}));
}

TEST_CASE("what check-in records") {
  CheckinRules rules;
  CHECK((rules.records_access() && rules.records_attendance()));
  rules.mode = CheckinMode::access;
  CHECK((rules.records_access() && !rules.records_attendance()));
  rules.mode = CheckinMode::attendance;
  CHECK((!rules.records_access() && rules.records_attendance()));
}

}  // namespace gk::test::rules_test
