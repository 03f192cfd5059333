#include "app/services.hpp"

#include <fmt/format.h>

#include "util/digest.hpp"
#include "util/url.hpp"

namespace gk::app {

namespace {

using std::chrono::milliseconds;

/// A rehearsal against this machine need not be patient with a far service.
http::RetryPolicy retry_policy(const std::string& base_url, http::RetryPolicy policy) {
  constexpr milliseconds k_rehearsal_base{50};
  constexpr milliseconds k_rehearsal_max{500};
  if (is_loopback_url(base_url)) {
    policy.base_delay = k_rehearsal_base;
    policy.max_delay = k_rehearsal_max;
  }
  return policy;
}

/// kisi-api 2: up to 5 tries on 5xx, at least 8 on 429, waits up to 60 s.
http::StackOptions kisi_options(const config::KisiSettings& kisi, bool read_only) {
  http::StackOptions options;
  options.service = "kisi";
  options.base_url = kisi.base_url;
  options.secret_headers.emplace_back("Authorization",
                                      Secret("KISI-LOGIN " + std::string(kisi.api_key.value.reveal())));
  if (kisi.partner) {
    options.headers.emplace_back("X-Kisi-Integration-Identifier", kisi.partner->identifier);
    options.headers.emplace_back("X-Kisi-Integration-Contact", kisi.partner->contact);
  }
  options.total_timeout = milliseconds{30'000};
  options.max_in_flight = 1;
  options.read_only = read_only;
  options.bucket = {.rate = kisi.requests_per_second, .burst = 1};
  options.retry = retry_policy(kisi.base_url, {.max_tries = 5,
                                               .max_throttled_tries = 8,
                                               .base_delay = milliseconds{1000},
                                               .max_delay = milliseconds{60'000},
                                               .max_retry_after = milliseconds{120'000}});
  return options;
}

}  // namespace

std::string fingerprint(const Secret& secret, std::string_view salt) {
  constexpr std::size_t k_digits = 16;
  return sha256_hex(fmt::format("{}\n{}", salt, secret.reveal())).substr(0, k_digits);
}

Services::Services(const config::Config& config, Options options, Clock& clock, Log& log,
                   const StopFlag& stop)
    : config_(config), options_(std::move(options)), clock_(clock), log_(log), stop_(stop) {
  http::StackOptions kisi = kisi_options(config.kisi, options_.read_only);
  const auto bucket = std::make_shared<http::TokenBucket>(kisi.bucket);
  if (options_.kisi_last_used) bucket->note_sent(*options_.kisi_last_used);
  kisi_stack_ = std::make_unique<http::Stack>(std::move(kisi), bucket, clock, log, stop, options_.random);
  kisi_stack_->set_deadline(options_.deadline);
  kisi_ = std::make_unique<kisi::KisiClient>(kisi_stack_->transport(), clock, log);
}

glofox::GlofoxClient& Services::glofox(const config::Integration& integration) {
  GlofoxConnection& connection = connections_[integration.name];
  if (!connection.client) {
    connection.stack = make_glofox_stack(integration);
    glofox::ClientOptions options;
    if (options_.on_reading) {
      options.on_progress = [this, name = integration.name](std::size_t pages_read, std::size_t pages) {
        options_.on_reading(name, pages_read, pages);
      };
    }
    connection.client = std::make_unique<glofox::GlofoxClient>(
        connection.stack->transport(), integration.location, clock_, log_, std::move(options));
  }
  return *connection.client;
}

http::Transport& Services::glofox_transport(const config::Integration& integration) {
  static_cast<void>(glofox(integration));  // makes the stack
  return connections_.at(integration.name).stack->transport();
}

/// glofox-api 1.1 (headers) and 1.3 (35 s because the service itself gives up after 30; 4 tries).
std::unique_ptr<http::Stack> Services::make_glofox_stack(const config::Integration& integration) {
  const config::GlofoxSettings& glofox = config_.glofox;
  const Secret& api_key = config::glofox_api_key(config_, integration).value;
  http::StackOptions options;
  options.service = "glofox";
  options.base_url = glofox.base_url;
  options.secret_headers.emplace_back("x-api-key", api_key);
  options.secret_headers.emplace_back("x-glofox-api-token",
                                      config::glofox_api_token(config_, integration).value);
  options.headers.emplace_back("x-glofox-branch-id", integration.location.value());
  options.total_timeout = milliseconds{35'000};
  options.max_in_flight = glofox.max_in_flight;
  options.read_only = options_.read_only;
  options.bucket = {.rate = glofox.requests_per_second, .burst = static_cast<double>(glofox.burst)};
  options.retry = retry_policy(glofox.base_url, {.max_tries = 4,
                                                 .max_throttled_tries = 8,
                                                 .base_delay = milliseconds{1000},
                                                 .max_delay = milliseconds{30'000},
                                                 .max_retry_after = milliseconds{60'000}});
  std::shared_ptr<http::TokenBucket>& bucket = glofox_buckets_[fingerprint(api_key, glofox.base_url)];
  if (!bucket) bucket = std::make_shared<http::TokenBucket>(options.bucket);
  auto stack =
      std::make_unique<http::Stack>(std::move(options), bucket, clock_, log_, stop_, options_.random);
  stack->set_deadline(options_.deadline);
  return stack;
}

reconcile::RequestCounts Services::requests() const {
  reconcile::RequestCounts counts;
  counts.kisi = kisi_stack_->traffic().requests;
  counts.retries = kisi_stack_->traffic().retries;
  counts.throttled = kisi_stack_->traffic().throttled;
  for (const auto& [name, connection] : connections_) {
    const http::Traffic& traffic = connection.stack->traffic();
    counts.glofox += traffic.requests;
    counts.retries += traffic.retries;
    counts.throttled += traffic.throttled;
  }
  return counts;
}

}  // namespace gk::app
