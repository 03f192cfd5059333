#include "http/logging_transport.hpp"

#include "http/url.hpp"

#include <fmt/format.h>

#include <array>

namespace gk::http {

namespace {

/// Paging, filters by id, state or time. Not here, so hidden: email, name, query and whatever is added later.
constexpr std::string_view k_shown_params =
    " page limit offset sort applies_to_type applies_to_id assignee_type assignee_id active private status "
    "type scope enabled role_id group_id place_id start end time_start_start_date time_start_end_date "
    "modified_start_date modified_end_date ";

constexpr std::array<std::string_view, 6> k_shown_headers = {
    "Retry-After", "Content-Type", "X-Collection-Range", "Content-Encoding", "Deprecation", "Sunset"};

std::string shown_headers(const Headers& headers) {
  std::vector<std::string> shown;
  for (const std::string_view name : k_shown_headers) {
    if (const auto value = headers.find(name)) shown.push_back(fmt::format("{}: {}", name, *value));
  }
  return fmt::format("{}", fmt::join(shown, ", "));
}

}  // namespace

std::string redact_url(const Request& request) {
  std::string out = request.path;
  char separator = '?';
  for (const Param& param : request.query) {
    const bool shown = k_shown_params.find(fmt::format(" {} ", param.name)) != std::string_view::npos;
    out += fmt::format("{}{}={}", separator, percent_encode(param.name),
                       shown ? percent_encode(param.value) : "***");
    separator = '&';
  }
  return out;
}

LoggingTransport::LoggingTransport(Transport& inner, std::string service, Clock& clock, Log& log)
    : inner_(inner), service_(std::move(service)), clock_(clock), log_(log) {}

void LoggingTransport::start(Ticket ticket, Request request) {
  Try one{{}, request.try_number, clock_.steady_now()};
  if (log_.enabled(LogLevel::debug))
    one.request = fmt::format("{} {}", method_name(request.method), redact_url(request));
  tries_.insert_or_assign(ticket, std::move(one));
  inner_.start(ticket, std::move(request));
}

std::optional<Completion> LoggingTransport::wait(SteadyTime until) {
  auto completion = inner_.wait(until);
  if (!completion) return completion;
  const auto found = tries_.find(completion->ticket);
  if (found == tries_.end()) return completion;
  count(found->second, completion->result);
  if (log_.enabled(LogLevel::debug)) write_line(found->second, completion->result);
  tries_.erase(found);
  return completion;
}

void LoggingTransport::count(const Try& one, const Result<Response>& result) {
  // Refused by the dry run, or a bug of ours: it was never sent.
  if (!result && result.error().category == Category::internal) return;
  ++traffic_.requests;
  if (one.number > 1) ++traffic_.retries;
  if (result && result->status == 429) ++traffic_.throttled;
}

void LoggingTransport::write_line(const Try& one, const Result<Response>& result) {
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - one.started);
  if (!result) {
    log_.write(LogLevel::debug, "http",
               {{"service", service_},
                {"request", one.request},
                {"try", fmt::to_string(one.number)},
                {"error", result.error().message},
                {"ms", fmt::to_string(elapsed.count())}});
    return;
  }
  log_.write(LogLevel::debug, "http",
             {{"service", service_},
              {"request", one.request},
              {"try", fmt::to_string(one.number)},
              {"status", fmt::to_string(result->status)},
              {"ms", fmt::to_string(result->elapsed.count())},
              {"bytes", fmt::to_string(result->body.size())},
              {"headers", shown_headers(result->headers)}});
}

}  // namespace gk::http
