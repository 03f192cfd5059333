#pragma once

#include "http/transport.hpp"
#include "support/manual_clock.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gk::test {

/// An answer with a JSON body, and headers if need be.
[[nodiscard]] inline http::Response answer(int status, std::string body = {},
                                           std::vector<std::pair<std::string, std::string>> headers = {}) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  for (auto& [name, value] : headers) response.headers.add(std::move(name), std::move(value));
  return response;
}

/// What a transport reports when no answer came.
[[nodiscard]] inline tl::unexpected<Error> no_answer(bool outcome_unknown,
                                                     std::string message = "connection broke") {
  Error error{Category::unavailable, std::move(message)};
  error.outcome_unknown = outcome_unknown;
  return fail(std::move(error));
}

/// A Transport without a network: answers come from scripts by method and path, requests are recorded.
/// Finishes in the order of the latencies; with a ManualClock, waiting moves it. A request without a script
/// gets Category::internal, which no client takes for an answer.
class FakeTransport final : public http::Transport {
 public:
  using Answer = Result<http::Response>;
  using Handler = std::function<Answer(const http::Request&)>;

  FakeTransport() = default;
  explicit FakeTransport(ManualClock& clock) : clock_(&clock) {}

  /// Adds one answer for "GET /users"; several are used up in order, of which the last one stays.
  void script(const std::string& method_and_path, Answer one) {
    scripts_[method_and_path].push_back(std::move(one));
  }
  /// Answers everything that has no script.
  void on_any(Handler handler) { handler_ = std::move(handler); }
  /// How long requests started from now on take.
  void set_latency(SteadyTime::duration latency) { latency_ = latency; }

  void start(http::Ticket ticket, http::Request request) override {
    const SteadyTime now = clock_ != nullptr ? clock_->steady_now() : SteadyTime{};
    Answer result = find_answer(request);
    if (result) {
      result->sent_at = now;
      result->elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(latency_);
    }
    requests.push_back(std::move(request));
    started_at.push_back(now);
    running_.push_back(Running{now + latency_, http::Completion{ticket, std::move(result)}});
    max_running = std::max(max_running, running_.size());
  }

  [[nodiscard]] std::optional<http::Completion> wait(SteadyTime until) override {
    const auto first = std::min_element(running_.begin(), running_.end(),
                                        [](const Running& a, const Running& b) { return a.ready < b.ready; });
    if (first == running_.end()) return std::nullopt;
    if (clock_ != nullptr) {
      const SteadyTime wake = std::min(first->ready, until);
      if (wake > clock_->steady_now()) clock_->advance(wake - clock_->steady_now());
      if (clock_->steady_now() < first->ready) return std::nullopt;
    }
    std::optional<http::Completion> completion(std::move(first->completion));
    running_.erase(first);
    return completion;
  }

  [[nodiscard]] std::size_t pending() const override { return running_.size(); }

  /// How many requests so far had this method and path.
  [[nodiscard]] std::size_t count(const std::string& method_and_path) const {
    return static_cast<std::size_t>(
        std::count_if(requests.begin(), requests.end(),
                      [&](const http::Request& request) { return key(request) == method_and_path; }));
  }

  std::vector<http::Request> requests;  ///< in the order they were started
  std::vector<SteadyTime> started_at;   ///< of the same index; all equal without a clock
  std::size_t max_running = 0;          ///< most at the same time

 private:
  struct Running {
    SteadyTime ready;
    http::Completion completion;
  };
  static std::string key(const http::Request& request) {
    return std::string(http::method_name(request.method)) + " " + request.path;
  }
  Answer find_answer(const http::Request& request) {
    const auto found = scripts_.find(key(request));
    if (found != scripts_.end()) {
      std::deque<Answer>& answers = found->second;
      Answer first = answers.front();
      if (answers.size() > 1) answers.pop_front();
      return first;
    }
    if (handler_) return handler_(request);
    return fail(Category::internal, "no script for " + key(request));
  }

  ManualClock* clock_ = nullptr;
  SteadyTime::duration latency_{};
  Handler handler_;
  std::map<std::string, std::deque<Answer>> scripts_;
  std::deque<Running> running_;
};

}  // namespace gk::test
