#include "util/log.hpp"

#include <fmt/format.h>

#include "util/text.hpp"

namespace gk {

namespace {

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::error: return "error";
    case LogLevel::warning: return "warning";
    case LogLevel::info: return "info";
    case LogLevel::debug: return "debug";
  }
  return "error";
}

constexpr std::size_t k_max_value = 1000;

/// A JSON string. printable() has removed control characters; what it left needs only two escapes.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : printable(text, k_max_value)) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

std::string text_value(std::string_view text) {
  const std::string safe = printable(text, k_max_value);
  return safe.empty() || safe.find_first_of(" =\"") != std::string::npos ? json_string(text) : safe;
}

}  // namespace

void Log::hide(const Secret& secret) {
  constexpr std::size_t k_shortest = 8;
  if (secret.reveal().size() >= k_shortest) hidden_.push_back(secret);
}

std::string Log::redacted(std::string text) const {
  constexpr std::string_view k_mask = "***";
  for (const Secret& secret : hidden_) {
    for (std::size_t at = text.find(secret.reveal()); at != std::string::npos;
         at = text.find(secret.reveal(), at)) {
      text.replace(at, secret.reveal().size(), k_mask);
      at += k_mask.size();
    }
  }
  return text;
}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
  if (!enabled(level)) return;
  const std::string time = format_rfc3339(clock_.now());
  std::string line;
  if (format_ == LogFormat::json) {
    line = fmt::format(R"({{"time":"{}","level":"{}","message":{})", time, level_name(level),
                       json_string(message));
    for (const auto& [key, value] : fields)
      line += fmt::format(",{}:{}", json_string(key), json_string(value));
    line += "}\n";
  } else {
    line = fmt::format("{} {} {}", time, level_name(level), printable(message, k_max_value));
    for (const auto& [key, value] : fields) line += fmt::format(" {}={}", key, text_value(value));
    line += "\n";
  }
  line = redacted(std::move(line));
  const std::lock_guard guard(mutex_);
  static_cast<void>(std::fputs(line.c_str(), out_));
  static_cast<void>(std::fflush(out_));
}

}  // namespace gk
