#pragma once

#include "faults.hpp"
#include "http.hpp"
#include "journal.hpp"
#include "paging.hpp"
#include "switches.hpp"
#include "time.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <random>

namespace gk_sandbox {

struct LatencyRange {
  std::int64_t least_ms = 0;
  std::int64_t most_ms = 0;
  std::uint64_t seed = 1;
};

/// Who may pass now: a sliding second (Kisi) or a bucket (Glofox).
class RateLimit {
 public:
  /// `rate` 0 allows everything; `burst` 0 means a sliding second instead of a bucket.
  RateLimit(double rate, double burst) : rate_(rate), burst_(burst), tokens_(burst) {}

  [[nodiscard]] bool take();

 private:
  std::mutex mutex_;
  double rate_;
  double burst_;
  double tokens_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::deque<std::chrono::steady_clock::time_point> passed_;
};

/// The way of every request of a service: journal, latency, rate limit, faults, then the API.
class Pipeline {
 public:
  using Api = std::function<Reply(const Call&, const ListTricks&)>;

  struct Parts {
    Journal& journal;
    Faults& faults;
    const Switches& switches;
    const Clock& clock;
  };

  Pipeline(Service service, Parts parts, RateLimit& limit, const LatencyRange& latency, Api api);

  [[nodiscard]] Reply answer(const Call& call);

 private:
  [[nodiscard]] Reply too_many() const;
  void wait();

  Service service_;
  Parts parts_;
  RateLimit& limit_;
  LatencyRange latency_;
  Api api_;
  std::mutex random_mutex_;
  std::mt19937_64 random_;
};

}  // namespace gk_sandbox
