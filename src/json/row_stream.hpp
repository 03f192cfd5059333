#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"
#include "util/result.hpp"

namespace gk::json {

/// One asked-for scalar of a row. Objects and arrays show only as their kind. Text points into the page: copy to keep.
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

/// Which fields of a list page are wanted, by dotted path: rows {"_id", "membership.status"}, envelope {"total_count",
/// "meta.totalCount", "success"}. Compile once, use for every page.
class PageSchema {
 public:
  /// `rows_key` is the envelope's key of the row array ("data"); empty when the page itself is the array. With a rows_key, a
  /// single object under it counts as one row (glofox.md 9.2).
  PageSchema(std::string_view rows_key, std::vector<std::string_view> row_fields,
             std::vector<std::string_view> envelope_fields);

 private:
  friend class PageReader;
  struct Node {
    std::vector<std::pair<std::string, std::uint16_t>> children;  ///< key -> node
    int field = -1;                                               ///< index of the wanted scalar that ends here
  };
  static std::vector<Node> build(const std::vector<std::string_view>& fields);
  std::string rows_key_;
  std::vector<Node> row_nodes_, envelope_nodes_;
  std::size_t row_fields_ = 0, envelope_fields_ = 0;
};

/// What a page said around its rows.
struct PageEnvelope {
  std::vector<Scalar> fields;  ///< in the order of PageSchema's envelope_fields; text copied into `texts`
  std::vector<std::string> texts;
  std::size_t rows = 0;        ///< rows handed over
  bool has_rows = false;       ///< the row array was present
  std::size_t odd_rows = 0;    ///< elements of the row array that are no objects
};

/// Reads one page without building a document: each row is handed over as the asked-for scalars and forgotten. `page` is
/// parsed in place and is garbage afterwards. Memory does not grow with the page. Failures are Category::protocol: not JSON,
/// truncated, not UTF-8, NUL bytes, nesting deeper than 64, something after the value; rows before the fault were handed over.
[[nodiscard]] Result<PageEnvelope> read_page(std::string& page, const PageSchema& schema,
                                             const std::function<void(std::span<const Scalar>)>& on_row);

}  // namespace gk::json
