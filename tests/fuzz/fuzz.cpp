#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "fuzz/targets.hpp"

// Both programs start here: libFuzzer's (GK_FUZZ) and the one that replays the corpus as a test (replay.cpp).
namespace gk::fuzz {

const Target* find_target(std::string_view name) {
  for (const auto targets : {glofox_targets(), kisi_targets(), local_targets()}) {
    for (const Target& target : targets) {
      if (target.name == name) return &target;
    }
  }
  return nullptr;
}

void require(bool holds, const char* law) {
  if (holds) return;
  fmt::print(stderr, "broken: {}\n", law);
  std::abort();
}

}  // namespace gk::fuzz

#ifdef GK_FUZZ

namespace {
const gk::fuzz::Target* chosen = nullptr;
}

/// libFuzzer leaves options that begin with two dashes to the target.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view k_option = "--target=";
  for (int i = 1; i < *argc; ++i) {
    const std::string_view argument = (*argv)[i];
    if (argument.starts_with(k_option)) chosen = gk::fuzz::find_target(argument.substr(k_option.size()));
  }
  if (chosen == nullptr) {
    fmt::print(stderr, "--target=NAME is missing or unknown\n");
    std::exit(64);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  chosen->run({static_cast<const char*>(static_cast<const void*>(bytes)), size});
  return 0;
}

#endif
