#pragma once

#include <string>

namespace gk::app {

/// What a line means to the reader; the terminal's colours follow from it.
enum class Tone { good, loss, change, attention, quiet };

/// The text in the colour of its tone, as ANSI escapes.
[[nodiscard]] std::string paint(Tone tone, const std::string& text);

}  // namespace gk::app
