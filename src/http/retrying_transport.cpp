#include "http/retrying_transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gk::http {

namespace {

std::optional<std::chrono::seconds> asked_delay(const Result<Response>& result, Instant now) {
  if (!result) return std::nullopt;
  const auto header = result->headers.find("Retry-After");
  return header ? parse_retry_after(*header, now) : std::nullopt;
}

bool is_write(const Request& request) {
  return request.effect == Effect::write || request.replay == Replay::once;
}

}  // namespace

RetryingTransport::RetryingTransport(Transport& inner, std::string service, RetryPolicy policy, Clock& clock,
                                     const StopFlag& stop, std::function<double()> random)
    : inner_(inner),
      service_(std::move(service)),
      policy_(policy),
      clock_(clock),
      stop_(stop),
      random_(std::move(random)) {}

void RetryingTransport::start(Ticket ticket, Request request) {
  request.try_number = 1;
  requests_.insert_or_assign(ticket, State{request});
  inner_.start(ticket, std::move(request));
}

Completion RetryingTransport::finish(Ticket ticket, Error error) {
  requests_.erase(ticket);
  return Completion{ticket, fail(std::move(error))};
}

/// Why a retry at `due` no longer makes sense.
std::optional<Error> RetryingTransport::reason_to_end(const State& state, SteadyTime due) const {
  Error error{Category::interrupted, fmt::format("{}: stopped while waiting to try again", service_)};
  error.outcome_unknown = state.outcome_unknown;
  if (stop_.requested()) return error;
  if (!deadline_ || due < *deadline_) return std::nullopt;
  error.category = Category::deadline;
  error.message = fmt::format("{}: no time left to try again", service_);
  return error;
}

/// The final failure in words; see the class comment for the categories.
Error RetryingTransport::describe(const State& state, const Result<Response>& result) const {
  const int tries = state.throttled_tries + state.failed_tries;
  const std::string times = tries == 1 ? "" : fmt::format(" after {} tries", tries);
  Error error;
  if (!result) {
    error = result.error();
    if (error.category == Category::unavailable) error.message += times;
    error.outcome_unknown = is_write(state.request) ? state.outcome_unknown : error.outcome_unknown;
    return error;
  }
  error.http_status = result->status;
  error.outcome_unknown = state.outcome_unknown;
  const auto asked = asked_delay(result, clock_.now());
  const std::string pause = asked ? fmt::format("; it asks to wait {} s", asked->count()) : "";
  if (result->status == 429) {
    error.category = Category::rate_limited;
    error.message = fmt::format("{} answered 429 (too many requests){}{}", service_, times, pause);
  } else {
    error.category = Category::unavailable;
    error.message =
        fmt::format("{} answered {} (trouble on its side){}{}", service_, result->status, times, pause);
  }
  return error;
}

/// Passes on what is final; otherwise arranges the next try.
std::optional<Completion> RetryingTransport::settle(Completion completion) {
  const auto found = requests_.find(completion.ticket);
  if (found == requests_.end()) return std::nullopt;
  State& state = found->second;
  const Result<Response>& result = completion.result;
  const bool throttled = result && result->status == 429;
  int& tries = throttled ? state.throttled_tries : state.failed_tries;
  ++tries;
  const Instant now = clock_.now();
  const Verdict verdict = classify(state.request.replay, result, tries, policy_, now);
  if (verdict == Verdict::done) {
    requests_.erase(found);
    return completion;
  }
  if (is_write(state.request)) state.outcome_unknown |= result ? !throttled : result.error().outcome_unknown;
  if (verdict == Verdict::give_up) return finish(completion.ticket, describe(state, result));

  const auto delay = backoff_delay(policy_, tries, asked_delay(result, now), random_());
  const SteadyTime due = clock_.steady_now() + delay;
  if (auto error = reason_to_end(state, due)) return finish(completion.ticket, std::move(*error));
  state.due = due;
  return std::nullopt;
}

/// Starts the tries that are due. Returns one that must no longer be tried, if there is one.
std::optional<Completion> RetryingTransport::release_due(SteadyTime now) {
  for (auto& [ticket, state] : requests_) {
    if (!state.due) continue;
    if (auto error = reason_to_end(state, *state.due)) return finish(ticket, std::move(*error));
    if (*state.due > now) continue;
    state.due.reset();
    ++state.request.try_number;
    inner_.start(ticket, state.request);
  }
  return std::nullopt;
}

std::optional<SteadyTime> RetryingTransport::next_due() const {
  std::optional<SteadyTime> first;
  for (const auto& [ticket, state] : requests_) {
    if (state.due && (!first || *state.due < *first)) first = state.due;
  }
  return first;
}

std::optional<Completion> RetryingTransport::wait(SteadyTime until) {
  while (!requests_.empty()) {
    const SteadyTime now = clock_.steady_now();
    if (auto ended = release_due(now)) return ended;
    const auto due = next_due();
    SteadyTime wake = due ? std::min(until, *due) : until;
    if (inner_.pending() > 0) {
      // The clock's own sleep ends early on a stop request; a wait below does not.
      if (due) wake = std::min(wake, now + k_stop_slice);
      if (auto completion = inner_.wait(wake)) {
        if (auto settled = settle(std::move(*completion))) return settled;
        continue;
      }
    } else {
      clock_.sleep_until(wake);
    }
    if (clock_.steady_now() >= until) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace gk::http
