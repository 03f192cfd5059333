#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "config/config.hpp"
#include "glofox/client.hpp"
#include "http/stack.hpp"
#include "kisi/client.hpp"
#include "reconcile/reconciler.hpp"

namespace gk::app {

/// Everything below the commands that is made once per run: the only place that knows concrete transports and
/// clients. Integrations run one after the other, so buckets are shared without locks.
class Services {
 public:
  struct Options {
    bool read_only = false;              ///< dry run: no stack sends a writing request
    std::optional<SteadyTime> deadline;  ///< requests not yet sent then fail with Category::deadline
    std::function<double()> random;      ///< [0, 1), for the jitter of retries
    /// When another run of the same Kisi key ended, if that may matter for the rate.
    std::optional<SteadyTime> kisi_last_used;
    /// Told while an integration's member list is read, on the thread that reads it; may be empty.
    std::function<void(const std::string& integration, std::size_t pages_read, std::size_t pages)> on_reading;
  };

  Services(const config::Config& config, Options options, Clock& clock, Log& log, const StopFlag& stop);

  [[nodiscard]] kisi::KisiClient& kisi() { return *kisi_; }
  /// For the clients of one command; at no time used beside kisi().
  [[nodiscard]] http::Transport& kisi_transport() { return kisi_stack_->transport(); }
  /// The client of the integration's location; made on first use.
  [[nodiscard]] glofox::GlofoxClient& glofox(const config::Integration& integration);
  [[nodiscard]] http::Transport& glofox_transport(const config::Integration& integration);
  /// All tries so far.
  [[nodiscard]] reconcile::RequestCounts requests() const;

 private:
  struct GlofoxConnection {
    std::unique_ptr<http::Stack> stack;
    std::unique_ptr<glofox::GlofoxClient> client;
  };
  [[nodiscard]] std::unique_ptr<http::Stack> make_glofox_stack(const config::Integration& integration);

  const config::Config& config_;
  Options options_;
  Clock& clock_;
  Log& log_;
  const StopFlag& stop_;
  std::unique_ptr<http::Stack> kisi_stack_;
  std::unique_ptr<kisi::KisiClient> kisi_;
  std::map<std::string, std::shared_ptr<http::TokenBucket>> glofox_buckets_;  ///< by fingerprint of the key
  std::map<std::string, GlofoxConnection> connections_;                       ///< by integration name
};

/// A short fingerprint (SHA-256, 16 hex digits) that identifies a secret without telling it.
[[nodiscard]] std::string fingerprint(const Secret& secret, std::string_view salt);

}  // namespace gk::app
