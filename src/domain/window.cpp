#include "domain/window.hpp"

#include <algorithm>

namespace gk {

std::optional<Window> Window::make(Instant from, Instant until) {
  if (from >= until) return std::nullopt;
  return Window(from, until);
}

std::vector<Window> merge(std::vector<Window> windows) {
  std::ranges::sort(windows);
  std::vector<Window> merged;
  for (const Window& window : windows) {
    if (!merged.empty() && window.from() <= merged.back().until()) {
      merged.back() = *Window::make(merged.back().from(), std::max(merged.back().until(), window.until()));
    } else {
      merged.push_back(window);
    }
  }
  return merged;
}

bool Validity::covers(const Validity& inner, Instant now) const {
  if (inner.has_ended(now)) return true;
  const Instant inner_start = inner.from ? std::max(*inner.from, now) : now;
  if (from && *from > inner_start) return false;
  return !until || (inner.until && *until >= *inner.until);
}

}  // namespace gk
