#include "kisi/listing.hpp"

#include "json/document.hpp"
#include "unit/kisi/scripted_kisi.hpp"

#include <catch2/catch.hpp>

namespace gk::kisi::listing_test {

namespace {

/// A page of ids: [1,2]; 0 stands for a row without an id.
Result<PageRows> take_ids(const std::string& body) {
  GK_TRY_ASSIGN(const json::Document page, json::Document::parse(body));
  if (page.root().kind() != json::Kind::array) return fail(Category::protocol, "no list");
  PageRows rows;
  for (std::size_t i = 0; i < page.root().size(); ++i) {
    const auto id = page.root().at(i).as_integer().value_or(0);
    if (id == 0) {
      ++rows.unusable;
    } else {
      rows.ids.push_back(id);
    }
  }
  return rows;
}

struct Page {
  const char* body;
  const char* range;  ///< nullptr: no header
};

struct Outcome {
  std::size_t requests = 0;
  std::size_t first_pages = 0;
  Result<ListingTally> tally;
  std::vector<std::string> offsets;
};

/// Reads "/things" with limit 2 while the pages are served one by one.
Outcome read_pages(const std::vector<Page>& pages) {
  test::ScriptedKisi kisi;
  for (const Page& page : pages) {
    test::HeaderList headers;
    if (page.range != nullptr) headers.emplace_back("X-Collection-Range", page.range);
    kisi.script.once("GET /things", 200, page.body, headers);
  }
  Api api(kisi.script.transport, kisi.log);
  std::size_t first_pages = 0;
  const auto take = [&first_pages](const std::string& body, bool first) {
    first_pages += first ? 1 : 0;
    return take_ids(body);
  };
  auto tally = read_listing(api, {"/things", {{"sort", "name"}}, 2}, take);
  Outcome outcome{kisi.script.requests.size(), first_pages, std::move(tally), {}};
  for (const auto& request : kisi.script.requests) {
    CHECK(test::parameter(request, "limit") == "2");
    CHECK(test::parameter(request, "sort") == "name");
    outcome.offsets.push_back(test::parameter(request, "offset"));
  }
  return outcome;
}

std::vector<Page> four_times(const std::vector<Page>& pages) {
  std::vector<Page> all;
  for (int i = 0; i < 4; ++i) all.insert(all.end(), pages.begin(), pages.end());
  return all;
}

}  // namespace

TEST_CASE("collection ranges are read part by part") {
  struct Row {
    const char* header;
    std::optional<std::size_t> first, last, total;
  };
  const Row rows[] = {
      {"0-99/4312", 0, 99, 4312}, {"10-19/15", 10, 19, 15},  {"*/0", {}, {}, 0},
      {" 0 - 9 / 5 ", 0, 9, 5},   {"*/300", {}, {}, 300},    {"0-99/*", 0, 99, {}},
      {"0-99", {}, {}, {}},       {"", {}, {}, {}},          {"a-b/c", {}, {}, {}},
      {"0-99/-1", 0, 99, {}},     {"items 0-9/5", {}, 9, 5}, {"0-99/99999999999999999999", 0, 99, {}},
  };
  for (const Row& row : rows) {
    INFO(row.header);
    const CollectionRange range = parse_collection_range(row.header);
    CHECK(range.first == row.first);
    CHECK(range.last == row.last);
    CHECK(range.total == row.total);
  }
}

TEST_CASE("whole lists take exactly the requests they need") {
  struct Row {
    const char* name;
    std::vector<Page> pages;
    std::size_t unique;
  };
  const Row rows[] = {
      {"empty with star", {{"[]", "*/0"}}, 0},
      {"empty with range", {{"[]", "0-1/0"}}, 0},
      {"empty without header", {{"[]", nullptr}}, 0},
      {"short page, end not clamped", {{"[1]", "0-1/1"}}, 1},
      {"exactly one page", {{"[1,2]", "0-1/2"}}, 2},
      {"exactly two pages", {{"[1,2]", "0-1/4"}, {"[3,4]", "2-3/4"}}, 4},
      {"two pages, last short", {{"[1,2]", "0-1/3"}, {"[3]", "2-3/3"}}, 3},
      {"two pages, clamped ends", {{"[1,2]", "0-1/3"}, {"[3]", "2-2/3"}}, 3},
      {"star with a total on rows", {{"[1,2]", "*/3"}, {"[3]", "*/3"}}, 3},
      {"the service clamps the limit", {{"[1]", "0-0/3"}, {"[2]", "1-1/3"}, {"[3]", "2-2/3"}}, 3},
      {"no header: a short page is no end", {{"[1]", nullptr}, {"[2,3]", nullptr}, {"[]", nullptr}}, 3},
      {"no header: until an empty page", {{"[1,2]", nullptr}, {"[]", nullptr}}, 2},
      {"header on the first page only", {{"[1,2]", "0-1/3"}, {"[3]", nullptr}}, 3},
      {"header on the last page only", {{"[1,2]", nullptr}, {"[3]", "2-3/3"}}, 3},
      {"unreadable header", {{"[1,2]", "garbage"}, {"[3]", "garbage"}, {"[]", "garbage"}}, 3},
      {"a step beyond the limit is not believed", {{"[1,2]", "0-99/3"}, {"[3]", "2-101/3"}}, 3},
      {"a backward step is not believed", {{"[1,2]", "5-1/3"}, {"[3]", "7-3/3"}}, 3},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Outcome outcome = read_pages(row.pages);
    REQUIRE(outcome.tally);
    CHECK(outcome.requests == row.pages.size());
    CHECK(outcome.tally->unique_rows == row.unique);
    CHECK_FALSE(incompleteness(*outcome.tally));
  }
}

TEST_CASE("the next offset follows the range, or the rows that came without one") {
  CHECK(read_pages({{"[1]", "0-0/3"}, {"[2]", "1-1/3"}, {"[3]", "2-2/3"}}).offsets ==
        std::vector<std::string>{"0", "1", "2"});
  CHECK(read_pages({{"[1]", nullptr}, {"[2,3]", nullptr}, {"[]", nullptr}}).offsets ==
        std::vector<std::string>{"0", "1", "3"});
}

TEST_CASE("lists that do not add up are read anew three times, then doubted") {
  struct Row {
    const char* name;
    std::vector<Page> pages;
  };
  const Row rows[] = {
      {"a row comes twice", {{"[1,2]", "0-1/4"}, {"[2,3]", "2-3/4"}}},
      {"a row comes twice, no total", {{"[1,2]", nullptr}, {"[2]", nullptr}, {"[]", nullptr}}},
      {"the total moves up", {{"[1,2]", "0-1/3"}, {"[3,4]", "2-3/4"}}},
      {"the total moves down", {{"[1,2]", "0-1/4"}, {"[3]", "2-3/3"}}},
      {"fewer rows than declared", {{"[1]", "0-1/3"}, {"[3]", "2-3/3"}}},
      {"more rows than declared", {{"[1,2]", "0-1/1"}}},
      {"empty though declared", {{"[]", "0-1/5"}}},
      {"ends early", {{"[1,2]", "0-1/5"}, {"[]", "2-3/5"}}},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Outcome outcome = read_pages(four_times(row.pages));
    REQUIRE(outcome.tally);
    CHECK(outcome.first_pages == 4);
    CHECK(outcome.requests == 4 * row.pages.size());
    const auto doubt = incompleteness(*outcome.tally);
    REQUIRE(doubt);
    CHECK(doubt->category == Category::protocol);
  }
}

TEST_CASE("a list that settles is whole in the end") {
  const Outcome outcome =
      read_pages({{"[1,2]", "0-1/4"}, {"[2,3]", "2-3/4"}, {"[1,2]", "0-1/3"}, {"[3]", "2-3/3"}});
  REQUIRE(outcome.tally);
  CHECK(outcome.requests == 4);
  CHECK_FALSE(incompleteness(*outcome.tally));
  CHECK(outcome.tally->unique_rows == 3);
}

TEST_CASE("pages that cannot be used end the listing at once") {
  struct Row {
    const char* name;
    std::vector<Page> pages;
  };
  const Row rows[] = {
      {"an object", {{R"({"error":"busy"})", "0-1/3"}}},
      {"html", {{"<html>", "0-1/3"}}},
      {"nothing", {{"", "0-1/3"}}},
      {"cut", {{"[1,2]", "0-1/4"}, {"[3,", "2-3/4"}}},
      {"null", {{"[1,2]", "0-1/4"}, {"null", "2-3/4"}}},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Outcome outcome = read_pages(row.pages);
    REQUIRE(outcome.tally);
    CHECK(outcome.requests == row.pages.size());
    REQUIRE(outcome.tally->failed_page);
    CHECK(outcome.tally->failed_page->category == Category::protocol);
  }
}

TEST_CASE("a row without an id makes the list partial, without reading it anew") {
  const Outcome outcome = read_pages({{"[1,0]", "0-1/2"}});
  REQUIRE(outcome.tally);
  CHECK(outcome.requests == 1);
  CHECK(incompleteness(*outcome.tally));
}

TEST_CASE("a failing page keeps its category; a refused key is an error") {
  test::ScriptedKisi kisi;
  Api api(kisi.script.transport, kisi.log);
  const auto take = [](const std::string& body, bool) { return take_ids(body); };
  kisi.script.once("GET /things", 200, "[1,2]", {{"X-Collection-Range", "0-1/4"}});
  kisi.script.once("GET /things",
                   [](const http::Request&) { return fail(Category::unavailable, "timed out after 30 s"); });
  const auto partial = read_listing(api, {"/things", {}, 2}, take);
  REQUIRE(partial);
  REQUIRE(partial->failed_page);
  CHECK(partial->failed_page->category == Category::unavailable);
  CHECK(partial->failed_page->message == "page at offset 2: timed out after 30 s");
  CHECK(kisi.script.requests.size() == 2);

  kisi.script.once("GET /things", 401, R"({"error":"no"})");
  const auto refused = read_listing(api, {"/things", {}, 2}, take);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().category == Category::auth);
}

TEST_CASE("nothing is asked for behind offset 20,000, and such a list is refused") {
  struct Row {
    const char* name;
    std::size_t total;
    bool header;
    bool refused;
    std::size_t requests;
  };
  const Row rows[] = {
      {"the last reachable row", 20'250, true, false, 81},
      {"one more: refused after the first page", 20'251, true, true, 1},
      {"unknown total that fits", 20'000, false, false, 81},
      {"unknown total that does not fit", 20'001, false, true, 81},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    test::ScriptedKisi kisi;
    Api api(kisi.script.transport, kisi.log);
    std::size_t highest = 0;
    kisi.script.on("GET /things", [&row, &highest](const http::Request& request) {
      const std::size_t offset = std::stoul(test::parameter(request, "offset"));
      highest = std::max(highest, offset);
      std::string body = "[";
      for (std::size_t i = offset; i < std::min(offset + 250, row.total); ++i) {
        body += (i == offset ? "" : ",") + std::to_string(i + 1);
      }
      test::HeaderList headers;
      if (row.header) {
        headers.emplace_back("X-Collection-Range", fmt::format("{}-{}/{}", offset, offset + 249, row.total));
      }
      return test::answer(200, body + "]", headers);
    });
    const auto take = [](const std::string& body, bool) { return take_ids(body); };
    const auto tally = read_listing(api, {"/things", {}, 250}, take);
    CHECK(highest <= 20'000);
    CHECK(kisi.script.requests.size() == row.requests);
    REQUIRE(tally.has_value() != row.refused);
    if (row.refused) CHECK(tally.error().category == Category::protocol);
  }
}

}  // namespace gk::kisi::listing_test
