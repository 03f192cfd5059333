#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <set>
#include <string>

#include "util/error.hpp"
#include "util/result.hpp"

namespace gk::util::error_test {

namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return gk::fail(Category::usage, fmt::format("{} is odd", number));
  return number / 2;
}

Result<int> quarter(int number) {
  GK_TRY_ASSIGN(const int first, half(number));
  GK_TRY(half(first));
  return half(first);
}

}  // namespace

TEST_CASE("GK_TRY leaves with the first error") {
  CHECK(quarter(8) == 2);
  CHECK(quarter(7).error().message == "7 is odd");
  CHECK(quarter(6).error().message == "3 is odd");
}

TEST_CASE("context stands before the message and keeps the rest") {
  gk::Error error{Category::rejected, "no", 422, true};
  error = gk::with_context("page 3", std::move(error));
  error = gk::with_context("Glofox members", std::move(error));
  CHECK(error.message == "Glofox members: page 3: no");
  CHECK(error.category == Category::rejected);
  CHECK(error.http_status == 422);
  CHECK(error.outcome_unknown);
}

TEST_CASE("every category has its own word") {
  std::set<std::string_view> words;
  constexpr int k_categories = static_cast<int>(Category::internal) + 1;
  for (int i = 0; i < k_categories; ++i) words.insert(gk::category_name(static_cast<Category>(i)));
  CHECK(words.size() == k_categories);
}

}  // namespace gk::util::error_test
