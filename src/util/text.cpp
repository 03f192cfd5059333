#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <clocale>
#include <cstdint>
#include <cstring>
#include <cwctype>
#include <optional>
#include <vector>

namespace gk {

namespace {

constexpr std::string_view k_no_break_space = "\xC2\xA0";

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct CodePoint {
  char32_t value;
  std::size_t length;
};

/// The code point at the front of `text`; nothing when the bytes there are not well-formed.
std::optional<CodePoint> decode_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty()) return std::nullopt;
  const unsigned char lead = byte(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return std::nullopt;
  char32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return std::nullopt;
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  return CodePoint{value, length};
}

void append_utf8(std::string& out, char32_t value) {
  const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(static_cast<unsigned char>(bits))); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0 | (value >> 6U));
    put(0x80 | (value & 0x3FU));
  } else if (value < 0x10000) {
    put(0xE0 | (value >> 12U));
    put(0x80 | ((value >> 6U) & 0x3FU));
    put(0x80 | (value & 0x3FU));
  } else {
    put(0xF0 | (value >> 18U));
    put(0x80 | ((value >> 12U) & 0x3FU));
    put(0x80 | ((value >> 6U) & 0x3FU));
    put(0x80 | (value & 0x3FU));
  }
}

/// Lower case by the C library's Unicode tables, whatever locale the program runs in.
char32_t lower(char32_t value) {
  static const locale_t k_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (k_locale == nullptr) return value < 0x80 && value >= 'A' && value <= 'Z' ? value + ('a' - 'A') : value;
  return static_cast<char32_t>(towlower_l(static_cast<wint_t>(value), k_locale));
}

bool is_unprintable(char32_t value) {
  return value < 0x20 || (value >= 0x7F && value < 0xA0) || value == 0x061C ||
         (value >= 0x200B && value <= 0x200F) || (value >= 0x2028 && value <= 0x202E) ||
         (value >= 0x2060 && value <= 0x206F) || value == 0xFEFF || (value >= 0xE0000 && value <= 0xE007F);
}

}  // namespace

std::string_view trim(std::string_view text) {
  // Most texts have nothing to trim: both ends are plain ASCII.
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7F; };
  if (!text.empty() && is_plain(text.front()) && is_plain(text.back())) return text;
  for (bool again = true; again;) {
    again = false;
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    if (text.starts_with(k_no_break_space)) {
      text.remove_prefix(k_no_break_space.size());
      again = true;
    }
    if (text.ends_with(k_no_break_space)) {
      text.remove_suffix(k_no_break_space.size());
      again = true;
    }
  }
  return text;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string fold_name(std::string_view text) {
  text = trim(text);
  std::string out;
  out.reserve(text.size());
  bool pending_space = false;
  while (!text.empty()) {
    const auto point = decode_utf8(text);
    const std::size_t length = point ? point->length : 1;
    const bool space = point && (point->value == 0xA0 || (point->value < 0x80 && is_space(text.front())));
    if (space) {
      pending_space = true;
    } else {
      if (pending_space) out.push_back(' ');
      pending_space = false;
      if (point) {
        append_utf8(out, lower(point->value));
      } else {
        out.push_back(text.front());
      }
    }
    text.remove_prefix(length);
  }
  return out;
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string out;
  while (!text.empty()) {
    if (out.size() >= max_bytes) {
      out += "...";
      break;
    }
    const auto point = decode_utf8(text);
    if (!point) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    if (is_unprintable(point->value)) {
      out += point->value < 0x80 ? fmt::format("\\x{:02x}", static_cast<std::uint32_t>(point->value))
                                 : fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(point->value));
    } else {
      out += text.substr(0, point->length);
    }
    text.remove_prefix(point->length);
  }
  return out;
}

std::string escape_unprintable_json(std::string json) {
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) < 0x7F; };
  if (std::ranges::all_of(json, is_plain)) return json;
  std::string out;
  out.reserve(json.size());
  for (std::string_view rest = json; !rest.empty();) {
    const auto point = decode_utf8(rest);
    const std::size_t length = point ? point->length : 1;
    if (!point || point->value < 0x7F || !is_unprintable(point->value)) {
      out += rest.substr(0, length);
    } else if (point->value < 0x10000) {
      out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(point->value));
    } else {
      const auto offset = static_cast<std::uint32_t>(point->value) - 0x10000U;
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800U + (offset >> 10U), 0xDC00U + (offset & 0x3FFU));
    }
    rest.remove_prefix(length);
  }
  return out;
}

std::string counted(std::size_t count, std::string_view noun, std::string_view many) {
  if (count != 1 && !many.empty()) return fmt::format("{} {}", count, many);
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    // Eight ASCII bytes at a time: bodies are mostly ASCII, and every byte of every page passes here.
    while (text.size() >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data(), sizeof word);
      if ((word & 0x8080808080808080ULL) != 0) break;
      text.remove_prefix(8);
    }
    if (text.empty()) break;
    const auto point = decode_utf8(text);
    if (!point) return false;
    text.remove_prefix(point->length);
  }
  return true;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
    }
  }
  return row[b.size()];
}

std::string_view closest_word(std::string_view typed, const std::vector<std::string_view>& words) {
  constexpr std::size_t k_longest = 64;  // nobody means a word by more than that
  if (typed.size() > k_longest) return "";
  const std::string folded = ascii_lower(trim(typed));
  std::string_view best;
  std::size_t best_distance = 0;
  for (const std::string_view word : words) {
    const std::size_t distance = edit_distance(folded, ascii_lower(word));
    const std::size_t allowed = std::max<std::size_t>(1, std::min(folded.size(), word.size()) / 3);
    if (distance > allowed || (!best.empty() && distance >= best_distance)) continue;
    best = word;
    best_distance = distance;
  }
  if (!best.empty() || folded.size() < 4) return best;
  const auto part = std::ranges::find_if(
      words, [&](std::string_view word) { return ascii_lower(word).find(folded) != std::string::npos; });
  return part == words.end() ? "" : *part;
}

}  // namespace gk
