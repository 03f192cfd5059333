#include "render/palette.hpp"

#include <fmt/format.h>

#include <string_view>

namespace gk::app {

namespace {

std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::good: return "32";       // green
    case Tone::loss: return "31";       // red
    case Tone::change: return "36";     // cyan
    case Tone::attention: return "33";  // yellow
    case Tone::quiet: break;
  }
  return "2";  // dim
}

}  // namespace

std::string paint(Tone tone, const std::string& text) {
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(tone), text);
}

}  // namespace gk::app
