#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "app/exit_code.hpp"

namespace gk::app::exit_code_test {

TEST_CASE("The worst code wins, in the contract's order") {
  constexpr std::array k_order{1, 77, 78, 65, 69, 5, 4, 3, 10, 11, 2, 0};
  for (std::size_t worse = 0; worse < k_order.size(); ++worse) {
    for (std::size_t better = worse; better < k_order.size(); ++better) {
      const auto a = static_cast<ExitCode>(k_order[worse]);
      const auto b = static_cast<ExitCode>(k_order[better]);
      CHECK(to_int(worst_of(a, b)) == k_order[worse]);
      CHECK(to_int(worst_of(b, a)) == k_order[worse]);
    }
  }
}

TEST_CASE("The worst of many, and of none") {
  CHECK(worst_of({}) == ExitCode::done);
  const std::array codes{ExitCode::done, ExitCode::changes_pending, ExitCode::partial, ExitCode::locked};
  CHECK(worst_of(codes) == ExitCode::partial);
}

TEST_CASE("Each category of a failed run has its code") {
  using Row = std::pair<Category, int>;
  for (const auto& [category, code] :
       {Row{Category::usage, 64}, Row{Category::config, 78}, Row{Category::not_found, 78},
        Row{Category::auth, 77}, Row{Category::forbidden, 77}, Row{Category::conflict, 65},
        Row{Category::rejected, 65}, Row{Category::protocol, 65}, Row{Category::rate_limited, 69},
        Row{Category::unavailable, 69}, Row{Category::locked, 11}, Row{Category::deadline, 10},
        Row{Category::interrupted, 1}, Row{Category::internal, 1}}) {
    INFO(category_name(category));
    CHECK(to_int(from_category(category)) == code);
  }
  CHECK(signal_exit_code(15) == 143);
}

}  // namespace gk::app::exit_code_test
