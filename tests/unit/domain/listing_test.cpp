#include "domain/listing.hpp"

#include <catch2/catch.hpp>

#include <memory>

#include "support/builders.hpp"

namespace gk::domain::listing_test {

namespace {

template <class Value>
constexpr bool k_makes_complete = std::is_constructible_v<Complete<Value>, Value>;
static_assert(!k_makes_complete<int>, "only certify() makes a Complete");
static_assert(!std::is_constructible_v<Complete<int>, Partial<int>>, "a Partial never becomes a Complete");

ListingTally good() {
  ListingTally tally;
  tally.unique_rows = 3;
  tally.declared_total = 3;
  tally.ended_properly = true;
  return tally;
}

}  // namespace

TEST_CASE("a listing is believed only when everything adds up") {
  struct Row {
    const char* name;
    void (*spoil)(ListingTally&);
    bool complete;
  };
  const Row rows[] = {
      {"as declared", [](ListingTally&) {}, true},
      {"no total declared", [](ListingTally& t) { t.declared_total.reset(); }, true},
      {"nothing at all", [](ListingTally& t) { t.unique_rows = 0, t.declared_total = 0; }, true},
      {"one row short", [](ListingTally& t) { t.unique_rows = 2; }, false},
      {"one row too many", [](ListingTally& t) { t.unique_rows = 4; }, false},
      {"empty, though some were declared", [](ListingTally& t) { t.unique_rows = 0; }, false},
      {"the total moved", [](ListingTally& t) { t.total_moved = true; }, false},
      {"a row came twice", [](ListingTally& t) { t.repeated_rows = 1; }, false},
      {"a row without an id", [](ListingTally& t) { t.unusable_rows = 1; }, false},
      {"paging was cut", [](ListingTally& t) { t.ended_properly = false; }, false},
      {"a page failed",
       [](ListingTally& t) {
         t.failed_page = Error{gk::Category::unavailable, "503"};
       },
       false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ListingTally tally = good();
    row.spoil(tally);
    CHECK(gk::incompleteness(tally).has_value() == !row.complete);
    const Reading<int> reading = certify(5, tally);
    CHECK(std::holds_alternative<Complete<int>>(reading) == row.complete);
    CHECK((incomplete_because(reading) == nullptr) == row.complete);
    CHECK(value_of(reading) == 5);
  }
}

TEST_CASE("the reason of a failed page is kept, other reasons are faults of the answer") {
  ListingTally tally = good();
  tally.repeated_rows = 1;
  CHECK(gk::incompleteness(tally)->category == gk::Category::protocol);
  tally.failed_page = Error{gk::Category::auth, "401"};
  CHECK(gk::incompleteness(tally)->category == gk::Category::auth);
}

TEST_CASE("a tally that nobody filled in is not complete") { CHECK(gk::incompleteness(ListingTally{})); }

TEST_CASE("what is derived from a reading is as whole as the reading") {
  const auto twice = [](int&& value) { return std::to_string(2 * value); };
  const auto from_whole = gk::map_reading(gk::test::whole(4), twice);
  REQUIRE(std::holds_alternative<Complete<std::string>>(from_whole));
  CHECK(value_of(from_whole) == "8");
  const auto from_partial = gk::map_reading(gk::test::partial(4), twice);
  REQUIRE(std::holds_alternative<Partial<std::string>>(from_partial));
  CHECK(incomplete_because(from_partial)->http_status == 503);
}

TEST_CASE("values that can only be moved pass through") {
  auto reading = gk::map_reading(gk::test::whole(std::make_unique<int>(4)),
                                 [](std::unique_ptr<int>&& value) { return *value; });
  CHECK(value_of(reading) == 4);
}

}  // namespace gk::domain::listing_test
