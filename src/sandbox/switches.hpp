#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

namespace gk_sandbox {

/// A question that the API documents leave open, and the answers that the sandbox can give.
struct SwitchInfo {
  const char* name;
  const char* default_value;
  const char* values;  ///< Separated by `|`; `N` allows any number.
  const char* meaning;
};

[[nodiscard]] std::span<const SwitchInfo> all_switches();

/// Current answers; may change while requests are served.
class Switches {
 public:
  Switches();

  /// Returns "" when done, else a sentence that says what is wrong.
  [[nodiscard]] std::string set(std::string_view name, std::string_view value);
  [[nodiscard]] bool is(std::string_view name, std::string_view value) const;
  [[nodiscard]] std::string get(std::string_view name) const;
  [[nodiscard]] std::int64_t number(std::string_view name) const;
  [[nodiscard]] std::map<std::string, std::string, std::less<>> all() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace gk_sandbox
