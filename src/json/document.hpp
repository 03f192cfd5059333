#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "util/result.hpp"

namespace gk::json {

enum class Kind { missing, null, boolean, integer, real, string, array, object };

/// A read-only look at one value of a Document. Getters are total: a missing or wrong-typed value gives
/// nothing (the services send wrong-typed optional fields; glofox-api 3). Cheap to copy; lives no
/// longer than its Document.
class View {
 public:
  View() = default;
  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool exists() const { return kind() != Kind::missing; }
  /// Member of an object; a missing View when absent, or when this is not an object. Of duplicate keys the
  /// first counts.
  [[nodiscard]] View operator[](std::string_view key) const;
  /// Element of an array, or a missing View.
  [[nodiscard]] View at(std::size_t index) const;
  /// Of an array; else none.
  [[nodiscard]] std::vector<View> elements() const;
  /// Elements of an array, members of an object, else 0.
  [[nodiscard]] std::size_t size() const;
  /// Keys of an object in document order.
  [[nodiscard]] std::vector<std::string_view> keys() const;

  [[nodiscard]] std::optional<std::string_view> as_string() const;
  [[nodiscard]] std::optional<bool> as_bool() const;
  /// Integers that fit 64 bits signed; also 45.0, and strings of digits ("1700000000000").
  [[nodiscard]] std::optional<std::int64_t> as_integer() const;
  [[nodiscard]] std::optional<double> as_real() const;
  /// The value written as compact JSON again.
  [[nodiscard]] std::string dump() const;

 private:
  friend class Document;
  explicit View(const void* value) : value_(value) {}
  const void* value_ = nullptr;
};

/// Parsed JSON. Refused with Category::protocol: not UTF-8, NUL bytes, nesting deeper than 64, anything after
/// the value.
class Document {
 public:
  [[nodiscard]] static Result<Document> parse(std::string_view text);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document();
  [[nodiscard]] View root() const;

 private:
  struct Impl;
  explicit Document(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gk::json
