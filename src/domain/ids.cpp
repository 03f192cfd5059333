#include "domain/ids.hpp"

namespace gk {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<MemberId> MemberId::parse(std::string_view text) {
  MemberId id;
  if (text.size() != 2 * id.bytes_.size()) return std::nullopt;
  for (std::size_t i = 0; i < id.bytes_.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes_[i] = static_cast<std::uint8_t>(high * 16 + low);
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

std::size_t MemberId::hash() const {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
}

bool is_glofox_id(std::string_view text) {
  return text.size() == 24 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace gk
