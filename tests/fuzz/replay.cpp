#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/targets.hpp"

// fuzz_replay CORPUS: every file of every target's folder, and the same cut short and bent, through its
// decoder. A crash, a hang or a broken law ends the program. --list prints the names of all targets.
namespace gk::fuzz {

namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A corpus shows what a decoder takes; what it must refuse is near.
void run_around(const Target& target, const std::string& bytes) {
  target.run(bytes);
  constexpr std::size_t k_variants = 12;
  const std::size_t step = std::max<std::size_t>(1, bytes.size() / k_variants);
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    target.run(std::string_view(bytes).substr(0, at));
    for (const char replacement : {'\0', '"', '}', '\xff'}) {
      std::string bent = bytes;
      bent[at] = replacement;
      target.run(bent);
    }
  }
}

std::vector<Target> all_targets() {
  std::vector<Target> all;
  for (const auto targets : {glofox_targets(), kisi_targets(), local_targets()})
    all.insert(all.end(), targets.begin(), targets.end());
  return all;
}

int replay(const std::filesystem::path& corpus) {
  std::size_t files = 0;
  for (const Target& target : all_targets()) {
    std::size_t own = 0;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(corpus / target.name))
      paths.push_back(entry.path());
    std::ranges::sort(paths);
    for (const auto& path : paths) {
      fmt::print("{} {}\n", target.name, path.filename().string());
      std::fflush(stdout);
      run_around(target, bytes_of(path));
      ++own;
    }
    if (own == 0) {
      fmt::print(stderr, "no corpus for {}\n", target.name);
      return EXIT_FAILURE;
    }
    files += own;
  }
  fmt::print("{} files, {} targets\n", files, all_targets().size());
  return EXIT_SUCCESS;
}

}  // namespace

}  // namespace gk::fuzz

int main(int argc, char** argv) {
  if (argc != 2) return 64;
  if (std::string_view(argv[1]) == "--list") {
    for (const auto& target : gk::fuzz::all_targets()) fmt::print("{}\n", target.name);
    return EXIT_SUCCESS;
  }
  return gk::fuzz::replay(argv[1]);
}
