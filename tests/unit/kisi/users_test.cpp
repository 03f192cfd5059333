#include "unit/kisi/scripted_kisi.hpp"

#include <catch2/catch.hpp>

namespace gk::kisi::users_test {

namespace {

using test::ScriptedKisi;
using test::user_json;

PersonKey ada() { return *PersonKey::from_email("Ada+gym@Example.com"); }

std::string list_of(const std::vector<std::string>& users) {
  std::string body = "[";
  for (const std::string& user : users) body += (body.size() > 1 ? "," : "") + user;
  return body + "]";
}

/// `count` users in pages of 100, as the service lists them.
void prepare_users(ScriptedKisi& kisi, int count, bool header = true) {
  std::vector<std::string> users;
  for (int i = 1; i <= count; ++i) users.push_back(user_json(i, fmt::format("person.{}@example.com", i)));
  if (header) {
    kisi.script.on("GET /users", test::serve(users));
    return;
  }
  kisi.script.on("GET /users", [serve = test::serve(users)](const http::Request& request) {
    auto reply = serve(request);
    reply->headers = {};
    return reply;
  });
}

}  // namespace

TEST_CASE("a user is found by the exact e-mail only") {
  struct Row {
    const char* name;
    std::vector<std::string> users;
    std::int64_t found;
  };
  const Row rows[] = {
      {"same", {user_json(1, "ada+gym@example.com")}, 1},
      {"other case and spaces", {user_json(1, " ADA+Gym@Example.COM ")}, 1},
      {"longer", {user_json(1, "ada+gym@example.com.au")}, 0},
      {"shorter", {user_json(1, "ada@example.com")}, 0},
      {"plus read as a space", {user_json(1, "ada gym@example.com")}, 0},
      {"others first", {user_json(1, "dada+gym@example.com"), user_json(2, "ada+gym@example.com")}, 2},
      {"others only", {user_json(1, "bob@example.com"), user_json(2, "")}, 0},
      {"no id", {R"({"email":"ada+gym@example.com"})"}, 0},
      {"none", {}, 0},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    ScriptedKisi kisi;
    kisi.script.on("GET /users", 200, list_of(row.users));
    const auto user = kisi.client.find_user(ada());
    REQUIRE(user);
    CHECK(user->has_value() == (row.found != 0));
    if (*user) CHECK((*user)->id == UserId(row.found));
    REQUIRE(kisi.script.requests.size() == 1);
    CHECK(test::parameter(kisi.script.requests[0], "email") == "ada+gym@example.com");
    CHECK(test::parameter(kisi.script.requests[0], "limit") == "100");
  }
}

TEST_CASE("the search asks by e-mail, then by text, and compares exactly") {
  ScriptedKisi kisi;
  kisi.script.once("GET /users", 200, "[]");
  kisi.script.once(
      "GET /users", 200,
      list_of({user_json(1, "notes.about.ada@example.com"), user_json(2, "ada+gym@example.com")}));
  const auto user = kisi.client.search_user(ada());
  REQUIRE(user);
  REQUIRE(*user);
  CHECK((*user)->id == UserId(2));
  REQUIRE(kisi.script.requests.size() == 2);
  CHECK(test::parameter(kisi.script.requests[1], "query") == "ada+gym@example.com");
  CHECK(test::parameter(kisi.script.requests[1], "email").empty());

  kisi.script.once("GET /users", 200, list_of({user_json(2, "ada+gym@example.com")}));
  REQUIRE(kisi.client.search_user(ada()));
  CHECK(kisi.script.requests.size() == 3);

  kisi.script.on("GET /users", 200, list_of({user_json(1, "bob@example.com")}));
  const auto nobody = kisi.client.search_user(ada());
  REQUIRE(nobody);
  CHECK_FALSE(*nobody);
}

TEST_CASE("look-ups that fail do not look like absence") {
  ScriptedKisi kisi;
  kisi.script.on("GET /users", 200, R"({"users":[]})");
  CHECK(kisi.client.find_user(ada()).error().category == Category::protocol);
  kisi.script.on("GET /users", 401, "");
  CHECK(kisi.client.find_user(ada()).error().category == Category::auth);
  CHECK(kisi.client.search_user(ada()).error().category == Category::auth);
}

TEST_CASE("all users are listed if that takes few enough requests") {
  struct Row {
    const char* name;
    int users;
    bool header;
    std::size_t allowed;
    bool whole;
    std::size_t requests;
    int shown;
  };
  const Row rows[] = {
      {"none", 0, true, 5, true, 1, 0},
      {"one page", 100, true, 1, true, 1, 100},
      {"three pages allowed", 250, true, 3, true, 3, 250},
      {"three pages needed, two allowed", 250, true, 2, false, 1, 100},
      {"nothing allowed", 5, true, 0, false, 0, 0},
      {"no total, short page: an empty one behind it", 40, false, 5, true, 2, 40},
      {"no total, short page, one allowed", 40, false, 1, false, 1, 40},
      {"no total, full page", 150, false, 5, false, 1, 100},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    ScriptedKisi kisi;
    prepare_users(kisi, row.users, row.header);
    int shown = 0;
    const auto whole = kisi.client.list_users(row.allowed, [&shown](const User&) { ++shown; });
    REQUIRE(whole);
    CHECK(*whole == row.whole);
    CHECK(kisi.script.requests.size() == row.requests);
    CHECK(shown == row.shown);
    for (const auto& request : kisi.script.requests) {
      CHECK(test::parameter(request, "sort") == "name");
      CHECK(test::parameter(request, "limit") == "100");
    }
  }
}

TEST_CASE("more users than Kisi lists are never listed") {
  for (const int total : {20'100, 20'101}) {
    ScriptedKisi kisi;
    kisi.script.on("GET /users", [total](const http::Request& request) {
      const std::size_t offset = std::stoul(test::parameter(request, "offset"));
      CHECK(offset <= 20'000);
      std::string body = "[" + user_json(static_cast<std::int64_t>(offset) + 1, "");
      for (std::size_t i = 2; i <= 100; ++i)
        body += "," + user_json(static_cast<std::int64_t>(offset + i), "");
      return test::answer(200, body + "]",
                          {{"X-Collection-Range", fmt::format("{}-{}/{}", offset, offset + 99, total)}});
    });
    const auto whole = kisi.client.list_users(1000, [](const User&) {});
    REQUIRE(whole);
    CHECK(*whole == (total == 20'100));
    CHECK(kisi.script.requests.size() == (total == 20'100 ? 201 : 1));
  }
}

TEST_CASE("a failing page of users is an error") {
  ScriptedKisi kisi;
  kisi.script.on("GET /users", 503, "");
  const auto whole = kisi.client.list_users(5, [](const User&) {});
  REQUIRE_FALSE(whole);
  CHECK(whole.error().category == Category::unavailable);
}

TEST_CASE("users by id come in batches of 50, without repeats, unknown ids left out") {
  ScriptedKisi kisi;
  std::vector<UserId> ids;
  for (int i = 1; i <= 101; ++i) ids.emplace_back(i);
  ids.emplace_back(7);
  std::size_t asked = 0;
  kisi.script.on("GET /users", [&asked](const http::Request& request) {
    std::vector<std::string> users;
    std::istringstream list(test::parameter(request, "ids"));
    for (std::string id; std::getline(list, id, ','); ++asked) {
      if (id != "50") users.push_back(user_json(std::stoll(id), "p@example.com"));
    }
    return test::answer(200, list_of(users));
  });
  const auto users = kisi.client.read_users(ids);
  REQUIRE(users);
  CHECK(users->size() == 100);
  CHECK(asked == 101);
  CHECK(kisi.script.requests.size() == 3);
  CHECK(test::parameter(kisi.script.requests[2], "ids") == "101");

  CHECK(kisi.client.read_users({})->empty());
  CHECK(kisi.script.requests.size() == 3);
}

TEST_CASE("an ignored id filter is noticed") {
  ScriptedKisi kisi;
  kisi.script.on("GET /users", 200, list_of({user_json(1, ""), user_json(2, "")}));
  const std::vector<UserId> both{UserId(1), UserId(99)};
  const auto users = kisi.client.read_users(both);
  REQUIRE_FALSE(users);
  CHECK(users.error().category == Category::protocol);
  const std::vector<UserId> one{UserId(1)};
  REQUIRE(kisi.client.read_users(one));
  CHECK(kisi.client.read_users(one)->size() == 1);
}

}  // namespace gk::kisi::users_test
