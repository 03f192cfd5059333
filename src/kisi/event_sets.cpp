#include "kisi/event_sets.hpp"

#include "json/writer.hpp"
#include "kisi/errors.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace gk::kisi {

namespace {

constexpr const char* k_context = "Kisi: event set";
constexpr const char* k_page_limit = "200";  // kisi-api 13.4: no maximum is stated, 200 works

enum class SetStatus { in_progress, finished, failed };

std::string encode_set(const Window& span, const std::optional<PlaceId>& place) {
  json::Writer writer;
  writer.begin_object().key("event_set").begin_object();
  // It is unknown whether the end of an interval belongs to it; duplicates are dropped.
  writer.member("interval", fmt::format("{}/{}", format_rfc3339(span.from()), format_rfc3339(span.until())));
  writer.member("event_type", checkin::k_unlock_type).member("event_success", true);
  if (place) writer.member("event_place_id", place->value());
  writer.end_object().end_object();
  return writer.take();
}

/// The set is gone, or its cursor is no longer understood: a new set may work.
bool is_lost(const Error& error) { return error.category == Category::not_found || error.http_status == 400; }

}  // namespace

/// One answer about a set.
struct EventSetClient::Page {
  std::int64_t set = 0;
  SetStatus status = SetStatus::failed;
  std::vector<checkin::Unlock> events;
  std::size_t rows = 0;
  std::size_t unusable = 0;
  std::string cursor;  ///< empty: nothing more

  static Result<Page> decode(const json::View& root) {
    Page page;
    page.set = root["id"].as_integer().value_or(0);
    const auto status = root["status"].as_string();
    if (page.set <= 0 || !status) return fail(unusable_set());
    page.status = *status == "finished"      ? SetStatus::finished
                  : *status == "in_progress" ? SetStatus::in_progress
                                             : SetStatus::failed;
    if (page.status != SetStatus::finished) return page;
    const json::View events = root["events"];
    if (events.kind() != json::Kind::array) return fail(unusable_set());
    page.rows = events.size();
    for (const json::View view : events.elements()) {
      auto unlock = checkin::decode_unlock(view);
      if (unlock && unlock->is_unlock()) {
        page.events.push_back(*std::move(unlock));
      } else if (!unlock) {
        ++page.unusable;
      }
    }
    page.cursor = root["cursor"].as_string().value_or("");
    return page;
  }
  static Error unusable_set() { return kisi::unusable("the answer is not an event set"); }
};

Result<EventSetClient::Page> EventSetClient::create_set(const Window& span,
                                                        const std::optional<PlaceId>& place) {
  if (last_set_) clock_.sleep_until(*last_set_ + options_.between_sets);
  http::Request request;
  request.method = http::Method::post;
  request.path = request.endpoint = "/event_sets";
  request.body = encode_set(span, place);
  request.replay = http::Replay::safe;
  auto response = api_.call(std::move(request));
  last_set_ = clock_.steady_now();
  if (!response) return fail(std::move(response).error());
  GK_TRY_ASSIGN(const json::Document document, json::Document::parse(response->body));
  return Page::decode(document.root());
}

Result<EventSetClient::Page> EventSetClient::read_page(std::int64_t set, const std::string& cursor) {
  std::vector<http::Param> query{{"limit", k_page_limit}};
  if (!cursor.empty()) query.push_back({"cursor", cursor});
  GK_TRY_ASSIGN(const json::Document document,
                api_.read(fmt::format("/event_sets/{}", set), "/event_sets/{id}", std::move(query)));
  GK_TRY_ASSIGN(Page page, Page::decode(document.root()));
  if (page.set != set) return fail(other_answer("set", set, page.set));
  return page;
}

Result<std::optional<EventSetClient::Page>> EventSetClient::wait_until_finished(Page page) {
  const SteadyTime give_up = clock_.steady_now() + options_.finish_within;
  while (page.status == SetStatus::in_progress) {
    if (clock_.steady_now() >= give_up) return std::optional<Page>();
    clock_.sleep_until(clock_.steady_now() + options_.between_polls);
    GK_TRY_ASSIGN(page, read_page(page.set, ""));
  }
  return page.status == SetStatus::finished ? std::optional<Page>(std::move(page)) : std::nullopt;
}

Result<std::optional<EventSetClient::SetResult>> EventSetClient::read_set(
    const Window& span, const std::optional<PlaceId>& place) {
  GK_TRY_ASSIGN(Page created, create_set(span, place));
  GK_TRY_ASSIGN(std::optional<Page> page, wait_until_finished(std::move(created)));
  if (!page) return std::optional<SetResult>();
  SetResult result;
  std::set<std::string> cursors;
  for (std::size_t pages = 1;; ++pages) {
    result.rows += page->rows;
    result.unusable += page->unusable;
    for (checkin::Unlock& unlock : page->events) {
      const std::string uuid = unlock.uuid;
      result.events.emplace(uuid, std::move(unlock));
    }
    // A repeated cursor also means that there is nothing more (kisi-api 13.4).
    const bool last = page->cursor.empty() || page->rows == 0 || !cursors.insert(page->cursor).second;
    result.cut_short = !last && pages == options_.max_pages;
    if (last || result.cut_short) return std::optional<SetResult>(std::move(result));
    GK_TRY_ASSIGN(Page next, read_page(page->set, page->cursor));
    if (next.status != SetStatus::finished) return std::optional<SetResult>();
    page = std::move(next);
  }
}

Result<void> EventSetClient::read_span(const Window& span, const std::optional<PlaceId>& place,
                                       SetResult& into) {
  std::optional<SetResult> result;
  for (int tries = 1; !result; ++tries) {
    auto read = read_set(span, place);
    if (!read && !is_lost(read.error())) return fail(with_context(k_context, std::move(read).error()));
    if (read) result = *std::move(read);
    if (!result && tries == options_.tries) {
      return fail(
          Category::unavailable,
          fmt::format("{}: {} sets in a row failed or were not finished in time; the next run asks again",
                      k_context, tries));
    }
  }
  const std::chrono::seconds width = span.until() - span.from();
  if (result->rows >= options_.cap && width > std::chrono::seconds{1}) {
    const Instant middle = span.from() + width / 2;
    log_.write(LogLevel::info, "an event set is full; its time is split",
               {{"from", format_rfc3339(span.from())}, {"until", format_rfc3339(span.until())}});
    GK_TRY(read_span(*Window::make(span.from(), middle), place, into));
    return read_span(*Window::make(middle, span.until()), place, into);
  }
  into.unusable += result->unusable;
  // One second with more events than a set can hold cannot be split further.
  into.cut_short = into.cut_short || result->cut_short || result->rows >= options_.cap;
  into.events.merge(result->events);
  return {};
}

Result<checkin::Unlocks> EventSetClient::read_unlocks(const Window& span,
                                                      const std::optional<PlaceId>& place) {
  SetResult all;
  GK_TRY(read_span(span, place, all));
  checkin::Unlocks unlocks;
  unlocks.unusable = all.unusable;
  unlocks.cut_short = all.cut_short;
  for (auto& entry : all.events) unlocks.usable.push_back(std::move(entry.second));
  std::ranges::stable_sort(unlocks.usable, {}, &checkin::Unlock::at);
  return unlocks;
}

}  // namespace gk::kisi
