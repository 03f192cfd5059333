#include "checkin/signature.hpp"

#include "util/digest.hpp"
#include "util/text.hpp"

namespace gk::checkin {

bool verify_signature(std::string_view body, std::string_view header, const Secret& key) {
  constexpr std::string_view k_prefix = "sha256=";
  if (key.empty()) return false;
  header = trim(header);
  if (ascii_lower(header.substr(0, k_prefix.size())) == k_prefix) header.remove_prefix(k_prefix.size());
  return is_hmac_sha256(header, body, key);
}

}  // namespace gk::checkin
