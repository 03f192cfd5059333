#include <array>

#include "checkin/signature.hpp"
#include "checkin/unlock.hpp"
#include "commands/approvals.hpp"
#include "config/load.hpp"
#include "config/parse.hpp"
#include "fuzz/targets.hpp"
#include "http/retry.hpp"
#include "json/row_stream.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

// What comes from this machine or to its door, and what both services share.
namespace gk::fuzz {

namespace {

constexpr Instant k_now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{8}};

void configuration(std::string_view bytes) {
  const config::Parsed parsed = config::parse(bytes);
  require(parsed.config.has_value() == parsed.faults.empty(), "a configuration or its faults");
}

void approvals(std::string_view bytes) {
  static_cast<void>(app::parse_approvals(bytes, "sync-members", k_now));
}

constexpr std::string_view k_config = R"({"version":1,
"kisi":{"api_key":{"file":"/k"}},"glofox":{"api_key":{"env":"K"},"api_token":{"credential":"t"}},
"integrations":[{"name":"a","location_id":"64b0c0ffee00000000000b01","group_id":1}]})";

/// The bytes, behind a mark that no message has by itself, are every secret there is: file, variable,
/// credential.
void secrets(std::string_view bytes) {
  constexpr std::string_view k_mark = "#7f3a91c4#";
  static const config::Parsed k_parsed = config::parse(k_config);
  for (const std::string& secret : {std::string(bytes), std::string(k_mark).append(bytes)}) {
    config::Config config = k_parsed.config.value();
    config::Machine environment;
    environment.get = [&](const std::string& name) -> std::optional<std::string> {
      return name == "CREDENTIALS_DIRECTORY" ? "/c" : secret;
    };
    environment.read_file = [&](const std::string&, std::size_t) {
      config::FileReading reading;
      reading.bytes = secret;
      reading.mode = 0600;
      reading.size = secret.size();
      return reading;
    };
    config::SecretScope scope;
    scope.everything = true;
    const auto problems = config::resolve_secrets(config, "/config.json", scope, environment);
    for (const config::Fault& fault : problems.faults)
      require(fault.message.find(k_mark) == std::string::npos, "no message shows a secret");
  }
}

void retry_after(std::string_view bytes) {
  const auto delay = http::parse_retry_after(bytes, k_now);
  constexpr std::chrono::hours k_century{24 * 366 * 100};
  require(!delay || (*delay >= std::chrono::seconds{0} && *delay <= k_century), "a delay is no absurdity");
}

void time(std::string_view bytes) {
  if (const auto instant = parse_rfc3339(bytes)) {
    const auto again = parse_rfc3339(format_rfc3339(*instant));
    require(again && *again == *instant, "a time that is printed is read back");
  }
  if (const auto duration = parse_duration(bytes)) {
    const auto again = parse_duration(format_duration(*duration));
    require(again && *again == *duration, "a duration that is printed is read back");
  }
}

void text(std::string_view bytes) {
  const std::string safe = printable(bytes, bytes.size() * 8 + 16);
  require(is_utf8(safe), "what is printed is UTF-8");
  require(printable(safe, safe.size()) == safe, "what is safe stays as it is");
}

void document(std::string_view bytes) {
  const auto read = json::Document::parse(bytes);
  if (!read) return;
  const std::string dumped = read->root().dump();
  const auto again = json::Document::parse(dumped);
  require(again && again->root().size() == read->root().size(), "JSON that is written is read back");
}

void event(std::string_view bytes) {
  const auto event = checkin::parse_unlock(bytes);
  if (!event || !event->is_unlock()) return;
  require(!event->uuid.empty() && event->uuid.size() <= 200, "an unlock has a uuid of bounded size");
  require(event->actor.has_value() == (event->actor_type == "User") || !event->actor, "an actor is a user");
}

/// The first line is the header, the rest the body.
void signature(std::string_view bytes) {
  const Secret key("a key that nobody else knows");
  const std::size_t line = bytes.find('\n');
  const std::string_view header = bytes.substr(0, line);
  const std::string_view body = line == std::string_view::npos ? std::string_view() : bytes.substr(line + 1);
  require(!checkin::verify_signature(body, header, key) || header.size() >= 64, "a signature is never short");
  require(!checkin::verify_signature(body, header, Secret()), "without a key nothing is signed");
}

constexpr std::array k_targets{
    Target{"config", configuration},    Target{"approvals", approvals}, Target{"secrets", secrets},
    Target{"retry_after", retry_after}, Target{"time", time},           Target{"text", text},
    Target{"json", document},           Target{"event", event},         Target{"signature", signature},
};

}  // namespace

std::span<const Target> local_targets() { return k_targets; }

}  // namespace gk::fuzz
