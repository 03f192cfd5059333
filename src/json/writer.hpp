#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gk::json {

/// Writes JSON piece by piece; keys stay in the order given. Broken UTF-8 in a string is replaced by U+FFFD.
class Writer {
 public:
  enum class Style { compact, pretty };
  explicit Writer(Style style = Style::compact);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(std::int64_t number);
  Writer& value(std::uint64_t number);
  Writer& value(int number) { return value(static_cast<std::int64_t>(number)); }
  Writer& value(bool boolean);
  Writer& value(double number);
  Writer& null();
  /// A value that is JSON already.
  Writer& raw(std::string_view json);
  template <class T>
  Writer& member(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }
  /// The text so far; the writer is finished.
  [[nodiscard]] std::string take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gk::json
