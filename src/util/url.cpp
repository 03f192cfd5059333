#include "util/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "util/text.hpp"

namespace gk {

namespace {

constexpr std::size_t k_max_url = 2048;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_unreserved(char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

/// What may stand in a path as it is: RFC 3986 pchar, '/' and the '%' of an encoded character.
bool is_path_character(char c) {
  return is_unreserved(c) || std::string_view("/%!$&'()*+,;=:@").find(c) != std::string_view::npos;
}

/// A decimal number without sign or leading zero (which some resolvers read as octal), at most `max`.
std::optional<int> read_number(std::string_view text, int max) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value <= max ? std::optional(value) : std::nullopt;
}

/// Exactly 127.a.b.c; short and octal spellings mean different things to different libraries.
bool is_loopback_v4(std::string_view host) {
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = host.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return false;
    const auto number = read_number(host.substr(0, dot), 255);
    if (!number || (part == 0 && *number != 127)) return false;
    host.remove_prefix(dot == std::string_view::npos ? host.size() : dot + 1);
  }
  return true;
}

bool is_host_name(std::string_view host) {
  const auto is_allowed = [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; };
  return !host.empty() && host.size() <= 253 && host.front() != '.' && host.front() != '-' &&
         host.find("..") == std::string_view::npos && std::ranges::all_of(host, is_allowed);
}

bool is_v6(std::string_view host) {
  return host.find(':') != std::string_view::npos &&
         host.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
}

/// What is wrong with "host:port" in lower case; else host and loopback of `base` are set.
std::string_view read_authority(std::string_view text, BaseUrl& base) {
  if (text.find('@') != std::string_view::npos) return "must not contain a user or password";
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  const bool v6 = bracket != std::string_view::npos;
  const std::size_t host_end = std::min(v6 ? bracket + 1 : text.find(':'), text.size());
  const std::string_view host = v6 ? text.substr(1, bracket - 1) : text.substr(0, host_end);
  const std::string_view port = text.substr(host_end);
  if (v6 ? !is_v6(host) : !is_host_name(host)) return "has no valid host name";
  if (!port.empty()) {
    const auto number = port.front() == ':' ? read_number(port.substr(1), 65535) : std::nullopt;
    if (!number || *number == 0) return "has a port that is not a number from 1 to 65535";
  }
  base.host = host;
  base.loopback = v6 ? host == "::1" : host == "localhost" || is_loopback_v4(host);
  return {};
}

}  // namespace

Result<BaseUrl> parse_base_url(std::string_view text) {
  const auto refuse = [](std::string_view why) { return fail(Category::config, std::string(why)); };
  const std::size_t scheme_end = text.find("://");
  const bool has_scheme = scheme_end != std::string_view::npos;
  const std::string scheme = ascii_lower(text.substr(0, has_scheme ? scheme_end : 0));
  if (scheme != "https" && scheme != "http")
    return refuse("must start with https:// (or http:// for a loopback address)");
  if (text.size() > k_max_url) return refuse("is too long");
  const std::string_view rest = text.substr(scheme_end + 3);
  const std::size_t path_start = std::min(rest.find_first_of("/?#\\"), rest.size());
  const std::string authority = ascii_lower(rest.substr(0, path_start));
  std::string_view path = rest.substr(path_start);
  BaseUrl base;
  if (const auto fault = read_authority(authority, base); !fault.empty()) return refuse(fault);
  if (!is_encoded_path(path)) return refuse("must end with the path: no query, no fragment, no spaces");
  if (scheme == "http" && !base.loopback) {
    return refuse(
        "must start with https://; http is for loopback addresses (localhost, 127.0.0.1, [::1]) only");
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  base.url = fmt::format("{}://{}{}", scheme, authority, path);
  return base;
}

bool is_loopback_url(std::string_view text) {
  const auto base = parse_base_url(text);
  return base && base->loopback;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

bool is_encoded_path(std::string_view path) { return std::ranges::all_of(path, is_path_character); }

}  // namespace gk
