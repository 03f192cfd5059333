#include "json/writer.hpp"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <variant>

#include "util/text.hpp"

namespace gk::json {

namespace {

/// Broken bytes become U+FFFD, one each.
std::string repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  while (!text.empty()) {
    std::size_t length = 1;
    while (length <= 4 && length <= text.size() && !is_utf8(text.substr(0, length))) ++length;
    if (length <= 4 && length <= text.size()) {
      out += text.substr(0, length);
      text.remove_prefix(length);
    } else {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace

struct Writer::Impl {
  using Compact = rapidjson::Writer<rapidjson::StringBuffer>;
  using Pretty = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

  explicit Impl(Style style) {
    if (style == Style::pretty) {
      writer.emplace<Pretty>(buffer).SetIndent(' ', 2);
    } else {
      writer.emplace<Compact>(buffer);
    }
  }

  template <class Action>
  void run(const Action& action) {
    if (Pretty* pretty = std::get_if<Pretty>(&writer)) {
      action(*pretty);
    } else if (Compact* compact = std::get_if<Compact>(&writer)) {
      action(*compact);
    }
  }

  template <class Put>
  void put_text(std::string_view text, const Put& put) {
    if (is_utf8(text)) return put(text);
    put(std::string_view(repaired(text)));
  }

  rapidjson::StringBuffer buffer;
  std::variant<std::monostate, Compact, Pretty> writer;
};

namespace {

rapidjson::SizeType size_of(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

}  // namespace

Writer::Writer(Style style) : impl_(std::make_unique<Impl>(style)) {}
Writer::~Writer() = default;

Writer& Writer::begin_object() {
  impl_->run([](auto& writer) { writer.StartObject(); });
  return *this;
}

Writer& Writer::end_object() {
  impl_->run([](auto& writer) { writer.EndObject(); });
  return *this;
}

Writer& Writer::begin_array() {
  impl_->run([](auto& writer) { writer.StartArray(); });
  return *this;
}

Writer& Writer::end_array() {
  impl_->run([](auto& writer) { writer.EndArray(); });
  return *this;
}

Writer& Writer::key(std::string_view name) {
  impl_->put_text(name, [this](std::string_view text) {
    impl_->run([text](auto& writer) { writer.Key(text.data(), size_of(text)); });
  });
  return *this;
}

Writer& Writer::value(std::string_view text) {
  impl_->put_text(text, [this](std::string_view good) {
    impl_->run(
        [good](auto& writer) { writer.String(good.data() == nullptr ? "" : good.data(), size_of(good)); });
  });
  return *this;
}

Writer& Writer::value(std::int64_t number) {
  impl_->run([number](auto& writer) { writer.Int64(number); });
  return *this;
}

Writer& Writer::value(std::uint64_t number) {
  impl_->run([number](auto& writer) { writer.Uint64(number); });
  return *this;
}

Writer& Writer::value(bool boolean) {
  impl_->run([boolean](auto& writer) { writer.Bool(boolean); });
  return *this;
}

Writer& Writer::value(double number) {
  // JSON has no infinities; RapidJSON would write nothing at all.
  if (!std::isfinite(number)) return null();
  impl_->run([number](auto& writer) { writer.Double(number); });
  return *this;
}

Writer& Writer::null() {
  impl_->run([](auto& writer) { writer.Null(); });
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  impl_->run([json](auto& writer) { writer.RawValue(json.data(), json.size(), rapidjson::kObjectType); });
  return *this;
}

std::string Writer::take() {
  return escape_unprintable_json({impl_->buffer.GetString(), impl_->buffer.GetSize()});
}

}  // namespace gk::json
