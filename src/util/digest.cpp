#include "util/digest.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <limits>

#include "util/text.hpp"

namespace gk {

namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string hex_of(const Digest& digest, unsigned int size) {
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace

std::string sha256_hex(std::string_view text) {
  Digest digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return hex_of(digest, size);
}

bool is_hmac_sha256(std::string_view hex, std::string_view text, const Secret& key) {
  const std::string_view secret = key.reveal();
  if (secret.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return false;
  Digest digest{};
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, text.size(), digest.data(),
           &size) == nullptr)
    return false;
  const std::string right = hex_of(digest, size);
  const std::string claimed = ascii_lower(hex);
  if (claimed.size() != right.size()) return false;
  return CRYPTO_memcmp(claimed.data(), right.data(), right.size()) == 0;
}

}  // namespace gk
