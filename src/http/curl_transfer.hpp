#pragma once

#include "http/curl_transport.hpp"
#include "http/url.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace gk::http {

/// What all requests of one transport share. Private to curl_transport.cpp, like this whole header.
struct TransferSettings {
  CurlOptions options;
  BaseUrl base;
  curl_slist* lines = nullptr;  ///< request headers; not owned
};

struct FreeEasy {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};

/// One request on its way, and the easy handle that later ones use again. Its address must not change.
class Transfer {
 public:
  Transfer(const TransferSettings& settings, Clock& clock);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() = default;

  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  [[nodiscard]] Ticket ticket() const { return ticket_; }
  /// Makes the handle ready for this request; it still has to be added to the multi handle.
  void prepare(Ticket ticket, Request request, std::string url);
  /// The answer, or the failure in the operator's words.
  [[nodiscard]] Result<Response> outcome(CURLcode code);

 private:
  static int on_departure(void* user, char* remote, char* local, int remote_port, int local_port) noexcept;
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* user) noexcept;
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* user) noexcept;
  void set_callbacks();
  void set_rules();
  void take_header(std::string_view line);
  void take_body(std::string_view bytes);
  void park(Category category, std::string message);
  [[nodiscard]] Error describe(CURLcode code) const;
  [[nodiscard]] Error describe_connection(CURLcode code, std::string_view detail) const;
  [[nodiscard]] std::string describe_timeout() const;

  const TransferSettings& settings_;
  Clock& clock_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  Ticket ticket_ = 0;
  Request request_;
  std::string url_;
  Response response_;
  SteadyTime started_{};
  int departures_ = 0;  ///< how often libcurl had a connection and was about to send
  std::size_t header_bytes_ = 0;
  std::optional<Error> parked_;  ///< why a callback refused to go on
};

}  // namespace gk::http
