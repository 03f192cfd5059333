#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gk_sandbox {

/// One request as the services see it, without any type of the HTTP library.
struct Call {
  std::string method;
  std::string path;
  std::string query;
  std::string body;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::pair<std::string, std::string>> headers;

  /// Case-insensitive; empty when absent.
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
  [[nodiscard]] bool has_json_type() const;
};

/// How the bytes of an answer leave: whole, or damaged on the way.
struct Wire {
  bool reset = false;                       ///< Send nothing and reset the connection.
  std::optional<std::size_t> body_bytes;    ///< Send only this much of the body, then close.
  std::size_t drip_bytes = 0;               ///< Send this many bytes at a time ...
  std::chrono::milliseconds drip_pause{0};  ///< ... with this pause between.
};

struct Reply {
  int status = 200;
  std::string body;
  std::string content_type = "application/json; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
  Wire wire;
};

using Answer = std::function<Reply(const Call&)>;

/// An HTTP/1.1 server on 127.0.0.1 that can also misbehave below HTTP.
class HttpServer {
 public:
  /// Binds at once; port 0 picks a free one. Throws std::runtime_error when the port is taken.
  HttpServer(int port, Answer answer);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  [[nodiscard]] int port() const;
  void start();
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Sleeps in short slices, so that an answer that is held back never delays the end of the program.
void interruptible_sleep(std::chrono::milliseconds duration);
/// Makes every interruptible_sleep return.
void interrupt_sleeps();

}  // namespace gk_sandbox
