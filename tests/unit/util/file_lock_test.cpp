#include "util/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>
#include <string>

#include "support/manual_clock.hpp"

namespace gk::util::file_lock_test {

using namespace std::chrono_literals;

namespace {

/// A directory of its own for each test case.
class LockDirectory {
 public:
  LockDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gk-lock-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~LockDirectory() { std::filesystem::remove_all(path_); }
  LockDirectory(const LockDirectory&) = delete;
  LockDirectory& operator=(const LockDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name = "lock") const { return path_ + "/" + name; }
  [[nodiscard]] std::string subdirectory(const std::string& name) const {
    const std::string path = path_ + "/" + name;
    std::filesystem::create_directory(path);
    return path;
  }

 private:
  std::string path_;
};

/// A lock held through a descriptor of its own, as another process would hold it.
class Holder {
 public:
  explicit Holder(const std::string& path) : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT, 0644)) {
    REQUIRE(descriptor_ >= 0);
    REQUIRE(::flock(descriptor_, LOCK_EX | LOCK_NB) == 0);
  }
  ~Holder() { ::close(descriptor_); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

 private:
  int descriptor_;
};

struct Surroundings {
  gk::test::ManualClock clock;
  gk::StopFlag stop;

  Result<FileLock> acquire(const std::vector<std::string>& directories, std::chrono::seconds wait = 0s) {
    return FileLock::acquire(directories, "lock", wait, clock, stop);
  }
};

/// Releases the lock once somebody has slept long enough.
class ReleasingClock final : public gk::Clock {
 public:
  explicit ReleasingClock(const std::string& path) : holder_(std::make_unique<Holder>(path)) {}
  gk::Instant now() override { return clock_.now(); }
  gk::SteadyTime steady_now() override { return clock_.steady_now(); }
  void sleep_until(gk::SteadyTime until) override {
    clock_.sleep_until(until);
    if (++sleeps_ == 3) holder_.reset();
  }

 private:
  gk::test::ManualClock clock_;
  std::unique_ptr<Holder> holder_;
  int sleeps_ = 0;
};

}  // namespace

TEST_CASE("a lock is taken once and freed with its owner") {
  const LockDirectory directory;
  Surroundings here;
  {
    const auto first = here.acquire({directory.path()});
    REQUIRE(first);
    const auto second = here.acquire({directory.path()});
    REQUIRE_FALSE(second);
    CHECK(second.error().category == Category::locked);
    CHECK(second.error().message.find(directory.file()) != std::string::npos);
  }
  CHECK(here.acquire({directory.path()}));
}

TEST_CASE("a lock survives being moved") {
  const LockDirectory directory;
  Surroundings here;
  auto first = here.acquire({directory.path()});
  REQUIRE(first);
  const FileLock kept = *std::move(first);
  CHECK(here.acquire({directory.path()}).error().category == Category::locked);
}

TEST_CASE("the kernel frees the lock of a process that is killed") {
  const LockDirectory directory;
  Surroundings here;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto lock = here.acquire({directory.path()});
    const char answer = lock ? 'y' : 'n';
    static_cast<void>(!::write(ready[1], &answer, 1));
    ::pause();
    ::_exit(0);
  }
  char answer = '?';
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  CHECK(answer == 'y');
  CHECK(here.acquire({directory.path()}).error().category == Category::locked);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(here.acquire({directory.path()}));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("waiting ends when the lock is freed") {
  const LockDirectory directory;
  ReleasingClock clock(directory.file());
  const gk::StopFlag stop;
  CHECK(FileLock::acquire({directory.path()}, "lock", 30s, clock, stop));
}

TEST_CASE("waiting ends at the limit") {
  const LockDirectory directory;
  const Holder holder(directory.file());
  Surroundings here;
  const auto start = here.clock.steady_now();
  CHECK(here.acquire({directory.path()}, 5s).error().category == Category::locked);
  CHECK(here.clock.steady_now() - start == 5s);
}

TEST_CASE("waiting ends at a stop request") {
  const LockDirectory directory;
  const Holder holder(directory.file());
  Surroundings here;
  here.stop.request(SIGTERM);
  CHECK(here.acquire({directory.path()}, 5s).error().category == Category::interrupted);
}

TEST_CASE("of several directories all are locked that can be used") {
  const LockDirectory directory;
  const std::string own = directory.subdirectory("own");
  const std::string shared = directory.subdirectory("shared");
  const std::string missing = directory.path() + "/missing";
  Surroundings here;
  const auto lock = here.acquire({missing, own, shared});
  REQUIRE(lock);
  CHECK(here.acquire({own}).error().category == Category::locked);
  CHECK(here.acquire({shared}).error().category == Category::locked);
}

TEST_CASE("a lock that is held in the last directory frees those before it") {
  const LockDirectory directory;
  const std::string own = directory.subdirectory("own");
  const std::string shared = directory.subdirectory("shared");
  const Holder holder(shared + "/lock");
  Surroundings here;
  CHECK(here.acquire({own, shared}).error().category == Category::locked);
  CHECK(here.acquire({own}));
}

TEST_CASE("without any usable directory there is no lock and no run") {
  const LockDirectory directory;
  Surroundings here;
  const auto lock = here.acquire({directory.path() + "/a", directory.path() + "/b"});
  REQUIRE_FALSE(lock);
  CHECK(lock.error().category == Category::internal);
  CHECK(lock.error().message.find("/a/lock") != std::string::npos);
  CHECK(lock.error().message.find("/b/lock") != std::string::npos);
}

TEST_CASE("a symbolic link is not followed") {
  const LockDirectory directory;
  std::filesystem::create_symlink(directory.file("target"), directory.file());
  Surroundings here;
  CHECK(here.acquire({directory.path()}).error().category == Category::internal);
  CHECK_FALSE(std::filesystem::exists(directory.file("target")));
}

TEST_CASE("a pipe in the place of the lock file does not block the run") {
  const LockDirectory directory;
  REQUIRE(::mkfifo(directory.file().c_str(), 0644) == 0);
  Surroundings here;
  ::alarm(20);  // without the guard the open below would wait for a writer for ever
  CHECK(here.acquire({directory.path()}).error().category == Category::internal);
  ::alarm(0);
}

TEST_CASE("the lock file is readable by others whatever the umask, so that their runs meet it") {
  const LockDirectory directory;
  Surroundings here;
  const mode_t before = ::umask(0077);
  const auto lock = here.acquire({directory.path()});
  ::umask(before);
  REQUIRE(lock);
  struct stat info {};
  REQUIRE(::stat(directory.file().c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0644U);
}

}  // namespace gk::util::file_lock_test
