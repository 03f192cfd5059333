#pragma once

#include <cstddef>
#include <cstdint>

#include "json/prepare.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace gk::json {

/// A stream over a page that is parsed in place. As RapidJSON's own in-situ stream, but the plain part of a
/// string is passed over sixteen bytes at a time from its first byte on: most strings of a list page are
/// shorter than the way to the next aligned address, which the library walks byte by byte. Sixteen bytes must
/// be readable behind the text (prepare_in_place()).
class PageStream {
 public:
  using Ch = char;

  explicit PageStream(char* text) : src_(text), head_(text) {}

  [[nodiscard]] Ch Peek() const { return *src_; }
  Ch Take() { return *src_++; }
  [[nodiscard]] std::size_t Tell() const { return static_cast<std::size_t>(src_ - head_); }

  /// Called at the first byte of a string; the unescaped part stays where it is.
  Ch* PutBegin() {
    char* const begin = src_;
    src_ = end_of_plain(src_);
    dst_ = src_;
    return begin;
  }
  void Put(Ch c) { *dst_++ = c; }
  std::size_t PutEnd(Ch* begin) { return static_cast<std::size_t>(dst_ - begin); }
  void Flush() {}
  Ch* Push(std::size_t count) {
    char* const begin = dst_;
    dst_ += count;
    return begin;
  }
  void Pop(std::size_t count) { dst_ -= count; }

  /// Called when the stream is behind an unwanted key: passes over its value, of which the parser
  /// then sees just `0`. Quotes, escapes and brackets (of the right kind, at most 64 deep) must be in order;
  /// else nothing is passed over, and the parser finds the fault itself. So what is skipped can be wrong
  /// inside, but never end in the wrong place.
  void skip_value() {
    char* at = skip_blanks(src_);
    if (*at != ':') return;
    char* const end = end_of_value(skip_blanks(at + 1));
    if (end == nullptr) return;
    end[-2] = ':';
    end[-1] = '0';
    src_ = end - 2;
  }

 private:
  static char* skip_blanks(char* at) {
    while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t') ++at;
    return at;
  }

  static char* end_of_value(char* at) {
    if (*at == '"') return end_of_string(at + 1);
    if (*at == '{' || *at == '[') return end_of_nest(at);
    char* const begin = at;
    while (is_in_literal(*at)) ++at;
    return at == begin ? nullptr : at;
  }

  /// Numbers, true, false, null.
  static bool is_in_literal(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
  }

  /// Behind the closing quote; null when there is none.
  static char* end_of_string(char* at) {
    for (;;) {
      at = end_of_plain(at);
      if (*at == '"') return at + 1;
      if (*at != '\\' || at[1] == '\0') return nullptr;
      at += 2;
    }
  }

  /// Behind the bracket that closes the one at `at`; null when the brackets do not match.
  static char* end_of_nest(char* at) {
    std::uint64_t is_object = 0;  // a bit per open bracket, the innermost lowest
    static_assert(k_max_depth <= 64);
    int depth = 0;
    for (;; ++at) {
      switch (*at) {
        case '{':
        case '[':
          if (++depth > k_max_depth) return nullptr;
          is_object = (is_object << 1U) | (*at == '{' ? 1U : 0U);
          break;
        case '}':
        case ']':
          if ((is_object & 1U) != (*at == '}' ? 1U : 0U)) return nullptr;
          is_object >>= 1U;
          if (--depth == 0) return at + 1;
          break;
        case '"':
          at = end_of_string(at + 1);
          if (at == nullptr) return nullptr;
          --at;
          break;
        case '\0':
          return nullptr;
        default:
          break;
      }
    }
  }

  /// The first quote, backslash or control character.
  static char* end_of_plain(char* at) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1F);
    for (;; at += sizeof(__m128i)) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, last_control), last_control);
      const __m128i special =
          _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)), control);
      const int mask = _mm_movemask_epi8(special);
      if (mask != 0) return at + __builtin_ctz(static_cast<unsigned>(mask));
    }
#else
    while (*at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
    return at;
#endif
  }

  char* src_;
  char* dst_ = nullptr;
  char* head_;
};

}  // namespace gk::json
