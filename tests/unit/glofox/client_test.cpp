#include <catch2/catch.hpp>

#include "unit/glofox/scripted_glofox.hpp"

namespace gk::glofox::client_test {

using namespace gk::glofox::testing;

namespace {

template <class T>
std::string category_of(const Result<T>& result) {
  return result ? "ok" : std::string(category_name(result.error().category));
}

}  // namespace

TEST_CASE("the catalogue is read whole, hidden plans too") {
  ScriptedGlofox gym(0);
  gym.transport().on_any([](const http::Request& request) -> Result<http::Response> {
    CHECK(request.path == "/2.0/memberships");
    CHECK(param(request, "private") == "any");
    CHECK(param(request, "limit") == "100");
    const bool first = param(request, "page") == "1";
    PageSpec spec;
    spec.total = 101;
    spec.limit = 100;
    spec.has_more = first;
    for (int i = 0; i < (first ? 100 : 1); ++i) {
      spec.rows.push_back(
          fmt::format(R"({{"_id":"65cc{:020x}","name":"M","plans":[{{"code":{},"name":"P"}},{{}}]}})",
                      first ? i : 100, 1700000000000 + i));
    }
    return test::answer(200, page_body(first ? 1 : 2, spec));
  });
  const auto catalogue = gym.client().read_catalogue();
  REQUIRE(catalogue);
  CHECK(catalogue->size() == 202);
  CHECK(catalogue->front() == PlanNames{"65cc00000000000000000000", "M", "P", "1700000000000"});
  CHECK(gym.transport().requests.size() == 2);
}

TEST_CASE("a catalogue that is not whole is an error") {
  const auto read = [](http::Response answer) {
    ScriptedGlofox gym(0);
    gym.transport().script("GET /2.0/memberships", std::move(answer));
    return category_of(gym.client().read_catalogue());
  };
  CHECK(read(test::answer(200, R"({"data":[],"total_count":0})")) == "ok");
  CHECK(read(test::answer(200, R"({"data":[],"total_count":3})")) == "protocol");
  CHECK(read(test::answer(200, R"({"data":[{"name":"no id"}]})")) == "protocol");
  CHECK(read(test::answer(200, "<html>")) == "protocol");
  CHECK(read(test::answer(503)) == "unavailable");
  CHECK(read(test::answer(401)) == "auth");
}

TEST_CASE("the branch alone") {
  ScriptedGlofox gym(0);
  const auto branch = gym.client().read_branch();
  REQUIRE(branch);
  CHECK(branch->id == k_branch);
  CHECK(gym.transport().requests.front().endpoint == "/2.0/branches/{id}");
}

TEST_CASE("an id that is none never gets into a path") {
  test::ManualClock clock;
  test::FakeTransport transport(clock);
  Log log(stderr, LogLevel::error, LogFormat::text, clock);
  for (const std::string id : {"", "../members", "64B0C0FFEE00000000000B01", "64b0c0ffee00000000000b0"}) {
    GlofoxClient client(transport, BranchId(id), clock, log);
    CHECK(category_of(client.read_branch()) == "config");
    CHECK(category_of(client.read_roster()) == "config");
    CHECK(category_of(client.check_members_access()) == "config");
    CHECK(category_of(client.read_catalogue()) == "config");
  }
  CHECK(transport.requests.empty());
}

TEST_CASE("access to the members is checked with the cheapest call") {
  const auto check = [](http::Response answer) -> std::string {
    ScriptedGlofox gym(0);
    gym.transport().script("GET /2.0/members", std::move(answer));
    const auto total = gym.client().check_members_access();
    CHECK(param(gym.transport().requests.front(), "limit") == "1");
    if (!total) return category_of(total);
    return *total ? std::to_string(**total) : "uncounted";
  };
  CHECK(check(test::answer(200, R"({"data":[{}],"total_count":1366})")) == "1366");
  CHECK(check(test::answer(200, R"({"data":[],"meta":{"totalCount":7}})")) == "7");
  CHECK(check(test::answer(200, R"({"data":[]})")) == "uncounted");
  CHECK(check(test::answer(200, R"({"success":false,"message":"no such branch"})")) == "config");
  CHECK(check(test::answer(200, R"({"ok":true})")) == "protocol");
  CHECK(check(test::answer(403, R"({"message":"Forbidden"})")) == "auth");
  CHECK(check(test::answer(401)) == "auth");
  CHECK(check(test::answer(429)) == "rate_limited");
  CHECK(check(test::answer(200, "<html>")) == "protocol");
}

TEST_CASE("a broken body of a single answer is asked for once more") {
  ScriptedGlofox gym(0);
  gym.transport().script("GET /2.0/members", test::answer(200, "<html>"));
  gym.transport().script("GET /2.0/members", test::answer(200, R"({"data":[],"total_count":3})"));
  CHECK(category_of(gym.client().check_members_access()) == "ok");
  CHECK(gym.transport().requests.size() == 2);
}

TEST_CASE("the locations of a key come as a list or as one object") {
  const auto read = [](http::Response answer) -> std::string {
    ScriptedGlofox gym(0);
    gym.transport().script("POST /v3.0/locations/retrieve", std::move(answer));
    const auto branches = gym.client().read_allowed_branches();
    CHECK(gym.transport().requests.front().effect == http::Effect::read);
    CHECK(gym.transport().requests.front().body == R"({"page":1,"limit":100})");
    if (!branches) return category_of(branches);
    std::string names;
    for (const Branch& branch : *branches) names += branch.name + ";";
    return names;
  };
  CHECK(read(test::answer(
            200, R"({"has_more":false,"data":[{"id":"64b0c0ffee00000000000b01","name":"A"},{"name":"no id"},
                                   {"_id":"64b0c0ffee00000000000b02","name":"B"}]})")) == "A;B;");
  CHECK(read(test::answer(200, R"({"data":{"id":"64b0c0ffee00000000000b01","name":"A"}})")) == "A;");
  CHECK(read(test::answer(200, R"({"data":""})")).empty());
  CHECK(read(test::answer(401)) == "forbidden");
  CHECK(read(test::answer(403, R"({"message":"Forbidden"})")) == "forbidden");
}

}  // namespace gk::glofox::client_test
