#include "checkin/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <array>
#include <cstddef>
#include <limits>
#include <optional>

#include "util/text.hpp"

namespace gk::checkin {

namespace {

constexpr std::size_t k_mac_bytes = 32;
using Mac = std::array<unsigned char, k_mac_bytes>;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<Mac> read_mac(std::string_view header) {
  constexpr std::string_view k_prefix = "sha256=";
  header = trim(header);
  if (ascii_lower(header.substr(0, k_prefix.size())) == k_prefix) header.remove_prefix(k_prefix.size());
  if (header.size() != 2 * k_mac_bytes) return std::nullopt;
  Mac mac{};
  for (std::size_t i = 0; i < k_mac_bytes; ++i) {
    const int high = hex_value(header[2 * i]);
    const int low = hex_value(header[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    mac[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return mac;
}

std::optional<Mac> compute_mac(std::string_view body, std::string_view key) {
  if (key.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return std::nullopt;
  Mac mac{};
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(body.data());
  const unsigned char* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, body.size(), mac.data(), &size);
  return made != nullptr && size == k_mac_bytes ? std::optional<Mac>(mac) : std::nullopt;
}

}  // namespace

bool verify_signature(std::string_view body, std::string_view header, const Secret& key) {
  if (key.empty()) return false;
  const auto claimed = read_mac(header);
  if (!claimed) return false;
  const auto right = compute_mac(body, key.reveal());
  return right && CRYPTO_memcmp(claimed->data(), right->data(), k_mac_bytes) == 0;
}

}  // namespace gk::checkin
