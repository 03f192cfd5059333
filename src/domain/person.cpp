#include "domain/person.hpp"

#include <algorithm>

#include "util/text.hpp"

namespace gk {

std::optional<PersonKey> PersonKey::from_email(std::string_view email) {
  constexpr std::size_t k_max_length = 254;
  email = trim(email);
  const std::size_t at = email.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == email.size()) return std::nullopt;
  if (email.find('@', at + 1) != std::string_view::npos || email.size() > k_max_length) return std::nullopt;
  const auto is_bad = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; };
  if (std::ranges::any_of(email, is_bad) || !is_utf8(email)) return std::nullopt;
  return PersonKey(ascii_lower(email));
}

}  // namespace gk
