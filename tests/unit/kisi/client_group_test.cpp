#include "unit/kisi/scripted_kisi.hpp"

#include <catch2/catch.hpp>

namespace gk::kisi::client_group_test {

namespace {

using Rows = std::vector<RoleAssignment>;
using test::ScriptedKisi;

constexpr std::int64_t k_group = 45510;

std::vector<std::string> rows_json(int count) {
  std::vector<std::string> rows;
  for (int i = 1; i <= count; ++i) rows.push_back(test::row_json(i, 1000 + i));
  return rows;
}

/// A group with these rows and this users_count.
void prepare(ScriptedKisi& kisi, std::vector<std::string> rows, std::int64_t users_count) {
  kisi.script.on("GET /groups/45510", 200, test::group_json(users_count));
  kisi.script.on("GET /role_assignments", test::serve(std::move(rows)));
}

const Error* doubt_of(const reconcile::GroupSnapshot& snapshot) {
  const auto* partial = std::get_if<Partial<Rows>>(&snapshot.rows);
  return partial == nullptr ? nullptr : &partial->reason();
}

const Rows& rows_of(const reconcile::GroupSnapshot& snapshot) {
  const auto* partial = std::get_if<Partial<Rows>>(&snapshot.rows);
  return partial != nullptr ? partial->value() : std::get<Complete<Rows>>(snapshot.rows).value();
}

}  // namespace

TEST_CASE("reading a group costs 2 + ceil(rows / 250) requests") {
  struct Row {
    int rows;
    std::size_t requests;
  };
  for (const Row& row : {Row{0, 3}, Row{1, 3}, Row{250, 3}, Row{251, 4}, Row{500, 4}, Row{501, 5}}) {
    INFO(row.rows);
    ScriptedKisi kisi;
    prepare(kisi, rows_json(row.rows), row.rows);
    const auto snapshot = kisi.client.read_group(GroupId(k_group));
    REQUIRE(snapshot);
    CHECK(kisi.script.requests.size() == row.requests);
    CHECK(doubt_of(*snapshot) == nullptr);
    CHECK(rows_of(*snapshot).size() == static_cast<std::size_t>(row.rows));
    CHECK(snapshot->self.id == UserId(7000001));
    CHECK(snapshot->group.name == "Members - Riverside");
  }
}

TEST_CASE("the list of a group is asked for with type, id, limit and sort, and without an assignee type") {
  ScriptedKisi kisi;
  prepare(kisi, rows_json(1), 1);
  REQUIRE(kisi.client.read_group(GroupId(k_group)));
  const http::Request& list = kisi.script.requests.back();
  CHECK(test::parameter(list, "applies_to_type") == "Group");
  CHECK(test::parameter(list, "applies_to_id") == "45510");
  CHECK(test::parameter(list, "limit") == "250");
  CHECK(test::parameter(list, "sort") == "user.name");
  CHECK(test::parameter(list, "offset") == "0");
  CHECK(test::parameter(list, "assignee_type").empty());
  for (const http::Request& request : kisi.script.requests) {
    CHECK(request.effect == http::Effect::read);
    CHECK(request.replay == http::Replay::safe);
  }
}

TEST_CASE("the key's user is asked for once in the client's life") {
  ScriptedKisi kisi;
  prepare(kisi, rows_json(1), 1);
  REQUIRE(kisi.client.read_group(GroupId(k_group)));
  REQUIRE(kisi.client.read_group(GroupId(k_group)));
  CHECK(kisi.script.requests.size() == 5);
}

TEST_CASE("rows of other groups are dropped, and the arithmetic still holds") {
  ScriptedKisi kisi;
  prepare(
      kisi,
      {test::row_json(1, 10), test::row_json(2, 11, 45511),
       R"({"id":3,"applies_to_type":"Place","applies_to_id":45510,"assignee_type":"User","assignee_id":12})",
       test::row_json(4, 13)},
      2);
  const auto snapshot = kisi.client.read_group(GroupId(k_group));
  REQUIRE(snapshot);
  CHECK(doubt_of(*snapshot) == nullptr);
  REQUIRE(rows_of(*snapshot).size() == 2);
  CHECK(rows_of(*snapshot)[0].id == RoleAssignmentId(1));
  CHECK(rows_of(*snapshot)[1].id == RoleAssignmentId(4));
}

TEST_CASE("an empty list of a group that counts users is not whole") {
  ScriptedKisi kisi;
  prepare(kisi, {}, 3);
  const auto snapshot = kisi.client.read_group(GroupId(k_group));
  REQUIRE(snapshot);
  REQUIRE(doubt_of(*snapshot) != nullptr);
  CHECK(doubt_of(*snapshot)->category == Category::protocol);

  ScriptedKisi filtered;  // rows came, but none of this group
  prepare(filtered, {test::row_json(1, 10, 45511)}, 3);
  const auto other = filtered.client.read_group(GroupId(k_group));
  REQUIRE(other);
  CHECK(doubt_of(*other) != nullptr);
}

TEST_CASE("a list that never settles is partial, and rows are not doubled by reading anew") {
  ScriptedKisi kisi;
  prepare(kisi, {}, 2);
  kisi.script.on("GET /role_assignments", [](const http::Request&) {
    return test::answer(200, "[" + test::row_json(1, 10) + "," + test::row_json(2, 11) + "]",
                        {{"X-Collection-Range", "0-249/3"}});
  });
  const auto snapshot = kisi.client.read_group(GroupId(k_group));
  REQUIRE(snapshot);
  CHECK(kisi.script.requests.size() == 2 + 4);
  REQUIRE(doubt_of(*snapshot) != nullptr);
  CHECK(doubt_of(*snapshot)->message == "Kisi: rows of group 45510: 2 rows were read, 3 were declared");
  CHECK(rows_of(*snapshot).size() == 2);
}

TEST_CASE("a page that fails makes the list partial with the failure's category") {
  for (const Category category : {Category::unavailable, Category::deadline, Category::interrupted}) {
    ScriptedKisi kisi;
    prepare(kisi, {}, 2);
    kisi.script.on("GET /role_assignments",
                   [category](const http::Request&) { return fail(category, "no answer"); });
    const auto snapshot = kisi.client.read_group(GroupId(k_group));
    REQUIRE(snapshot);
    REQUIRE(doubt_of(*snapshot) != nullptr);
    CHECK(doubt_of(*snapshot)->category == category);
  }
}

TEST_CASE("a row whose validity cannot be read makes the list partial") {
  ScriptedKisi kisi;
  std::string row = test::row_json(2, 11);
  row.replace(row.find(R"("valid_until":null)"), 18, R"("valid_until":"later")");
  prepare(kisi, {test::row_json(1, 10), row, test::row_json(3, 12)}, 3);
  const auto snapshot = kisi.client.read_group(GroupId(k_group));
  REQUIRE(snapshot);
  REQUIRE(doubt_of(*snapshot) != nullptr);
  CHECK(doubt_of(*snapshot)->message.find("row 2") != std::string::npos);
  CHECK(rows_of(*snapshot).size() == 2);
  CHECK(kisi.script.requests.size() == 3);
}

TEST_CASE("a list that is read anew forgets the first reading") {
  ScriptedKisi kisi;
  prepare(kisi, {}, 1);
  kisi.script.once("GET /role_assignments", 200, "[" + test::row_json(1, 10) + "]",
                   {{"X-Collection-Range", "0-249/2"}});
  kisi.script.on("GET /role_assignments", test::serve({test::row_json(2, 11)}));
  const auto snapshot = kisi.client.read_group(GroupId(k_group));
  REQUIRE(snapshot);
  CHECK(doubt_of(*snapshot) == nullptr);
  REQUIRE(rows_of(*snapshot).size() == 1);
  CHECK(rows_of(*snapshot).front().id == RoleAssignmentId(2));
}

TEST_CASE("a group beyond 20,250 rows is refused as unusable") {
  ScriptedKisi kisi;
  prepare(kisi, {}, 30'000);
  kisi.script.on("GET /role_assignments", [](const http::Request&) {
    std::string body = "[" + test::row_json(1, 10);
    for (int i = 2; i <= 250; ++i) body += "," + test::row_json(i, 10 + i);
    return test::answer(200, body + "]", {{"X-Collection-Range", "0-249/30000"}});
  });
  const auto snapshot = kisi.client.read_group(GroupId(k_group));
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().category == Category::protocol);
  CHECK(snapshot.error().message.find("30000") != std::string::npos);
  CHECK(kisi.script.requests.size() == 3);
}

TEST_CASE("e-mails that rows lack are asked for in batches of 50") {
  ScriptedKisi kisi;
  std::vector<std::string> rows;
  for (int i = 1; i <= 70; ++i) {
    rows.push_back(
        fmt::format(R"({{"id":{},"group_id":45510,"user_id":{},"role_id":"group_basic"}})", i, 1000 + i));
  }
  rows.push_back(test::row_json(71, 2000));
  rows.push_back(
      R"({"id":72,"applies_to_type":"Group","applies_to_id":45510,"assignee_type":"Team","assignee_id":1})");
  prepare(kisi, rows, 71);
  kisi.script.on("GET /users", [](const http::Request& request) {
    std::string body = "[";
    std::istringstream ids(test::parameter(request, "ids"));
    int count = 0;
    for (std::string id; std::getline(ids, id, ','); ++count) {
      if (id == "1005") continue;  // unknown by now
      body += (body.size() > 1 ? "," : "") + test::user_json(std::stoll(id), "mail." + id + "@example.com");
    }
    CHECK(count <= 50);
    return test::answer(200, body + "]");
  });
  const auto snapshot = kisi.client.read_group(GroupId(k_group));
  REQUIRE(snapshot);
  CHECK(doubt_of(*snapshot) == nullptr);
  CHECK(kisi.script.requests.size() == 5);
  for (const RoleAssignment& row : rows_of(*snapshot)) {
    if (row.id.value() > 70) continue;
    const bool known = row.user != UserId(1005);
    CHECK(row.email == (known ? fmt::format("mail.{}@example.com", row.user) : ""));
  }
}

TEST_CASE("e-mails that cannot be completed leave the list in doubt") {
  ScriptedKisi kisi;
  prepare(kisi, {R"({"id":1,"group_id":45510,"user_id":9})"}, 1);
  kisi.script.on("GET /users", 503, "");
  const auto snapshot = kisi.client.read_group(GroupId(k_group));
  REQUIRE(snapshot);
  REQUIRE(doubt_of(*snapshot) != nullptr);
  CHECK(doubt_of(*snapshot)->category == Category::unavailable);
}

TEST_CASE("refusals while a group is read") {
  struct Row {
    const char* route;
    int status;
    const char* body;
    Category category;
    const char* says;
  };
  const Row rows[] = {
      {"GET /user", 401, "", Category::auth, "API key"},
      {"GET /user", 403, "", Category::auth, "API key"},
      {"GET /user", 200, "[]", Category::protocol, "API key"},
      {"GET /user", 200, "<html>", Category::protocol, "API key"},
      {"GET /groups/45510", 401, "", Category::auth, "45510"},
      {"GET /groups/45510", 403, "", Category::config, "may not see it"},
      {"GET /groups/45510", 404, R"({"error":"Not found"})", Category::config, "the id is wrong"},
      {"GET /groups/45510", 404, R"({"code":"000404"})", Category::protocol, "45510"},
      {"GET /groups/45510", 200, R"({"id":45511})", Category::protocol, "45511"},
      {"GET /role_assignments", 401, "", Category::auth, "45510"},
      {"GET /role_assignments", 403, "", Category::auth, "role_assignments_read"},
  };
  for (const Row& row : rows) {
    INFO(row.route << " " << row.status << " " << row.body);
    ScriptedKisi kisi;
    prepare(kisi, rows_json(1), 1);
    kisi.script.on(row.route, row.status, row.body);
    const auto snapshot = kisi.client.read_group(GroupId(k_group));
    REQUIRE_FALSE(snapshot);
    CHECK(snapshot.error().category == row.category);
    CHECK(snapshot.error().message.find(row.says) != std::string::npos);
  }
}

TEST_CASE("a place-scoped group is reported as such") {
  ScriptedKisi kisi;
  prepare(kisi, {}, 0);
  kisi.script.on("GET /groups/45510", 200, R"({"id":45510,"name":"Door","place_id":22801,"users_count":0})");
  const auto snapshot = kisi.client.read_group(GroupId(k_group));
  REQUIRE(snapshot);
  CHECK(snapshot->group.place == PlaceId(22801));
}

TEST_CASE("the rows of one user are filtered again, and must be whole") {
  ScriptedKisi kisi;
  kisi.script.on("GET /role_assignments",
                 test::serve({test::row_json(1, 10), test::row_json(2, 11), test::row_json(3, 10, 45511),
                              R"({"id":4,"group_id":45510,"assignee_type":"Team","assignee_id":10})"}));
  const auto rows = kisi.client.read_rows_of(UserId(10), GroupId(k_group));
  REQUIRE(rows);
  REQUIRE(rows->size() == 1);
  CHECK(rows->front().id == RoleAssignmentId(1));
  const http::Request& request = kisi.script.requests.front();
  CHECK(test::parameter(request, "assignee_type") == "User");
  CHECK(test::parameter(request, "assignee_id") == "10");
  CHECK(test::parameter(request, "applies_to_id") == "45510");
  CHECK(kisi.script.requests.size() == 1);

  kisi.script.on("GET /role_assignments", [](const http::Request&) {
    return test::answer(200, "[]", {{"X-Collection-Range", "0-249/2"}});
  });
  const auto doubtful = kisi.client.read_rows_of(UserId(10), GroupId(k_group));
  REQUIRE_FALSE(doubtful);
  CHECK(doubtful.error().category == Category::protocol);
}

TEST_CASE("one row") {
  ScriptedKisi kisi;
  kisi.script.on("GET /role_assignments/9920017", 200, test::fixture("row_current.json"));
  const auto row = kisi.client.read_row(RoleAssignmentId(9920017));
  REQUIRE(row);
  CHECK(row->user == UserId(7710342));
  kisi.script.on("GET /role_assignments/5", 404, "");
  CHECK(kisi.client.read_row(RoleAssignmentId(5)).error().category == Category::not_found);
  kisi.script.on("GET /role_assignments/6", 200, test::row_json(7, 1));
  CHECK(kisi.client.read_row(RoleAssignmentId(6)).error().category == Category::protocol);
}

TEST_CASE("deprecated endpoints are noted once each, with the raw texts") {
  ScriptedKisi kisi;
  prepare(kisi, {}, 0);
  kisi.script.on("GET /groups/45510", [](const http::Request&) {
    return test::answer(200, test::group_json(0),
                        {{"deprecation", "Sun, 01 Feb 2026 00:00:00 GMT"}, {"SUNSET", "in a while\r"}});
  });
  REQUIRE(kisi.client.read_group(GroupId(k_group)));
  REQUIRE(kisi.client.read_group(GroupId(k_group)));
  const auto notices = kisi.client.deprecations();
  REQUIRE(notices.size() == 1);
  CHECK(notices.front().endpoint == "/groups/{id}");
  CHECK(notices.front().deprecation == "Sun, 01 Feb 2026 00:00:00 GMT");
  CHECK(notices.front().sunset == R"(in a while\x0d)");
}

}  // namespace gk::kisi::client_group_test
