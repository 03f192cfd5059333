#include "json/document.hpp"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <utility>

#include "json/prepare.hpp"
#include "util/text.hpp"

namespace gk::json {

namespace {

const rapidjson::Value& value_at(const void* value) { return *static_cast<const rapidjson::Value*>(value); }

std::string_view text_of(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

bool is_integer(std::string_view number) { return number.find_first_of(".eE") == std::string_view::npos; }

/// The nearest double of a number in JSON's grammar; nothing when it is too big for one.
std::optional<double> real_of(std::string_view number) {
  double real = 0;
  const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), real);
  if (error == std::errc{}) return real;
  // A number that is too small is zero: it has a negative exponent, or begins with "0." and has none.
  const std::size_t exponent = number.find_first_of("eE");
  const bool small = exponent == std::string_view::npos ? !is_integer(number) : number[exponent + 1] == '-';
  return small ? std::optional(0.0) : std::nullopt;
}

/// Passes everything on to the document under construction, but stops at k_max_depth: the parser recurses.
/// Converts numbers itself, each to the nearest value: foreign metadata is written back as it was read.
/// RapidJSON's own exact conversion is undefined for numbers like 0e308 and 18446744073709551615515.
class DocumentHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, DocumentHandler> {
 public:
  explicit DocumentHandler(rapidjson::Document& target) : target_(target) {}
  bool Null() { return target_.Null(); }
  bool Bool(bool value) { return target_.Bool(value); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    const std::string_view number(text, size);
    if (is_integer(number)) {
      if (const auto small = whole_of<std::int64_t>(number)) return target_.Int64(*small);
      if (const auto large = whole_of<std::uint64_t>(number)) return target_.Uint64(*large);
    }
    const auto real = real_of(number);
    too_big_ = !real;
    return real && target_.Double(*real);
  }
  bool String(const char* text, rapidjson::SizeType size, bool copy) {
    return target_.String(text, size, copy);
  }
  bool Key(const char* text, rapidjson::SizeType size, bool copy) { return target_.Key(text, size, copy); }
  bool StartObject() { return ++depth_ <= k_max_depth && target_.StartObject(); }
  bool EndObject(rapidjson::SizeType members) {
    --depth_;
    return target_.EndObject(members);
  }
  bool StartArray() { return ++depth_ <= k_max_depth && target_.StartArray(); }
  bool EndArray(rapidjson::SizeType elements) {
    --depth_;
    return target_.EndArray(elements);
  }
  [[nodiscard]] bool too_big() const { return too_big_; }

 private:
  template <class Whole>
  [[nodiscard]] static std::optional<Whole> whole_of(std::string_view digits) {
    Whole whole = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, whole);
    return error == std::errc{} && stop == end ? std::optional(whole) : std::nullopt;
  }

  rapidjson::Document& target_;
  int depth_ = 0;
  bool too_big_ = false;
};

}  // namespace

struct Document::Impl {
  std::string text;  ///< parsed in place: the values point into it
  rapidjson::Document document;
};

Document::Document(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string_view text) {
  auto impl = std::make_unique<Impl>();
  impl->text = text;
  if (!is_utf8(impl->text)) return fail(Category::protocol, "not JSON: the text is not UTF-8");
  GK_TRY_ASSIGN(const std::size_t start, prepare_in_place(impl->text));
  rapidjson::InsituStringStream stream(impl->text.data() + start);
  rapidjson::Reader reader;
  bool too_big = false;
  const auto generate = [&](rapidjson::Document& target) {
    DocumentHandler handler(target);
    constexpr unsigned k_flags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;
    const bool parsed = !reader.Parse<k_flags>(stream, handler).IsError();
    too_big = handler.too_big();
    return parsed;
  };
  impl->document.Populate(generate);
  if (reader.HasParseError()) {
    const char* const reason = too_big ? "a number is too big"
                               : reader.GetParseErrorCode() == rapidjson::kParseErrorTermination
                                   ? "nested too deeply"
                                   : rapidjson::GetParseError_En(reader.GetParseErrorCode());
    return fail(syntax_error(reason, impl->text, reader.GetErrorOffset() + start));
  }
  return Document(std::move(impl));
}

View Document::root() const {
  return View(impl_ ? static_cast<const rapidjson::Value*>(&impl_->document) : nullptr);
}

Kind View::kind() const {
  if (value_ == nullptr) return Kind::missing;
  const rapidjson::Value& value = value_at(value_);
  switch (value.GetType()) {
    case rapidjson::kNullType: return Kind::null;
    case rapidjson::kFalseType:
    case rapidjson::kTrueType: return Kind::boolean;
    case rapidjson::kObjectType: return Kind::object;
    case rapidjson::kArrayType: return Kind::array;
    case rapidjson::kStringType: return Kind::string;
    case rapidjson::kNumberType: return value.IsInt64() ? Kind::integer : Kind::real;
  }
  return Kind::missing;
}

View View::operator[](std::string_view key) const {
  if (kind() != Kind::object) return {};
  for (const auto& member : value_at(value_).GetObject()) {
    if (text_of(member.name) == key) return View(&member.value);
  }
  return {};
}

View View::at(std::size_t index) const {
  if (kind() != Kind::array || index >= value_at(value_).Size()) return {};
  return View(&value_at(value_)[static_cast<rapidjson::SizeType>(index)]);
}

std::vector<View> View::elements() const {
  std::vector<View> views;
  if (kind() != Kind::array) return views;
  for (const auto& element : value_at(value_).GetArray()) views.push_back(View(&element));
  return views;
}

std::size_t View::size() const {
  const Kind own = kind();
  if (own == Kind::array) return value_at(value_).Size();
  return own == Kind::object ? value_at(value_).MemberCount() : 0;
}

std::vector<std::string_view> View::keys() const {
  std::vector<std::string_view> names;
  if (kind() != Kind::object) return names;
  for (const auto& member : value_at(value_).GetObject()) names.push_back(text_of(member.name));
  return names;
}

std::optional<std::string_view> View::as_string() const {
  if (kind() != Kind::string) return std::nullopt;
  return text_of(value_at(value_));
}

std::optional<bool> View::as_bool() const {
  if (kind() != Kind::boolean) return std::nullopt;
  return value_at(value_).GetBool();
}

std::optional<std::int64_t> View::as_integer() const {
  switch (kind()) {
    case Kind::integer: return value_at(value_).GetInt64();
    case Kind::real: return integer_of(value_at(value_).GetDouble());
    case Kind::string: return integer_of(text_of(value_at(value_)));
    default: return std::nullopt;
  }
}

std::optional<double> View::as_real() const {
  const Kind own = kind();
  if (own != Kind::integer && own != Kind::real) return std::nullopt;
  return value_at(value_).GetDouble();
}

std::string View::dump() const {
  if (value_ == nullptr) return "null";
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value_at(value_).Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace gk::json
