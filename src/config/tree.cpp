#include "config/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include <rapidjson/error/error.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "util/text.hpp"

namespace gk::config {

namespace {

constexpr std::size_t k_max_depth = 64;

/// Turns byte offsets into positions. Offsets must not decrease: that keeps a one-line file of a megabyte
/// linear.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  Position move_to(std::size_t offset) {
    for (; offset_ < std::min(offset, text_.size()); ++offset_) {
      const auto byte = static_cast<unsigned char>(text_[offset_]);
      if (byte == '\n') {
        ++position_.line;
        position_.column = 1;
      } else if ((byte & 0xC0U) != 0x80U) {  // not inside a character
        ++position_.column;
      }
    }
    return position_;
  }

  /// The offset of the token that follows `offset`: behind white space, comments and separators.
  [[nodiscard]] std::size_t next_token(std::size_t offset) const {
    while (offset < text_.size()) {
      const std::string_view rest = text_.substr(offset);
      if (rest.starts_with("//")) {
        offset += std::min(rest.find('\n'), rest.size());
      } else if (rest.starts_with("/*")) {
        const std::size_t end = rest.find("*/", 2);
        offset += end == std::string_view::npos ? rest.size() : end + 2;
      } else if (std::string_view(" \t\r\n,:").find(rest.front()) != std::string_view::npos) {
        ++offset;
      } else {
        break;
      }
    }
    return offset;
  }

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Position position_;
};

/// RapidJSON's SAX events -> Node. The names of the functions are RapidJSON's. It tells where strings and
/// numbers end, not where they start, and calls for brackets before it has taken them: every start is found
/// from the end of the token before.
class Builder {
 public:
  Builder(std::string_view text, const rapidjson::MemoryStream& stream) : cursor_(text), stream_(stream) {}

  bool Null() { return add(NodeKind::null), true; }
  bool Bool(bool value) { return add(NodeKind::boolean).boolean = value, true; }
  bool Int(int value) { return Int64(value); }
  bool Uint(unsigned value) { return Int64(value); }
  bool Int64(std::int64_t value) {
    Node& node = add(NodeKind::integer);
    node.integer = value;
    node.real = static_cast<double>(value);
    return true;
  }
  bool Uint64(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return Int64(static_cast<std::int64_t>(value));
    }
    return Double(static_cast<double>(value));
  }
  bool Double(double value) { return add(NodeKind::real).real = value, true; }
  bool RawNumber(const char*, rapidjson::SizeType, bool) {
    return false;
  }  // only with a flag that is not set
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return add(NodeKind::string).text.assign(text, length), true;
  }
  bool StartObject() { return open(NodeKind::object); }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    key_.assign(text, length);
    key_at_ = cursor_.move_to(cursor_.next_token(end_));
    end_ = stream_.Tell();
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool StartArray() { return open(NodeKind::array); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  [[nodiscard]] bool too_deep() const { return too_deep_; }
  [[nodiscard]] Node take_root() { return std::move(root_); }

 private:
  Node& add(NodeKind kind) {
    // Open nodes stay where they are: only the last child of a node can be open, so nothing moves above it.
    Node& node = open_.empty() ? root_ : open_.back()->children.emplace_back();
    node.kind = kind;
    const std::size_t start = cursor_.next_token(end_);
    node.at = cursor_.move_to(start);
    if (!open_.empty() && open_.back()->kind == NodeKind::object) {
      node.key = key_;
      node.key_at = key_at_;
    }
    const bool bracket = kind == NodeKind::object || kind == NodeKind::array;
    end_ = bracket ? start + 1 : stream_.Tell();
    return node;
  }

  bool open(NodeKind kind) {
    too_deep_ = open_.size() >= k_max_depth;
    if (too_deep_) return false;
    open_.push_back(&add(kind));
    return true;
  }

  bool close() {
    open_.pop_back();
    end_ = cursor_.next_token(end_) + 1;
    return true;
  }

  Cursor cursor_;
  const rapidjson::MemoryStream& stream_;
  std::size_t end_ = 0;  ///< of the latest token
  std::string key_;
  Position key_at_;
  Node root_;
  std::vector<Node*> open_;
  bool too_deep_ = false;
};

std::string_view syntax_message(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorNone: return "no error";
    case rapidjson::kParseErrorDocumentEmpty: return "there is nothing but white space and comments";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "there is more text after the end of the document";
    case rapidjson::kParseErrorValueInvalid: return "this is not a JSON value";
    case rapidjson::kParseErrorObjectMissName: return "a key in double quotes, or }, is expected here";
    case rapidjson::kParseErrorObjectMissColon: return "a colon is missing after the key";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: return "a comma or } is missing";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return "a comma or ] is missing";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return "\\u must be followed by four hex digits";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "half of a \\u surrogate pair is missing";
    case rapidjson::kParseErrorStringEscapeInvalid: return "not a valid JSON escape";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "the closing quotation mark of this string is missing";
    case rapidjson::kParseErrorStringInvalidEncoding:
      return "this string is not UTF-8 or contains a control character";
    case rapidjson::kParseErrorNumberTooBig: return "this number is too large";
    case rapidjson::kParseErrorNumberMissFraction: return "digits are missing after the decimal point";
    case rapidjson::kParseErrorNumberMissExponent: return "digits are missing in the exponent";
    case rapidjson::kParseErrorTermination:
    case rapidjson::kParseErrorUnspecificSyntaxError: return "this is not valid JSON";
  }
  return "this is not valid JSON";
}

/// True when nothing but white space is left at `offset`: the file was cut, rather than written wrongly.
bool at_end(std::string_view text, std::size_t offset) {
  return text.find_first_not_of(" \t\r\n", std::min(offset, text.size())) == std::string_view::npos;
}

Fault syntax_fault(std::string_view text, rapidjson::ParseErrorCode code, std::size_t offset, bool too_deep) {
  const Position position = Cursor(text).move_to(offset);
  Fault fault{{position.line, position.column, "$"}, std::string(syntax_message(code)), ""};
  if (too_deep) {
    fault.message = fmt::format("nested deeper than {} levels", k_max_depth);
  } else if (at_end(text, offset) && code != rapidjson::kParseErrorDocumentEmpty) {
    fault.message = fmt::format("the file ends too early: {}", fault.message);
    fault.suggestion = "is the file complete? every { [ \" and /* must be closed";
  }
  return fault;
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  if (kind != NodeKind::object) return nullptr;
  const auto found = std::ranges::find(children, name, &Node::key);
  return found == children.end() ? nullptr : &*found;
}

std::string_view kind_name(NodeKind kind) {
  switch (kind) {
    case NodeKind::null: return "null";
    case NodeKind::boolean: return "true or false";
    case NodeKind::integer: return "a whole number";
    case NodeKind::real: return "a number";
    case NodeKind::string: return "a string";
    case NodeKind::array: return "a list";
    case NodeKind::object: return "an object";
  }
  return "something else";
}

std::string child_path(std::string_view parent, std::string_view key) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
  };
  if (!key.empty() && std::ranges::all_of(key, is_plain)) return fmt::format("{}.{}", parent, key);
  return fmt::format("{}[\"{}\"]", parent, printable(key, 60));
}

std::string child_path(std::string_view parent, std::size_t index) {
  return fmt::format("{}[{}]", parent, index);
}

Tree parse_tree(std::string_view text) {
  // Iterative: the recursive parser overflows the stack on a file of brackets.
  constexpr unsigned k_flags = rapidjson::kParseIterativeFlag | rapidjson::kParseCommentsFlag |
                               rapidjson::kParseTrailingCommasFlag | rapidjson::kParseValidateEncodingFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  Builder builder(text, stream);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<k_flags>(stream, builder);
  if (result.IsError())
    return {std::nullopt, syntax_fault(text, result.Code(), result.Offset(), builder.too_deep())};
  return {builder.take_root(), {}};
}

}  // namespace gk::config
