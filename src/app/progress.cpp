#include "app/progress.hpp"

#include <fmt/format.h>

#include "util/text.hpp"

namespace gk::app {

std::string format_progress(const std::string& what, std::size_t done, std::size_t total,
                            std::chrono::duration<double> elapsed) {
  const double rate = elapsed.count() > 0 ? static_cast<double>(done) / elapsed.count() : 0;
  std::string text = fmt::format("{}: {}/{}, {:.1f}/s", printable(what, 60), done, total, rate);
  if (rate > 0 && total >= done) {
    const auto left = static_cast<long long>(static_cast<double>(total - done) / rate);
    text +=
        left >= 60 ? fmt::format(", {}m {}s left", left / 60, left % 60) : fmt::format(", {}s left", left);
  }
  return text;
}

void Progress::update(const std::string& what, std::size_t done, std::size_t total) {
  constexpr std::chrono::seconds k_quiet_at_first{2};
  constexpr std::chrono::milliseconds k_interval{200};
  if (out_ == nullptr) return;
  const SteadyTime now = clock_.steady_now();
  if (what != what_) {
    finish();
    what_ = what;
    started_ = now;
  }
  if (now - started_ < k_quiet_at_first || now - shown_ < k_interval) return;
  fmt::print(out_, "\r\x1b[2K{}", format_progress(what, done, total, now - started_));
  static_cast<void>(std::fflush(out_));
  shown_ = now;
  visible_ = true;
}

void Progress::finish() {
  if (visible_) {
    static_cast<void>(std::fputs("\r\x1b[2K", out_));
    static_cast<void>(std::fflush(out_));
  }
  visible_ = false;
  what_.clear();
}

}  // namespace gk::app
