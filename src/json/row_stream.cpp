#include "json/row_stream.hpp"

#include <fmt/format.h>

// The library's results would otherwise turn into values by themselves, and throw.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <algorithm>

#include "json/prepare.hpp"

/// Leaves the function with the library's error, if there is one.
#define GK_JSON_TRY(expression)                                                                          \
  do {                                                                                                   \
    if (const simdjson::error_code gk_code = (expression); gk_code != simdjson::SUCCESS) return gk_code; \
  } while (false)

namespace gk::json {

namespace {

namespace on_demand = simdjson::ondemand;
using on_demand::json_type;
using simdjson::error_code;

/// The name of a key; mostly the bytes of the page themselves.
error_code read_key(on_demand::field& field, std::string_view& key) {
  const char* const begin = field.key().raw();
  const char* end = begin;
  while (*end != '"' && *end != '\\') ++end;
  if (*end == '\\') return field.unescaped_key().get(key);
  key = {begin, static_cast<std::size_t>(end - begin)};
  return simdjson::SUCCESS;
}

/// A document or a value that is no object and no array.
template <class Value>
error_code read_scalar(Value&& value, json_type type, Scalar& scalar) {
  switch (type) {
    case json_type::string: {
      scalar.kind = Kind::string;
      return value.get_string().get(scalar.text);
    }
    case json_type::boolean: scalar.kind = Kind::boolean; return value.get_bool().get(scalar.boolean);
    case json_type::null: {
      scalar.kind = Kind::null;
      bool is_null = false;
      GK_JSON_TRY(value.is_null().get(is_null));
      return is_null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
    case json_type::number: {
      if (value.get_int64().get(scalar.integer) == simdjson::SUCCESS) {
        scalar.kind = Kind::integer;
        return simdjson::SUCCESS;
      }
      scalar.kind = Kind::real;
      return value.get_double().get(scalar.real);
    }
    case json_type::object:
    case json_type::array: break;
  }
  return simdjson::INCORRECT_TYPE;
}

}  // namespace

/// Walks over a page. It looks only into objects and arrays in which something wanted may lie; the library
/// passes over everything else.
class PageReader {
 public:
  PageReader(const PageSchema& schema, const std::function<void(std::span<const Scalar>)>& on_row)
      : schema_(schema),
        on_row_(on_row),
        row_(schema.row_fields_),
        row_seen_(schema.row_nodes_.size()),
        envelope_seen_(schema.envelope_nodes_.size()) {
    envelope_.fields.resize(schema.envelope_fields_);
  }

  error_code read(on_demand::document& document) {
    json_type type{};
    GK_JSON_TRY(document.type().get(type));
    if (type == json_type::array) {
      on_demand::array rows;
      GK_JSON_TRY(document.get_array().get(rows));
      GK_JSON_TRY(read_rows(rows, 1));
    } else if (type == json_type::object) {
      on_demand::object envelope;
      GK_JSON_TRY(document.get_object().get(envelope));
      GK_JSON_TRY(read_object(envelope, Part::envelope, schema_.envelope_nodes_.front(), 1));
    } else {
      Scalar ignored;
      GK_JSON_TRY(read_scalar(document, type, ignored));
    }
    const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return at_end ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
  }

  PageEnvelope take_envelope() {
    // The texts lie in the parser's buffer, which the next page uses again.
    envelope_.texts.reserve(envelope_.fields.size());
    for (Scalar& field : envelope_.fields) {
      if (field.kind == Kind::string) field.text = envelope_.texts.emplace_back(field.text);
    }
    return std::move(envelope_);
  }

 private:
  enum class Part : std::uint8_t { envelope, row };

  error_code read_rows(on_demand::array& rows, int depth) {
    envelope_.has_rows = true;
    for (auto element : rows) {
      on_demand::value row;
      json_type type{};
      GK_JSON_TRY(std::move(element).get(row));
      GK_JSON_TRY(row.type().get(type));
      if (type == json_type::object) {
        GK_JSON_TRY(read_row(row, depth + 1));
      } else {
        ++envelope_.odd_rows;
        GK_JSON_TRY(check(row, depth + 1));
      }
    }
    return simdjson::SUCCESS;
  }

  error_code read_row(on_demand::value& value, int depth) {
    on_demand::object row;
    GK_JSON_TRY(value.get_object().get(row));
    std::fill(row_.begin(), row_.end(), Scalar{});
    ++rows_begun_;
    GK_JSON_TRY(read_object(row, Part::row, schema_.row_nodes_.front(), depth));
    ++envelope_.rows;
    on_row_(row_);
    return simdjson::SUCCESS;
  }

  error_code read_object(on_demand::object& object, Part part, const PageSchema::Node& node, int depth) {
    const bool may_have_rows = part == Part::envelope && &node == schema_.envelope_nodes_.data();
    for (auto member : object) {
      on_demand::field field;
      std::string_view key;
      GK_JSON_TRY(std::move(member).get(field));
      GK_JSON_TRY(read_key(field, key));
      if (const PageSchema::Child* const child = PageSchema::find(node, key)) {
        GK_JSON_TRY(read_value(field.value(), part, child->node, depth));
      } else if (may_have_rows && !rows_seen_ && !key.empty() && key == schema_.rows_key_) {
        rows_seen_ = true;
        GK_JSON_TRY(read_row_list(field.value(), depth));
      }
    }
    return simdjson::SUCCESS;
  }

  /// One object instead of an array counts as one row.
  error_code read_row_list(on_demand::value& value, int depth) {
    json_type type{};
    GK_JSON_TRY(value.type().get(type));
    if (type == json_type::array) {
      on_demand::array rows;
      GK_JSON_TRY(value.get_array().get(rows));
      return read_rows(rows, depth + 1);
    }
    if (type != json_type::object) return check(value, depth);
    envelope_.has_rows = true;
    return read_row(value, depth + 1);
  }

  /// A value that belongs to the node, unless this row (or the envelope) had one for it already.
  error_code read_value(on_demand::value& value, Part part, std::size_t node_index, int depth) {
    const bool in_row = part == Part::row;
    std::size_t& seen = (in_row ? row_seen_ : envelope_seen_)[node_index];
    const std::size_t serial = in_row ? rows_begun_ : 1;
    if (seen == serial) return simdjson::SUCCESS;
    seen = serial;

    const PageSchema::Node& node = (in_row ? schema_.row_nodes_ : schema_.envelope_nodes_)[node_index];
    Scalar ignored;
    Scalar& scalar =
        node.field < 0 ? ignored : (in_row ? row_ : envelope_.fields)[static_cast<std::size_t>(node.field)];
    json_type type{};
    GK_JSON_TRY(value.type().get(type));
    if (type == json_type::object) {
      scalar.kind = Kind::object;
      if (node.children.empty()) return check(value, depth + 1);
      on_demand::object object;
      GK_JSON_TRY(value.get_object().get(object));
      return read_object(object, part, node, depth + 1);
    }
    if (type == json_type::array) {
      scalar.kind = Kind::array;
      if (node.children.empty()) return check(value, depth + 1);
      return read_elements(value, part, node, depth + 1);
    }
    return read_scalar(value, type, scalar);
  }

  /// In arrays the index is the key.
  error_code read_elements(on_demand::value& value, Part part, const PageSchema::Node& node, int depth) {
    on_demand::array array;
    GK_JSON_TRY(value.get_array().get(array));
    char index = '0';
    for (auto member : array) {
      on_demand::value element;
      GK_JSON_TRY(std::move(member).get(element));
      const PageSchema::Child* const child = index <= '9' ? PageSchema::find(node, {&index, 1}) : nullptr;
      if (child != nullptr) {
        GK_JSON_TRY(read_value(element, part, child->node, depth));
      } else {
        GK_JSON_TRY(check(element, depth + 1));
      }
      if (index <= '9') ++index;
    }
    return simdjson::SUCCESS;
  }

  /// Reads a value that stands where a wanted one may, only to see that it is JSON and not nested too deeply.
  error_code check(on_demand::value& value, int depth) {
    json_type type{};
    GK_JSON_TRY(value.type().get(type));
    if (type != json_type::object && type != json_type::array) {
      Scalar ignored;
      return read_scalar(value, type, ignored);
    }
    if (depth > k_max_depth) return simdjson::DEPTH_ERROR;
    if (type == json_type::array) {
      on_demand::array array;
      GK_JSON_TRY(value.get_array().get(array));
      for (auto member : array) {
        on_demand::value element;
        GK_JSON_TRY(std::move(member).get(element));
        GK_JSON_TRY(check(element, depth + 1));
      }
      return simdjson::SUCCESS;
    }
    on_demand::object object;
    GK_JSON_TRY(value.get_object().get(object));
    for (auto member : object) {
      on_demand::field field;
      std::string_view key;
      GK_JSON_TRY(std::move(member).get(field));
      GK_JSON_TRY(read_key(field, key));
      GK_JSON_TRY(check(field.value(), depth + 1));
    }
    return simdjson::SUCCESS;
  }

  const PageSchema& schema_;
  const std::function<void(std::span<const Scalar>)>& on_row_;
  std::vector<Scalar> row_;
  std::vector<std::size_t> row_seen_, envelope_seen_;  ///< per node: the serial of the row that had it last
  PageEnvelope envelope_;
  std::size_t rows_begun_ = 0;
  bool rows_seen_ = false;
};

namespace {

Error page_error(error_code code, on_demand::document& document, std::string_view text) {
  const bool is_cut = code == simdjson::INCOMPLETE_ARRAY_OR_OBJECT || code == simdjson::UNCLOSED_STRING ||
                      code == simdjson::EMPTY;
  const char* at = nullptr;
  if (is_cut || document.current_location().get(at) != simdjson::SUCCESS) at = text.data() + text.size();
  return syntax_error(simdjson::error_message(code), text, static_cast<std::size_t>(at - text.data()));
}

}  // namespace

Result<PageEnvelope> read_page(std::string& page, const PageSchema& schema,
                               const std::function<void(std::span<const Scalar>)>& on_row) {
  GK_TRY_ASSIGN(const std::size_t start, prepare_in_place(page, simdjson::SIMDJSON_PADDING));
  const std::string_view text =
      std::string_view(page).substr(start, page.size() - start - simdjson::SIMDJSON_PADDING);
  // Two threads read pages. What a parser allocates for one page serves all that follow.
  thread_local on_demand::parser parser;
  on_demand::document document;
  PageReader reader(schema, on_row);
  error_code code = parser.iterate(text.data(), text.size(), page.size() - start).get(document);
  if (code == simdjson::SUCCESS) {
    code = reader.read(document);
    if (code == simdjson::SUCCESS) return reader.take_envelope();
    return fail(page_error(code, document, text));
  }
  if (code == simdjson::UNCLOSED_STRING || code == simdjson::EMPTY)
    return fail(syntax_error("", text, text.size()));
  return fail(Category::protocol, fmt::format("not JSON: {}", simdjson::error_message(code)));
}

}  // namespace gk::json
