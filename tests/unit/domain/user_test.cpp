#include "domain/user.hpp"

#include <catch2/catch.hpp>

#include "support/builders.hpp"

namespace gk::domain::user_test {

namespace test = gk::test;

TEST_CASE("our mark counts for its own location only") {
  gk::User user{gk::UserId{11}, "ada@example.com", "Ada", {}};
  CHECK_FALSE(marked_member(user, test::k_branch).has_value());
  user.metadata["glofox_member_id"] = "\"65aa00000000000000000001\"";
  CHECK_FALSE(marked_member(user, test::k_branch).has_value());
  user.metadata["glofox_branch_id"] = "\"64b0c0ffee00000000000b02\"";
  CHECK_FALSE(marked_member(user, test::k_branch).has_value());
  user.metadata["glofox_branch_id"] = "\"64b0c0ffee00000000000b01\"";
  CHECK(marked_member(user, test::k_branch)->text() == "65aa00000000000000000001");
  for (const char* broken : {"\"65aa\"", "17", "null", "\"\"", "\"65zz00000000000000000001\""}) {
    user.metadata["glofox_member_id"] = broken;
    CHECK_FALSE(marked_member(user, test::k_branch).has_value());
  }
}

}  // namespace gk::domain::user_test
