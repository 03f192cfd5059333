#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gk_sandbox {

/// What a fault asks of the list that is about to be served.
struct ListTricks {
  bool empty_list = false;
  bool repeated_page = false;
  bool insert_row = false;  ///< After this page a row appears at the front of the list.
  bool remove_row = false;  ///< After this page the first row of the list is gone.
  std::optional<std::size_t> page_cap;
  std::size_t drop_rows = 0;  ///< How many rows are missing at the end of the page.
  std::int64_t total_delta = 0;
};

struct Slice {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::int64_t total = 0;  ///< As declared, which a fault may falsify.
};

[[nodiscard]] inline Slice slice_of(std::size_t size, std::size_t offset, std::size_t limit,
                                    const ListTricks& tricks) {
  if (tricks.empty_list) {
    return {0, 0, tricks.total_delta};
  }
  if (tricks.repeated_page) {
    offset = offset >= limit ? offset - limit : 0;
  }
  const std::size_t begin = std::min(offset, size);
  std::size_t end = std::min(size, begin + std::min(limit, tricks.page_cap.value_or(limit)));
  end -= std::min(end - begin, tricks.drop_rows);
  return {begin, end, static_cast<std::int64_t>(size) + tricks.total_delta};
}

/// `[row,row,...]` of a view of rows that carry their text.
template <class Row>
[[nodiscard]] std::string join_rows(const std::vector<const Row*>& rows, const Slice& slice) {
  std::string text = "[";
  for (std::size_t i = slice.begin; i < slice.end; ++i) {
    text += i == slice.begin ? "" : ",";
    text += rows[i]->row;
  }
  return text += ']';
}

}  // namespace gk_sandbox
