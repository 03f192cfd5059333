#include "domain/ids.hpp"

namespace gk {

namespace {

constexpr std::uint8_t k_no_digit = 0xFF;

/// The value of each hex digit; a table, because every id of a gym's roster passes here.
constexpr std::array<std::uint8_t, 256> k_hex_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(k_no_digit);
  for (std::uint8_t digit = 0; digit < 10; ++digit) values['0' + digit] = digit;
  for (std::uint8_t digit = 10; digit < 16; ++digit) {
    values['a' + digit - 10U] = digit;
    values['A' + digit - 10U] = digit;
  }
  return values;
}();

std::uint8_t hex_value(char c) { return k_hex_values[static_cast<unsigned char>(c)]; }

}  // namespace

std::optional<MemberId> MemberId::parse(std::string_view text) {
  MemberId id;
  if (text.size() != 2 * id.bytes_.size()) return std::nullopt;
  for (std::size_t i = 0; i < id.bytes_.size(); ++i) {
    const std::uint8_t high = hex_value(text[2 * i]);
    const std::uint8_t low = hex_value(text[2 * i + 1]);
    if ((high | low) == k_no_digit) return std::nullopt;
    id.bytes_[i] = static_cast<std::uint8_t>(high * 16U + low);
  }
  return id;
}

std::string MemberId::text() const {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes_.size());
  for (const std::uint8_t byte : bytes_) {
    out.push_back(k_digits[byte >> 4U]);
    out.push_back(k_digits[byte & 0xFU]);
  }
  return out;
}

bool is_glofox_id(std::string_view text) {
  return text.size() == 24 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace gk
