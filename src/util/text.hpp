#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gk {

/// Without leading and trailing white space (ASCII, and the no-break space that staff paste).
[[nodiscard]] std::string_view trim(std::string_view text);

/// Lower case of A-Z only; for e-mails, where folding more could merge two different people.
[[nodiscard]] std::string ascii_lower(std::string_view text);

/// Trimmed and case-folded UTF-8, for comparing names that people typed; broken UTF-8 is kept byte by byte.
[[nodiscard]] std::string fold_name(std::string_view text);

/// Safe to print: control characters, DEL, C1, bidirectional overrides and broken UTF-8 become \xNN or
/// \u{NNNN}; cut to `max_bytes` with an ellipsis. Everything that came from a service goes through this
/// before a terminal sees it.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes = 200);

/// JSON text in which the unprintable characters beyond ASCII (DEL, C1, bidirectional overrides and the like)
/// are written as escapes. They can only stand in strings, where both forms mean the same, but a terminal
/// obeys some of them.
[[nodiscard]] std::string escape_unprintable_json(std::string json);

/// "1 row", "3 rows"; `many` where that is not the plural.
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun, std::string_view many = "");

/// True for well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text);

/// Levenshtein distance.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// For "did you mean": the closest of `words` if it is close enough to be meant, or one that contains what
/// was typed; else "".
[[nodiscard]] std::string_view closest_word(std::string_view typed,
                                            const std::vector<std::string_view>& words);

}  // namespace gk
