#include "unit/kisi/scripted_kisi.hpp"

#include <catch2/catch.hpp>

namespace gk::kisi::client_writes_test {

namespace {

using test::ScriptedKisi;
using test::user_json;

MemberId member() { return *MemberId::parse("65aa00000000000000000001"); }
BranchId branch() { return BranchId("64b0c0ffee00000000000b01"); }

NewUser ada() {
  return NewUser{*PersonKey::from_email("ada@example.com"), "Ada Example", true, member(), branch()};
}

constexpr std::string_view k_our_keys =
    R"("glofox_sync":"v1","glofox_member_id":"65aa00000000000000000001","glofox_branch_id":"64b0c0ffee00000000000b01")";

User with_locker(std::int64_t id) {
  User user;
  user.id = UserId(id);
  user.metadata = {{"locker", "17"}, {"gone", "null"}};
  return user;
}

/// What the stack says when an answer never came.
test::KisiScript::Handler lost() {
  return [](const http::Request&) -> Result<http::Response> {
    return fail(Error{Category::unavailable, "timed out after 30 s", 0, true});
  };
}

void check_request(const http::Request& request, http::Method method, http::Replay replay) {
  CHECK(request.method == method);
  CHECK(request.replay == replay);
  CHECK(request.effect == http::Effect::write);
}

}  // namespace

TEST_CASE("a user is created with one request that is never replayed") {
  ScriptedKisi kisi;
  kisi.script.on("POST /users", 200, user_json(9, "Ada@example.com"));
  const auto user = kisi.client.create_user(ada());
  REQUIRE(user);
  CHECK(user->id == UserId(9));
  REQUIRE(kisi.script.requests.size() == 1);
  check_request(kisi.script.requests[0], http::Method::post, http::Replay::once);
  CHECK(kisi.script.requests[0].body.find(R"("send_emails":true)") != std::string::npos);
}

TEST_CASE("refusals of a creation") {
  struct Row {
    int status;
    const char* body;
    Category category;
    bool unknown;
    const char* says;
    std::size_t looks = 0;  ///< an address may be refused or taken: e-mail, then search
  };
  const Row rows[] = {
      {409, R"({"error":"The record already exists."})", Category::conflict, false, "already exists"},
      {422, R"({"errors":{"email":["has already been taken"]}})", Category::conflict, false,
       "already been taken"},
      {422, R"({"errors":{"email":["is invalid"]}})", Category::rejected, false, "email: is invalid", 2},
      {422, R"({"errors":{"name":["is too long"],"notes":["is rude"]}})", Category::rejected, false,
       "name: is too long; notes: is rude"},
      {403, R"({"error":"Access denied.","code":"fcd8ef"})", Category::forbidden, false, "[fcd8ef]"},
      {401, "", Category::auth, false, "401"},
      {500, "", Category::unavailable, true, "500"},
      {200, "<html>", Category::protocol, true, "creation"},
      {200, "{}", Category::protocol, true, "creation"},
      {200, R"({"id":9,"email":"bob@example.com"})", Category::protocol, true, "another e-mail"},
      {204, "", Category::protocol, true, "creation"},
  };
  for (const Row& row : rows) {
    INFO(row.status << " " << row.body);
    ScriptedKisi kisi;
    kisi.script.on("POST /users", row.status, row.body);
    kisi.script.on("GET /users", 200, "[]");
    const auto user = kisi.client.create_user(ada());
    REQUIRE_FALSE(user);
    CHECK(user.error().category == row.category);
    CHECK(user.error().outcome_unknown == row.unknown);
    CHECK(user.error().message.find(row.says) != std::string::npos);
    CHECK(user.error().message.find("ada@") == std::string::npos);
    CHECK(kisi.script.requests.size() == 1 + row.looks);
  }
}

TEST_CASE("a lost answer stays unknown, with context") {
  ScriptedKisi kisi;
  kisi.script.on("POST /users", lost());
  kisi.script.on("POST /role_assignments", lost());
  kisi.script.on("PATCH /role_assignments/5", lost());
  kisi.script.on("DELETE /role_assignments/5", lost());
  const auto check = [](const Error& error, const char* message) {
    CHECK(error.category == Category::unavailable);
    CHECK(error.outcome_unknown);
    CHECK(error.message == message);
  };
  check(kisi.client.create_user(ada()).error(), "Kisi: creation of a user: timed out after 30 s");
  check(kisi.client.grant(UserId(7710342), GroupId(45510), {}).error(),
        "Kisi: grant to user 7710342 in group 45510: timed out after 30 s");
  check(kisi.client.change(RoleAssignmentId(5), {}).error(), "Kisi: change of row 5: timed out after 30 s");
  check(kisi.client.revoke(RoleAssignmentId(5)).error(), "Kisi: revoke of row 5: timed out after 30 s");
}

TEST_CASE("a grant answers with its row") {
  ScriptedKisi kisi;
  kisi.script.on("POST /role_assignments", 200, test::row_json(77, 9));
  const auto row = kisi.client.grant(UserId(9), GroupId(45510), {});
  REQUIRE(row);
  CHECK(*row == RoleAssignmentId(77));
  check_request(kisi.script.requests.at(0), http::Method::post, http::Replay::once);
}

TEST_CASE("only the grant after a revoke must follow") {
  ScriptedKisi kisi;
  kisi.script.on("POST /role_assignments", 200, test::row_json(77, 9));
  REQUIRE(kisi.client.grant(UserId(9), GroupId(45510), {}));
  REQUIRE(kisi.client.regrant(UserId(9), GroupId(45510), {}));
  CHECK_FALSE(kisi.script.requests.at(0).must_follow);
  CHECK(kisi.script.requests.at(1).must_follow);
  CHECK(kisi.script.requests.at(0).body == kisi.script.requests.at(1).body);
  check_request(kisi.script.requests.at(1), http::Method::post, http::Replay::once);
}

TEST_CASE("refusals of a grant") {
  struct Row {
    int status;
    const char* body;
    Category category;
    bool unknown;
  };
  const Row rows[] = {
      {409, "", Category::conflict, false},
      {422, R"({"errors":{"assignee_id":["has already been taken"]}})", Category::conflict, false},
      {422, R"({"errors":{"valid_until":["must be after valid_from"]}})", Category::rejected, false},
      {403, "", Category::forbidden, false},
      {401, "", Category::auth, false},
      {503, "", Category::unavailable, true},
      {200, "", Category::protocol, true},
      {200, "{}", Category::protocol, true},
  };
  for (const Row& row : rows) {
    INFO(row.status << " " << row.body);
    ScriptedKisi kisi;
    kisi.script.on("POST /role_assignments", row.status, row.body);
    const auto granted = kisi.client.grant(UserId(9), GroupId(45510), {});
    REQUIRE_FALSE(granted);
    CHECK(granted.error().category == row.category);
    CHECK(granted.error().outcome_unknown == row.unknown);
    CHECK(kisi.script.requests.size() == 1);
  }
  for (const std::string& foreign : {test::row_json(77, 10), test::row_json(77, 9, 45511)}) {
    ScriptedKisi kisi;
    kisi.script.on("POST /role_assignments", 200, foreign);
    const auto granted = kisi.client.grant(UserId(9), GroupId(45510), {});
    REQUIRE_FALSE(granted);
    CHECK(granted.error().outcome_unknown);
  }
}

TEST_CASE("a grant that meets 404 says what is gone") {
  struct Row {
    int status;
    Category category;
    const char* says;
  };
  const Row rows[] = {
      {200, Category::not_found, "it is the group that is gone"},
      {404, Category::not_found, "the user is gone"},
      {403, Category::not_found, "the user or the group is gone"},
      {503, Category::not_found, "the user or the group is gone"},
      {401, Category::auth, "401"},
  };
  for (const Row& row : rows) {
    INFO(row.status);
    ScriptedKisi kisi;
    kisi.script.on("POST /role_assignments", 404, R"({"error":"Not found"})");
    kisi.script.on("GET /users/9", row.status, row.status == 200 ? user_json(9, "ada@example.com") : "");
    const auto granted = kisi.client.grant(UserId(9), GroupId(45510), {});
    REQUIRE_FALSE(granted);
    CHECK(granted.error().category == row.category);
    CHECK(granted.error().message.find(row.says) != std::string::npos);
    CHECK(kisi.script.requests.size() == 2);
  }
}

TEST_CASE("a change sends both bounds and may be repeated") {
  ScriptedKisi kisi;
  kisi.script.on("PATCH /role_assignments/5", 204, "");
  REQUIRE(kisi.client.change(RoleAssignmentId(5), {}));
  check_request(kisi.script.requests[0], http::Method::patch, http::Replay::idempotent);
  CHECK(kisi.script.requests[0].body == R"({"role_assignment":{"valid_from":null,"valid_until":null}})");
  kisi.script.on("PATCH /role_assignments/5", 422, R"({"errors":{"valid_until":["can't be changed"]}})");
  CHECK(kisi.client.change(RoleAssignmentId(5), {}).error().category == Category::rejected);
  kisi.script.on("PATCH /role_assignments/5", 404, "");
  CHECK(kisi.client.change(RoleAssignmentId(5), {}).error().category == Category::not_found);
}

TEST_CASE("a revoke counts a row that is gone as done, but not a route that is gone") {
  struct Row {
    int status;
    const char* body;
    bool done;
    Category category;
  };
  const Row rows[] = {
      {204, "", true, {}},
      {200, "{}", true, {}},
      {404, R"({"error":"Not found"})", true, {}},
      {404, R"({"code":"000404","error":"The endpoint does not exist, please check your request."})", false,
       Category::protocol},
      {403, "", false, Category::forbidden},
      {401, "", false, Category::auth},
      {409, "", false, Category::conflict},
  };
  for (const Row& row : rows) {
    INFO(row.status << " " << row.body);
    ScriptedKisi kisi;
    kisi.script.on("DELETE /role_assignments/5", row.status, row.body);
    const auto revoked = kisi.client.revoke(RoleAssignmentId(5));
    CHECK(revoked.has_value() == row.done);
    if (!revoked) CHECK(revoked.error().category == row.category);
    check_request(kisi.script.requests.at(0), http::Method::del, http::Replay::idempotent);
    CHECK(kisi.script.requests.at(0).body.empty());
  }
}

TEST_CASE("metadata is merged, read back once, and then trusted") {
  ScriptedKisi kisi;
  kisi.script.on("PATCH /users/9", 204, "");
  kisi.script.on("PATCH /users/10", 204, "");
  kisi.script.on("GET /users/9", 200, user_json(9, "", fmt::format(R"({{"locker":17,{}}})", k_our_keys)));
  REQUIRE(kisi.client.merge_metadata(with_locker(9), member(), branch()));
  REQUIRE(kisi.script.requests.size() == 2);
  CHECK(kisi.script.transport.count("GET /users/9") == 1);
  check_request(kisi.script.requests[0], http::Method::patch, http::Replay::idempotent);
  CHECK(kisi.script.requests[0].body.find(R"("locker":17)") != std::string::npos);
  REQUIRE(kisi.client.merge_metadata(with_locker(10), member(), branch()));
  CHECK(kisi.script.requests.size() == 3);
}

TEST_CASE("metadata that is right already sends nothing") {
  ScriptedKisi kisi;
  const User user = [] {
    auto document = json::Document::parse(test::fixture("user.json"));
    REQUIRE(document);
    User read = with_locker(7710342);
    const json::View metadata = document->root()["metadata"];
    for (const auto key : metadata.keys())
      read.metadata.insert_or_assign(std::string(key), metadata[key].dump());
    return read;
  }();
  REQUIRE(kisi.client.merge_metadata(user, member(), branch()));
  CHECK(kisi.script.requests.empty());
}

TEST_CASE("metadata that Kisi did not keep stops all further changes") {
  struct Row {
    const char* name;
    std::string left;
    const char* says;
  };
  const Row rows[] = {
      {"a foreign key is lost", fmt::format("{{{}}}", k_our_keys), "'locker' is missing"},
      {"a foreign value changed", fmt::format(R"({{"locker":18,{}}})", k_our_keys),
       "'locker' has another value"},
      {"ours were not taken", R"({"locker":17})", "'glofox_branch_id' is missing"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    ScriptedKisi kisi;
    kisi.script.on("PATCH /users/9", 204, "");
    kisi.script.on("GET /users/9", 200, user_json(9, "", row.left));
    for (int i = 0; i < 2; ++i) {
      const auto merged = kisi.client.merge_metadata(with_locker(9), member(), branch());
      REQUIRE_FALSE(merged);
      CHECK(merged.error().category == Category::protocol);
      CHECK(merged.error().message.find(row.says) != std::string::npos);
    }
    CHECK(kisi.script.requests.size() == 2);
  }
}

TEST_CASE("metadata changes that fail") {
  ScriptedKisi kisi;
  kisi.script.on("PATCH /users/9", 422, R"({"errors":{"metadata":["is too long"]}})");
  const auto refused = kisi.client.merge_metadata(with_locker(9), member(), branch());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().category == Category::rejected);
  CHECK(refused.error().message.find("metadata: is too long") != std::string::npos);

  User full = with_locker(9);
  for (int i = 0; i < 50; ++i) full.metadata.emplace(fmt::format("key{}", i), "1");
  CHECK(kisi.client.merge_metadata(full, member(), branch()).error().category == Category::rejected);
  CHECK(kisi.script.requests.size() == 1);
}

}  // namespace gk::kisi::client_writes_test
