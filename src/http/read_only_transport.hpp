#pragma once

#include "http/transport.hpp"

#include <deque>

namespace gk::http {

/// The dry run's last wall (contract 7): whatever the code above does, nothing that writes goes
/// further. Refused with Category::internal: Effect::write, every PATCH and DELETE, and a POST that is not
/// marked as a read.
class ReadOnlyTransport final : public Transport {
 public:
  explicit ReadOnlyTransport(Transport& inner) : inner_(inner) {}
  void start(Ticket ticket, Request request) override;
  [[nodiscard]] std::optional<Completion> wait(SteadyTime until) override;
  [[nodiscard]] std::size_t pending() const override { return inner_.pending() + refused_.size(); }

 private:
  Transport& inner_;
  std::deque<Completion> refused_;
};

}  // namespace gk::http
