#include "kisi/listing.hpp"

#include "kisi/errors.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace gk::kisi {

namespace {

constexpr int k_passes = 4;  // the first and three more (kisi-api 3)

std::optional<std::size_t> parse_count(std::string_view text) {
  text = trim(text);
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// How far away the next page is. A step beyond the limit would skip rows; a step of zero would never end.
std::size_t step_of(const CollectionRange& range, std::size_t limit) {
  if (!range.first || !range.last || *range.last < *range.first) return limit;
  const std::size_t step = *range.last - *range.first + 1;
  return step <= limit ? step : limit;
}

/// One pass; nothing but the tally is kept of it.
Result<ListingTally> read_pass(Api& api, const ListingQuery& query, const TakePage& take_page) {
  Pager pager(query.limit);
  while (true) {
    const std::size_t offset = pager.offset();
    const auto fail_page = [&pager, offset](Error error) {
      pager.take_failure(with_context(fmt::format("page at offset {}", offset), std::move(error)));
      return pager.tally();
    };
    auto response = api.call(page_request(query, offset));
    if (!response && response.error().category == Category::auth) return fail(std::move(response).error());
    if (!response) return fail_page(std::move(response).error());
    auto rows = take_page(std::move(response->body), offset == 0);
    if (!rows) return fail_page(std::move(rows).error());
    const auto next = pager.take(response->headers.find("X-Collection-Range"), *rows);
    if (rows->fault) return fail_page(*std::move(rows->fault));
    if (next == Pager::Next::end) return pager.tally();
    if (next == Pager::Next::beyond) {
      return fail(unusable(
          fmt::format("the list has {} rows, but Kisi lists none beyond offset {}: it cannot be read whole, "
                      "so nothing is decided from it",
                      pager.tally().declared_total ? std::to_string(*pager.tally().declared_total) : "more",
                      k_max_offset)));
    }
  }
}

/// Whether reading again may help because the list changed while it was read. A page that failed was tried
/// often enough below, and a row without an id has none the next time either.
bool is_worth_another(const ListingTally& tally) {
  return !tally.failed_page && tally.unusable_rows == 0 && incompleteness(tally);
}

}  // namespace

CollectionRange parse_collection_range(std::string_view header) {
  CollectionRange range;
  const std::size_t slash = header.find('/');
  if (slash == std::string_view::npos) return range;
  range.total = parse_count(header.substr(slash + 1));
  const std::string_view span = header.substr(0, slash);
  const std::size_t dash = span.find('-');
  if (dash == std::string_view::npos) return range;
  range.first = parse_count(span.substr(0, dash));
  range.last = parse_count(span.substr(dash + 1));
  return range;
}

void Pager::count(const PageRows& rows) {
  for (const std::int64_t id : rows.ids) {
    if (seen_.insert(id).second) {
      ++tally_.unique_rows;
    } else {
      ++tally_.repeated_rows;
    }
  }
  tally_.unusable_rows += rows.unusable;
}

Pager::Next Pager::take(std::optional<std::string_view> header, const PageRows& rows) {
  count(rows);
  const CollectionRange range = header ? parse_collection_range(*header) : CollectionRange{};
  if (range.total) {
    if (tally_.declared_total && *tally_.declared_total != *range.total) tally_.total_moved = true;
    tally_.declared_total = range.total;
  }
  // Without a total only an empty page ends the list: a short one may have been cut by the service.
  offset_ += range.total ? step_of(range, limit_) : rows.count();
  const bool reached = tally_.declared_total && offset_ >= *tally_.declared_total;
  if (rows.count() == 0 || reached) {
    tally_.ended_properly = true;
    return Next::end;
  }
  // The last reachable page starts at k_max_offset; a total says early that it will not be enough.
  const bool too_many = tally_.declared_total && *tally_.declared_total > k_max_offset + limit_;
  return too_many || offset_ > k_max_offset ? Next::beyond : Next::page;
}

http::Request page_request(const ListingQuery& query, std::size_t offset) {
  http::Request request = http::get(query.path, query.path, query.filters);
  // Never left to the default, which is 10 on most lists (kisi-api 3).
  request.query.push_back({"limit", std::to_string(query.limit)});
  request.query.push_back({"offset", std::to_string(offset)});
  return request;
}

Result<ListingTally> read_listing(Api& api, const ListingQuery& query, const TakePage& take_page) {
  ListingTally tally;
  for (int pass = 0; pass < k_passes; ++pass) {
    GK_TRY_ASSIGN(tally, read_pass(api, query, take_page));
    if (!is_worth_another(tally)) break;
  }
  return tally;
}

Result<void> read_whole_listing(Api& api, const ListingQuery& query, const TakePage& take_page) {
  GK_TRY_ASSIGN(const ListingTally tally, read_listing(api, query, take_page));
  if (auto doubt = incompleteness(tally)) return fail(*std::move(doubt));
  return {};
}

}  // namespace gk::kisi
