#pragma once

#include "http.hpp"
#include "journal.hpp"
#include "paging.hpp"
#include "time.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <regex>
#include <string>

#include "json.hpp"

namespace gk_sandbox {

/// One scripted misbehaviour: which requests it hits, how often, and what happens then.
struct Fault {
  std::uint64_t id = 0;
  std::string service = "any";
  std::string method;
  std::string path = ".*";
  std::string kind;
  std::optional<std::uint64_t>
      request;             ///< Only this number of the service's (or, with "any", of all) requests.
  std::uint64_t skip = 0;  ///< How many matching requests pass first.
  std::optional<std::uint64_t> count;  ///< How many requests it hits before it ends.
  double probability = 1;
  std::uint64_t seed = 1;
  int status = 503;
  std::string retry_after;  ///< Sent as it is, except "date" (one hour ahead) and "absurd".
  std::string body;
  std::int64_t ms = 1000;
  std::size_t bytes = 0;
  std::size_t rows = 1;
  std::int64_t delta = 1;
  bool after = false;  ///< `status`, `html502` and `success_false`: process the request first.
  std::uint64_t hits = 0;
};

[[nodiscard]] bool is_fault_kind(const std::string& kind);
[[nodiscard]] std::string fault_kinds();

/// The script. If several faults fit a request, the first one happens.
class Faults {
 public:
  /// Returns the id, or a sentence that says what is wrong with the description.
  [[nodiscard]] std::uint64_t add(const Value& description, std::string& error);
  void clear();
  bool remove(std::uint64_t id);
  [[nodiscard]] std::optional<Fault> match(Service service, const Call& call, const Journal::Ticket& ticket);
  [[nodiscard]] std::string list() const;

 private:
  struct Armed {
    Fault fault;
    std::regex path;
    std::mt19937_64 random;
    std::uint64_t seen = 0;
  };

  mutable std::mutex mutex_;
  std::deque<Armed> armed_;
  std::uint64_t last_id_ = 0;
};

/// True when the fault answers instead of the service.
[[nodiscard]] bool happens_before(const Fault& fault);
/// The whole answer of a fault that happens before.
[[nodiscard]] Reply reply_before(const Fault& fault, Epoch now);
[[nodiscard]] ListTricks tricks_of(const Fault& fault);
/// Damages the answer of the service.
void damage(Reply& reply, const Fault& fault, Epoch now);

}  // namespace gk_sandbox
