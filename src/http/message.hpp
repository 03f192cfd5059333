#pragma once

#include "util/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gk::http {

enum class Method { get, post, patch, del };

/// "GET", "POST", "PATCH", "DELETE".
[[nodiscard]] std::string_view method_name(Method method);

/// Whether a request may be sent again after its fate is unknown (contract 7, kisi-api 4.4,
/// glofox-api 8.4).
enum class Replay {
  safe,        ///< reads
  idempotent,  ///< DELETE, and PATCH with full values: the same end state however often
  once,        ///< POST that creates: only when the server certainly did nothing
};

/// What it does to the service. A dry run refuses `write` below all business logic (contract 7).
enum class Effect { read, write };

/// One query parameter, not yet percent-encoded.
struct Param {
  std::string name;
  std::string value;
};

/// A request to one service; base URL, credentials and common headers belong to the stack.
struct Request {
  Method method = Method::get;
  std::string path;          ///< from the base URL on, starting with '/', segments already encoded
  std::vector<Param> query;  ///< encoded by the transport
  std::string body;          ///< JSON; empty means none
  Replay replay = Replay::safe;
  Effect effect = Effect::read;
  std::string endpoint;  ///< the path with placeholders, for logs and notices: "/users/{id}"
  int try_number = 1;    ///< counted by the retry layer, for the log
  /// Gives back what the request before took: its first try is sent even after a stop request or the
  /// deadline.
  bool must_follow = false;
};

/// A GET.
[[nodiscard]] inline Request get(std::string path, std::string endpoint, std::vector<Param> query = {}) {
  Request request;
  request.path = std::move(path);
  request.endpoint = std::move(endpoint);
  request.query = std::move(query);
  return request;
}

/// Response headers in the order received; names compare case-insensitively.
class Headers {
 public:
  void add(std::string name, std::string value) { entries_.emplace_back(std::move(name), std::move(value)); }
  /// The first value with that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

/// An answer of any status.
struct Response {
  int status = 0;
  Headers headers;
  std::string body;
  std::chrono::milliseconds elapsed{0};
  SteadyTime
      sent_at{};  ///< when the first byte of the request could leave (after a new connection's handshake)
};

}  // namespace gk::http
