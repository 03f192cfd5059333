#pragma once

#include "http/transport.hpp"
#include "util/secret.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gk::http {

/// libcurl's global state; one in main, made before any thread and outliving every transport. Ignores
/// SIGPIPE.
class CurlGlobal {
 public:
  CurlGlobal();
  ~CurlGlobal();
  CurlGlobal(const CurlGlobal&) = delete;
  CurlGlobal& operator=(const CurlGlobal&) = delete;
};

struct CurlOptions {
  std::string base_url;
  std::vector<std::pair<std::string, Secret>> secret_headers;  ///< name, whole value
  std::vector<std::pair<std::string, std::string>>
      headers;                                        ///< JSON content types are added unless given here
  std::chrono::milliseconds connect_timeout{10'000};  ///< name, connection and TLS handshake together
  std::chrono::milliseconds total_timeout{30'000};    ///< the whole request, in flight only
  std::chrono::seconds stall_timeout{15};  ///< an answer that has begun may stay under 30 bytes/s this long
  std::size_t max_in_flight = 1;           ///< further requests wait here in order
  std::size_t body_cap = std::size_t{32} << 20U;  ///< bytes of one answer, decompressed
  std::string ca_file;  ///< certificates to trust instead of the system's; empty for the system's
};

/// HTTP/1.1 by curl multi on the calling thread, connections kept alive. Certificates are always verified,
/// redirects are answers like any other, nothing is ever repeated silently. Proxies of the environment are
/// used, but not for loopback.
///
/// Errors: Category::unavailable when no whole answer came, with `outcome_unknown` exactly when the request
/// may have left this machine; Category::protocol for an answer that is too large or no HTTP;
/// Category::config for an unusable base URL or header; Category::internal for an unusable path.
class CurlTransport final : public Transport {
 public:
  CurlTransport(CurlOptions options, Clock& clock);
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;
  void start(Ticket ticket, Request request) override;
  [[nodiscard]] std::optional<Completion> wait(SteadyTime until) override;
  [[nodiscard]] std::size_t pending() const override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gk::http
