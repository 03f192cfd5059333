#pragma once

#include "http/message.hpp"
#include "util/result.hpp"

#include <cstdint>
#include <optional>

namespace gk::http {

/// While requests wait in a layer, a stop request must be seen this soon even if the transport below is busy.
inline constexpr std::chrono::milliseconds k_stop_slice{50};

/// The caller's name for a started request.
using Ticket = std::uint64_t;

/// A finished request: an answer of any status, or why none came. `outcome_unknown` in the error says that
/// the request may have reached the service.
struct Completion {
  Ticket ticket = 0;
  Result<Response> result;
};

/// Sends requests without threads: start() any number, wait() for them one by one in the order they finish.
/// The stack is Retrying(RateLimited(Logging(ReadOnly?(Curl)))), each layer a Transport around the next.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Takes the request; never blocks. A ticket must not be in use.
  virtual void start(Ticket ticket, Request request) = 0;
  /// Works until a started request has finished or `until` has come; nullopt in the latter case, and when
  /// nothing is started.
  [[nodiscard]] virtual std::optional<Completion> wait(SteadyTime until) = 0;
  /// Started and not yet returned by wait().
  [[nodiscard]] virtual std::size_t pending() const = 0;
};

/// One request and its answer. Nothing else may be pending on the transport.
[[nodiscard]] Result<Response> send(Transport& transport, Request request);

}  // namespace gk::http
