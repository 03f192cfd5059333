#include <catch2/catch.hpp>
#include <set>

#include "unit/glofox/scripted_glofox.hpp"

namespace gk::glofox::roster_pages_test {

using namespace gk::glofox::testing;

namespace {

/// "complete 250", or "partial 137 protocol: why".
std::string outcome(const Result<reconcile::RosterSnapshot>& snapshot) {
  if (!snapshot) {
    return fmt::format("error {}: {}", category_name(snapshot.error().category), snapshot.error().message);
  }
  const Roster& roster = value_of(snapshot->roster);
  const Error* const reason = incomplete_because(snapshot->roster);
  if (reason == nullptr) return fmt::format("complete {}", roster.size());
  return fmt::format("partial {} {}: {}", roster.size(), category_name(reason->category), reason->message);
}

Result<http::Response> ok(std::size_t page, const PageSpec& spec) {
  return test::answer(200, page_body(page, spec));
}

bool has_word(const std::string& text, std::string_view word) { return text.find(word) != std::string::npos; }

}  // namespace

TEST_CASE("a roster costs one request for the branch and one per hundred people") {
  for (const auto& [people, requests] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 1}, {1, 1}, {99, 1}, {100, 1}, {101, 2}, {250, 3}, {1950, 20}}) {
    INFO(people);
    ScriptedGlofox gym(people);
    const auto snapshot = gym.client().read_roster();
    CHECK(outcome(snapshot) == fmt::format("complete {}", people));
    CHECK(gym.member_requests() == requests);
    CHECK(gym.transport().requests.size() == requests + 1);
    CHECK(gym.transport().pending() == 0);
    REQUIRE(snapshot);
    CHECK(snapshot->branch.name == "Example Boxing");
    CHECK(snapshot->branch.time_zone == "America/New_York");
  }
}

TEST_CASE("every page is asked for once, with a limit of 100, and all but the first at the same time") {
  ScriptedGlofox gym(950);
  REQUIRE(gym.client().read_roster());
  std::set<std::string> pages;
  for (const http::Request& request : gym.transport().requests) {
    CHECK(request.method == http::Method::get);
    CHECK(request.replay == http::Replay::safe);
    CHECK(request.effect == http::Effect::read);
    if (request.path != "/2.0/members") continue;
    CHECK(param(request, "limit") == "100");
    CHECK(pages.insert(param(request, "page")).second);
  }
  CHECK(pages.size() == 10);
  // The branch and page 1 together, then all the others together.
  CHECK(gym.transport().started_at[0] == gym.transport().started_at[1]);
  CHECK(gym.transport().max_running == 9);
  CHECK(gym.transport().started_at[2] == gym.transport().started_at.back());
}

TEST_CASE("the people are those of the pages") {
  ScriptedGlofox gym(120);
  const auto snapshot = gym.client().read_roster();
  REQUIRE(snapshot);
  const Roster& roster = value_of(snapshot->roster);
  REQUIRE(roster.size() == 120);
  for (std::size_t i = 0; i < roster.size(); ++i) {
    CHECK(roster.id(i).text() == member_id(i));
    CHECK(roster.email(i) == fmt::format("p{}@example.com", i));
    CHECK(roster.name(i) == fmt::format("Person {}", i));
    CHECK(roster.type(i) == MembershipType::time);
  }
}

TEST_CASE("the limit that the service echoes is the one that counts") {
  SECTION("it gives fewer rows than asked for") {
    ScriptedGlofox gym(137);
    gym.on_members = [&](std::size_t page, std::size_t) { return ok(page, gym.page(page, 50)); };
    CHECK(outcome(gym.client().read_roster()) == "complete 137");
    CHECK(gym.member_requests() == 3);
  }
  SECTION("it gives fewer and echoes nothing") {
    ScriptedGlofox gym(137);
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(page, 50);
      spec.limit.reset();
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "complete 137");
    CHECK(gym.member_requests() == 3);
  }
  SECTION("it gives fewer but echoes ours") {
    ScriptedGlofox gym(137);
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(page, 50);
      spec.limit = 100;
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "complete 137");
    CHECK(gym.member_requests() == 3);
  }
  SECTION("it gives more") {
    ScriptedGlofox gym(537);
    gym.on_members = [&](std::size_t page, std::size_t) { return ok(page, gym.page(page, 200)); };
    CHECK(outcome(gym.client().read_roster()) == "complete 537");
    CHECK(gym.member_requests() == 3);
  }
  SECTION("it gives everything at once") {
    ScriptedGlofox gym(537);
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(page, 537);
      spec.limit = 100;
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "complete 537");
    CHECK(gym.member_requests() == 1);
  }
}

TEST_CASE("lists without some or all of the envelope") {
  const auto without = [](bool total, bool has_more, bool limit) {
    return [=](ScriptedGlofox& gym) {
      gym.on_members = [=, &gym](std::size_t page, std::size_t) {
        PageSpec spec = gym.page(page);
        if (!total) spec.total.reset();
        if (!has_more) spec.has_more.reset();
        if (!limit) spec.limit.reset();
        return ok(page, spec);
      };
    };
  };
  for (const bool limit : {true, false}) {
    INFO(limit);
    for (const auto& [people, requests] :
         std::vector<std::pair<std::size_t, std::size_t>>{{240, 3}, {200, 2}}) {
      ScriptedGlofox no_total(people);
      without(false, true, limit)(no_total);
      CHECK(outcome(no_total.client().read_roster()) == fmt::format("complete {}", people));
      CHECK(no_total.member_requests() == requests);

      ScriptedGlofox no_has_more(people);
      without(true, false, limit)(no_has_more);
      CHECK(outcome(no_has_more.client().read_roster()) == fmt::format("complete {}", people));
      CHECK(no_has_more.member_requests() == requests);

      // Only a short page tells the end: a full last page costs one more.
      ScriptedGlofox neither(people);
      without(false, false, limit)(neither);
      CHECK(outcome(neither.client().read_roster()) == fmt::format("complete {}", people));
      CHECK(neither.member_requests() == 3);
    }
  }
}

TEST_CASE("a page of just the service's default size may have ignored our limit") {
  ScriptedGlofox gym(120);
  gym.on_members = [&](std::size_t page, std::size_t) -> Result<http::Response> {
    return test::answer(200, fmt::format(R"({{"data":[{}]}})", fmt::join(gym.page(page, 50).rows, ",")));
  };
  CHECK(outcome(gym.client().read_roster()) == "complete 120");
  CHECK(gym.member_requests() == 3);
}

TEST_CASE("envelope B and a bare array are read too") {
  ScriptedGlofox b(250);
  b.on_members = [&](std::size_t page, std::size_t) -> Result<http::Response> {
    const PageSpec spec = b.page(page);
    return test::answer(
        200,
        fmt::format(R"({{"success":true,"data":[{}],"meta":{{"totalCount":250,"page":{},"limit":100}}}})",
                    fmt::join(spec.rows, ","), page));
  };
  CHECK(outcome(b.client().read_roster()) == "complete 250");
  CHECK(b.member_requests() == 3);

  ScriptedGlofox bare(60);
  bare.on_members = [&](std::size_t page, std::size_t) -> Result<http::Response> {
    return test::answer(200, fmt::format("[{}]", fmt::join(bare.page(page).rows, ",")));
  };
  CHECK(outcome(bare.client().read_roster()) == "complete 60");
}

TEST_CASE("has_more may lie") {
  SECTION("true for ever, with a total: two empty pages are the end, the count decides") {
    ScriptedGlofox gym(150);
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(page);
      spec.has_more = true;
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "complete 150");
    CHECK(gym.member_requests() == 4);
  }
  SECTION("true for ever, without a total: nobody knows whether something is missing") {
    ScriptedGlofox gym(150);
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(page);
      spec.has_more = true;
      spec.total.reset();
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "partial 150 protocol: the last page was never reached");
    CHECK(gym.member_requests() == 4);
  }
  SECTION("false too early: the total is believed") {
    ScriptedGlofox gym(250);
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(page);
      spec.has_more = false;
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "complete 250");
    CHECK(gym.member_requests() == 3);
  }
  SECTION("a service that ignores the page number is noticed") {
    ScriptedGlofox gym(100);
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(1);
      spec.has_more = true;
      spec.total.reset();
      return ok(page, spec);
    };
    CHECK(
        has_word(outcome(gym.client().read_roster()), "partial 100 protocol: 200 of its rows appear twice"));
    CHECK(gym.member_requests() == 3);
  }
}

TEST_CASE("a list without an end stops at the cap and is not whole") {
  ScriptedGlofox gym(100'000);
  SECTION("declared") {
    CHECK(
        outcome(gym.client().read_roster()) ==
        "partial 100 protocol: Glofox members: 100000 rows are declared, too many for the 20 pages that are "
        "read");
    CHECK(gym.member_requests() == 1);
  }
  SECTION("not declared") {
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(page);
      spec.total.reset();
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "partial 2000 protocol: the last page was never reached");
    CHECK(gym.member_requests() == 20);
  }
  SECTION("absurd totals reserve nothing and are absent") {
    gym.on_members = [&](std::size_t page, std::size_t) -> Result<http::Response> {
      return test::answer(200, fmt::format(R"({{"total_count":99999999999999,"has_more":false,"data":[{}]}})",
                                           member_row(page)));
    };
    CHECK(outcome(gym.client().read_roster()) == "complete 1");
  }
}

TEST_CASE("a list that moved while it was read is read once more") {
  ScriptedGlofox gym(250);
  SECTION("the second pass is whole") {
    gym.on_members = [&](std::size_t page, std::size_t nth) -> std::optional<Result<http::Response>> {
      if (page != 2 || nth > 3) return std::nullopt;
      PageSpec spec = gym.page(2);
      spec.rows[0] = member_row(99);  // slid over from page 1
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "complete 250");
    CHECK(gym.member_requests() == 6);
  }
  SECTION("it moves for ever") {
    gym.on_members = [&](std::size_t page, std::size_t) -> std::optional<Result<http::Response>> {
      if (page != 2) return std::nullopt;
      PageSpec spec = gym.page(2);
      spec.rows[0] = member_row(99);
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) ==
          "partial 249 protocol: 1 of its rows appear twice: the list changed meanwhile");
    CHECK(gym.member_requests() == 6);
  }
  SECTION("the total moves once") {
    gym.on_members = [&](std::size_t page, std::size_t nth) -> std::optional<Result<http::Response>> {
      if (page != 3 || nth > 3) return std::nullopt;
      PageSpec spec = gym.page(3);
      spec.total = 251;
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "complete 250");
  }
  SECTION("the total moves for ever") {
    gym.on_members = [&](std::size_t page, std::size_t) -> std::optional<Result<http::Response>> {
      if (page != 3) return std::nullopt;
      PageSpec spec = gym.page(3);
      spec.total = 251;
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) ==
          "partial 250 protocol: the declared total changed while the pages were read");
  }
  SECTION("fewer people than declared") {
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(page);
      spec.total = 255;
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) ==
          "partial 250 protocol: 250 rows were read, 255 were declared");
    CHECK(gym.member_requests() == 6);
  }
  SECTION("then it is empty") {
    gym.on_members = [&](std::size_t page, std::size_t nth) -> std::optional<Result<http::Response>> {
      if (nth == 1) return std::nullopt;
      return ok(page, PageSpec{{}, 0, 100, false});
    };
    CHECK(outcome(gym.client().read_roster()) ==
          "partial 0 protocol: Glofox members: first 100 rows, then none");
  }
  SECTION("an empty first page of a gym that declares people") {
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(page);
      spec.rows.clear();
      spec.has_more = false;
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "partial 0 protocol: 0 rows were read, 250 were declared");
    CHECK(gym.member_requests() == 2);
  }
}

TEST_CASE("rows without an id make the list partial, and another pass would not help") {
  for (const std::string row :
       {R"({"_id":"short"})", R"({"email":"x@example.com"})", "null", "[]", "7", "{}"}) {
    INFO(row);
    ScriptedGlofox gym(150);
    gym.on_members = [&](std::size_t page, std::size_t) {
      PageSpec spec = gym.page(page);
      if (page == 1) spec.rows[5] = row;
      return ok(page, spec);
    };
    CHECK(outcome(gym.client().read_roster()) == "partial 149 protocol: 1 rows have no valid id");
    CHECK(gym.member_requests() == 2);
  }
}

TEST_CASE("a malformed page is asked for again and leaves nothing behind") {
  ScriptedGlofox whole(250);
  const std::string good = page_body(2, whole.page(2));
  const std::vector<std::string> broken = {"",
                                           "<html><body>502 Bad Gateway</body></html>",
                                           good.substr(0, good.size() / 2),
                                           good.substr(0, good.size() - 1),
                                           good + good,
                                           R"({"total_count":250})",
                                           R"({"data":"","total_count":250})",
                                           R"({"data":null})",
                                           "null",
                                           std::string(100'000, '[')};
  for (const std::string& body : broken) {
    INFO(body.substr(0, 60));
    for (const std::size_t bad_page : {1U, 2U}) {
      ScriptedGlofox gym(250);
      std::size_t times = 0;
      gym.on_members = [&](std::size_t page, std::size_t) -> std::optional<Result<http::Response>> {
        if (page != bad_page || ++times > 2) return std::nullopt;
        return test::answer(200, body);
      };
      CHECK(outcome(gym.client().read_roster()) == "complete 250");
      CHECK(gym.member_requests() == 5);
    }
  }
  ScriptedGlofox gym(250);
  gym.on_members = [&](std::size_t page, std::size_t) -> std::optional<Result<http::Response>> {
    if (page != 2) return std::nullopt;
    return test::answer(200, good.substr(0, 3000));
  };
  const std::string text = outcome(gym.client().read_roster());
  CHECK(has_word(text, "partial 150 protocol: Glofox members, page 2: not JSON: cut off after 3000 bytes"));
  CHECK(gym.member_requests() == 5);
}

TEST_CASE("a page that fails makes the list partial with that failure") {
  struct Case {
    Result<http::Response> answer;
    std::string category;
  };
  const std::vector<Case> cases = {
      {test::no_answer(false), "unavailable"},
      {test::answer(500, ""), "unavailable"},
      {test::answer(504, R"({"message":"Endpoint request timed out"})"), "unavailable"},
      {test::answer(429, R"({"message":"Too Many Requests"})"), "rate_limited"},
      {test::answer(302, ""), "protocol"},
      {test::answer(400, R"({"message":"bad"})"), "protocol"},
      {test::answer(200, R"({"success":false,"message":"no","message_code":"OOPS"})"), "protocol"},
  };
  for (const auto& [answer, category] : cases) {
    for (const std::size_t bad_page : {1U, 2U}) {
      INFO(category << " on page " << bad_page);
      ScriptedGlofox gym(250);
      gym.on_members = [&, bad = answer](std::size_t page,
                                         std::size_t) -> std::optional<Result<http::Response>> {
        if (page != bad_page) return std::nullopt;
        return bad;
      };
      const std::string expected = fmt::format(
          "partial {} {}: Glofox members, page {}: ", bad_page == 1 ? 0 : 150, category, bad_page);
      CHECK(has_word(outcome(gym.client().read_roster()), expected));
      CHECK(gym.transport().pending() == 0);
    }
  }
}

TEST_CASE("a service that is down is not asked for every page") {
  ScriptedGlofox gym(19'900, 200);
  gym.on_members = [&](std::size_t page, std::size_t) -> std::optional<Result<http::Response>> {
    if (page == 1) return std::nullopt;
    return test::answer(503);
  };
  CHECK(has_word(outcome(gym.client().read_roster()), "partial 100 unavailable"));
  CHECK(gym.member_requests() < 40);
}

TEST_CASE("what concerns the account or the location fails the whole call") {
  struct Case {
    int status;
    std::string body;
    std::string on_branch, on_page_1, on_page_2;
  };
  const std::vector<Case> cases = {
      {401, R"({"message":"Unauthorized"})", "error auth", "error auth", "error auth"},
      {401, "", "error auth", "error auth", "error auth"},
      {403, R"({"message":"Forbidden"})", "error auth", "error auth", "error auth"},
      {403, R"({"success":false,"message":"Access denied","message_code":"FORBIDDEN"})", "error config",
       "error config", "error config"},
      {403, "<html>no</html>", "error config", "error config", "error config"},
      {404, R"({"message":"Route not found","message_code":"WRONG_URL"})", "error config", "error config",
       "partial 150 protocol"},
      {200, R"({"success":false,"message":"Route not found","message_code":"WRONG_URL"})", "error config",
       "error config", "partial 150 protocol"},
      {200, R"({"success":false,"message":"Branch not allowed"})", "error config", "partial 0 protocol",
       "partial 150 protocol"},
      {500, "", "error unavailable", "partial 0 unavailable", "partial 150 unavailable"},
      {200, "<html>", "error protocol", "partial 0 protocol", "partial 150 protocol"},
      {200, R"({"name":"no id"})", "error protocol", "partial 0 protocol", "partial 150 protocol"},
  };
  for (const auto& one : cases) {
    INFO(one.status << " " << one.body);
    ScriptedGlofox branch(250);
    branch.on_branch = [&] { return test::answer(one.status, one.body); };
    CHECK(has_word(outcome(branch.client().read_roster()), one.on_branch));
    CHECK(branch.member_requests() == 1);
    for (const std::size_t bad_page : {1U, 2U}) {
      ScriptedGlofox gym(250);
      gym.on_members = [&](std::size_t page, std::size_t) -> std::optional<Result<http::Response>> {
        if (page != bad_page) return std::nullopt;
        return test::answer(one.status, one.body);
      };
      CHECK(has_word(outcome(gym.client().read_roster()), bad_page == 1 ? one.on_page_1 : one.on_page_2));
      CHECK(gym.transport().pending() == 0);
    }
  }
}

TEST_CASE("the deadline and signals end the call as what they are") {
  for (const Category category : {Category::deadline, Category::interrupted}) {
    ScriptedGlofox gym(250);
    gym.on_members = [&](std::size_t page, std::size_t) -> std::optional<Result<http::Response>> {
      if (page == 1) return std::nullopt;
      return fail(category, "enough");
    };
    CHECK(outcome(gym.client().read_roster()) ==
          fmt::format("error {}: Glofox members, page 2: enough", category_name(category)));
    CHECK(gym.transport().pending() == 0);
  }
}

TEST_CASE("wrong credentials are reported even when the branch fails otherwise") {
  ScriptedGlofox gym(250);
  gym.on_branch = [] { return test::answer(500); };
  gym.on_members = [](std::size_t, std::size_t) { return test::answer(401); };
  CHECK(has_word(outcome(gym.client().read_roster()), "error auth"));
}

TEST_CASE("another location than the one asked for is a configuration error") {
  ScriptedGlofox gym(10);
  gym.on_branch = [] { return test::answer(200, R"({"_id":"64b0c0ffee00000000000b02"})"); };
  CHECK(has_word(outcome(gym.client().read_roster()),
                 "error config: Glofox location: asked for 64b0c0ffee00000000000b01"));
}

TEST_CASE("a malformed branch is asked for again") {
  ScriptedGlofox gym(10);
  int times = 0;
  gym.on_branch = [&]() -> std::optional<Result<http::Response>> {
    if (++times > 1) return std::nullopt;
    return test::answer(200, "<html>");
  };
  CHECK(outcome(gym.client().read_roster()) == "complete 10");
}

}  // namespace gk::glofox::roster_pages_test
