#include "http/read_only_transport.hpp"

#include <fmt/format.h>

namespace gk::http {

namespace {

bool is_read(const Request& request) {
  return request.effect == Effect::read && (request.method == Method::get || request.method == Method::post);
}

}  // namespace

void ReadOnlyTransport::start(Ticket ticket, Request request) {
  if (is_read(request)) {
    inner_.start(ticket, std::move(request));
  } else {
    refused_.push_back(Completion{
        ticket, fail(Category::internal, fmt::format("refused: dry run ({} {})", method_name(request.method),
                                                     request.endpoint))});
  }
}

std::optional<Completion> ReadOnlyTransport::wait(SteadyTime until) {
  if (refused_.empty()) return inner_.wait(until);
  std::optional<Completion> first(std::move(refused_.front()));
  refused_.pop_front();
  return first;
}

}  // namespace gk::http
