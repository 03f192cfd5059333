#include "contract/sandbox_kisi.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

// What the client makes of a service that misbehaves.
namespace gk::test::kisi_faults_test {

namespace {

using Rows = std::vector<RoleAssignment>;

constexpr int k_rows = 260;

PersonKey ada() { return *PersonKey::from_email("ada@example.com"); }
NewUser new_ada() {
  return NewUser{ada(), "Ada Example", false, *MemberId::parse("65aa00000000000000000001"),
                 BranchId("64b0c0ffee00000000000b01")};
}

std::vector<std::string> gym() { return {"--people", "0", "--foreign", std::to_string(k_rows)}; }

const Error* doubt_of(const reconcile::GroupSnapshot& snapshot) {
  const auto* partial = std::get_if<Partial<Rows>>(&snapshot.rows);
  return partial == nullptr ? nullptr : &partial->reason();
}

}  // namespace

TEST_CASE("a list that is damaged is never taken as whole") {
  struct Row {
    const char* fault;  ///< further keys of the fault
    Category category;
  };
  const Row rows[] = {
      {R"("kind":"wrong_total","delta":1)", Category::protocol},
      {R"("kind":"wrong_total","delta":-1)", Category::protocol},
      {R"("kind":"wrong_total","delta":1,"skip":1)", Category::protocol},
      {R"("kind":"short_page","rows":1)", Category::protocol},
      {R"("kind":"page_cap","rows":100)", Category::protocol},
      {R"("kind":"repeated_page")", Category::protocol},
      {R"("kind":"empty_list")", Category::protocol},
      {R"("kind":"insert_row_while_paging")", Category::protocol},
      {R"("kind":"remove_row_while_paging")", Category::protocol},
      {R"("kind":"malformed")", Category::protocol},
      {R"("kind":"not_utf8")", Category::protocol},
      {R"("kind":"deep_nesting","bytes":100000)", Category::protocol},
      {R"("kind":"body","body":"{\"error\":\"busy\"}")", Category::protocol},
      {R"("kind":"body","body":"")", Category::protocol},
      {R"("kind":"redirect","body":"/elsewhere")", Category::protocol},
      {R"("kind":"truncated")", Category::unavailable},
      {R"("kind":"reset_before")", Category::unavailable},
      {R"("kind":"html502")", Category::unavailable},
      {R"("kind":"status","status":503)", Category::unavailable},
      {R"("kind":"status","status":422)", Category::rejected},
  };
  for (const Row& row : rows) {
    INFO(row.fault);
    SandboxKisi sandbox(gym());
    sandbox.post("/faults", fmt::format(R"({{"service":"kisi","path":"^/role_assignments",{}}})", row.fault));
    const auto snapshot = sandbox.client().read_group(k_main_group);
    REQUIRE(snapshot);
    REQUIRE(doubt_of(*snapshot) != nullptr);
    INFO(doubt_of(*snapshot)->message);
    CHECK(doubt_of(*snapshot)->category == row.category);
  }
}

TEST_CASE("a list that was damaged once is read anew and is whole") {
  for (const char* fault : {R"("kind":"wrong_total","delta":1)", R"("kind":"short_page","rows":1)",
                            R"("kind":"insert_row_while_paging")", R"("kind":"remove_row_while_paging")",
                            R"("kind":"reset_before")", R"("kind":"status","status":503)"}) {
    INFO(fault);
    SandboxKisi sandbox(gym());
    sandbox.post("/faults",
                 fmt::format(R"({{"service":"kisi","path":"^/role_assignments","count":1,{}}})", fault));
    const auto snapshot = sandbox.client().read_group(k_main_group);
    REQUIRE(snapshot);
    CHECK(doubt_of(*snapshot) == nullptr);
    const auto* complete = std::get_if<Complete<Rows>>(&snapshot->rows);
    REQUIRE(complete != nullptr);
    CHECK(complete->value().size() == sandbox.get("/group").root().size());
  }
}

TEST_CASE("a group that lies about its size is not believed to be empty") {
  SandboxKisi sandbox;
  sandbox.post("/faults", R"({"service":"kisi","path":"^/role_assignments","kind":"empty_list"})");
  const auto empty = sandbox.client().read_group(k_main_group);
  REQUIRE(empty);
  CHECK(doubt_of(*empty) == nullptr);
  sandbox.post("/kisi/role_assignments", R"({"email":"foreign@example.com","created_by_id":6999999})");
  const auto lie = sandbox.client().read_group(k_main_group);
  REQUIRE(lie);
  CHECK(doubt_of(*lie) != nullptr);
}

TEST_CASE("refused keys are told at every read") {
  for (const char* path : {"^/user$", "^/groups", "^/role_assignments"}) {
    INFO(path);
    SandboxKisi sandbox(gym());
    sandbox.post("/faults",
                 fmt::format(R"({{"service":"kisi","path":"{}","kind":"status","status":401}})", path));
    const auto snapshot = sandbox.client().read_group(k_main_group);
    REQUIRE_FALSE(snapshot);
    CHECK(snapshot.error().category == Category::auth);
  }
}

TEST_CASE("a creation whose answer is lost is sent once, and is unknown") {
  for (const char* fault : {R"("kind":"reset_after")", R"("kind":"status","status":503,"after":true)",
                            R"("kind":"truncated")", R"("kind":"malformed")", R"("kind":"body","body":"")"}) {
    INFO(fault);
    SandboxKisi sandbox;
    sandbox.post("/faults", fmt::format(R"({{"service":"kisi","method":"POST","count":2,{}}})", fault));
    const auto created = sandbox.client().create_user(new_ada());
    REQUIRE_FALSE(created);
    CHECK(created.error().outcome_unknown);
    const auto found = sandbox.client().find_user(ada());
    REQUIRE(found);
    REQUIRE(*found);
    const auto granted = sandbox.client().grant((*found)->id, k_main_group, {});
    REQUIRE_FALSE(granted);
    CHECK(granted.error().outcome_unknown);
    CHECK(sandbox.client().read_rows_of((*found)->id, k_main_group)->size() == 1);
    CHECK(sandbox.get("/journal/writes").root().size() == 2);
  }
}

TEST_CASE("a revoke whose answer is lost is repeated, and counts as done") {
  SandboxKisi sandbox;
  const auto row = sandbox.client().grant(sandbox.add_user("ada@example.com"), k_main_group, {});
  REQUIRE(row);
  sandbox.post("/faults", R"({"service":"kisi","method":"DELETE","count":1,"kind":"reset_after"})");
  CHECK(sandbox.client().revoke(*row));
  CHECK(sandbox.get("/group").root().size() == 0);
}

}  // namespace gk::test::kisi_faults_test
