#include "http/curl_transfer.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

namespace gk::http {

namespace {

constexpr long k_receive_buffer =
    256L * 1024;  ///< measured: a quarter less CPU than the default for 5 MB, more gains nothing
constexpr long k_stall_bytes_per_second = 30;
constexpr std::size_t k_max_header_bytes = std::size_t{256} * 1024;

/// A request that must not be repeated does not go out on a connection idle for longer: the service may be
/// closing it this moment, and then it is unknown whether the request was read. Reads may use older ones.
constexpr long k_max_idle_once_seconds = 10;
constexpr long k_max_idle_seconds = 60;

/// An option that libcurl refuses is a bug of ours, or memory ran out.
template <class T>
void set(CURL* easy, CURLoption option, T value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  if (code == CURLE_OK) return;
  throw std::runtime_error(
      fmt::format("curl option {}: {}", static_cast<int>(option), curl_easy_strerror(code)));
}

std::string in_mebibytes(std::size_t bytes) {
  return bytes % (1U << 20U) == 0 ? fmt::format("{} MiB", bytes >> 20U) : fmt::format("{} bytes", bytes);
}

std::string in_seconds(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? fmt::format("{} s", time.count() / 1000)
                                  : fmt::format("{} ms", time.count());
}

}  // namespace

Transfer::Transfer(const TransferSettings& settings, Clock& clock)
    : settings_(settings), clock_(clock), easy_(curl_easy_init()) {
  if (!easy_) throw std::bad_alloc();
  set_callbacks();
  set_rules();
}

void Transfer::set_callbacks() {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_ERRORBUFFER, error_text_.data());
  set(easy, CURLOPT_PREREQFUNCTION, &Transfer::on_departure);
  set(easy, CURLOPT_PREREQDATA, this);
  set(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(easy, CURLOPT_WRITEDATA, this);
}

/// The rules that hold for every request of the transport.
void Transfer::set_rules() {
  CURL* easy = easy_.get();
  const CurlOptions& options = settings_.options;
  set(easy, CURLOPT_HTTPHEADER, settings_.lines);
  set(easy, CURLOPT_USERAGENT, "glofox-kisi/" GK_VERSION);
  set(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  // curl #10936: HTTP/2 of 7.87 to 8.5 may crash when a stream closes; with few requests in flight it gains
  // nothing anyway.
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_PROTOCOLS_STR, settings_.base.loopback ? "http,https" : "https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) set(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  if (settings_.base.loopback) set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_TCP_NODELAY, 1L);
  set(easy, CURLOPT_BUFFERSIZE, k_receive_buffer);
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_timeout.count()));
}

void Transfer::prepare(Ticket ticket, Request request, std::string url) {
  CURL* easy = easy_.get();
  ticket_ = ticket;
  request_ = std::move(request);
  url_ = std::move(url);
  response_ = Response();
  departures_ = 0;
  header_bytes_ = 0;
  parked_.reset();
  error_text_.front() = '\0';
  started_ = clock_.steady_now();
  set(easy, CURLOPT_URL, url_.c_str());
  set(easy, CURLOPT_LOW_SPEED_TIME, 0L);
  set(easy, CURLOPT_MAXAGE_CONN,
      request_.replay == Replay::once ? k_max_idle_once_seconds : k_max_idle_seconds);
  if (request_.method == Method::post || request_.method == Method::patch) {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request_.body.data());
  } else {
    set(easy, CURLOPT_HTTPGET, 1L);
  }
  const bool custom = request_.method == Method::patch || request_.method == Method::del;
  set(easy, CURLOPT_CUSTOMREQUEST, custom ? method_name(request_.method).data() : nullptr);
}

// libcurl silently sends a request again when a connection it reused died without one byte of answer. It must
// not: a POST may have been done, and no repetition may pass by the rate limit. This callback runs on every
// connection just before the request leaves, so it can refuse the second time; the retry layer decides then.
// (A fresh connection for every POST would be as safe, but costs a TLS handshake each.)
int Transfer::on_departure(void* user, char*, char*, int, int) noexcept {
  Transfer& self = *static_cast<Transfer*>(user);
  if (++self.departures_ > 1) return CURL_PREREQFUNC_ABORT;
  self.response_.sent_at = self.clock_.steady_now();
  return CURL_PREREQFUNC_OK;
}

// An exception must not pass through libcurl: the callbacks park it as an error and refuse to go on.
std::size_t Transfer::on_header(char* bytes, std::size_t size, std::size_t count, void* user) noexcept {
  Transfer& self = *static_cast<Transfer*>(user);
  try {
    self.take_header({bytes, size * count});
  } catch (...) {
    self.parked_ = Error{};
  }
  return self.parked_ ? 0 : size * count;
}

std::size_t Transfer::on_body(char* bytes, std::size_t size, std::size_t count, void* user) noexcept {
  Transfer& self = *static_cast<Transfer*>(user);
  try {
    self.take_body({bytes, size * count});
  } catch (...) {
    self.parked_ = Error{};
  }
  // For an empty piece 0 would mean success, so refuse with a number that never does.
  return self.parked_ ? CURL_WRITEFUNC_ERROR : size * count;
}

void Transfer::park(Category category, std::string message) { parked_ = Error{category, std::move(message)}; }

void Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > k_max_header_bytes) {
    return park(Category::protocol, fmt::format("its headers are larger than {} bytes", k_max_header_bytes));
  }
  if (line.starts_with("HTTP/")) {
    response_.headers = Headers();  // what came before was an interim answer
    // Not earlier: a service may think for as long as the total timeout allows before it begins to answer.
    set(easy_.get(), CURLOPT_LOW_SPEED_LIMIT, k_stall_bytes_per_second);
    set(easy_.get(), CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings_.options.stall_timeout.count()));
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    response_.headers.add(std::string(trim(line.substr(0, colon))),
                          std::string(trim(line.substr(colon + 1))));
  }
}

void Transfer::take_body(std::string_view bytes) {
  std::string& body = response_.body;
  const std::size_t cap = settings_.options.body_cap;
  if (body.empty()) {
    curl_off_t announced = -1;
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    if (announced > 0) body.reserve(std::min(static_cast<std::size_t>(announced), cap));
  }
  if (bytes.size() > cap - body.size())
    return park(Category::protocol, fmt::format("it is larger than {}", in_mebibytes(cap)));
  body.append(bytes);
}

Result<Response> Transfer::outcome(CURLcode code) {
  if (code != CURLE_OK || parked_) {
    Error error = describe(code);
    error.outcome_unknown = departures_ > 0;
    return fail(std::move(error));
  }
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  Response response = std::move(response_);
  response.status = static_cast<int>(status);
  response.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - started_);
  return response;
}

std::string Transfer::describe_timeout() const {
  const CurlOptions& options = settings_.options;
  const std::string& host = settings_.base.host;
  if (departures_ == 0) {
    return fmt::format("no connection to {} within {}", host,
                       in_seconds(std::min(options.connect_timeout, options.total_timeout)));
  }
  // libcurl reports both the same way; its timer may fire a little before ours.
  constexpr std::chrono::milliseconds k_timer_slack{100};
  if (header_bytes_ > 0 && clock_.steady_now() - started_ + k_timer_slack < options.total_timeout) {
    return fmt::format("{} stopped in the middle of its answer: under {} bytes/s for {} s", host,
                       k_stall_bytes_per_second, options.stall_timeout.count());
  }
  return fmt::format("no complete answer from {} within {}", host, in_seconds(options.total_timeout));
}

/// What went wrong, in words for the person who reads the log in the morning.
Error Transfer::describe(CURLcode code) const {
  const std::string& host = settings_.base.host;
  if (parked_ && parked_->message.empty())
    return {Category::internal, "out of memory while receiving an answer"};
  if (parked_)
    return {parked_->category, fmt::format("the answer from {} cannot be used: {}", host, parked_->message)};
  const std::string detail =
      printable(error_text_.front() != '\0' ? error_text_.data() : curl_easy_strerror(code));
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:  // what libcurl calls HTTP/0.9: no status line came
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return {Category::protocol, fmt::format("the answer from {} cannot be used: {}", host, detail)};
    case CURLE_OUT_OF_MEMORY:
      // libcurl's name, too, for a header line beyond its own limit, and for bytes after an answer that
      // must not have a body.
      if (departures_ > 0) {
        return {Category::protocol, fmt::format("the answer from {} cannot be used: a line of its headers is "
                                                "too long (or this machine is out of memory)",
                                                host)};
      }
      return {Category::internal, "out of memory"};
    default: return describe_connection(code, detail);
  }
}

Error Transfer::describe_connection(CURLcode code, std::string_view detail) const {
  const std::string& host = settings_.base.host;
  const auto unavailable = [](std::string message) {
    return Error{Category::unavailable, std::move(message)};
  };
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return unavailable(
          fmt::format("cannot resolve {}: check the network and the DNS settings of this machine", host));
    case CURLE_COULDNT_RESOLVE_PROXY:
      return unavailable(fmt::format(
          "cannot resolve the proxy on the way to {}: check the proxy variables of the environment", host));
    case CURLE_COULDNT_CONNECT: {
      long number = 0;
      curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &number);
      return unavailable(
          fmt::format("cannot connect to {}: {}", host,
                      number != 0 ? std::string_view(std::strerror(static_cast<int>(number))) : detail));
    }
    case CURLE_PEER_FAILED_VERIFICATION:
      return unavailable(fmt::format("the certificate of {} is not valid: {}", host, detail));
    case CURLE_SSL_CONNECT_ERROR:
      return unavailable(fmt::format("the TLS handshake with {} failed: {}", host, detail));
    case CURLE_SSL_CACERT_BADFILE:
      return unavailable(fmt::format("the trusted certificates of this machine cannot be read: {}", detail));
    case CURLE_OPERATION_TIMEDOUT: return unavailable(describe_timeout());
    case CURLE_GOT_NOTHING:
    case CURLE_ABORTED_BY_CALLBACK:  // only on_departure() aborts: the connection had died without an answer
      return unavailable(fmt::format("{} closed the connection without an answer", host));
    case CURLE_PARTIAL_FILE:
      return unavailable(fmt::format("the answer from {} ended early: {}", host, detail));
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return unavailable(fmt::format("the connection to {} broke: {}", host, detail));
    default: return unavailable(fmt::format("the request to {} failed: {}", host, detail));
  }
}

}  // namespace gk::http
