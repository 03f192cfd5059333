#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace gk_sandbox {

using Value = rapidjson::Value;
using Document = rapidjson::Document;
using Allocator = Document::AllocatorType;

/// Parses UTF-8 JSON; nothing when the text is not exactly one valid document.
[[nodiscard]] std::optional<Document> parse_json(std::string_view text);

[[nodiscard]] std::string to_text(const Value& value);

/// The member `key`, or null when `object` is not an object or has no such key.
[[nodiscard]] const Value* find(const Value& object, std::string_view key);

[[nodiscard]] std::string string_at(const Value& object, std::string_view key);
[[nodiscard]] std::optional<bool> bool_at(const Value& object, std::string_view key);
/// Integers and strings of digits: both services write numbers either way.
[[nodiscard]] std::optional<std::int64_t> int_at(const Value& object, std::string_view key);
[[nodiscard]] std::optional<std::int64_t> to_int(std::string_view text);

/// RFC 7396: objects merge deeply, null removes a key, anything else replaces.
void merge_patch(Value& target, const Value& patch, Allocator& allocator);

/// Adds or replaces one member.
void set_member(Value& object, std::string_view key, Value value, Allocator& allocator);
void set_member(Value& object, std::string_view key, std::string_view text, Allocator& allocator);
void remove_member(Value& object, std::string_view key);

[[nodiscard]] Value make_string(std::string_view text, Allocator& allocator);

/// Writes JSON text in one pass. Rows are made this way once and then served as they are.
class JsonText {
 public:
  JsonText() : writer_(buffer_) {}
  JsonText(const JsonText&) = delete;
  JsonText& operator=(const JsonText&) = delete;

  JsonText& begin_object();
  JsonText& end_object();
  JsonText& begin_array();
  JsonText& end_array();
  JsonText& key(std::string_view name);
  /// Text that is JSON already.
  JsonText& raw(std::string_view json);

  JsonText& value(std::string_view text);
  JsonText& value(const std::string& text) { return value(std::string_view(text)); }
  JsonText& value(const char* text) { return value(std::string_view(text)); }
  JsonText& value(std::nullptr_t);
  JsonText& value(const Value& json);
  template <class T>
  requires std::is_arithmetic_v<T> JsonText& value(T number) {
    if constexpr (std::is_same_v<T, bool>) {
      writer_.Bool(number);
    } else if constexpr (std::is_floating_point_v<T>) {
      writer_.Double(number);
    } else if constexpr (std::is_signed_v<T>) {
      writer_.Int64(number);
    } else {
      writer_.Uint64(number);
    }
    return *this;
  }
  template <class T>
  JsonText& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : value(nullptr);
  }

  template <class T>
  JsonText& field(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  JsonText& raw_field(std::string_view name, std::string_view json) { return key(name).raw(json); }

  [[nodiscard]] std::string text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace gk_sandbox
