#include "app/progress.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <memory>

#include "support/manual_clock.hpp"

namespace gk::app::progress_test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A file in memory's place, and what was written to it.
class Screen {
 public:
  [[nodiscard]] std::FILE* file() { return file_.get(); }
  [[nodiscard]] std::string text() {
    std::fflush(file());
    std::rewind(file());
    std::string out;
    for (int c = std::fgetc(file()); c != EOF; c = std::fgetc(file())) out += static_cast<char>(c);
    return out;
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{std::tmpfile(), &std::fclose};
};

constexpr const char* k_erase = "\r\x1b[2K";

}  // namespace

TEST_CASE("the progress line") {
  struct Row {
    std::size_t done, total;
    double elapsed;
    const char* text;
  };
  for (const Row& row : {Row{40, 380, 20, "riverside: 40/380, 2.0/s, 2m 50s left"},
                         {0, 380, 20, "riverside: 0/380, 0.0/s"},
                         {1, 10, 0, "riverside: 1/10, 0.0/s"},
                         {10, 10, 5, "riverside: 10/10, 2.0/s, 0s left"},
                         {12, 10, 6, "riverside: 12/10, 2.0/s"},
                         {10, 69, 10, "riverside: 10/69, 1.0/s, 59s left"},
                         {10, 70, 10, "riverside: 10/70, 1.0/s, 1m 0s left"}}) {
    CHECK(format_progress("riverside", row.done, row.total, std::chrono::duration<double>(row.elapsed)) ==
          row.text);
  }
  CHECK(format_progress("a\x1b[2Jb", 1, 0, seconds{1}).find('\x1b') == std::string::npos);
}

TEST_CASE("progress is silent for two seconds, then shows at most five lines a second, and is erased") {
  Screen screen;
  test::ManualClock clock;
  {
    Progress progress(screen.file(), clock);
    progress.update("riverside", 0, 10);
    clock.advance(milliseconds{1999});
    progress.update("riverside", 1, 10);
    CHECK(screen.text().empty());
    clock.advance(milliseconds{1});
    progress.update("riverside", 4, 10);
    const std::string first = std::string(k_erase) + "riverside: 4/10, 2.0/s, 3s left";
    CHECK(screen.text() == first);
    clock.advance(milliseconds{199});
    progress.update("riverside", 5, 10);
    CHECK(screen.text() == first);
    clock.advance(milliseconds{1});
    progress.update("riverside", 6, 10);
    CHECK(screen.text() == first + k_erase + "riverside: 6/10, 2.7/s, 1s left");
  }
  CHECK(screen.text().ends_with(std::string("1s left") + k_erase));
}

TEST_CASE("work that ends before it was shown leaves the screen alone") {
  Screen screen;
  test::ManualClock clock;
  {
    Progress progress(screen.file(), clock);
    progress.update("riverside", 0, 10);
    clock.advance(milliseconds{1999});
    progress.update("riverside", 10, 10);
  }
  CHECK(screen.text().empty());
}

TEST_CASE("new work starts its own two seconds") {
  Screen screen;
  test::ManualClock clock;
  Progress progress(screen.file(), clock);
  progress.update("riverside", 0, 10);
  clock.advance(seconds{3});
  progress.update("uptown", 0, 10);
  CHECK(screen.text().empty());
  clock.advance(seconds{2});
  progress.update("uptown", 1, 10);
  CHECK(screen.text() == std::string(k_erase) + "uptown: 1/10, 0.5/s, 18s left");
}

TEST_CASE("progress counts steady time when the wall clock jumps") {
  const auto jump = GENERATE(values<std::chrono::seconds>({std::chrono::hours{-1}, std::chrono::hours{1}}));
  CAPTURE(jump.count());
  Screen screen;
  test::ManualClock clock;
  Progress progress(screen.file(), clock);
  progress.update("riverside", 0, 100);
  clock.jump(jump);
  clock.advance(seconds{1});
  progress.update("riverside", 5, 100);
  CHECK(screen.text().empty());
  clock.advance(seconds{9});
  clock.jump(-jump);
  progress.update("riverside", 20, 100);
  CHECK(screen.text() == std::string(k_erase) + "riverside: 20/100, 2.0/s, 40s left");
}

TEST_CASE("without a terminal nothing is written, to standard error either") {
  Screen screen;
  test::ManualClock clock;
  std::fflush(stderr);
  const int kept = ::dup(STDERR_FILENO);
  REQUIRE(::dup2(::fileno(screen.file()), STDERR_FILENO) >= 0);
  {
    Progress progress(nullptr, clock);
    progress.update("riverside", 0, 10);
    clock.advance(seconds{10});
    progress.update("riverside", 9, 10);
  }
  std::fflush(stderr);
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  CHECK(screen.text().empty());
}

}  // namespace gk::app::progress_test
