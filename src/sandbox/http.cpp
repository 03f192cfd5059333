#include "http.hpp"

#include "text.hpp"

#include <httplib.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <thread>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gk_sandbox {

namespace {

constexpr std::size_t k_threads = 64;  ///< One per open connection.
constexpr int k_poll_slice_ms = 100;
constexpr int k_read_timeout_ms = 30000;

std::atomic<bool> sleeps_interrupted{false};

/// One connection. Output is collected and sent by flush(), the one place that obeys Wire.
class Connection final : public httplib::Stream {
 public:
  explicit Connection(int socket) : socket_(socket) {}

  [[nodiscard]] bool is_readable() const override {
    return buffered() || wait_for(POLLIN, k_read_timeout_ms);
  }
  [[nodiscard]] bool is_writable() const override { return true; }

  ssize_t read(char* target, std::size_t size) override {
    if (!buffered()) {
      if (!flush()) {
        return -1;
      }
      if (!wait_for(POLLIN, k_read_timeout_ms)) {
        return -1;
      }
      const ssize_t received = ::recv(socket_, input_.data(), input_.size(), 0);
      if (received <= 0) {
        return received;
      }
      begin_ = 0;
      end_ = static_cast<std::size_t>(received);
    }
    const std::size_t count = std::min(size, end_ - begin_);
    std::memcpy(target, input_.data() + begin_, count);
    begin_ += count;
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* source, std::size_t size) override {
    output_.append(source, size);
    return static_cast<ssize_t>(size);
  }

  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = "127.0.0.1";
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override { get_remote_ip_and_port(ip, port); }
  [[nodiscard]] socket_t socket() const override { return socket_; }

  [[nodiscard]] bool buffered() const { return begin_ < end_; }
  void set_wire(const Wire& wire) { wire_ = wire; }

  [[nodiscard]] bool wait_for(short events, int timeout_ms) const {
    pollfd entry{socket_, events, 0};
    return ::poll(&entry, 1, timeout_ms) > 0;
  }

  /// False when the connection cannot be used any more.
  bool flush() {
    std::string output;
    output.swap(output_);
    const Wire wire = std::exchange(wire_, Wire{});
    if (wire.reset) {
      reset();
      return false;
    }
    std::size_t size = output.size();
    if (wire.body_bytes) {
      const auto header_end = output.find("\r\n\r\n");
      size = std::min(size, (header_end == std::string::npos ? 0 : header_end + 4) + *wire.body_bytes);
    }
    if (wire.drip_bytes == 0) {
      return send_all(output.data(), size) && !wire.body_bytes;
    }
    for (std::size_t at = 0; at < size; at += wire.drip_bytes) {
      if (!send_all(output.data() + at, std::min(wire.drip_bytes, size - at)) || sleeps_interrupted) {
        return false;
      }
      interruptible_sleep(wire.drip_pause);
    }
    return !wire.body_bytes;
  }

 private:
  bool send_all(const char* bytes, std::size_t size) const {
    while (size > 0) {
      const ssize_t sent = ::send(socket_, bytes, size, MSG_NOSIGNAL);
      if (sent <= 0) {
        if (sent < 0 && errno == EINTR) {
          continue;
        }
        return false;
      }
      bytes += sent;
      size -= static_cast<std::size_t>(sent);
    }
    return true;
  }

  /// A linger time of zero makes close() send RST instead of FIN.
  void reset() const {
    const linger abort{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
  }

  int socket_;
  std::array<char, 16384> input_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string output_;
  Wire wire_;
};

/// The handler runs on the thread of its connection, but httplib gives it no way to reach that connection.
thread_local Connection* current_connection = nullptr;

Call to_call(const httplib::Request& request) {
  Call call;
  call.method = request.method;
  const auto mark = std::min(request.target.find('?'), request.target.size());
  call.path = percent_decode(std::string_view(request.target).substr(0, mark), false);
  call.query = request.target.substr(std::min(mark + 1, request.target.size()));
  call.parameters = parse_query(call.query);
  call.body = request.body;
  for (const auto& [name, value] : request.headers) {
    call.headers.emplace_back(name, value);
  }
  return call;
}

class AbruptServer final : public httplib::Server {
 public:
  [[nodiscard]] bool stopping() const { return stopping_; }
  void begin_stop() { stopping_ = true; }

 private:
  bool process_and_close_socket(socket_t socket) override {
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    Connection connection(socket);
    current_connection = &connection;
    bool usable = true;
    while (usable && !stopping_) {
      if (!connection.buffered() && !connection.wait_for(POLLIN, k_poll_slice_ms)) {
        continue;
      }
      bool closed = false;
      const bool served = process_request(connection, false, closed, [](httplib::Request& request) {
        // Compression would only cost time here, and a write without a length has no body.
        request.headers.erase("Accept-Encoding");
        if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding")) {
          request.headers.emplace("Content-Length", "0");
        }
      });
      usable = connection.flush() && served && !closed;
    }
    current_connection = nullptr;
    ::close(socket);
    return usable;
  }

  std::atomic<bool> stopping_{false};
};

}  // namespace

std::string Call::header(std::string_view name) const {
  const std::string wanted = fold(name);
  for (const auto& [key, value] : headers) {
    if (fold(key) == wanted) {
      return value;
    }
  }
  return {};
}

std::optional<std::string> Call::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) {
      return value;
    }
  }
  return std::nullopt;
}

bool Call::has_json_type() const { return fold(header("Content-Type")).starts_with("application/json"); }

void interruptible_sleep(std::chrono::milliseconds duration) {
  constexpr std::chrono::milliseconds k_slice{50};
  const auto end = std::chrono::steady_clock::now() + duration;
  for (auto now = std::chrono::steady_clock::now(); now < end && !sleeps_interrupted;
       now = std::chrono::steady_clock::now()) {
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(k_slice, end - now));
  }
}

void interrupt_sleeps() { sleeps_interrupted = true; }

class HttpServer::Impl {
 public:
  Impl(int port, Answer answer) : answer_(std::move(answer)) {
    server_.new_task_queue = [] { return new httplib::ThreadPool(k_threads); };
    server_.set_payload_max_length(std::size_t{256} << 20);
    // Only a promise: the loop of AbruptServer keeps a connection until its client leaves.
    server_.set_keep_alive_max_count(1'000'000);
    server_.set_keep_alive_timeout(600);
    const auto route = [this](const httplib::Request& request, httplib::Response& response) {
      serve(request, response);
    };
    constexpr auto k_any = ".*";
    server_.Get(k_any, route).Post(k_any, route).Put(k_any, route).Patch(k_any, route).Delete(k_any, route);
    port_ = port == 0 ? server_.bind_to_any_port("127.0.0.1")
                      : (server_.bind_to_port("127.0.0.1", port) ? port : -1);
    if (port_ <= 0) {
      throw std::runtime_error("cannot listen on 127.0.0.1 port " + std::to_string(port));
    }
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { stop(); }

  [[nodiscard]] int port() const { return port_; }

  void start() {
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) {
      std::this_thread::yield();
    }
  }

  void stop() {
    server_.begin_stop();
    if (thread_.joinable()) {
      server_.stop();
      thread_.join();
    }
  }

 private:
  void serve(const httplib::Request& request, httplib::Response& response) const {
    Reply reply = answer_(to_call(request));
    response.status = reply.status;
    for (const auto& [name, value] : reply.headers) {
      response.headers.emplace(name, value);
    }
    if (!reply.body.empty()) {
      response.headers.emplace("Content-Type", reply.content_type);
    }
    response.body = std::move(reply.body);
    current_connection->set_wire(reply.wire);
  }

  Answer answer_;
  AbruptServer server_;
  int port_ = -1;
  std::thread thread_;
};

HttpServer::HttpServer(int port, Answer answer) : impl_(std::make_unique<Impl>(port, std::move(answer))) {}
HttpServer::~HttpServer() = default;

int HttpServer::port() const { return impl_->port(); }

void HttpServer::start() { impl_->start(); }

void HttpServer::stop() { impl_->stop(); }

}  // namespace gk_sandbox
