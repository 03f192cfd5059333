#pragma once

#include <atomic>

namespace gk {

/// Set once by a signal handler, read everywhere that waits or starts work. Lock-free, so safe inside a
/// handler.
class StopFlag {
 public:
  void request(int signal_number) noexcept { signal_.store(signal_number, std::memory_order_relaxed); }
  [[nodiscard]] bool requested() const noexcept { return signal() != 0; }
  /// The signal that asked, 0 if none did.
  [[nodiscard]] int signal() const noexcept { return signal_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int> signal_{0};
  static_assert(std::atomic<int>::is_always_lock_free);
};

}  // namespace gk
