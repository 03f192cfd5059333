#include "config/url.hpp"

#include <algorithm>
#include <charconv>

#include "util/text.hpp"

namespace gk::config {

namespace {

/// A number of at most three (five for ports) digits, no sign, within `max`.
bool is_number(std::string_view text, unsigned max) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size() && value <= max;
}

/// Only the full dotted form: short forms such as 127.1 mean different things to different libraries.
bool is_loopback_v4(std::string_view host) {
  if (!host.starts_with("127.")) return false;
  int parts = 1;
  for (std::size_t dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.')) {
    if (dot > 3 || !is_number(host.substr(0, dot), 255)) return false;
    host.remove_prefix(dot + 1);
    ++parts;
  }
  return parts == 4 && host.size() <= 3 && is_number(host, 255);
}

bool is_host(std::string_view host) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !host.empty() && host.front() != '.' && host.front() != '-' &&
         std::ranges::all_of(host, is_allowed) && host.find("..") == std::string_view::npos;
}

bool is_bracketed_v6(std::string_view host) {
  if (!host.starts_with('[') || !host.ends_with(']')) return false;
  const std::string_view inner = host.substr(1, host.size() - 2);
  return inner.find(':') != std::string_view::npos &&
         inner.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
}

/// What is wrong with "host:port"; sets `loopback`.
std::string check_authority(std::string_view authority, bool& loopback) {
  if (authority.find('@') != std::string_view::npos) return "must not contain a user or password";
  const std::size_t colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  const std::string_view host = authority.substr(0, has_port ? colon : authority.size());
  if (has_port) {
    const std::string_view port = authority.substr(colon + 1);
    if (!is_number(port, 65535) || port == "0") return "has a port that is not a number from 1 to 65535";
  }
  if (!is_host(host) && !is_bracketed_v6(host)) return "has no valid host name";
  loopback = host == "localhost" || host == "[::1]" || is_loopback_v4(host);
  return "";
}

}  // namespace

BaseUrl check_base_url(std::string_view text) {
  BaseUrl url;
  const std::size_t scheme_end = text.find("://");
  const std::string scheme =
      ascii_lower(text.substr(0, scheme_end == std::string_view::npos ? 0 : scheme_end));
  if (scheme != "https" && scheme != "http") {
    url.fault = "must start with https:// (or http:// for a loopback address)";
    return url;
  }
  const std::string_view rest = text.substr(scheme_end + 3);
  const std::size_t path_start = std::min(rest.find_first_of("/?#\\"), rest.size());
  const std::string authority = ascii_lower(rest.substr(0, path_start));
  std::string_view path = rest.substr(path_start);
  const auto is_bad = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F ||
           std::string_view("?#\\\"<>^`{|}").find(c) != std::string_view::npos;
  };
  url.fault = check_authority(authority, url.loopback);
  if (url.fault.empty() && std::ranges::any_of(path, is_bad)) {
    url.fault = "must end with the path: no query, no fragment, no spaces";
  }
  if (url.fault.empty() && scheme == "http" && !url.loopback) {
    url.fault = "must start with https://; http is for loopback addresses (localhost, 127.0.0.1, [::1]) only";
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  url.text = scheme + "://" + authority + std::string(path);
  return url;
}

}  // namespace gk::config
