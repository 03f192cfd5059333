#include "util/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace gk {

namespace {

constexpr mode_t k_mode = 0644;

int open_at(const std::string& path, int extra_flags) {
  // Not blocking: if somebody put a pipe there, this would wait for a writer.
  return ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | extra_flags, k_mode);
}

/// A file that was just created has never been released.
int create_lock_file(const std::string& path) {
  const int descriptor = open_at(path, O_CREAT | O_EXCL);
  if (descriptor < 0) return errno == EEXIST ? open_at(path, O_CREAT) : descriptor;
  constexpr std::array<timespec, 2> k_never{};
  static_cast<void>(::futimens(descriptor, k_never.data()));
  return descriptor;
}

/// Readable by all, so that runs of different users can lock the same file; it is always empty.
int open_lock_file(const std::string& path) {
  int descriptor = create_lock_file(path);
  // Kernels with fs.protected_regular refuse O_CREAT on somebody else's file in a sticky directory.
  if (descriptor < 0 && errno == EACCES) descriptor = open_at(path, 0);
  if (descriptor < 0) return descriptor;
  struct stat info {};
  if (::fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(descriptor);
    errno = EINVAL;
    return -1;
  }
  // The umask may have removed the others' permission to read; their runs would then miss this lock.
  if (info.st_uid == ::geteuid() && (info.st_mode & 0777U) != k_mode)
    static_cast<void>(::fchmod(descriptor, k_mode));
  return descriptor;
}

bool wait_for(int descriptor, SteadyTime until, Clock& clock, const StopFlag& stop) {
  constexpr std::chrono::milliseconds k_poll{200};
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (stop.requested() || clock.steady_now() >= until) return false;
    clock.sleep_until(std::min(until, clock.steady_now() + k_poll));
  }
  return true;
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::vector<std::string>& directories, const std::string& name,
                                   std::chrono::seconds wait, Clock& clock, const StopFlag& stop) {
  const SteadyTime until = clock.steady_now() + wait;
  FileLock lock({});
  std::string refused;
  for (const std::string& directory : directories) {
    const std::string path = directory + "/" + name;
    const int descriptor = open_lock_file(path);
    if (descriptor < 0) {
      refused += fmt::format("{}{}: {}", refused.empty() ? "" : "; ", path, std::strerror(errno));
      continue;
    }
    lock.descriptors_.push_back(descriptor);
    if (wait_for(descriptor, until, clock, stop)) {
      lock.note_release(descriptor);
      continue;
    }
    if (stop.requested()) return fail(Category::interrupted, "stopped while waiting for the lock");
    return fail(
        Category::locked,
        fmt::format("another run for this Kisi key holds the lock {}; nothing was read or changed", path));
  }
  if (lock.descriptors_.empty()) {
    return fail(Category::internal,
                fmt::format("no lock file can be opened ({}); nothing was read or changed", refused));
  }
  return lock;
}

void FileLock::note_release(int descriptor) {
  constexpr std::chrono::minutes k_recent{1};
  struct stat info {};
  timespec now{};
  if (::fstat(descriptor, &info) != 0 || ::clock_gettime(CLOCK_REALTIME, &now) != 0) return;
  const auto ago = std::chrono::seconds{now.tv_sec - info.st_mtim.tv_sec} +
                   std::chrono::nanoseconds{now.tv_nsec - info.st_mtim.tv_nsec};
  if (ago < std::chrono::nanoseconds{0} || ago > k_recent) return;
  if (!released_before_ || ago < *released_before_) released_before_ = ago;
}

FileLock::~FileLock() {
  for (const int descriptor : descriptors_) {
    static_cast<void>(
        ::futimens(descriptor, nullptr));  // somebody else's file keeps its time, which they set themselves
    ::close(descriptor);
  }
}

}  // namespace gk
