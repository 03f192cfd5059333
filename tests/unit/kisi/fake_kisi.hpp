#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "http/transport.hpp"
#include "kisi/client.hpp"
#include "util/clock.hpp"
#include "util/log.hpp"

namespace gk::kisi::test {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

inline Result<http::Response> answer(int status, std::string body, const HeaderList& headers = {}) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  for (const auto& header : headers) response.headers.add(header.first, header.second);
  return response;
}

inline std::string fixture(const std::string& name) {
  std::ifstream in(std::string(GK_FIXTURES) + "/kisi/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The value of a query parameter; empty when it was not sent.
inline std::string parameter(const http::Request& request, std::string_view name) {
  for (const http::Param& param : request.query) {
    if (param.name == name) return param.value;
  }
  return {};
}

/// Answers by "METHOD /path" and records what was asked. An unexpected request is an error that names it.
class FakeKisi final : public http::Transport {
 public:
  using Answer = std::function<Result<http::Response>(const http::Request&)>;

  /// Every request of this kind, after the queued answers.
  void on(const std::string& route, Answer reply) { lasting_[route] = std::move(reply); }
  void on(const std::string& route, int status, std::string body) {
    on(route, [status, body](const http::Request&) { return answer(status, body); });
  }
  /// One request of this kind.
  void once(const std::string& route, Answer reply) { queued_[route].push_back(std::move(reply)); }
  void once(const std::string& route, int status, std::string body, HeaderList headers = {}) {
    once(route, [status, body, headers](const http::Request&) { return answer(status, body, headers); });
  }

  void start(http::Ticket ticket, http::Request request) override {
    const std::string route = fmt::format("{} {}", http::method_name(request.method), request.path);
    requests.push_back(request);
    routes.push_back(route);
    auto& queue = queued_[route];
    if (!queue.empty()) {
      const Answer reply = std::move(queue.front());
      queue.pop_front();
      done_.push_back({ticket, reply(request)});
    } else if (lasting_.contains(route)) {
      done_.push_back({ticket, lasting_.at(route)(request)});
    } else {
      done_.push_back({ticket, fail(Category::internal, "unexpected request: " + route)});
    }
  }
  [[nodiscard]] std::optional<http::Completion> wait(SteadyTime) override {
    if (done_.empty()) return std::nullopt;
    http::Completion completion = std::move(done_.front());
    done_.pop_front();
    return completion;
  }
  [[nodiscard]] std::size_t pending() const override { return done_.size(); }

  std::vector<http::Request> requests;
  std::vector<std::string> routes;

 private:
  std::map<std::string, Answer> lasting_;
  std::map<std::string, std::deque<Answer>> queued_;
  std::deque<http::Completion> done_;
};

/// Serves `rows` (JSON texts) as Kisi does: the range's end is not clamped (kisi.md 3).
inline FakeKisi::Answer serve(std::vector<std::string> rows) {
  return [rows = std::move(rows)](const http::Request& request) {
    const std::size_t limit = std::stoul(parameter(request, "limit"));
    const std::string at = parameter(request, "offset");
    const std::size_t offset = at.empty() ? 0 : std::stoul(at);
    std::string body = "[";
    for (std::size_t i = offset; i < std::min(rows.size(), offset + limit); ++i) {
      body += (i == offset ? "" : ",") + rows[i];
    }
    const std::string range =
        rows.empty() ? "*/0" : fmt::format("{}-{}/{}", offset, offset + limit - 1, rows.size());
    return answer(200, body + "]", {{"x-collection-range", range}});
  };
}

class FrozenClock final : public Clock {
 public:
  [[nodiscard]] Instant now() override { return Instant{std::chrono::seconds{1'772'352'000}}; }
  [[nodiscard]] SteadyTime steady_now() override { return SteadyTime{}; }
  void sleep_until(SteadyTime) override {}
};

/// A client in front of a FakeKisi; the key's user is 7000001.
struct Bench {
  Bench() { kisi.on("GET /user", 200, fixture("self.json")); }

  FakeKisi kisi;
  FrozenClock clock;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> sink{std::tmpfile(), &std::fclose};
  Log log{sink.get(), LogLevel::debug, LogFormat::text, clock};
  KisiClient client{kisi, clock, log};
};

/// A row of group 45510 in the current form.
inline std::string row_json(std::int64_t id, std::int64_t user, std::int64_t group = 45510) {
  return fmt::format(
      R"({{"id":{},"role_id":"group_basic","applies_to_type":"Group","applies_to_id":{},"assignee_type":"User",)"
      R"("assignee_id":{},"assignee":{{"id":{},"email":"person.{}@example.com","name":"Person {}"}},)"
      R"("created_by_type":"User","created_by_id":7000001,"valid_from":null,"valid_until":null}})",
      id, group, user, user, user, user);
}

inline std::string user_json(std::int64_t id, std::string_view email, std::string_view metadata = "{}") {
  return fmt::format(R"({{"id":{},"email":"{}","name":"Person {}","metadata":{}}})", id, email, id, metadata);
}

inline std::string group_json(std::int64_t users_count) {
  return fmt::format(R"({{"id":45510,"name":"Members - Riverside","users_count":{},"place_id":null}})",
                     users_count);
}

}  // namespace gk::kisi::test
