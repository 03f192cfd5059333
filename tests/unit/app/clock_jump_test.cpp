#include <catch2/catch.hpp>
#include <memory>

#include "app/progress.hpp"
#include "support/manual_clock.hpp"

// Somebody sets the machine's clock while a run goes on.
namespace gk::app::clock_jump_test {

TEST_CASE("progress counts steady time when the wall clock jumps") {
  const auto jump = GENERATE(values<std::chrono::seconds>({std::chrono::hours{-1}, std::chrono::hours{1}}));
  CAPTURE(jump.count());
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), &std::fclose};
  const auto text = [&file] {
    std::fflush(file.get());
    std::rewind(file.get());
    std::string all;
    for (int c = std::fgetc(file.get()); c != EOF; c = std::fgetc(file.get())) all += static_cast<char>(c);
    return all;
  };
  test::ManualClock clock;
  Progress progress(file.get(), clock);
  progress.update("riverside", 0, 100);
  clock.jump(jump);
  clock.advance(std::chrono::seconds{1});
  progress.update("riverside", 5, 100);
  CHECK(text().empty());
  clock.advance(std::chrono::seconds{9});
  clock.jump(-jump);
  progress.update("riverside", 20, 100);
  CHECK(text().find("riverside: 20/100, 2.0/s, 40s left") != std::string::npos);
}

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

}  // namespace gk::app::clock_jump_test
