#pragma once

#include <span>
#include <string_view>

namespace gk::fuzz {

/// One decoder of bytes that somebody else wrote. It must come back whatever they are; it ends the program
/// when a law of the decoder is broken.
struct Target {
  std::string_view name;  ///< of the folder under tests/fuzz/corpus too
  void (*run)(std::string_view bytes);
};

[[nodiscard]] std::span<const Target> glofox_targets();
[[nodiscard]] std::span<const Target> kisi_targets();
[[nodiscard]] std::span<const Target> local_targets();

/// The target of that name in any of the three lists; nullptr when there is none.
[[nodiscard]] const Target* find_target(std::string_view name);

/// Ends the program when a law does not hold; both fuzzer and replay take that for a crash.
void require(bool holds, const char* law);

}  // namespace gk::fuzz
