#pragma once

#include "http/curl_transport.hpp"
#include "support/raw_server.hpp"

#include <string>
#include <utility>

namespace gk::test {

/// A CurlTransport on the real clock against one raw server.
struct CurlFixture {
  explicit CurlFixture(RawServer::Handler handler) : server(std::move(handler)) {
    options.base_url = server.url();
  }

  http::CurlTransport make() { return http::CurlTransport(options, clock); }
  /// One request on a transport of its own.
  Result<http::Response> send_one(http::Request request) {
    http::CurlTransport transport(options, clock);
    return http::send(transport, std::move(request));
  }

  http::CurlGlobal global;
  RawServer server;
  StopFlag stop;
  SystemClock clock{stop};
  http::CurlOptions options;
};

inline http::Request read_request(std::string path = "/x") { return http::Request{.path = std::move(path)}; }
inline http::Request create_request() {
  return http::Request{.method = http::Method::post,
                       .path = "/x",
                       .body = R"({"a":1})",
                       .replay = http::Replay::once,
                       .effect = http::Effect::write};
}

}  // namespace gk::test
