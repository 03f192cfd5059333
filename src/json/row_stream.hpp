#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "json/page_schema.hpp"
#include "util/result.hpp"

namespace gk::json {

/// What a page said around its rows. Can be moved, not copied: the scalars point into `texts`.
struct PageEnvelope {
  PageEnvelope() = default;
  PageEnvelope(PageEnvelope&&) noexcept = default;
  PageEnvelope& operator=(PageEnvelope&&) noexcept = default;
  PageEnvelope(const PageEnvelope&) = delete;
  PageEnvelope& operator=(const PageEnvelope&) = delete;
  ~PageEnvelope() = default;

  std::vector<Scalar> fields;  ///< in the order of PageSchema's envelope_fields; text copied into `texts`
  std::vector<std::string> texts;
  std::size_t rows = 0;      ///< rows handed over
  bool has_rows = false;     ///< the row array was present
  std::size_t odd_rows = 0;  ///< elements of the row array that are not objects
};

/// Reads one page without building a document: each row is handed over as the asked-for scalars and
/// forgotten. `page` may be changed. Of duplicate keys the first counts. Failures are Category::protocol: not
/// JSON, truncated, not UTF-8, NUL bytes, asked-for values nested deeper than 64, something after the value;
/// rows before the fault were handed over. Values that nobody asked for are skipped: only their brackets are
/// counted (decision 4).
[[nodiscard]] Result<PageEnvelope> read_page(std::string& page, const PageSchema& schema,
                                             const std::function<void(std::span<const Scalar>)>& on_row);

}  // namespace gk::json
