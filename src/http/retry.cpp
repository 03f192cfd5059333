#include "http/retry.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace gk::http {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds k_longest_delay = std::chrono::years{100};

std::optional<int> read_int(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.front() == '-' || error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::optional<unsigned> read_month(std::string_view name) {
  constexpr std::array<std::string_view, 12> k_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(k_names.begin(), k_names.end(), name);
  if (found == k_names.end()) return std::nullopt;
  return static_cast<unsigned>(found - k_names.begin()) + 1;
}

/// "08:49:37" as seconds of the day.
std::optional<seconds> read_time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hour = read_int(text.substr(0, 2));
  const auto minute = read_int(text.substr(3, 2));
  const auto second = read_int(text.substr(6, 2));
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + seconds{*second};
}

std::optional<Instant> make_instant(std::optional<int> year, std::string_view month_name,
                                    std::string_view day_text, std::string_view time) {
  const auto month = read_month(month_name);
  const auto day = read_int(day_text);
  const auto time_of_day = read_time_of_day(time);
  if (!year || !month || !day || !time_of_day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Instant{std::chrono::sys_days{date}} + *time_of_day;
}

/// RFC 9110 5.6.7: a two-digit year that seems more than 50 years ahead is the most recent past year ending
/// so.
std::optional<int> widen_year(std::optional<int> two_digits, Instant now) {
  if (!two_digits || *two_digits > 99) return std::nullopt;
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
  const int this_year = static_cast<int>(today.year());
  const int year = this_year - this_year % 100 + *two_digits;
  return year > this_year + 50 ? year - 100 : year;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" or "Sun Nov  6 08:49:37 1994".
std::optional<Instant> read_http_date(std::string_view text, Instant now) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    if (text.size() != 24) return std::nullopt;
    return make_instant(read_int(text.substr(20)), text.substr(4, 3), trim(text.substr(8, 2)),
                        text.substr(11, 8));
  }
  const std::string_view rest = trim(text.substr(comma + 1));
  if (!rest.ends_with(" GMT") && !rest.ends_with(" UTC")) return std::nullopt;
  if (rest.size() == 24) {
    return make_instant(read_int(rest.substr(7, 4)), rest.substr(3, 3), rest.substr(0, 2),
                        rest.substr(12, 8));
  }
  if (rest.size() == 22) {
    return make_instant(widen_year(read_int(rest.substr(7, 2)), now), rest.substr(3, 3), rest.substr(0, 2),
                        rest.substr(10, 8));
  }
  return std::nullopt;
}

bool is_retryable_status(int status) {
  return status == 408 || (status >= 500 && status != 501 && status != 505);
}

}  // namespace

std::optional<seconds> parse_retry_after(std::string_view value, Instant now) {
  value = trim(value);
  if (value.empty()) return std::nullopt;
  if (std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    // More digits than a century has seconds are absurd anyway; they must not overflow.
    if (value.size() > 10) return k_longest_delay;
    long long count = 0;
    std::from_chars(value.data(), value.data() + value.size(), count);
    return std::min(seconds{count}, k_longest_delay);
  }
  const auto date = read_http_date(value, now);
  if (!date) return std::nullopt;
  return std::clamp(*date - now, seconds{0}, k_longest_delay);
}

Verdict classify(Replay replay, const Result<Response>& result, int tries, const RetryPolicy& policy,
                 Instant now) {
  if (!result) {
    if (result.error().category != Category::unavailable) return Verdict::give_up;
    if (replay == Replay::once && result.error().outcome_unknown) return Verdict::give_up;
    return tries < policy.max_tries ? Verdict::retry : Verdict::give_up;
  }
  const bool throttled = result->status == 429;
  if (!throttled && !is_retryable_status(result->status)) return Verdict::done;
  // A 429 was refused before anything happened; after a 5xx or 408 it is unknown what did.
  if (!throttled && replay == Replay::once) return Verdict::give_up;
  const auto header = result->headers.find("Retry-After");
  const auto retry_after = header ? parse_retry_after(*header, now) : std::nullopt;
  if (retry_after && *retry_after > policy.max_retry_after) return Verdict::give_up;
  return tries < (throttled ? policy.max_throttled_tries : policy.max_tries) ? Verdict::retry
                                                                             : Verdict::give_up;
}

milliseconds backoff_delay(const RetryPolicy& policy, int tries, std::optional<seconds> retry_after,
                           double jitter) {
  milliseconds exponential = std::min(policy.base_delay, policy.max_delay);
  for (int i = 1; i < tries && exponential < policy.max_delay; ++i) {
    exponential = exponential > policy.max_delay / 2 ? policy.max_delay : exponential * 2;
  }
  const milliseconds half = exponential / 2;
  const milliseconds scaled{static_cast<long long>(static_cast<double>((exponential - half).count()) *
                                                   std::clamp(jitter, 0.0, 1.0))};
  return std::max(half + scaled, milliseconds{retry_after.value_or(seconds{0})});
}

}  // namespace gk::http
