#include "pipeline.hpp"

#include <algorithm>

namespace gk_sandbox {

bool RateLimit::take() {
  if (rate_ <= 0) {
    return true;
  }
  const std::scoped_lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (burst_ > 0) {
    tokens_ = std::min(burst_, tokens_ + rate_ * std::chrono::duration<double>(now - last_).count());
    last_ = now;
    if (tokens_ < 1) {
      return false;
    }
    tokens_ -= 1;
    return true;
  }
  while (!passed_.empty() && passed_.front() <= now - std::chrono::seconds(1)) {
    passed_.pop_front();
  }
  if (static_cast<double>(passed_.size()) >= rate_) {
    return false;
  }
  passed_.push_back(now);
  return true;
}

Pipeline::Pipeline(Service service, Parts parts, RateLimit& limit, const LatencyRange& latency, Api api)
    : service_(service),
      parts_(parts),
      limit_(limit),
      latency_(latency),
      api_(std::move(api)),
      random_(latency.seed) {}

void Pipeline::wait() {
  if (latency_.most_ms <= 0) {
    return;
  }
  std::int64_t ms = latency_.least_ms;
  {
    const std::scoped_lock lock(random_mutex_);
    ms = std::uniform_int_distribution<std::int64_t>(latency_.least_ms, latency_.most_ms)(random_);
  }
  interruptible_sleep(std::chrono::milliseconds(ms));
}

Reply Pipeline::too_many() const {
  Reply reply;
  reply.status = 429;
  const bool kisi = service_ == Service::kisi;
  reply.body =
      kisi ? R"({"error":"Too many requests.","code":"fac429"})" : R"({"message":"Too Many Requests"})";
  if (parts_.switches.is("rate_limit_body", "empty")) {
    reply.body.clear();
  } else if (parts_.switches.is("rate_limit_body", "html")) {
    reply.body = "<html><body><h1>429 Too Many Requests</h1></body></html>";
    reply.content_type = "text/html";
  }
  const std::string header = parts_.switches.get("retry_after");
  if (header == "seconds") {
    reply.headers.emplace_back("Retry-After", "1");
  } else if (header == "date") {
    const auto real = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    reply.headers.emplace_back("Retry-After", to_http_date(real.time_since_epoch().count() + 2));
  }
  return reply;
}

Reply Pipeline::answer(const Call& call) {
  const Journal::Ticket ticket = parts_.journal.arrive(service_, call);
  const bool allowed = limit_.take();
  wait();
  Reply reply;
  std::string kind;
  if (!allowed) {
    reply = too_many();
  } else {
    const auto fault = parts_.faults.match(service_, call, ticket);
    kind = fault ? fault->kind : "";
    if (fault && happens_before(*fault)) {
      reply = reply_before(*fault, parts_.clock.now());
    } else {
      reply = api_(call, fault ? tricks_of(*fault) : ListTricks());
      if (fault) {
        damage(reply, *fault, parts_.clock.now());
      }
    }
  }
  parts_.journal.finish(ticket, service_, reply.wire.reset ? 0 : reply.status, kind);
  return reply;
}

}  // namespace gk_sandbox
