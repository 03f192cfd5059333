#include "glofox/paging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace gk::glofox {

namespace {

constexpr std::size_t k_pages_ahead = 32;      // enough for any stack, few to wait for after a failure
constexpr std::size_t k_tries = 3;             // of one page whose body is malformed
constexpr std::size_t k_malformed_limit = 10;  // in one pass
constexpr std::size_t k_failed_limit = 3;      // pages, then the service is down
constexpr std::size_t k_default_limit =
    50;  // of the service; a page of just that size may have ignored our limit
constexpr std::size_t k_barren_limit =
    2;  // pages in a row that bring nothing while has_more says that more will come

constexpr std::array<std::string_view, 12> k_envelope_fields = {
    "success",     "message", "message_code", "error_code",      "code",       "status",
    "total_count", "limit",   "has_more",     "meta.totalCount", "meta.limit", "meta.has_more"};
constexpr std::size_t k_style_a = 6;  // position of total_count, limit, has_more
constexpr std::size_t k_style_b = 9;

std::optional<std::size_t> count_in(const json::Scalar& value) {
  constexpr std::int64_t k_sane = 1'000'000'000;
  const auto number = value.as_integer();
  if (!number || *number < 0 || *number > k_sane) return std::nullopt;
  return static_cast<std::size_t>(*number);
}

/// Failures after which no other page would do better: besides what ends the run, an unknown location or a
/// bug.
bool ends_listing(const Error& error) {
  return ends_run(error) || error.category == Category::config || error.category == Category::internal;
}

/// One pass through the list.
class ListReader {
 public:
  ListReader(const PagingContext& context, const Listing& listing) : context_(context), listing_(listing) {}

  Result<ListingTally> run(std::optional<Result<http::Response>> first) {
    listing_.begin();
    if (first) {
      on_answer(1, *std::move(first));
    } else {
      ask(1);
    }
    finish_pending();
    if (may_go_on()) ask_declared_pages();
    if (may_go_on()) follow_has_more();
    if (fatal_) return fail(*std::move(fatal_));
    return tally_;
  }

 private:
  [[nodiscard]] bool may_go_on() const { return !fatal_ && !tally_.failed_page; }

  void ask(std::size_t page) { context_.transport.start(page, page_request(listing_, page)); }

  /// Waits for all that is started, while `more` may start further pages.
  template <class More>
  void finish_pending(const More& more) {
    while (context_.transport.pending() > 0) {
      auto completion = next_completion(context_.transport, context_.clock);
      if (!completion) {
        fatal_ = std::move(completion).error();
        return;
      }
      on_answer(completion->ticket, std::move(completion->result));
      if (!fatal_) more();
    }
  }
  void finish_pending() {
    finish_pending([] {});
  }

  void on_answer(std::size_t page, Result<http::Response> answer) {
    if (fatal_) return;
    if (!answer) return on_failure(page, std::move(answer).error());
    if (!is_success(answer->status)) return on_refusal(page, read_refusal(*answer));
    auto content = listing_.take(answer->status, answer->body);
    if (content && !content->refusal && !content->has_rows) {
      content = fail(Category::protocol, "the answer has no list of rows");
    }
    if (!content) return on_malformed(page, std::move(content).error());
    if (content->refusal) return on_refusal(page, *content->refusal);
    note(page, *content);
  }

  void on_refusal(std::size_t page, const ApiRefusal& refusal) {
    Error error = refusal_error(refusal, Subject::list, context_.branch);
    // Only page 1 says something about the location; a later page that is missing is an oddity of the list.
    if (page > 1 && error.category == Category::config && refusal.http != 403)
      error.category = Category::protocol;
    on_failure(page, std::move(error));
  }

  void on_malformed(std::size_t page, Error error) {
    const std::size_t tries = ++tries_[page];
    if (tries >= k_tries || ++malformed_ > k_malformed_limit) return on_failure(page, std::move(error));
    context_.log.write(LogLevel::info, "asking again for a malformed page",
                       {{"list", listing_.what}, {"page", std::to_string(page)}, {"error", error.message}});
    ask(page);
  }

  void on_failure(std::size_t page, Error error) {
    error = with_context(fmt::format("{}, page {}", listing_.what, page), std::move(error));
    if (ends_listing(error)) {
      fatal_ = std::move(error);
      return;
    }
    ++failed_;
    if (!tally_.failed_page) tally_.failed_page = std::move(error);
  }

  void note(std::size_t page, const PageContent& content) {
    tally_.unique_rows += content.fresh;
    tally_.repeated_rows += content.repeated;
    tally_.unusable_rows += content.unusable;
    if (listing_.on_progress && content.total) {
      listing_.on_progress(++pages_read_,
                           std::max<std::size_t>(1, (*content.total + k_page_limit - 1) / k_page_limit));
    }
    if (content.total) {
      if (tally_.declared_total && *tally_.declared_total != *content.total) tally_.total_moved = true;
      tally_.declared_total = content.total;
    }
    if (page < last_page_) return;
    last_page_ = page;
    last_ = content;
  }

  /// Rows per page as the service counts them: the limit that it echoes, not the one that was sent
  /// (glofox-api 2).
  [[nodiscard]] std::size_t rows_per_page() const {
    if (last_.limit && *last_.limit > 0) return std::max(*last_.limit, last_.rows());
    const bool short_page = last_.rows() < k_page_limit && last_.has_more.value_or(false);
    return short_page && last_.rows() > 0 ? last_.rows() : std::max(k_page_limit, last_.rows());
  }

  /// With a total the number of pages is known: all at once, the stack limits how many are in flight.
  void ask_declared_pages() {
    page_size_ = rows_per_page();
    if (!last_.total || *last_.total <= last_.rows() || last_.rows() == 0) return;
    const std::size_t pages = (*last_.total + page_size_ - 1) / page_size_;
    if (pages > listing_.max_pages) {
      tally_.failed_page = Error{
          Category::protocol, fmt::format("{}: {} rows are declared, too many for the {} pages that are read",
                                          listing_.what, *last_.total, listing_.max_pages)};
      return;
    }
    std::size_t next = 2;
    const auto fill = [&] {
      while (next <= pages && failed_ < k_failed_limit && context_.transport.pending() < k_pages_ahead)
        ask(next++);
    };
    fill();
    finish_pending(fill);
  }

  /// Goes on one by one while the list is not at its end, with guards against a has_more that lies
  /// (glofox-api 2).
  void follow_has_more() {
    std::size_t barren = 0;
    while (!is_at_end()) {
      barren = last_.fresh == 0 ? barren + 1 : 0;
      // Without a total it is unknown whether something is missing; with one the count will tell.
      if (barren >= k_barren_limit) {
        tally_.ended_properly = tally_.declared_total.has_value();
        return;
      }
      if (last_page_ >= listing_.max_pages) return;
      const std::size_t page = last_page_ + 1;
      ask(page);
      finish_pending();
      if (!may_go_on()) return;
    }
    tally_.ended_properly = true;
  }

  [[nodiscard]] bool is_at_end() const {
    if (last_.has_more) return !*last_.has_more;
    if (tally_.declared_total)
      return tally_.unique_rows + tally_.unusable_rows >= *tally_.declared_total || last_.rows() == 0;
    return last_.rows() < page_size_ && (last_.limit || last_.rows() != k_default_limit);
  }

  const PagingContext& context_;
  const Listing& listing_;
  ListingTally tally_;
  PageContent last_;  ///< of the last page so far
  std::size_t pages_read_ = 0;
  std::size_t last_page_ = 0;
  std::size_t page_size_ = k_page_limit;
  std::size_t failed_ = 0, malformed_ = 0;
  std::map<std::size_t, std::size_t> tries_;
  std::optional<Error> fatal_;
};

/// Whether a second pass may do better because the list moved during the first. With a cap, a broken page or
/// a row without an id it would not.
bool is_worth_another_pass(const ListingTally& tally) {
  return !tally.failed_page && tally.unusable_rows == 0 && tally.ended_properly &&
         incompleteness(tally).has_value();
}

}  // namespace

std::span<const std::string_view> envelope_fields() { return k_envelope_fields; }

void describe_page(int http_status, std::span<const json::Scalar> envelope, PageContent& content) {
  content.refusal = refusal_in(http_status, envelope.first(k_style_a));
  for (const std::size_t style : {k_style_a, k_style_b}) {
    if (!content.total) content.total = count_in(envelope[style]);
    if (!content.limit) content.limit = count_in(envelope[style + 1]);
    if (!content.has_more) content.has_more = envelope[style + 2].as_bool();
  }
}

json::View rows_of(const json::View& root) { return root.kind() == json::Kind::array ? root : root["data"]; }

Result<PageContent> read_short_page(int http_status, const std::string& body,
                                    const std::function<RowKind(const json::View&)>& take_row) {
  GK_TRY_ASSIGN(const json::Document document, json::Document::parse(body));
  const json::View rows = rows_of(document.root());
  PageContent content;
  describe_page(http_status, json::pick(document.root(), envelope_fields()), content);
  content.has_rows = rows.kind() == json::Kind::array;
  for (const json::View& row : rows.elements()) {
    const RowKind kind = take_row(row);
    ++(kind == RowKind::fresh      ? content.fresh
       : kind == RowKind::repeated ? content.repeated
                                   : content.unusable);
  }
  return content;
}

http::Request page_request(const Listing& listing, std::size_t page) {
  http::Request request = http::get(listing.path, listing.endpoint, listing.query);
  request.query.push_back({"page", std::to_string(page)});
  request.query.push_back({"limit", std::to_string(k_page_limit)});
  return request;
}

Result<ListingTally> read_listing(const PagingContext& context, const Listing& listing,
                                  std::optional<Result<http::Response>> first) {
  GK_TRY_ASSIGN(ListingTally tally, ListReader(context, listing).run(std::move(first)));
  if (!is_worth_another_pass(tally)) return tally;
  context.log.write(LogLevel::warning, "the list contradicts itself; reading it again",
                    {{"list", listing.what}, {"reason", incompleteness(tally)->message}});
  const std::size_t before = tally.unique_rows;
  GK_TRY_ASSIGN(tally, ListReader(context, listing).run(std::nullopt));
  if (tally.unique_rows == 0 && before > 0 && !tally.failed_page) {
    // Consistent, but not credible: a contradiction must not turn into an empty list.
    tally.failed_page =
        Error{Category::protocol, fmt::format("{}: first {} rows, then none", listing.what, before)};
  }
  return tally;
}

Result<http::Completion> next_completion(http::Transport& transport, Clock& clock) {
  constexpr std::chrono::minutes k_longest_wait{10};
  while (transport.pending() > 0) {
    if (auto completion = transport.wait(clock.steady_now() + k_longest_wait)) return *std::move(completion);
  }
  return fail(Category::internal, "waited for an answer, but no request was sent");
}

}  // namespace gk::glofox
