#pragma once

#include "http.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

namespace gk_sandbox {

enum class Service { kisi, glofox };

[[nodiscard]] const char* service_name(Service service);

/// Every request that arrived, with its time: the proof of rates, order and "nothing was written".
class Journal {
 public:
  /// Without `keep_entries` it keeps only the counters, otherwise at most `limit` entries.
  Journal(bool keep_entries, std::size_t limit);

  struct Ticket {
    std::uint64_t service_number = 0;  ///< 1 for the first request of this service.
    std::uint64_t number = 0;          ///< 1 for the first request of both.
    std::uint64_t generation = 0;
  };

  /// Notes the arrival.
  [[nodiscard]] Ticket arrive(Service service, const Call& call);
  /// Notes the outcome; status 0 means that no answer was sent.
  void finish(const Ticket& ticket, Service service, int status, const std::string& fault);

  void clear();
  [[nodiscard]] std::string entries(bool writes_only) const;
  [[nodiscard]] std::string summary() const;

 private:
  struct Entry {
    Service service;
    std::string method;
    std::string path;
    std::string query;
    std::string body;
    std::string fault;
    std::int64_t microseconds;
    int status;
    bool write;
  };
  struct Counters {
    std::uint64_t requests = 0;
    std::uint64_t writes = 0;
    std::uint64_t status_429 = 0;
    std::uint64_t status_5xx = 0;
    std::size_t max_in_one_second = 0;
    std::deque<std::int64_t> last_second;
  };

  mutable std::mutex mutex_;
  bool keep_entries_;
  std::size_t limit_;
  std::chrono::steady_clock::time_point start_;
  std::deque<Entry> entries_;
  std::array<Counters, 2> counters_;
  std::uint64_t number_ = 0;
  std::uint64_t generation_ = 0;
};

/// Queries that Glofox and Kisi take as POST read only (kisi-api 13.3, glofox-api 4.5).
[[nodiscard]] bool is_write(const Call& call);

}  // namespace gk_sandbox
