#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "util/clock.hpp"

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
  void write(LogLevel level, std::string_view message, std::initializer_list<Field> fields = {});

 private:
  std::FILE* out_;
  LogLevel threshold_;
  LogFormat format_;
  Clock& clock_;
  std::mutex mutex_;
};

}  // namespace gk
