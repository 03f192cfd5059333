#include "http/url.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace gk::http {

namespace {

constexpr std::size_t k_max_url = 2048;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_unreserved(char c) {
  return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

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

/// Exactly 127.a.b.c; short and octal spellings are refused later, as ordinary hosts are.
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

struct Authority {
  std::string_view host;
  std::string_view port;  ///< empty when none was given
  bool bracketed = false;
};

std::optional<Authority> split_authority(std::string_view text) {
  Authority authority;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    authority = {text.substr(1, end - 1), {}, true};
    text.remove_prefix(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    authority.host = text.substr(0, colon);
    text.remove_prefix(colon);
  }
  if (text.empty()) return authority;
  authority.port = text.substr(1);
  const auto port = read_number(authority.port, 65535);
  return text.front() == ':' && port && *port > 0 ? std::optional(authority) : std::nullopt;
}

bool is_host(const Authority& authority) {
  const std::string_view host = authority.host;
  const auto fits = [&](char c) {
    if (authority.bracketed) {
      return c == ':' || c == '.' || is_digit(c) ||
             (ascii_lower({&c, 1}) >= "a" && ascii_lower({&c, 1}) <= "f");
    }
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
  };
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), fits);
}

}  // namespace

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

std::string encode_query(std::span<const Param> query) {
  std::string out;
  for (const Param& param : query) {
    out += out.empty() ? '?' : '&';
    out += percent_encode(param.name);
    out += '=';
    out += percent_encode(param.value);
  }
  return out;
}

Result<BaseUrl> parse_base_url(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return fail(Category::config, fmt::format("'{}' is not a usable base URL: {}", printable(text), why));
  };
  // The text itself is not repeated where it could hold a password.
  if (text.find('@') != std::string_view::npos) {
    return fail(Category::config, "a base URL must not contain '@' (user name or password)");
  }
  const std::size_t scheme_end = text.find("://");
  const std::string scheme = ascii_lower(text.substr(0, std::min(scheme_end, text.size())));
  if (scheme_end == std::string_view::npos || (scheme != "https" && scheme != "http")) {
    return refuse("it must start with https://");
  }
  if (text.size() > k_max_url) return refuse("it is too long");
  while (text.ends_with('/')) text.remove_suffix(1);
  std::string_view rest = text.substr(std::min(scheme_end + 3, text.size()));
  const std::size_t path_start = std::min(rest.find('/'), rest.size());
  if (rest.find_first_of("?#") != std::string_view::npos)
    return refuse("it must not have a query or a fragment");
  if (const auto path = rest.substr(path_start); !std::all_of(path.begin(), path.end(), is_path_character)) {
    return refuse("its path holds a character that is not allowed there");
  }

  const auto authority = split_authority(rest.substr(0, path_start));
  if (!authority || !is_host(*authority)) return refuse("its host or port cannot be used");
  BaseUrl base;
  base.host = std::string(authority->host);
  base.loopback = authority->bracketed ? base.host == "::1"
                                       : is_loopback_v4(base.host) || ascii_lower(base.host) == "localhost";
  if (scheme == "http" && !base.loopback)
    return refuse("http is accepted for a loopback address only, use https");
  base.url = scheme + std::string(text.substr(scheme_end));
  return base;
}

bool is_loopback_url(std::string_view text) {
  const auto base = parse_base_url(text);
  return base && base->loopback;
}

Result<std::string> join_url(const BaseUrl& base, const Request& request) {
  if (!request.path.starts_with('/') ||
      !std::all_of(request.path.begin(), request.path.end(), is_path_character)) {
    return fail(Category::internal, fmt::format("'{}' is not an encoded path", printable(request.path)));
  }
  return base.url + request.path + encode_query(request.query);
}

}  // namespace gk::http
