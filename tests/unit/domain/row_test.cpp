#include "domain/row.hpp"

#include <catch2/catch.hpp>

#include "support/builders.hpp"

namespace gk::domain::row_test {

using gk::test::k_self;
using gk::test::row;

TEST_CASE("a row is ours by role, assignee and creator together") {
  const auto is_ours = [](auto spoil) {
    gk::RoleAssignment entry = row(1, 11, "ada@example.com");
    spoil(entry);
    return gk::is_ours(entry, k_self.id);
  };
  CHECK(is_ours([](auto&) {}));
  CHECK_FALSE(is_ours([](auto& entry) { entry.role = "group_manager"; }));
  CHECK_FALSE(is_ours([](auto& entry) { entry.role = ""; }));
  CHECK_FALSE(is_ours([](auto& entry) { entry.assignee = gk::Assignee::team; }));
  CHECK_FALSE(is_ours([](auto& entry) { entry.assignee = gk::Assignee::guest; }));
  CHECK_FALSE(is_ours([](auto& entry) { entry.assignee = gk::Assignee::unknown; }));
  CHECK_FALSE(is_ours([](auto& entry) { entry.creator = gk::UserId{1}; }));
  CHECK_FALSE(is_ours([](auto& entry) { entry.created_by = gk::Creator::none; }));
  CHECK_FALSE(is_ours([](auto& entry) { entry.created_by = gk::Creator::unknown; }));
  CHECK_FALSE(is_ours([](auto& entry) { entry.created_by = gk::Creator::marketplace_installation; }));
}

TEST_CASE("each command manages its own kind of our rows") {
  const auto window = gk::Validity::of(gk::test::window("2026-03-01T12:00:00Z", "2026-03-01T14:00:00Z"));
  const auto owner = [](const gk::RoleAssignment& entry, gk::Scope scope) {
    return owner_of(entry, k_self.id, scope);
  };
  using enum gk::Owner;
  CHECK(owner(row(1, 11, "ada@example.com"), gk::Scope::members) == ours);
  CHECK(owner(row(1, 11, "ada@example.com"), gk::Scope::bookings) == other_command);
  CHECK(owner(row(1, 11, "ada@example.com", window), gk::Scope::members) == other_command);
  CHECK(owner(row(1, 11, "ada@example.com", window), gk::Scope::bookings) == ours);
  CHECK(owner(gk::test::foreign_row(1, 11, "ada@example.com"), gk::Scope::members) == foreign);
  CHECK(owner(gk::test::foreign_row(1, 11, "ada@example.com", window), gk::Scope::bookings) == foreign);
}

TEST_CASE("a row lets in a user with an e-mail, and no team or guest") {
  gk::RoleAssignment entry = row(1, 11, " Ada@Example.com");
  CHECK(entry.person() == gk::test::key("ada@example.com"));
  for (const auto other : {gk::Assignee::team, gk::Assignee::guest, gk::Assignee::unknown}) {
    entry.assignee = other;
    CHECK_FALSE(entry.person().has_value());
  }
  CHECK_FALSE(row(1, 11, "no address").person().has_value());
}

}  // namespace gk::domain::row_test
