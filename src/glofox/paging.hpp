#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"
#include "domain/listing.hpp"
#include "glofox/errors.hpp"
#include "http/transport.hpp"
#include "json/row_stream.hpp"
#include "util/clock.hpp"
#include "util/log.hpp"
#include "util/result.hpp"

namespace gk::glofox {

/// Rows asked for per page; more is not allowed (glofox-api 2).
inline constexpr std::size_t k_page_limit = 100;

/// What one page said and held.
struct PageContent {
  bool has_rows = false;     ///< the row array was there
  std::size_t fresh = 0;     ///< rows seen for the first time
  std::size_t repeated = 0;  ///< rows whose id came before
  std::size_t unusable = 0;  ///< rows without a valid id
  std::optional<std::size_t> total, limit;
  std::optional<bool> has_more;
  std::optional<ApiRefusal> refusal;

  [[nodiscard]] std::size_t rows() const { return fresh + repeated + unusable; }
};

/// The envelope fields that describe_page() reads: of styles A and B, and of refusals (glofox-api 2, 1.4).
[[nodiscard]] std::span<const std::string_view> envelope_fields();
/// Fills in what the envelope said. Numbers that make no sense are absent.
void describe_page(int http_status, std::span<const json::Scalar> envelope, PageContent& content);

/// Reads a page of one of the short lists, which come as a bare array or under `data`. `take_row` tells what
/// the row was.
enum class RowKind { fresh, repeated, unusable };
[[nodiscard]] Result<PageContent> read_short_page(int http_status, const std::string& body,
                                                  const std::function<RowKind(const json::View&)>& take_row);

/// The rows of an answer that is a bare array or has them under `data`.
[[nodiscard]] json::View rows_of(const json::View& root);

/// One paged list.
struct Listing {
  std::string what;  ///< for messages: "Glofox members"
  std::string path;
  std::string endpoint;
  std::vector<http::Param> query;  ///< without page and limit
  std::size_t max_pages = 2000;    ///< more are not read: such a list is not whole
  /// A pass through the list begins: forget all rows.
  std::function<void()> begin;
  /// Takes the rows of a page, all or (when it fails) none; may overwrite the body. A failure says that the
  /// body is malformed.
  std::function<Result<PageContent>(int http_status, std::string& body)> take;
  /// Told after each page, once the service has said how many there are; may be empty.
  std::function<void(std::size_t pages_read, std::size_t pages)> on_progress;
};

/// The request for one page, always with page and limit.
[[nodiscard]] http::Request page_request(const Listing& listing, std::size_t page);

/// What is needed to read lists.
struct PagingContext {
  http::Transport& transport;
  Clock& clock;
  Log& log;
  const BranchId& branch;
};

/// Reads the whole list (glofox-api 2): page 1, then, when the total is known, all others at once; without a
/// total one by one. A malformed page is asked for again, twice. When the pages contradict each other (total
/// moved, ids repeated, count and total differ) everything is read once more. `first` is page 1 when the
/// caller has it already. The tally tells whether the list can be trusted; a page that could not be read is
/// in the tally. An Error is what makes the whole call pointless: credentials, unknown location, no time
/// left, a signal.
[[nodiscard]] Result<ListingTally> read_listing(const PagingContext& context, const Listing& listing,
                                                std::optional<Result<http::Response>> first = std::nullopt);

/// Waits for the next completion, however long it takes; the stack has the timeouts. Category::internal when
/// nothing is pending.
[[nodiscard]] Result<http::Completion> next_completion(http::Transport& transport, Clock& clock);

}  // namespace gk::glofox
