#include "domain/person.hpp"

#include <algorithm>
#include <utility>

#include "util/text.hpp"

namespace gk {

namespace {

bool is_address(std::string_view text) {
  constexpr std::size_t k_max_length = 254;
  if (text.size() > k_max_length || std::ranges::count(text, '@') != 1) return false;
  if (text.front() == '@' || text.back() == '@') return false;
  const auto is_bad = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; };
  return std::ranges::none_of(text, is_bad) && is_utf8(text);
}

}  // namespace

std::optional<PersonKey> PersonKey::from_email(std::string_view email) { return Email(email).person(); }

PersonKey PersonKey::of_address(std::string_view address) { return PersonKey(ascii_lower(trim(address))); }

Email::Email(std::string as_written) : as_written_(std::move(as_written)) {
  is_address_ = is_address(trim(as_written_));
}

void Email::assign(std::string_view as_written) {
  as_written_ = as_written;
  is_address_ = is_address(trim(as_written));
}

std::optional<PersonKey> Email::person() const {
  return is_address_ ? std::optional(PersonKey::of_address(as_written_)) : std::nullopt;
}

}  // namespace gk
