#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"

namespace gk::json {

/// One asked-for scalar of a row. Objects and arrays show only as their kind. Text is valid until the
/// next page is read: copy to keep.
struct Scalar {
  Kind kind = Kind::missing;
  std::string_view text;  ///< of strings (unescaped)
  std::int64_t integer = 0;
  double real = 0;
  bool boolean = false;

  [[nodiscard]] std::optional<std::string_view> as_string() const;
  [[nodiscard]] std::optional<bool> as_bool() const;
  /// As View::as_integer(): integers, 45.0, strings of digits.
  [[nodiscard]] std::optional<std::int64_t> as_integer() const;
};

/// What `row` has at each dotted path, as a list page would show it: so that a row of a list and a single
/// object are decoded by the same code. Text points into the document.
[[nodiscard]] std::vector<Scalar> pick(const View& row, std::span<const std::string_view> fields);

/// Which fields of a list page are wanted, by dotted path: rows {"_id", "membership.status"}, envelope
/// {"total_count", "meta.totalCount", "success"}. A part that is one digit is also the index in an array:
/// "branch_id.0". Compile once, use for every page.
class PageSchema {
 public:
  /// `rows_key` is the envelope's key of the row array ("data"); empty when there is no envelope. A page that
  /// is itself an array is taken as the row array in any case. With a rows_key, a single object under it
  /// counts as one row (glofox-api 9.2).
  PageSchema(std::string_view rows_key, std::span<const std::string_view> row_fields,
             std::span<const std::string_view> envelope_fields);
  PageSchema(std::string_view rows_key, const std::vector<std::string_view>& row_fields,
             const std::vector<std::string_view>& envelope_fields)
      : PageSchema(rows_key, std::span(row_fields), std::span(envelope_fields)) {}

 private:
  friend class PageReader;
  /// A key that leads on.
  struct Child {
    std::string name;
    std::uint16_t node;
    std::uint8_t next;  ///< 1 + the next child of the same bucket; 0: none
  };
  struct Node {
    std::vector<Child> children;
    std::array<std::uint8_t, 64> buckets{};  ///< by bucket_of(key): 1 + the first child; 0: no wanted key
    int field = -1;                          ///< index of the wanted scalar that ends here
  };
  static std::vector<Node> build(std::span<const std::string_view> fields);
  static std::size_t bucket_of(std::string_view key);
  static const Child* find(const Node& node, std::string_view key);
  static void add_child(Node& parent, std::string_view name, std::size_t node);
  std::string rows_key_;
  std::vector<Node> row_nodes_, envelope_nodes_;
  std::size_t row_fields_ = 0, envelope_fields_ = 0;
};

}  // namespace gk::json
