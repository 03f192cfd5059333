#include <catch2/catch.hpp>

#include "unit/glofox/scripted_glofox.hpp"

namespace gk::glofox::people_test {

using namespace gk::glofox::testing;

// Who is behind the ids of bookings: by the list or one by one, whichever takes fewer requests
// (contract 10).

namespace {

MemberId id(std::size_t number) { return *MemberId::parse(member_id(number)); }

/// Single members are answered as the list would, for these numbers.
void show_singly(ScriptedGlofox& gym, const std::vector<std::size_t>& numbers) {
  for (const std::size_t number : numbers)
    gym.transport().script("GET /2.0/members/" + member_id(number), test::answer(200, member_row(number)));
}

}  // namespace

TEST_CASE("people are read by the cheaper way") {
  struct Row {
    const char* name;
    std::size_t people;
    std::vector<std::size_t> wanted;
    std::size_t requests;
    bool listed;
  };
  const Row rows[] = {
      {"nobody", 950, {}, 0, false},
      {"one person", 950, {949}, 1, false},
      {"two, both on the first page", 950, {3, 7}, 1, false},
      {"two, far behind it", 950, {901, 902}, 3, false},
      {"as many as pages are left", 950, {200, 300, 400, 500, 600, 700, 800, 900, 901}, 10, false},
      {"one more than pages are left", 950, {200, 300, 400, 500, 600, 700, 800, 900, 901, 902}, 10, true},
      {"a small gym", 90, {1, 2, 3, 4, 5}, 1, true},
      {"an empty page beside one stranger", 0, {1}, 1, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ScriptedGlofox gym(row.people);
    show_singly(gym, row.wanted);
    std::vector<MemberId> ids;
    for (const std::size_t number : row.wanted) ids.push_back(id(number));
    const auto reading = gym.client().read_people(ids);
    REQUIRE(reading);
    CHECK(reading->people.size() == row.wanted.size());
    CHECK(reading->unread.empty());
    CHECK(reading->list.has_value() == row.listed);
    CHECK(gym.transport().requests.size() == row.requests);
    CHECK(gym.transport().requests.size() <= std::max<std::size_t>(1, (row.people + 99) / 100));
  }
}

TEST_CASE("bookers whom the list lacks are read singly") {
  ScriptedGlofox gym(90);
  show_singly(gym, {500});
  gym.transport().script("GET /2.0/members/" + member_id(501),
                         test::answer(200, R"({"success":false,"message_code":"Resource not available"})"));
  gym.transport().script("GET /2.0/members/" + member_id(502), test::answer(503, ""));
  const std::vector<MemberId> ids{id(1), id(500), id(501), id(502)};
  const auto reading = gym.client().read_people(ids);
  REQUIRE(reading);
  CHECK(reading->people.size() == 2);
  CHECK(reading->people.contains(id(500)));
  CHECK_FALSE(reading->people.contains(id(501)));
  CHECK_FALSE(reading->unread.contains(id(501)));
  CHECK(reading->unread.contains(id(502)));
}

TEST_CASE("a member list that is not whole is kept as such, and people are still found") {
  ScriptedGlofox gym(90);
  gym.on_members = [](std::size_t page, std::size_t) -> std::optional<Result<http::Response>> {
    return page == 1 ? std::optional<Result<http::Response>>(test::answer(503, "")) : std::nullopt;
  };
  show_singly(gym, {1, 2});
  const auto reading = gym.client().read_people(std::vector{id(1), id(2)});
  REQUIRE(reading);
  REQUIRE(reading->list);
  CHECK(incomplete_because(*reading->list) != nullptr);
  CHECK(reading->people.size() == 2);
}

TEST_CASE("refused credentials end the reading of people") {
  ScriptedGlofox gym(90);
  gym.transport().script("GET /2.0/members/" + member_id(1), test::answer(401, ""));
  const auto reading = gym.client().read_people(std::vector{id(1)});
  REQUIRE_FALSE(reading);
  CHECK(reading.error().category == Category::auth);
}

TEST_CASE("classes: a few by id, many by the list and the missing ones by id") {
  const auto class_id = [](std::size_t number) { return ClassId(fmt::format("65dd{:020x}", number)); };
  const auto event = [&](std::size_t number, bool online) {
    return fmt::format(R"({{"_id":"{}","duration":45.5,"is_online":{}}})", class_id(number).value(), online);
  };
  const std::string one = "GET /2.0/branches/64b0c0ffee00000000000b01/events/";
  const std::string all = "GET /2.0/branches/64b0c0ffee00000000000b01/events";
  const auto span =
      Window::make(*parse_rfc3339("2026-03-10T00:00:00Z"), *parse_rfc3339("2026-03-11T00:00:00Z")).value();
  ScriptedGlofox gym(0);
  gym.transport().script(one + class_id(1).value(), test::answer(200, event(1, true)));
  gym.transport().script(one + class_id(2).value(),
                         test::answer(404, R"({"message_code":"EVENT_NOT_FOUND"})"));
  gym.transport().script(one + class_id(3).value(), test::answer(403, ""));
  SECTION("by id") {
    const auto classes = gym.client().read_classes({class_id(1), class_id(2), class_id(3)}, span);
    REQUIRE(classes);
    REQUIRE(classes->size() == 1);
    CHECK(classes->at(class_id(1)).online);
    CHECK(classes->at(class_id(1)).duration == std::chrono::seconds{2730});
    CHECK(gym.transport().count(all) == 0);
  }
  SECTION("by the list") {
    PageSpec spec;
    for (std::size_t i = 4; i < 9; ++i) spec.rows.push_back(event(i, i == 8));
    spec.total = 5;
    spec.has_more = false;
    gym.transport().script(all, test::answer(200, page_body(1, spec)));
    const auto classes =
        gym.client().read_classes({class_id(1), class_id(4), class_id(5), class_id(6), class_id(8)}, span);
    REQUIRE(classes);
    CHECK(classes->size() == 5);
    CHECK(classes->at(class_id(8)).online);
    CHECK_FALSE(classes->at(class_id(4)).online);
    CHECK(gym.transport().count(all) == 1);
    CHECK(gym.transport().requests.size() == 2);
    CHECK(param(gym.transport().requests.front(), "private") == "any");
  }
  SECTION("a key that may not list classes reads them one by one") {
    gym.transport().script(all, test::answer(401, ""));
    for (std::size_t i = 4; i < 7; ++i)
      gym.transport().script(one + class_id(i).value(), test::answer(200, event(i, false)));
    const auto classes =
        gym.client().read_classes({class_id(1), class_id(4), class_id(5), class_id(6)}, span);
    REQUIRE(classes);
    CHECK(classes->size() == 4);
  }
}

}  // namespace gk::glofox::people_test
