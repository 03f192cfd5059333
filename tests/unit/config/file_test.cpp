#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/file.hpp"

namespace gk::config::test::file_test {

namespace {

/// A directory that is gone with the test.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "gk-config-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("Files of every kind") {
  const Scratch scratch;
  const std::string file = scratch / "file";
  std::ofstream(file) << "0123456789";
  ::chmod(file.c_str(), 0640);

  const FileReading whole = read_file(file, 10);
  CHECK(whole.problem == FileProblem::none);
  CHECK(whole.bytes == "0123456789");
  CHECK(whole.mode == 0640);
  CHECK(read_file(file, 9).problem == FileProblem::too_large);
  CHECK(read_file(file, 9).size == 10);
  CHECK(read_file(file, 9).bytes.empty());
  CHECK(read_file(scratch / "none", 9).problem == FileProblem::missing);
  CHECK(read_file(file + "/below", 9).problem == FileProblem::missing);
  CHECK(read_file(scratch / "", 9).problem == FileProblem::directory);
  CHECK(read_file("/dev/null", 9).problem == FileProblem::not_regular);

  std::filesystem::create_symlink(file, scratch / "link");
  CHECK(read_file(scratch / "link", 10).bytes == "0123456789");
  std::filesystem::create_symlink("nowhere", scratch / "dangling");
  CHECK(read_file(scratch / "dangling", 10).problem == FileProblem::dangling_link);
  std::filesystem::create_symlink("loop", scratch / "loop");
  CHECK(read_file(scratch / "loop", 10).problem == FileProblem::unreadable);
}

TEST_CASE("A file of 100 MB is refused without being read") {
  const Scratch scratch;
  const std::string file = scratch / "large";
  std::ofstream(file) << "x";
  std::filesystem::resize_file(file, 100'000'000);
  const FileReading reading = read_file(file, std::size_t{1} << 20U);
  CHECK(reading.problem == FileProblem::too_large);
  CHECK(describe(reading, std::size_t{1} << 20U) ==
        "is too large: 100000000 bytes, at most 1048576 are read");
}

TEST_CASE("Pipes are read, with the same limit, and never hang") {
  const Scratch scratch;
  const std::string fifo = scratch / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(read_file(fifo, 10).bytes.empty());

  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  REQUIRE(::write(ends[1], "abcdef", 6) == 6);
  ::close(ends[1]);
  CHECK(read_file("/proc/self/fd/" + std::to_string(ends[0]), 10).bytes == "abcdef");
  ::close(ends[0]);

  REQUIRE(::pipe(ends.data()) == 0);
  REQUIRE(::write(ends[1], "abcdef", 6) == 6);
  ::close(ends[1]);
  CHECK(read_file("/proc/self/fd/" + std::to_string(ends[0]), 5).problem == FileProblem::too_large);
  ::close(ends[0]);
}

}  // namespace gk::config::test::file_test
