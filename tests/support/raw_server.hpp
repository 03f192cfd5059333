#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gk::test {

/// One accepted connection, as bytes. Every wait ends when the server is destroyed.
class RawConnection {
 public:
  RawConnection(int descriptor, int number, const std::atomic<bool>& stopping)
      : descriptor_(descriptor), number_(number), stopping_(stopping) {}
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;
  ~RawConnection() { close(); }

  /// 1 for the first connection of the server, and so on.
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// Head and body (by Content-Length) of the next request; nothing when the peer has closed.
  std::optional<std::string> read_request();
  /// False when the peer is gone.
  bool send(std::string_view bytes);
  /// One byte after the other, with a pause after each.
  void drip(std::string_view bytes, std::chrono::milliseconds pause);
  /// Sends "HTTP/1.1 <status> X" with Content-Length, the header lines given ("Name: value\r\n" each) and the
  /// body.
  bool answer(int status, std::string_view body, std::string_view header_lines = {});
  /// Does nothing until the peer closes.
  void hang();
  /// Drops the connection with a TCP reset.
  void reset();
  void close();

 private:
  bool wait_readable();
  bool fill();
  int descriptor_;
  int number_;
  const std::atomic<bool>& stopping_;
  std::string received_;
};

/// A server on a free loopback port that runs a handler in a thread per connection, for faults below HTTP.
class RawServer {
 public:
  using Handler = std::function<void(RawConnection&)>;
  explicit RawServer(Handler handler);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const;
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept_all();
  Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::vector<std::thread> workers_;  ///< touched by the acceptor only, until it has ended
  std::thread acceptor_;
};

/// A loopback port on which nothing listens.
[[nodiscard]] std::uint16_t unused_port();

}  // namespace gk::test
