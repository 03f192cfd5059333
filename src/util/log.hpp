#pragma once

#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "util/clock.hpp"
#include "util/secret.hpp"

namespace gk {

enum class LogLevel { error, warning, info, debug };
enum class LogFormat { text, json };

/// Levelled lines on standard error, safe from both reading threads. Text: "2026-03-01T08:00:00Z warning
/// message key=value". JSON: one object a line. Values are escaped here, so callers may pass what a service
/// sent.
class Log {
 public:
  using Field = std::pair<std::string_view, std::string>;

  Log(std::FILE* out, LogLevel threshold, LogFormat format, Clock& clock)
      : out_(out), threshold_(threshold), format_(format), clock_(clock) {}

  [[nodiscard]] bool enabled(LogLevel level) const { return level <= threshold_; }
  /// From now on this secret's text leaves neither through write() nor through redacted(): a service may
  /// repeat a key in its error. Call before any thread uses the log. Secrets shorter than eight bytes are
  /// left alone: hiding them would garble everything.
  void hide(const Secret& secret);
  /// The text with every hidden secret replaced by `***`.
  [[nodiscard]] std::string redacted(std::string text) const;
  void write(LogLevel level, std::string_view message, std::initializer_list<Field> fields = {});

 private:
  std::FILE* out_;
  LogLevel threshold_;
  LogFormat format_;
  Clock& clock_;
  std::vector<Secret> hidden_;
  std::mutex mutex_;
};

}  // namespace gk
