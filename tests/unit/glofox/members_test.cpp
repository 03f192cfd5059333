#include <catch2/catch.hpp>

#include "domain/person.hpp"
#include "support/membership_words.hpp"
#include "unit/glofox/scripted_glofox.hpp"
#include "util/text.hpp"

namespace gk::glofox::members_test {

using namespace gk::glofox::testing;

namespace {

const MemberId k_ada = *MemberId::parse("65aa00000000000000000001");
const std::string k_ada_path = "GET /2.0/members/65aa00000000000000000001";
const std::string k_ada_body =
    R"({"_id":"65aa00000000000000000001","email":"ada@example.com","membership":{"type":"time","status":"PAUSED"}})";
const std::string k_users = "GET /2.1/branches/64b0c0ffee00000000000b01/users";

/// "PAUSED", "gone" or the category.
std::string shown(const Result<std::optional<Member>>& member) {
  if (!member) return std::string(category_name(member.error().category));
  return *member ? std::string(membership_status_name((*member)->membership.status)) : "gone";
}

PersonKey person(std::string_view email) { return PersonKey::from_email(email).value(); }

}  // namespace

TEST_CASE("a single person is found, gone, or not known") {
  const std::vector<std::pair<Result<http::Response>, std::string>> cases = {
      {test::answer(200, k_ada_body), "PAUSED"},
      {test::answer(200, "{\"data\":" + k_ada_body + "}"), "PAUSED"},
      {test::answer(
           200,
           R"({"success":false,"message_code":"Resource not available, empty result cant be processed"})"),
       "gone"},
      {test::answer(404, R"({"status":"NOT_FOUND","error_code":"MEMBER_NOT_FOUND"})"), "gone"},
      {test::answer(404, R"({"message":"Route not found","message_code":"WRONG_URL"})"), "protocol"},
      {test::answer(404, "<html>no upstream</html>"), "protocol"},
      {test::answer(200, R"({"success":false,"message":"missing headers"})"), "protocol"},
      {test::answer(401, ""), "auth"},
      {test::answer(403, R"({"message":"nope"})"), "forbidden"},
      {test::answer(500, ""), "unavailable"},
      {test::answer(429, ""), "rate_limited"},
      {test::answer(400, R"({"message":"bad"})"), "rejected"},
      {test::answer(200, "<html>"), "protocol"},
      {test::answer(200, "[]"), "protocol"},
      {test::answer(200, R"({"_id":"65aa00000000000000000002"})"), "protocol"},
      {test::no_answer(true), "unavailable"},
  };
  for (const auto& [answer, expected] : cases) {
    INFO(expected);
    ScriptedGlofox gym(0);
    gym.transport().script(k_ada_path, answer);
    const auto members = gym.client().read_members(std::vector{k_ada});
    REQUIRE(members.size() == 1);
    CHECK(shown(members[0]) == expected);
  }
}

TEST_CASE("a broken body of a single person is asked for once more") {
  ScriptedGlofox gym(0);
  gym.transport().script(k_ada_path, test::answer(200, "<html>"));
  gym.transport().script(k_ada_path, test::answer(200, k_ada_body));
  CHECK(shown(gym.client().read_members(std::vector{k_ada})[0]) == "PAUSED");
  CHECK(gym.transport().count(k_ada_path) == 2);
}

TEST_CASE("single people are asked for in parallel and answered in the order asked") {
  ScriptedGlofox gym(0);
  std::vector<MemberId> ids;
  for (std::size_t i = 0; i < 100; ++i) ids.push_back(*MemberId::parse(member_id(99 - i)));
  gym.transport().on_any([](const http::Request& request) -> Result<http::Response> {
    CHECK(request.endpoint == "/2.0/members/{id}");
    const std::string id = request.path.substr(std::string("/2.0/members/").size());
    if (id == member_id(7)) return test::answer(404, R"({"error_code":"MEMBER_NOT_FOUND"})");
    return test::answer(200, "{\"_id\":\"" + id + "\"}");
  });
  const auto members = gym.client().read_members(ids);
  REQUIRE(members.size() == 100);
  for (std::size_t i = 0; i < 100; ++i) {
    REQUIRE(members[i]);
    if (99 - i == 7) {
      CHECK_FALSE(*members[i]);
    } else {
      REQUIRE(*members[i]);
      CHECK((*members[i])->id == ids[i]);
    }
  }
  CHECK(gym.transport().max_running > 5);
  CHECK(gym.client().read_members({}).empty());
}

TEST_CASE("refused credentials stop the reading of single people") {
  ScriptedGlofox gym(0);
  gym.transport().on_any([](const http::Request&) -> Result<http::Response> { return test::answer(401); });
  std::vector<MemberId> ids;
  for (std::size_t i = 0; i < 500; ++i) ids.push_back(*MemberId::parse(member_id(i)));
  const auto members = gym.client().read_members(ids);
  REQUIRE(members.size() == 500);
  for (const auto& member : members) CHECK(shown(member) == "auth");
  CHECK(gym.transport().requests.size() < 50);
  CHECK(gym.transport().pending() == 0);
}

TEST_CASE("people are found by exactly their e-mail") {
  const auto rows = [](const std::vector<std::pair<std::string, std::string>>& people) {
    std::vector<std::string> out;
    for (const auto& [id, email] : people) {
      out.push_back(fmt::format(R"({{"_id":"65aa0000000000000000000{}","email":"{}"}})", id, email));
    }
    return fmt::format(R"({{"success":true,"data":[{}],"has_more":false}})", fmt::join(out, ","));
  };
  const auto found = [](const std::string& body, std::string_view email) -> std::string {
    ScriptedGlofox gym(0);
    gym.transport().script(k_users, test::answer(200, body));
    const auto members = gym.client().find_members(person(email));
    CHECK(param(gym.transport().requests.front(), "filters[email]") == ascii_lower(email));
    if (!members)
      return std::string(category_name(members.error().category)) + ": " + members.error().message;
    std::string ids;
    for (const Member& member : *members) ids += member.id.text().back();
    return ids;
  };
  CHECK(found(rows({{"1", "Ada+Gym@Example.com "}}), "Ada+gym@example.com") == "1");
  CHECK(found(rows({{"1", "ada@example.com"}, {"2", "ADA@example.com"}}), "ada@example.com") == "12");
  CHECK(found(rows({}), "ada@example.com").empty());
  CHECK(found(rows({{"1", ""}}), "ada@example.com").empty());
  CHECK(found(rows({{"1", "bo@example.com"}, {"2", "ada@example.com"}}), "ada@example.com") == "2");
  CHECK(found(rows({{"1", "bo@example.com"}}), "ada@example.com") ==
        "protocol: Glofox search by e-mail: the filter was ignored, other people came back");
  CHECK(found(R"({"data":[{"email":"ada@example.com"}]})", "ada@example.com") ==
        "protocol: Glofox search by e-mail: a row has no valid _id");
  CHECK(found(R"({"data":{}})", "ada@example.com") ==
        "protocol: Glofox search by e-mail: the answer has no list of rows");
}

TEST_CASE("a key without the search route says so without shaming the key") {
  for (const int status : {401, 403}) {
    ScriptedGlofox gym(0);
    gym.transport().script(k_users, test::answer(status, R"({"message":"Unauthorized"})"));
    const auto members = gym.client().find_members(person("ada@example.com"));
    REQUIRE_FALSE(members);
    CHECK(members.error().category == Category::forbidden);
  }
}

}  // namespace gk::glofox::members_test
