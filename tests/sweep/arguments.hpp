#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gk::test {

/// The few options of a sweep program. Anything that is not understood ends the program with its help.
class Arguments {
 public:
  Arguments(std::vector<std::string> given, std::string_view help) : left_(std::move(given)), help_(help) {
    if (flag("--help")) {
      fmt::print("{}", help_);
      std::exit(EXIT_SUCCESS);
    }
  }

  bool flag(std::string_view name) {
    const auto found = std::ranges::find(left_, name);
    if (found == left_.end()) return false;
    left_.erase(found);
    return true;
  }
  std::optional<std::string> text(std::string_view name) {
    const auto found = std::ranges::find(left_, name);
    if (found == left_.end()) return std::nullopt;
    if (found + 1 == left_.end()) refuse(*found);
    std::string value = *(found + 1);
    left_.erase(found, found + 2);
    return value;
  }
  std::uint64_t number(std::string_view name, std::uint64_t otherwise) {
    const auto value = text(name);
    if (!value) return otherwise;
    std::uint64_t read = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), read);
    if (error != std::errc{} || end != value->data() + value->size()) refuse(*value);
    return read;
  }
  /// Whatever is left is a mistake.
  void finish() {
    if (!left_.empty()) refuse(left_.front());
  }

 private:
  [[noreturn]] void refuse(const std::string& what) {
    fmt::print(stderr, "not understood: {}\n{}", what, help_);
    std::exit(64);
  }

  std::vector<std::string> left_;
  std::string_view help_;
};

}  // namespace gk::test
