#pragma once

#include "http/stack.hpp"
#include "http/transport.hpp"
#include "util/log.hpp"

#include <string>
#include <unordered_map>

namespace gk::http {

/// "/users?email=***&limit=100": values only of parameters on an allow-list, which holds no personal data.
/// Pure.
[[nodiscard]] std::string redact_url(const Request& request);

/// One line per try at debug level: service, request, try, status or error, duration in ms, body bytes, and
/// the response headers of an allow-list. Never bodies, never credentials. Counts the traffic of the report.
class LoggingTransport final : public Transport {
 public:
  LoggingTransport(Transport& inner, std::string service, Clock& clock, Log& log);
  void start(Ticket ticket, Request request) override;
  [[nodiscard]] std::optional<Completion> wait(SteadyTime until) override;
  [[nodiscard]] std::size_t pending() const override { return inner_.pending(); }
  [[nodiscard]] const Traffic& traffic() const { return traffic_; }

 private:
  struct Try {
    std::string request;  ///< empty unless lines are written
    int number = 1;
    SteadyTime started{};
  };
  void count(const Try& one, const Result<Response>& result);
  void write_line(const Try& one, const Result<Response>& result);

  Transport& inner_;
  std::string service_;
  Clock& clock_;
  Log& log_;
  Traffic traffic_;
  std::unordered_map<Ticket, Try> tries_;
};

}  // namespace gk::http
