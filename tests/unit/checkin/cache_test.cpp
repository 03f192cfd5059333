#include "checkin/cache.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <thread>

#include "support/door_world.hpp"
#include "util/digest.hpp"

namespace gk::checkin::cache_test {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::at;

const Instant k_at = at("2026-03-01T08:00:00Z");
const MemberId k_ada = test::member_id(1);

struct CacheFolder {
  test::TemporaryDirectory directory;
  fs::path root = directory.path() / "state" / "checkins";
  [[nodiscard]] Cache cache() const { return Cache({root.string(), test::k_branch.value(), 24h}); }
  [[nodiscard]] fs::path event_file(const std::string& uuid) const {
    return root / test::k_branch.value() / "2026-03-01" / sha256_hex(uuid);
  }
};

/// "stage claimed", "taken" or "error".
std::string claimed(Cache cache, const std::string& uuid, Instant time = k_at) {
  const auto claim = cache.claim({uuid, time});
  if (!claim) return "error: " + claim.error().message;
  if (!*claim) return "taken";
  constexpr const char* k_names[] = {"claimed", "sending", "entered", "done"};
  return k_names[static_cast<int>((*claim)->stage())];
}

bool reserved(Cache cache, const std::string& uuid, Instant time) {
  return cache.reserve_entry(k_ada, {uuid, time}, 10min).value();
}

std::vector<std::string> everything_below(const fs::path& root) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(root)) names.push_back(entry.path().string());
  return names;
}

}  // namespace

TEST_CASE("an event belongs to whoever claims it first, until it is released") {
  const CacheFolder folder;
  Cache cache = folder.cache();
  auto first = cache.claim({"u1", k_at});
  REQUIRE(first.has_value());
  REQUIRE(first->has_value());
  CHECK((*first)->stage() == Stage::claimed);
  CHECK(claimed(folder.cache(), "u1") == "taken");
  CHECK(claimed(folder.cache(), "u2") == "claimed");
  (*first)->release();
  first->reset();
  CHECK(claimed(folder.cache(), "u1") == "claimed");
}

TEST_CASE("what a process noted before it died is found") {
  for (const Stage stage : {Stage::claimed, Stage::sending, Stage::entered}) {
    const CacheFolder folder;
    // A child that is killed with the claim in its hands.
    const pid_t child = ::fork();
    if (child == 0) {
      Cache cache = folder.cache();
      auto claim = cache.claim({"u1", k_at});
      if (claim && *claim) static_cast<void>((*claim)->note(stage).has_value());
      ::raise(SIGKILL);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    Cache cache = folder.cache();
    const auto claim = cache.claim({"u1", k_at});
    REQUIRE(claim.has_value());
    REQUIRE(claim->has_value());
    CHECK((*claim)->stage() == stage);
  }
}

TEST_CASE("a done event is never claimed again") {
  const CacheFolder folder;
  {
    Cache cache = folder.cache();
    auto claim = cache.claim({"u1", k_at});
    REQUIRE((*claim)->note(Stage::done).has_value());
  }
  CHECK(claimed(folder.cache(), "u1") == "taken");
  Cache cache = folder.cache();
  CHECK(cache.peek({"u1", k_at}) == Stage::done);
  CHECK_FALSE(cache.peek({"u2", k_at}).has_value());
}

TEST_CASE("a file that we did not write may stand for an entry") {
  const CacheFolder folder;
  CHECK(claimed(folder.cache(), "u0") == "claimed");  // makes the directories
  std::ofstream(folder.event_file("u1")) << "garbage";
  ::chmod(folder.event_file("u1").c_str(), 0600);
  CHECK(claimed(folder.cache(), "u1") == "sending");
  std::ofstream(folder.event_file("u2")) << "";
  CHECK(claimed(folder.cache(), "u2") == "claimed");
  std::ofstream(folder.event_file("u3")) << "done   \nmore";
  CHECK(claimed(folder.cache(), "u3") == "sending");
}

TEST_CASE("no uuid leaves the directory, and all is for the owner alone") {
  const CacheFolder folder;
  const std::string hostile[] = {
      "../../../escape",      "/etc/passwd", "..",       ".", "a/b",
      std::string("a\0b", 3), "people",      "\xff\xfe", "",  std::string(200, 'x'),
      "2026-03-01",           "con\n"};
  for (const std::string& uuid : hostile) CHECK(claimed(folder.cache(), uuid) == "claimed");
  std::size_t files = 0;
  for (const std::string& name : everything_below(folder.directory.path())) {
    struct stat info {};
    REQUIRE(::lstat(name.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == (S_ISDIR(info.st_mode) ? 0700U : 0600U));
    files += S_ISREG(info.st_mode) ? 1 : 0;
  }
  CHECK(files == std::size(hostile));
}

TEST_CASE("symbolic links are not followed") {
  const CacheFolder folder;
  CHECK(claimed(folder.cache(), "u0") == "claimed");
  const fs::path target = folder.directory.path() / "target";
  std::ofstream(target) << "keep";
  fs::create_symlink(target, folder.event_file("u1"));
  CHECK(claimed(folder.cache(), "u1").starts_with("error"));
  fs::rename(folder.root, folder.directory.path() / "moved");
  fs::create_directory_symlink(folder.directory.path() / "moved", folder.root);
  CHECK(claimed(folder.cache(), "u2").starts_with("error"));
  std::ifstream in(target);
  std::string text;
  in >> text;
  CHECK(text == "keep");
}

TEST_CASE("a cache that cannot be used says so") {
  const CacheFolder folder;
  CHECK(claimed(Cache({"", test::k_branch.value(), 24h}), "u1").starts_with("error"));
  CHECK(claimed(Cache({"/proc/nothing/here", test::k_branch.value(), 24h}), "u1").starts_with("error"));
  std::ofstream(folder.directory.path() / "file") << "x";
  const std::string below_file = (folder.directory.path() / "file" / "checkins").string();
  CHECK(claimed(Cache({below_file, test::k_branch.value(), 24h}), "u1").starts_with("error"));
  fs::create_directories(folder.root);
  ::chmod(folder.root.c_str(), 0777);
  CHECK(claimed(folder.cache(), "u1").find("other users can write") != std::string::npos);
}

TEST_CASE("one entry of a person within the debounce") {
  const CacheFolder folder;
  CHECK(reserved(folder.cache(), "u1", k_at));
  CHECK(reserved(folder.cache(), "u1", k_at));  // the same event may ask again
  CHECK_FALSE(reserved(folder.cache(), "u2", k_at + 9min + 59s));
  CHECK_FALSE(reserved(folder.cache(), "u3", k_at - 9min - 59s));
  CHECK(reserved(folder.cache(), "u4", k_at + 10min));
  CHECK(reserved(folder.cache(), "u5", k_at - 10min));
  Cache cache = folder.cache();
  CHECK(cache.reserve_entry(test::member_id(2), {"u6", k_at}, 10min).value());
  CHECK(cache.reserve_entry(k_ada, {"u7", k_at}, 0s).value());
  CHECK(cache.is_debounced(k_ada, {"u8", k_at}, 10min));
  CHECK_FALSE(cache.is_debounced(k_ada, {"u1", k_at}, 10min));
  CHECK_FALSE(cache.is_debounced(test::member_id(3), {"u8", k_at}, 10min));
}

TEST_CASE("an entry that was not made does not hold others back") {
  const CacheFolder folder;
  CHECK(reserved(folder.cache(), "u1", k_at));
  Cache cache = folder.cache();
  cache.cancel_entry(k_ada, {"u1", k_at});
  CHECK(reserved(folder.cache(), "u2", k_at + 1min));
}

TEST_CASE("of fifty processes with one event exactly one gets it, and one of fifty doors makes the entry") {
  const CacheFolder folder;
  constexpr int k_processes = 50;
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  std::vector<pid_t> children;
  for (int i = 0; i < k_processes; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      char go = 0;
      ::close(pipe_ends[1]);
      static_cast<void>(::read(pipe_ends[0], &go, 1) == 0);  // until the parent closes its end
      Cache cache = folder.cache();
      auto claim = cache.claim({"u1", k_at});
      const bool mine = claim && *claim;
      if (mine) static_cast<void>((*claim)->note(Stage::done).has_value());
      const auto entry =
          cache.reserve_entry(k_ada, {fmt::format("door {}", i), k_at + std::chrono::seconds{i}}, 10min);
      ::_exit((mine ? 1 : 0) + (entry && *entry ? 2 : 0) + (claim && entry ? 0 : 4));
    }
    children.push_back(child);
  }
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
  int claims = 0;
  int entries = 0;
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    const int code = WEXITSTATUS(status);
    claims += (code & 1) != 0 ? 1 : 0;
    entries += (code & 2) != 0 ? 1 : 0;
    CHECK((code & 4) == 0);
  }
  CHECK(claims == 1);
  CHECK(entries == 1);
}

TEST_CASE("only what no event can come back to is removed") {
  const CacheFolder folder;
  const auto finish = [&](const std::string& uuid, Instant time) {
    Cache cache = folder.cache();
    auto claim = cache.claim({uuid, time});
    REQUIRE((*claim)->note(Stage::done).has_value());
    REQUIRE(cache.reserve_entry(k_ada, {uuid, time}, 0s).value());
  };
  finish("old", at("2026-02-20T10:00:00Z"));
  finish("older", at("2026-02-20T11:00:00Z"));
  finish("yesterday", at("2026-02-28T23:59:59Z"));
  finish("today", k_at);
  Cache cache = folder.cache();
  cache.prune(k_at, 1);
  const fs::path old_day = folder.root / test::k_branch.value() / "2026-02-20";
  CHECK(fs::exists(old_day));
  cache.prune(k_at, std::numeric_limits<std::size_t>::max());
  CHECK_FALSE(fs::exists(old_day));
  CHECK(claimed(folder.cache(), "yesterday", at("2026-02-28T23:59:59Z")) == "taken");
  CHECK(claimed(folder.cache(), "today") == "taken");
  const fs::path person = folder.root / test::k_branch.value() / "people" / k_ada.text();
  CHECK(fs::exists(person));
  cache.prune(k_at + std::chrono::hours{24 * 30}, std::numeric_limits<std::size_t>::max());
  CHECK_FALSE(fs::exists(person));
}

TEST_CASE("looking makes nothing") {
  const CacheFolder folder;
  Cache cache = folder.cache();
  CHECK_FALSE(cache.peek({"u1", k_at}).has_value());
  CHECK_FALSE(cache.is_debounced(k_ada, {"u1", k_at}, 10min));
  CHECK_FALSE(cache.recall_own_user("key", k_at).has_value());
  cache.prune(k_at, 10);
  CHECK(everything_below(folder.directory.path()).empty());
}

TEST_CASE("the user behind a key is remembered for a day, per key") {
  const CacheFolder folder;
  Cache cache = folder.cache();
  cache.remember_own_user("key", UserId{7000001}, k_at);
  CHECK(cache.recall_own_user("key", k_at) == UserId{7000001});
  CHECK(cache.recall_own_user("key", k_at + 24h - 1s) == UserId{7000001});
  CHECK_FALSE(cache.recall_own_user("key", k_at + 24h).has_value());
  CHECK_FALSE(cache.recall_own_user("key", k_at - 1s).has_value());
  CHECK_FALSE(cache.recall_own_user("other", k_at).has_value());
  for (const char* broken : {"", "7000001", "x 1\n", "7000001 x\n", "-5 1\n", "0 0\n"}) {
    std::ofstream(folder.root / "kisi-user-key") << broken;
    CHECK_FALSE(cache.recall_own_user("key", k_at).has_value());
  }
}

}  // namespace gk::checkin::cache_test
