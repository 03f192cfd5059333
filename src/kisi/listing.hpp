#pragma once

#include "domain/listing.hpp"
#include "kisi/api.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace gk::kisi {

/// Kisi lists nothing beyond this offset (kisi-api 3.1).
inline constexpr std::size_t k_max_offset = 20'000;

/// X-Collection-Range, "<first>-<last>/<total>" or "*/<total>". `last` is not clamped to the rows that came
/// (kisi-api 3).
struct CollectionRange {
  std::optional<std::size_t> first, last, total;
};
/// Parts that cannot be read are left out.
[[nodiscard]] CollectionRange parse_collection_range(std::string_view header);

/// What one page held.
struct PageRows {
  std::vector<std::int64_t>
      ids;  ///< of all rows with a valid id, foreign ones too: the tally counts the service's rows
  std::size_t unusable = 0;    ///< rows without a valid id
  std::optional<Error> fault;  ///< a row that cannot be understood; the list is then not whole

  [[nodiscard]] std::size_t count() const { return ids.size() + unusable; }
};

/// The arithmetic of one pass through a list; sends nothing.
class Pager {
 public:
  enum class Next { page, end, beyond };  ///< beyond: rows remain that no offset reaches
  explicit Pager(std::size_t limit) : limit_(limit) {}

  [[nodiscard]] std::size_t offset() const { return offset_; }
  /// Takes the page at offset() and moves on. `range` is the header, if it came.
  [[nodiscard]] Next take(std::optional<std::string_view> range, const PageRows& rows);
  void take_failure(Error error) { tally_.failed_page = std::move(error); }
  [[nodiscard]] const ListingTally& tally() const { return tally_; }

 private:
  void count(const PageRows& rows);

  std::size_t limit_;
  std::size_t offset_ = 0;
  std::unordered_set<std::int64_t> seen_;
  ListingTally tally_;
};

/// Which list is read.
struct ListingQuery {
  std::string path;                  ///< also its endpoint name
  std::vector<http::Param> filters;  ///< without limit and offset
  std::size_t limit = k_list_limit;
};

/// Reads a page's body. Called with the first page again when the list moved and is read again (`first`).
using TakePage = std::function<Result<PageRows>(std::string body, bool first)>;

/// Reads a whole list, up to three times when its pages do not add up (kisi-api 3). A list that could
/// not be read whole is told by the tally. An error when Kisi cannot list it (more than 20,000 rows;
/// protocol) or refuses the key (auth).
[[nodiscard]] Result<ListingTally> read_listing(Api& api, const ListingQuery& query,
                                                const TakePage& take_page);

/// As read_listing(), but a list that is not whole is an error.
[[nodiscard]] Result<void> read_whole_listing(Api& api, const ListingQuery& query, const TakePage& take_page);

/// The request for one page.
[[nodiscard]] http::Request page_request(const ListingQuery& query, std::size_t offset);

}  // namespace gk::kisi
