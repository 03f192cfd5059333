#include "json/prepare.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "util/text.hpp"

namespace gk::json {

namespace {

constexpr std::size_t k_escape_size = 6;  // \uXXXX

/// The code unit of a \uXXXX at `at`, or nothing.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
  if (at + k_escape_size > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned unit = 0;
  const char* const end = text.data() + at + k_escape_size;
  const auto [stop, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return unit;
}

bool is_high_half(unsigned unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_half(unsigned unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

void replace_lone_surrogates(std::string& text) {
  // memchr hops from escape to escape; most pages have few.
  std::size_t at = text.find('\\');
  while (at != std::string::npos) {
    std::size_t step = 2;
    if (const auto unit = escaped_unit(text, at)) {
      step = k_escape_size;
      if (is_high_half(*unit) && is_low_half(escaped_unit(text, at + k_escape_size).value_or(0))) {
        step = 2 * k_escape_size;
      } else if (is_high_half(*unit) || is_low_half(*unit)) {
        text.replace(at, k_escape_size, "\\ufffd");
      }
    }
    at = text.find('\\', at + step);
  }
}

}  // namespace

Result<std::size_t> prepare_in_place(std::string& text, std::size_t padding) {
  if (text.find('\0') != std::string::npos) {
    return fail(Category::protocol, fmt::format("not JSON: NUL byte at offset {}", text.find('\0')));
  }
  const std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  replace_lone_surrogates(text);
  text.append(padding, '\0');
  return start;
}

Error syntax_error(const char* reason, std::string_view text, std::size_t offset) {
  constexpr std::size_t k_excerpt = 40;
  while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
  if (offset >= text.size()) {
    return {Category::protocol, fmt::format("not JSON: cut off after {} bytes", text.size())};
  }
  std::string excerpt = printable(text.substr(offset, k_excerpt), k_excerpt);
  if (excerpt.size() > k_excerpt) excerpt = excerpt.substr(0, k_excerpt - 3) + "...";
  return {Category::protocol, fmt::format("not JSON: {} at offset {}: {}", reason, offset, excerpt)};
}

std::optional<std::int64_t> integer_of(double number) {
  constexpr double k_exact = 9007199254740992.0;  // 2^53
  if (!(std::abs(number) <= k_exact) || std::floor(number) != number) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<std::int64_t> integer_of(std::string_view digits) {
  digits = trim(digits);
  std::int64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (digits.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace gk::json
