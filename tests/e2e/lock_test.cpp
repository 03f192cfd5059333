#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "e2e/sandbox_gym.hpp"

// Contract 8.8 and 8.9: one sync at a time per Kisi key, and the deadline.
namespace gk::test::lock_test {

namespace fs = std::filesystem;

namespace {

/// The lock of another process, as the kernel sees it.
class HeldLock {
 public:
  explicit HeldLock(const fs::path& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    REQUIRE(descriptor_ >= 0);
    REQUIRE(::flock(descriptor_, LOCK_EX | LOCK_NB) == 0);
  }
  ~HeldLock() { ::close(descriptor_); }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

 private:
  int descriptor_;
};

/// The lock file that a run leaves behind.
fs::path lock_file(const SandboxGym& gym) {
  require_exit(gym.sync({"--dry-run"}), 0);
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(gym.directory() / "runtime")) found.push_back(entry.path());
  REQUIRE(found.size() == 1);
  return found.front();
}

/// A run that holds the lock until the fault lets it go on.
Process start_slow_run(const SandboxGym& gym, const std::string& milliseconds) {
  gym.add_fault(R"({"service":"kisi","method":"GET","nth":1,"kind":"latency","ms":)" + milliseconds + "}");
  Process run(gym.sync_program());
  wait_for_fault(gym, run);
  return run;
}

}  // namespace

TEST_CASE("a lock held by another process is 11, dry run or not", "[lock]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  const fs::path path = lock_file(gym);
  // Either of the two places is enough: a run under cron has no runtime directory.
  const bool shared_place = GENERATE(false, true);
  CAPTURE(shared_place);
  const HeldLock lock(
      shared_place && fs::exists("/run/lock" / path.filename()) ? "/run/lock" / path.filename() : path);
  gym.clear_journal();
  const Ended run = gym.sync({"--output", "json"});
  require_exit(run, 11);
  CHECK_FALSE(run.err.empty());
  const json::Document report = parse(run.out);
  CHECK(text_of(report.root()["integrations"].at(0)["outcome"]) == "skipped");
  require_exit(gym.sync({"--dry-run"}), 11);
  require_exit(gym.sync({"--quiet"}), 11);
  CHECK_FALSE(gym.sync({"--quiet"}).err.empty());
  CHECK(gym.kisi().requests + gym.glofox().requests == 0);
}

TEST_CASE("a second run of the program is 11, and the first is not disturbed", "[lock][serial]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  Process first = start_slow_run(gym, "1500");
  require_exit(gym.sync(), 11);
  require_exit(gym.sync({"--dry-run"}), 11);
  require_exit(first.wait(), 0);
  require_settled(gym);
}

TEST_CASE("a wait for the lock ends with the other run, or when it has lasted as long as asked",
          "[lock][serial]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  Process first = start_slow_run(gym, "1500");
  const auto begin = std::chrono::steady_clock::now();
  require_exit(gym.sync({"--lock-wait", "1s", "--dry-run"}), first.is_running() ? 11 : 0);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{20});
  // The wait does not count against the deadline.
  require_exit(gym.sync({"--lock-wait", "60s", "--deadline", "20s"}), 0);
  require_exit(first.wait(), 0);
  require_settled(gym);
}

TEST_CASE("runs for different Kisi keys do not wait for each other", "[lock]") {
  const SandboxGym one;
  const SandboxGym other({"--people", "0", "--seed", "2"});
  one.add_member("ada@example.com");
  other.add_member("bo@example.com");
  Process slow = start_slow_run(one, "1500");
  Program program = other.sync_program();
  program.environment["XDG_RUNTIME_DIR"] = (one.directory() / "runtime").string();
  require_exit(run_program(program), 0);
  require_exit(slow.wait(), 0);
}

TEST_CASE("a killed run leaves no lock behind", "[lock]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  Process run = start_slow_run(gym, "20000");
  run.kill_and_wait();
  require_completion(gym);
}

TEST_CASE("at the deadline no new action starts, and later runs finish the work", "[deadline][serial]") {
  const SandboxGym gym;
  for (int i = 0; i < 30; ++i) gym.add_member("person." + std::to_string(i) + "@example.com");
  gym.add_fault(R"({"service":"kisi","method":"POST","kind":"latency","ms":100})");
  const Ended first = gym.sync({"--deadline", "2s", "--output", "json"});
  require_exit(first, 10);
  const json::Document report = parse(first.out);
  CHECK(text_of(report.root()["integrations"].at(0)["outcome"]) == "partial");
  const std::size_t inside = gym.members_inside().size();
  CHECK(inside > 0);
  CHECK(inside < 30);
  CHECK(static_cast<std::size_t>(number_of(report.root()["integrations"].at(0)["summary"]["grant"])) ==
        inside);
  CHECK(report.root()["integrations"].at(0)["verified"].as_bool() == true);
  gym.clear_faults();
  require_exit(gym.sync(), 0);
  CHECK(gym.members_inside().size() == 30);
  require_settled(gym);
}

TEST_CASE("a deadline that passes while reading changes nothing", "[deadline]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  gym.add_fault(R"({"service":"glofox","kind":"latency","ms":1500})");
  gym.clear_journal();
  const Ended run = gym.sync({"--deadline", "1s"});
  require_exit(run, 10);
  CHECK(gym.writes() == 0);
  require_completion(gym);
}

}  // namespace gk::test::lock_test
