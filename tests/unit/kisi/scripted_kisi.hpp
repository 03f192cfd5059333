#pragma once

#include "kisi/client.hpp"
#include "support/fake_transport.hpp"
#include "support/manual_clock.hpp"
#include "util/log.hpp"

#include <fmt/format.h>

#include <algorithm>
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

namespace gk::test {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

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

/// A FakeTransport that also answers by handlers: once, or for every request of a kind.
class KisiScript {
 public:
  using Handler = FakeTransport::Handler;

  KisiScript() {
    transport.on_any([this](const http::Request& request) { return reply_to(request); });
  }
  KisiScript(const KisiScript&) = delete;
  KisiScript& operator=(const KisiScript&) = delete;

  /// Every request of this method and path, after those of once().
  void on(const std::string& route, Handler reply) { lasting_[route] = std::move(reply); }
  void on(const std::string& route, int status, const std::string& body) {
    on(route, [status, body](const http::Request&) { return answer(status, body); });
  }
  /// One request of this method and path.
  void once(const std::string& route, Handler reply) { queued_[route].push_back(std::move(reply)); }
  void once(const std::string& route, int status, const std::string& body, const HeaderList& headers = {}) {
    once(route, [status, body, headers](const http::Request&) { return answer(status, body, headers); });
  }

  FakeTransport transport;
  const std::vector<http::Request>& requests = transport.requests;

 private:
  FakeTransport::Answer reply_to(const http::Request& request) {
    const std::string route = fmt::format("{} {}", http::method_name(request.method), request.path);
    auto& queue = queued_[route];
    if (!queue.empty()) {
      const Handler reply = std::move(queue.front());
      queue.pop_front();
      return reply(request);
    }
    const auto found = lasting_.find(route);
    if (found != lasting_.end()) return found->second(request);
    return fail(Category::internal, "unexpected request: " + route);
  }

  std::map<std::string, Handler> lasting_;
  std::map<std::string, std::deque<Handler>> queued_;
};

/// Serves `rows` (JSON texts) as Kisi does: the range's end is not clamped (kisi-api 3).
inline KisiScript::Handler serve(std::vector<std::string> rows) {
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

/// A client in front of a KisiScript; the key's user is 7000001.
struct ScriptedKisi {
  ScriptedKisi() { script.on("GET /user", 200, fixture("self.json")); }

  KisiScript script;
  ManualClock clock;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> sink{std::tmpfile(), &std::fclose};
  Log log{sink.get(), LogLevel::debug, LogFormat::text, clock};
  kisi::KisiClient client{script.transport, clock, log};
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

}  // namespace gk::test
