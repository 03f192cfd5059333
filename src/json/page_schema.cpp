#include "json/page_schema.hpp"

#include <algorithm>

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

bool is_index(std::string_view part) { return part.size() == 1 && part[0] >= '0' && part[0] <= '9'; }

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
    case Kind::integer: return integer;
    case Kind::real: return integer_of(real);
    case Kind::string: return integer_of(text);
    default: return std::nullopt;
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
  std::uint8_t& bucket = parent.buckets[bucket_of(name)];
  parent.children.push_back({std::string(name), static_cast<std::uint16_t>(node), bucket});
  bucket = static_cast<std::uint8_t>(parent.children.size());
}

const PageSchema::Child* PageSchema::find(const Node& node, std::string_view key) {
  for (std::size_t at = node.buckets[bucket_of(key)]; at != 0;) {
    const Child& child = node.children[at - 1];
    if (child.name == key) return &child;
    at = child.next;
  }
  return nullptr;
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

}  // namespace gk::json
