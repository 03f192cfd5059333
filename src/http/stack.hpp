#pragma once

#include "http/rate_limit.hpp"
#include "http/retry.hpp"
#include "http/transport.hpp"
#include "util/log.hpp"
#include "util/secret.hpp"
#include "util/stop.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gk::http {

/// What one stack did, for the report (contract 9, `requests`).
struct Traffic {
  std::size_t requests = 0;   ///< tries that were sent
  std::size_t retries = 0;    ///< of these, not first tries
  std::size_t throttled = 0;  ///< answers 429
};

/// Everything that makes one service's stack.
struct StackOptions {
  std::string service;   ///< "glofox" or "kisi", in logs and errors
  std::string base_url;  ///< validated: https, or http to a loopback address
  std::vector<std::pair<std::string, Secret>> secret_headers;  ///< name, whole value
  std::vector<std::pair<std::string, std::string>> headers;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{30'000};
  std::size_t max_in_flight = 1;
  std::size_t body_cap = std::size_t{32} << 20U;
  bool read_only = false;  ///< dry run: writing requests are refused with Category::internal
  BucketOptions bucket;
  RetryPolicy retry;
};

/// Owns the layers of one service; not for two threads at once.
class Stack {
 public:
  /// `random` gives numbers in [0, 1) for the jitter. `bucket` is shared by all stacks that use the same key,
  /// one after the other: never from two threads. None: the stack makes its own of `options.bucket`.
  Stack(StackOptions options, std::shared_ptr<TokenBucket> bucket, Clock& clock, Log& log,
        const StopFlag& stop, std::function<double()> random);
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  [[nodiscard]] Transport& transport();
  [[nodiscard]] const Traffic& traffic() const;
  /// Requests that are not yet sent at `deadline` fail with Category::deadline. None: no limit.
  void set_deadline(std::optional<SteadyTime> deadline);

 private:
  struct Layers;
  std::unique_ptr<Layers> layers_;
};

}  // namespace gk::http
