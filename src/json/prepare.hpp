#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "util/result.hpp"

namespace gk::json {

/// Deepest nesting that is accepted. The services send about five levels; the parser recurses once per level.
inline constexpr int k_max_depth = 64;

/// Makes `text` ready for a parser and says where the JSON starts (behind a byte order mark). Refused with
/// Category::protocol: NUL bytes. Escaped halves of surrogate pairs ("\ud83d" alone, left over when a service
/// cut a name in the middle of an emoji) become \ufffd: one such name must not make a whole page unreadable.
/// `padding` NUL bytes are appended, for a parser that reads past the text.
[[nodiscard]] Result<std::size_t> prepare_in_place(std::string& text, std::size_t padding = 0);

/// The error for a parser that gave up at `offset` of a text of `size` bytes. `text` may be overwritten
/// before that offset.
[[nodiscard]] Error syntax_error(const char* reason, std::string_view text, std::size_t offset);

/// 45.0 -> 45; nothing for fractions and for what a double cannot hold exactly.
[[nodiscard]] std::optional<std::int64_t> integer_of(double number);
/// " 1700000000000 " -> that number; nothing for other text and for what 64 bits cannot hold.
[[nodiscard]] std::optional<std::int64_t> integer_of(std::string_view digits);

}  // namespace gk::json
