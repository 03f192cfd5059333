#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace gk::config {

enum class NodeKind { null, boolean, integer, real, string, array, object };

/// A line and a column, both from 1; the column counts characters, as editors do.
struct Position {
  int line = 1;
  int column = 1;
};

/// One JSON value and where it stands in the file. The services' json::View does not know positions.
struct Node {
  NodeKind kind = NodeKind::null;
  Position at;      ///< of the first character of the value
  std::string key;  ///< when the parent is an object
  Position key_at;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;   ///< of integers too
  std::string text;  ///< of strings
  std::vector<Node> children;

  /// The member with that key (the first, if there are several); nullptr when absent or when this is no
  /// object.
  [[nodiscard]] const Node* find(std::string_view name) const;
};

/// "an object", "a string"; for messages.
[[nodiscard]] std::string_view kind_name(NodeKind kind);

/// `$` + `.key`, or `["odd key"]` when the key is no plain word.
[[nodiscard]] std::string child_path(std::string_view parent, std::string_view key);
/// `$.list` + `[3]`.
[[nodiscard]] std::string child_path(std::string_view parent, std::size_t index);

/// A document, or the one fault that ended reading it.
struct Tree {
  std::optional<Node> root;
  Fault fault;
};

/// Reads JSON with comments and trailing commas. Nesting deeper than 64 is a fault.
[[nodiscard]] Tree parse_tree(std::string_view text);

}  // namespace gk::config
