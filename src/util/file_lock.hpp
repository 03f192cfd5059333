#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "util/clock.hpp"
#include "util/descriptor.hpp"
#include "util/result.hpp"

namespace gk {

/// Exclusive flock(2) on one or more files; the kernel releases them when the process ends, however it ends.
class FileLock {
 public:
  /// Locks `name` in each of `directories` that exists and can be used, in the order given; at least one must
  /// work. Several, because cron and a person at a terminal have different runtime directories but share the
  /// machine's. Waits up to `wait`, then Category::locked. Symbolic links are not followed.
  [[nodiscard]] static Result<FileLock> acquire(const std::vector<std::string>& directories,
                                                const std::string& name, std::chrono::seconds wait,
                                                Clock& clock, const StopFlag& stop);
  /// Why no such lock file could be opened in the directory; empty when it could. Makes none and locks none.
  [[nodiscard]] static std::string problem(const std::string& directory, const std::string& name);

  FileLock(FileLock&&) = default;
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  /// Notes the time in the files (their modification time), for released_before().
  ~FileLock();

  /// How long before this acquisition the lock was last released; nothing when it never was, when that was
  /// more than a minute ago, or when the holder was killed. What the lock protects may have to rest in
  /// between.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> released_before() const { return released_before_; }

 private:
  FileLock() = default;
  void note_release(const Descriptor& file);
  std::vector<Descriptor> files_;
  std::optional<std::chrono::nanoseconds> released_before_;
};

}  // namespace gk
