#include "json/row_stream.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "json/page_stream.hpp"
#include "json/prepare.hpp"

namespace gk::json {

namespace {

/// Splits the first part off a dotted path.
std::string_view take_part(std::string_view& path) {
  const std::size_t dot = path.find('.');
  const std::string_view part = path.substr(0, dot);
  path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  return part;
}

/// The first eight bytes as a number, zero-padded. Eight bytes must be readable at `text`.
std::uint64_t head_of(const char* text, std::size_t size) {
  std::uint64_t head = 0;
  std::memcpy(&head, text, sizeof head);
  return size >= sizeof head ? head : head & ((std::uint64_t{1} << (8 * size)) - 1);
}

bool is_index(std::string_view part) {
  return part.size() == 1 && part[0] >= '0' && part[0] <= '9';
}

Scalar scalar_of(const View& value) {
  Scalar scalar;
  scalar.kind = value.kind();
  scalar.text = value.as_string().value_or(std::string_view());
  scalar.boolean = value.as_bool().value_or(false);
  if (scalar.kind == Kind::integer) scalar.integer = value.as_integer().value_or(0);
  if (scalar.kind == Kind::real) scalar.real = value.as_real().value_or(0);
  return scalar;
}

}  // namespace

std::optional<std::string_view> Scalar::as_string() const {
  return kind == Kind::string ? std::optional(text) : std::nullopt;
}

std::optional<bool> Scalar::as_bool() const {
  return kind == Kind::boolean ? std::optional(boolean) : std::nullopt;
}

std::optional<std::int64_t> Scalar::as_integer() const {
  switch (kind) {
    case Kind::integer:
      return integer;
    case Kind::real:
      return integer_of(real);
    case Kind::string:
      return integer_of(text);
    default:
      return std::nullopt;
  }
}

std::vector<Scalar> pick(const View& row, std::span<const std::string_view> fields) {
  std::vector<Scalar> scalars;
  scalars.reserve(fields.size());
  for (std::string_view path : fields) {
    View value = row;
    while (!path.empty()) {
      const std::string_view part = take_part(path);
      const bool element = value.kind() == Kind::array && is_index(part);
      value = element ? value.at(static_cast<std::size_t>(part[0] - '0')) : value[part];
    }
    scalars.push_back(scalar_of(value));
  }
  return scalars;
}

PageSchema::PageSchema(std::string_view rows_key, std::span<const std::string_view> row_fields,
                       std::span<const std::string_view> envelope_fields)
    : rows_key_(rows_key),
      row_nodes_(build(row_fields)),
      envelope_nodes_(build(envelope_fields)),
      row_fields_(row_fields.size()),
      envelope_fields_(envelope_fields.size()) {}

std::size_t PageSchema::bucket_of(std::string_view key) {
  if (key.empty()) return 0;
  const auto first = static_cast<unsigned char>(key.front());
  const auto last = static_cast<unsigned char>(key.back());
  return (key.size() * 5U + first + std::size_t{last} * 3U) & 63U;
}

void PageSchema::add_child(Node& parent, std::string_view name, std::size_t node) {
  std::array<char, 8> head{};
  std::memcpy(head.data(), name.data(), std::min(name.size(), head.size()));
  std::uint8_t& bucket = parent.buckets[bucket_of(name)];
  parent.children.push_back(
      {head_of(head.data(), name.size()), std::string(name), static_cast<std::uint16_t>(node), bucket});
  bucket = static_cast<std::uint8_t>(parent.children.size());
}

std::vector<PageSchema::Node> PageSchema::build(std::span<const std::string_view> fields) {
  std::vector<Node> nodes(1);
  for (std::size_t field = 0; field < fields.size(); ++field) {
    std::string_view path = fields[field];
    std::size_t at = 0;
    while (!path.empty()) {
      const std::string_view part = take_part(path);
      const auto& children = nodes[at].children;
      const auto known = std::find_if(children.begin(), children.end(),
                                      [&](const Child& child) { return child.name == part; });
      std::size_t next = nodes.size();
      if (known != children.end()) {
        next = known->node;
      } else {
        add_child(nodes[at], part, next);
        nodes.emplace_back();
      }
      at = next;
    }
    nodes[at].field = static_cast<int>(field);
  }
  return nodes;
}

/// RapidJSON's handler. It follows only objects and arrays in which something wanted may lie; of all others
/// it merely counts the depth.
class PageReader {
 public:
  PageReader(const PageSchema& schema, PageStream& stream,
             const std::function<void(std::span<const Scalar>)>& on_row)
      : schema_(schema),
        stream_(stream),
        on_row_(on_row),
        row_(schema.row_fields_),
        row_seen_(schema.row_nodes_.size()),
        envelope_seen_(schema.envelope_nodes_.size()) {
    envelope_.fields.resize(schema.envelope_fields_);
  }

  bool Null() {
    if (Scalar* const scalar = wanted()) scalar->kind = Kind::null;
    return true;
  }
  bool Bool(bool value) {
    if (Scalar* const scalar = wanted()) {
      scalar->kind = Kind::boolean;
      scalar->boolean = value;
    }
    return true;
  }
  bool Int(int value) { return Int64(value); }
  bool Uint(unsigned value) { return Int64(value); }
  bool Int64(std::int64_t value) {
    if (Scalar* const scalar = wanted()) {
      scalar->kind = Kind::integer;
      scalar->integer = value;
    }
    return true;
  }
  bool Uint64(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(INT64_MAX)) return Int64(static_cast<std::int64_t>(value));
    return Double(static_cast<double>(value));
  }
  bool Double(double value) {
    if (Scalar* const scalar = wanted()) {
      scalar->kind = Kind::real;
      scalar->real = value;
    }
    return true;
  }
  bool RawNumber(const char* /*text*/, rapidjson::SizeType /*size*/, bool /*copy*/) { return false; }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    if (Scalar* const scalar = wanted()) {
      scalar->kind = Kind::string;
      scalar->text = {text, size};
    }
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    if (skipped_ != 0) return true;
    find_child({text, size});
    if (next_ == k_none) stream_.skip_value();
    return true;
  }
  bool StartObject() { return open(Kind::object); }
  bool EndObject(rapidjson::SizeType /*members*/) { return close(); }
  bool StartArray() { return open(Kind::array); }
  bool EndArray(rapidjson::SizeType /*elements*/) { return close(); }

  PageEnvelope take_envelope() {
    // The page is the caller's: texts move out of it.
    envelope_.texts.reserve(envelope_.fields.size());
    for (Scalar& field : envelope_.fields) {
      if (field.kind == Kind::string) field.text = envelope_.texts.emplace_back(field.text);
    }
    return std::move(envelope_);
  }

 private:
  static constexpr int k_none = -1;
  static constexpr int k_rows = -2;  ///< the value that comes is the row array

  /// An open object or array in which something wanted may lie.
  struct Frame {
    enum class Role : std::uint8_t { object, elements, rows } role;
    bool in_row;
    const PageSchema::Node* node;
    std::size_t next_element;  ///< of Role::elements
  };

  [[nodiscard]] const PageSchema::Node* nodes(bool in_row) const {
    return in_row ? schema_.row_nodes_.data() : schema_.envelope_nodes_.data();
  }
  [[nodiscard]] bool is_root(const Frame& frame) const { return frame.node == nodes(frame.in_row); }

  /// Decides which node the next value of the innermost open object belongs to.
  void find_child(std::string_view key) {
    const Frame& frame = frames_[depth_ - 1];
    next_ = k_none;
    next_scalar_ = nullptr;
    const PageSchema::Child* const children = frame.node->children.data();
    // Keys of the page may be read beyond their end: prepare_in_place() has padded it.
    const std::uint64_t head = head_of(key.data(), key.size());
    for (std::size_t at = frame.node->buckets[PageSchema::bucket_of(key)]; at != 0;) {
      const PageSchema::Child& child = children[at - 1];
      at = child.next;
      if (child.head != head || child.name.size() != key.size()) continue;
      if (key.size() > sizeof head && child.name != key) continue;
      return choose(frame, child.node);
    }
    const bool rows =
        !frame.in_row && is_root(frame) && !schema_.rows_key_.empty() && key == schema_.rows_key_;
    if (rows && !rows_seen_) next_ = k_rows;
    rows_seen_ = rows_seen_ || rows;
  }

  /// The value that comes belongs to `node`, unless this row (or the envelope) had one for it already.
  void choose(const Frame& frame, std::uint16_t node) {
    std::size_t& seen = (frame.in_row ? row_seen_ : envelope_seen_)[node];
    const std::size_t serial = serial_of(frame);
    if (seen == serial) return;
    seen = serial;
    next_ = node;
    const int field = nodes(frame.in_row)[node].field;
    if (field < 0) return;
    next_scalar_ = frame.in_row ? &row_[static_cast<std::size_t>(field)]
                                : &envelope_.fields[static_cast<std::size_t>(field)];
  }

  /// Tells a key of this row from the same key of an earlier row without clearing anything between rows.
  [[nodiscard]] std::size_t serial_of(const Frame& frame) const { return frame.in_row ? rows_begun_ : 1; }

  /// In arrays the index is the key.
  void step_element(Frame& frame) {
    next_ = k_none;
    next_scalar_ = nullptr;
    if (frame.next_element < 10) {
      const std::array<char, 8> digit{static_cast<char>('0' + frame.next_element)};
      find_child({digit.data(), 1});
    }
    ++frame.next_element;
  }

  /// Where the next scalar goes; null when it is not wanted.
  Scalar* wanted() {
    if (skipped_ != 0 || depth_ == 0) return nullptr;
    Frame& frame = frames_[depth_ - 1];
    if (frame.role == Frame::Role::rows) {
      ++envelope_.odd_rows;
      return nullptr;
    }
    if (frame.role == Frame::Role::elements) step_element(frame);
    return next_scalar_;
  }

  bool open(Kind kind) {
    if (++nesting_ > k_max_depth) return false;
    if (skipped_ != 0) {
      ++skipped_;
      return true;
    }
    if (depth_ == 0) {
      if (kind == Kind::array) return open_rows();
      return push({Frame::Role::object, false, nodes(false), 0});
    }
    Frame& frame = frames_[depth_ - 1];
    if (frame.role == Frame::Role::rows) {
      if (kind == Kind::object) return open_row();
      ++envelope_.odd_rows;
      return skip();
    }
    if (frame.role == Frame::Role::elements) step_element(frame);
    if (next_ == k_rows) {
      // One object instead of an array counts as one row.
      envelope_.has_rows = true;
      return kind == Kind::array ? open_rows() : open_row();
    }
    if (next_scalar_ != nullptr) next_scalar_->kind = kind;
    if (next_ < 0 || nodes(frame.in_row)[next_].children.empty()) return skip();
    const auto role = kind == Kind::object ? Frame::Role::object : Frame::Role::elements;
    return push({role, frame.in_row, nodes(frame.in_row) + next_, 0});
  }

  bool open_rows() {
    envelope_.has_rows = true;
    return push({Frame::Role::rows, false, nodes(false), 0});
  }

  bool open_row() {
    std::fill(row_.begin(), row_.end(), Scalar{});
    ++rows_begun_;
    return push({Frame::Role::object, true, nodes(true), 0});
  }

  bool push(const Frame& frame) {
    frames_[depth_++] = frame;
    return true;
  }

  bool skip() {
    skipped_ = 1;
    return true;
  }

  bool close() {
    --nesting_;
    if (skipped_ != 0) {
      --skipped_;
      return true;
    }
    const Frame& frame = frames_[--depth_];
    if (frame.role == Frame::Role::object && frame.in_row && is_root(frame)) {
      ++envelope_.rows;
      on_row_(row_);
    }
    return true;
  }

  const PageSchema& schema_;
  PageStream& stream_;
  const std::function<void(std::span<const Scalar>)>& on_row_;
  std::vector<Scalar> row_;
  std::vector<std::size_t> row_seen_, envelope_seen_;  ///< per node: the serial of the row that had it last
  PageEnvelope envelope_;
  std::array<Frame, k_max_depth> frames_{};
  std::size_t depth_ = 0;    ///< open frames
  std::size_t skipped_ = 0;  ///< open objects and arrays inside an unwanted one
  int nesting_ = 0;
  int next_ = k_none;              ///< node of the value that comes
  Scalar* next_scalar_ = nullptr;  ///< where it goes; null when it is not a wanted scalar
  std::size_t rows_begun_ = 0;
  bool rows_seen_ = false;
};

Result<PageEnvelope> read_page(std::string& page, const PageSchema& schema,
                               const std::function<void(std::span<const Scalar>)>& on_row) {
  GK_TRY_ASSIGN(const std::size_t start, prepare_in_place(page));
  PageStream stream(page.data() + start);
  PageReader handler(schema, stream, on_row);
  rapidjson::Reader reader;
  // No kParseValidateEncodingFlag: prepare_in_place() has checked the encoding of the whole page.
  if (reader.Parse<rapidjson::kParseInsituFlag>(stream, handler).IsError()) {
    const char* const reason = reader.GetParseErrorCode() == rapidjson::kParseErrorTermination
                                   ? "nested too deeply"
                                   : rapidjson::GetParseError_En(reader.GetParseErrorCode());
    return fail(syntax_error(reason, page, reader.GetErrorOffset() + start));
  }
  return handler.take_envelope();
}

}  // namespace gk::json
