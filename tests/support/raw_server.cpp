#include "support/raw_server.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace gk::test {

namespace {

constexpr int k_poll_ms = 20;

sockaddr* as_address(sockaddr_in& address) { return static_cast<sockaddr*>(static_cast<void*>(&address)); }

/// A bound socket and its port.
std::pair<int, std::uint16_t> bind_loopback() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (descriptor < 0 || bind(descriptor, as_address(address), length) != 0 ||
      getsockname(descriptor, as_address(address), &length) != 0) {
    throw std::runtime_error("cannot bind a loopback port");
  }
  return {descriptor, ntohs(address.sin_port)};
}

bool poll_readable(int descriptor) {
  pollfd wanted{descriptor, POLLIN, 0};
  return poll(&wanted, 1, k_poll_ms) > 0;
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view k_name = "\r\nContent-Length: ";
  const std::size_t found = head.find(k_name);
  return found == std::string_view::npos ? 0 : std::strtoul(head.data() + found + k_name.size(), nullptr, 10);
}

}  // namespace

bool RawConnection::wait_readable() {
  while (!stopping_ && descriptor_ >= 0) {
    if (poll_readable(descriptor_)) return true;
  }
  return false;
}

bool RawConnection::fill() {
  char buffer[4096];
  if (!wait_readable()) return false;
  const ssize_t count = recv(descriptor_, buffer, sizeof buffer, 0);
  if (count <= 0) return false;
  received_.append(buffer, static_cast<std::size_t>(count));
  return true;
}

std::optional<std::string> RawConnection::read_request() {
  for (;;) {
    const std::size_t end = received_.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::size_t whole = end + 4 + content_length(std::string_view(received_).substr(0, end + 2));
      if (received_.size() >= whole) {
        std::string request = received_.substr(0, whole);
        received_.erase(0, whole);
        return request;
      }
    }
    if (!fill()) return std::nullopt;
  }
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty() && descriptor_ >= 0 && !stopping_) {
    const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return bytes.empty();
}

void RawConnection::drip(std::string_view bytes, std::chrono::milliseconds pause) {
  for (const char& byte : bytes) {
    if (!send({&byte, 1})) return;
    std::this_thread::sleep_for(pause);
  }
}

bool RawConnection::answer(int status, std::string_view body, std::string_view header_lines) {
  return send(fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(),
                          header_lines, body));
}

void RawConnection::hang() {
  while (fill()) {
  }
}

void RawConnection::reset() {
  const linger now{1, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

void RawConnection::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

RawServer::RawServer(Handler handler) : handler_(std::move(handler)) {
  std::tie(listener_, port_) = bind_loopback();
  if (listen(listener_, 64) != 0) throw std::runtime_error("cannot listen");
  acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
  stopping_ = true;
  acceptor_.join();
  for (std::thread& worker : workers_) worker.join();
  ::close(listener_);
}

std::string RawServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

void RawServer::accept_all() {
  while (!stopping_) {
    if (!poll_readable(listener_)) continue;
    const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) continue;
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // A peer that stops reading must not block the end of the test.
    const timeval limit{5, 0};
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int number = ++connections_;
    workers_.emplace_back([this, descriptor, number] {
      RawConnection connection(descriptor, number, stopping_);
      handler_(connection);
    });
  }
}

std::uint16_t unused_port() {
  const auto [descriptor, port] = bind_loopback();
  ::close(descriptor);
  return port;
}

}  // namespace gk::test
