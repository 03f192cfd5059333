#include "http/curl_transport.hpp"

#include "http/curl_transfer.hpp"
#include "http/url.hpp"
#include "util/text.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <new>
#include <stdexcept>

namespace gk::http {

namespace {

constexpr std::chrono::seconds k_longest_poll{60};

struct FreeMulti {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};
/// Header lines hold credentials: their bytes are overwritten before they are freed.
struct FreeLines {
  void operator()(curl_slist* lines) const noexcept {
    for (const curl_slist* line = lines; line != nullptr; line = line->next) {
      for (volatile char* at = line->data; *at != '\0'; ++at) *at = '\0';
    }
    curl_slist_free_all(lines);
  }
};

void check(CURLMcode code) {
  if (code != CURLM_OK) throw std::runtime_error(fmt::format("curl multi: {}", curl_multi_strerror(code)));
}

bool is_header(std::string_view name, std::string_view value) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  const auto is_token = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_token) &&
         std::none_of(value.begin(), value.end(), is_control);
}

}  // namespace

CurlGlobal::CurlGlobal() {
  // With CURLOPT_NOSIGNAL (threads) libcurl leaves SIGPIPE to the program; OpenSSL may raise it on a
  // connection that the service has closed. That must be an error value, not the end of a run between two
  // writes.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("curl_global_init failed");
}
CurlGlobal::~CurlGlobal() { curl_global_cleanup(); }

class CurlTransport::Impl {
 public:
  Impl(CurlOptions options, Clock& clock);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void start(Ticket ticket, Request request);
  std::optional<Completion> wait(SteadyTime until);
  [[nodiscard]] std::size_t pending() const { return queue_.size() + active_.size() + finished_.size(); }

 private:
  struct Queued {
    Ticket ticket;
    Request request;
    std::string url;
  };
  void add_headers();
  void add_header(std::string_view name, std::string_view value);
  void append_line(const char* line);
  void advance();
  void collect();

  TransferSettings settings_;
  Clock& clock_;
  std::size_t max_in_flight_;
  std::optional<Error> setup_error_;  ///< answers every request when the options cannot be used
  std::unique_ptr<curl_slist, FreeLines> lines_;
  std::unique_ptr<CURLM, FreeMulti> multi_;
  std::vector<std::unique_ptr<Transfer>> active_;
  std::vector<std::unique_ptr<Transfer>> idle_;
  std::deque<Queued> queue_;
  std::deque<Completion> finished_;
};

CurlTransport::Impl::Impl(CurlOptions options, Clock& clock)
    : clock_(clock),
      max_in_flight_(std::max<std::size_t>(options.max_in_flight, 1)),
      multi_(curl_multi_init()) {
  if (!multi_) throw std::bad_alloc();
  check(curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(max_in_flight_)));
  settings_.options = std::move(options);
  if (auto base = parse_base_url(settings_.options.base_url)) {
    settings_.base = std::move(*base);
  } else {
    setup_error_ = with_context("the base URL", base.error());
  }
  add_headers();
  settings_.lines = lines_.get();
}

CurlTransport::Impl::~Impl() {
  for (const auto& transfer : active_) curl_multi_remove_handle(multi_.get(), transfer->easy());
}

void CurlTransport::Impl::add_headers() {
  for (const auto& [name, value] : settings_.options.secret_headers) add_header(name, value.reveal());
  settings_.options.secret_headers.clear();
  bool has_accept = false;
  bool has_content_type = false;
  for (const auto& [name, value] : settings_.options.headers) {
    add_header(name, value);
    has_accept |= ascii_lower(name) == "accept";
    has_content_type |= ascii_lower(name) == "content-type";
  }
  // On every request, with a body or not: Kisi asks for both (kisi-api 1).
  if (!has_accept) append_line("Accept: application/json");
  if (!has_content_type) append_line("Content-Type: application/json");
  append_line("Expect:");  // never wait for a "100 Continue" before a body
}

void CurlTransport::Impl::add_header(std::string_view name, std::string_view value) {
  if (!is_header(name, value)) {
    setup_error_ = Error{Category::config, fmt::format("the value of the header '{}' holds a line break or "
                                                       "another control character, or its name is unusable",
                                                       printable(name))};
    return;
  }
  // libcurl's spelling of a header without a value is a semicolon; with a colon it would be left out.
  std::string line = value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value);
  append_line(line.c_str());
  std::fill(line.begin(), line.end(), '\0');
}

void CurlTransport::Impl::append_line(const char* line) {
  curl_slist* longer = curl_slist_append(lines_.get(), line);
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(lines_.release());  // the old list is now the front of the longer one
  lines_.reset(longer);
}

void CurlTransport::Impl::start(Ticket ticket, Request request) {
  if (setup_error_) {
    finished_.push_back(Completion{ticket, fail(*setup_error_)});
    return;
  }
  auto url = join_url(settings_.base, request);
  if (!url) {
    finished_.push_back(Completion{ticket, fail(std::move(url).error())});
    return;
  }
  queue_.push_back(Queued{ticket, std::move(request), std::move(*url)});
  advance();
}

/// Fills the free places from the queue and does what can be done without waiting.
void CurlTransport::Impl::advance() {
  for (bool again = true; again;) {
    while (!queue_.empty() && active_.size() < max_in_flight_) {
      if (idle_.empty()) idle_.push_back(std::make_unique<Transfer>(settings_, clock_));
      Queued next = std::move(queue_.front());
      queue_.pop_front();
      idle_.back()->prepare(next.ticket, std::move(next.request), std::move(next.url));
      check(curl_multi_add_handle(multi_.get(), idle_.back()->easy()));
      active_.push_back(std::move(idle_.back()));
      idle_.pop_back();
    }
    int running = 0;
    check(curl_multi_perform(multi_.get(), &running));
    const std::size_t before = active_.size();
    collect();
    again = active_.size() < before && !queue_.empty();
  }
}

void CurlTransport::Impl::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;
    const auto found =
        std::find_if(active_.begin(), active_.end(), [easy](const auto& t) { return t->easy() == easy; });
    check(curl_multi_remove_handle(multi_.get(), easy));
    finished_.push_back(Completion{(*found)->ticket(), (*found)->outcome(code)});
    idle_.push_back(std::move(*found));
    active_.erase(found);
  }
}

std::optional<Completion> CurlTransport::Impl::wait(SteadyTime until) {
  for (;;) {
    if (finished_.empty() && !active_.empty()) advance();
    if (!finished_.empty()) {
      std::optional<Completion> first(std::move(finished_.front()));
      finished_.pop_front();
      return first;
    }
    const SteadyTime now = clock_.steady_now();
    if (active_.empty() || now >= until) return std::nullopt;
    const auto span = std::min<SteadyTime::duration>(until - now, k_longest_poll);
    const int timeout = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(span).count());
    check(curl_multi_poll(multi_.get(), nullptr, 0, timeout, nullptr));
  }
}

CurlTransport::CurlTransport(CurlOptions options, Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), clock)) {}
CurlTransport::~CurlTransport() = default;
void CurlTransport::start(Ticket ticket, Request request) { impl_->start(ticket, std::move(request)); }
std::optional<Completion> CurlTransport::wait(SteadyTime until) { return impl_->wait(until); }
std::size_t CurlTransport::pending() const { return impl_->pending(); }

}  // namespace gk::http
