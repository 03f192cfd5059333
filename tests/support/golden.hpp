#pragma once

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace gk::test {

/// Compares a text with tests/golden/<name>. With UPDATE_GOLDEN=1 the file is rewritten instead, and the test
/// fails with the note "updated": a run that accepts whatever comes must not look like a run that checked it.
inline void check_golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(GK_GOLDEN) + "/" + name;
  INFO("golden file " << name << "; UPDATE_GOLDEN=1 rewrites it");
  const char* update = std::getenv("UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream out(path, std::ios::binary);
    out << actual;
    FAIL_CHECK((out.flush() ? "updated" : "cannot be written"));
    return;
  }
  std::ifstream in(path, std::ios::binary);
  const std::string expected{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  CHECK(in.is_open());
  CHECK(actual == expected);
}

}  // namespace gk::test
