#include "http/stack.hpp"

#include "http/curl_transport.hpp"
#include "http/logging_transport.hpp"
#include "http/rate_limited_transport.hpp"
#include "http/read_only_transport.hpp"
#include "http/retrying_transport.hpp"

namespace gk::http {

/// From the outside in: Retrying(RateLimited(Logging(ReadOnly?(Curl)))). Every try is rate-limited and
/// logged; in a dry run nothing above the read-only layer can reach the network with a write.
struct Stack::Layers {
  Layers(StackOptions options, std::shared_ptr<TokenBucket> bucket, Clock& clock, Log& log,
         const StopFlag& stop, std::function<double()> random)
      : curl(CurlOptions{.base_url = options.base_url,
                         .secret_headers = std::move(options.secret_headers),
                         .headers = std::move(options.headers),
                         .connect_timeout = options.connect_timeout,
                         .total_timeout = options.total_timeout,
                         .max_in_flight = options.max_in_flight,
                         .body_cap = options.body_cap},
             clock),
        read_only(curl),
        logging(options.read_only ? static_cast<Transport&>(read_only) : curl, options.service, clock, log),
        rate_limited(logging, bucket ? std::move(bucket) : std::make_shared<TokenBucket>(options.bucket),
                     RateLimitOptions{.service = options.service,
                                      .max_in_flight = options.max_in_flight,
                                      .max_pause = options.retry.max_retry_after},
                     clock, stop),
        retrying(rate_limited, options.service, options.retry, clock, stop, std::move(random)) {}

  CurlTransport curl;
  ReadOnlyTransport read_only;
  LoggingTransport logging;
  RateLimitedTransport rate_limited;
  RetryingTransport retrying;
};

Stack::Stack(StackOptions options, std::shared_ptr<TokenBucket> bucket, Clock& clock, Log& log,
             const StopFlag& stop, std::function<double()> random)
    : layers_(std::make_unique<Layers>(std::move(options), std::move(bucket), clock, log, stop,
                                       std::move(random))) {}
Stack::~Stack() = default;

Transport& Stack::transport() { return layers_->retrying; }

const Traffic& Stack::traffic() const { return layers_->logging.traffic(); }

void Stack::set_deadline(std::optional<SteadyTime> deadline) {
  layers_->rate_limited.set_deadline(deadline);
  layers_->retrying.set_deadline(deadline);
}

Result<Response> send(Transport& transport, Request request) {
  transport.start(0, std::move(request));
  if (auto completion = transport.wait(SteadyTime::max())) return std::move(completion->result);
  return fail(Category::internal, "the transport lost a request");
}

}  // namespace gk::http
