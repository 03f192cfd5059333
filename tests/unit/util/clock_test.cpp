#include <catch2/catch.hpp>

#include "support/manual_clock.hpp"
#include "util/clock.hpp"

namespace gk::util::clock_test {

TEST_CASE("the manual clock's jump moves the wall clock alone") {
  test::ManualClock clock;
  const Instant wall = clock.now();
  const SteadyTime steady = clock.steady_now();
  clock.jump(std::chrono::hours{-1});
  CHECK(clock.now() == wall - std::chrono::hours{1});
  CHECK(clock.steady_now() == steady);
  clock.sleep_until(steady + std::chrono::seconds{5});
  CHECK(clock.now() == wall - std::chrono::hours{1} + std::chrono::seconds{5});
}

}  // namespace gk::util::clock_test
