#include "journal.hpp"

#include "json.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

constexpr std::int64_t k_second_us = 1'000'000;

std::size_t index_of(Service service) { return service == Service::kisi ? 0 : 1; }

}  // namespace

const char* service_name(Service service) { return service == Service::kisi ? "kisi" : "glofox"; }

bool is_write(const Call& call) {
  return call.method != "GET" && call.method != "HEAD" && call.path != "/event_sets" &&
         !call.path.ends_with("/retrieve");
}

Journal::Journal(bool keep_entries, std::size_t limit)
    : keep_entries_(keep_entries), limit_(limit), start_(std::chrono::steady_clock::now()) {}

Journal::Ticket Journal::arrive(Service service, const Call& call) {
  const bool write = is_write(call);
  const std::scoped_lock lock(mutex_);
  const auto since = std::chrono::steady_clock::now() - start_;
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(since).count();
  Counters& counters = counters_.at(index_of(service));
  ++counters.requests;
  counters.writes += write ? 1U : 0U;
  counters.last_second.push_back(now);
  while (counters.last_second.front() <= now - k_second_us) {
    counters.last_second.pop_front();
  }
  counters.max_in_one_second = std::max(counters.max_in_one_second, counters.last_second.size());
  ++number_;
  if (keep_entries_ && number_ <= limit_) {
    entries_.push_back(Entry{
        service, call.method, call.path, call.query, write ? call.body : std::string(), {}, now, 0, write});
  }
  return {counters.requests, number_, generation_};
}

void Journal::finish(const Ticket& ticket, Service service, int status, const std::string& fault) {
  const std::scoped_lock lock(mutex_);
  if (ticket.generation != generation_) {
    return;
  }
  Counters& counters = counters_.at(index_of(service));
  counters.status_429 += status == 429 ? 1U : 0U;
  counters.status_5xx += status >= 500 ? 1U : 0U;
  if (keep_entries_ && ticket.number <= entries_.size()) {
    Entry& entry = entries_[ticket.number - 1];
    entry.status = status;
    entry.fault = fault;
  }
}

void Journal::clear() {
  const std::scoped_lock lock(mutex_);
  entries_.clear();
  counters_ = {};
  number_ = 0;
  ++generation_;
}

std::string Journal::entries(bool writes_only) const {
  const std::scoped_lock lock(mutex_);
  JsonText out;
  out.begin_array();
  std::uint64_t number = 0;
  for (const Entry& entry : entries_) {
    ++number;
    if (writes_only && !entry.write) {
      continue;
    }
    out.begin_object().field("number", number).field("service", service_name(entry.service));
    out.field("method", entry.method)
        .field("path", entry.path)
        .field("query", entry.query)
        .field("status", entry.status);
    out.raw_field("ms", fmt::format("{}.{:03}", entry.microseconds / 1000, entry.microseconds % 1000));
    out.field("write", entry.write);
    if (entry.write) {
      const auto body = parse_json(entry.body);
      out.key("body");
      body ? out.value(static_cast<const Value&>(*body))
           : (entry.body.empty() ? out.value(nullptr) : out.value(entry.body));
    }
    if (!entry.fault.empty()) {
      out.field("fault", entry.fault);
    }
    out.end_object();
  }
  out.end_array();
  return out.text();
}

std::string Journal::summary() const {
  const std::scoped_lock lock(mutex_);
  JsonText out;
  out.begin_object();
  for (const Service service : {Service::kisi, Service::glofox}) {
    const Counters& counters = counters_.at(index_of(service));
    out.key(service_name(service)).begin_object();
    out.field("requests", counters.requests)
        .field("writes", counters.writes)
        .field("status_429", counters.status_429);
    out.field("status_5xx", counters.status_5xx)
        .field("max_in_one_second", counters.max_in_one_second)
        .end_object();
  }
  out.field("entries_kept", entries_.size())
      .field("entries_dropped", keep_entries_ ? number_ - entries_.size() : number_);
  out.end_object();
  return out.text();
}

}  // namespace gk_sandbox
