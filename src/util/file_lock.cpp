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

Descriptor open_at(const std::string& path, int extra_flags) {
  // Not blocking: if somebody put a pipe there, this would wait for a writer.
  return Descriptor(
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | extra_flags, k_mode));
}

/// A file that was just created has never been released.
Descriptor create_lock_file(const std::string& path) {
  Descriptor file = open_at(path, O_CREAT | O_EXCL);
  if (!file.is_open()) return errno == EEXIST ? open_at(path, O_CREAT) : Descriptor();
  constexpr std::array<timespec, 2> k_never{};
  static_cast<void>(::futimens(file.number(), k_never.data()));
  return file;
}

/// Readable by all, so that runs of different users can lock the same file; it is always empty.
Descriptor open_lock_file(const std::string& path) {
  Descriptor file = create_lock_file(path);
  // Kernels with fs.protected_regular refuse O_CREAT on somebody else's file in a sticky directory.
  if (!file.is_open() && errno == EACCES) file = open_at(path, 0);
  if (!file.is_open()) return file;
  struct stat info {};
  if (::fstat(file.number(), &info) != 0 || !S_ISREG(info.st_mode)) {
    file = Descriptor();
    errno = EINVAL;
    return file;
  }
  // The umask may have removed the others' permission to read; their runs would then miss this lock.
  if (info.st_uid == ::geteuid() && (info.st_mode & 0777U) != k_mode)
    static_cast<void>(::fchmod(file.number(), k_mode));
  return file;
}

bool wait_for(const Descriptor& file, SteadyTime until, Clock& clock, const StopFlag& stop) {
  constexpr std::chrono::milliseconds k_poll{200};
  while (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (stop.requested() || clock.steady_now() >= until) return false;
    clock.sleep_until(std::min(until, clock.steady_now() + k_poll));
  }
  return true;
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::vector<std::string>& directories, const std::string& name,
                                   std::chrono::seconds wait, Clock& clock, const StopFlag& stop) {
  const SteadyTime until = clock.steady_now() + wait;
  FileLock lock;
  std::vector<std::string> refused;
  for (const std::string& directory : directories) {
    const std::string path = directory + "/" + name;
    Descriptor file = open_lock_file(path);
    if (!file.is_open()) {
      refused.push_back(fmt::format("{}: {}", path, std::strerror(errno)));
      continue;
    }
    lock.files_.push_back(std::move(file));
    if (wait_for(lock.files_.back(), until, clock, stop)) {
      lock.note_release(lock.files_.back());
      continue;
    }
    if (stop.requested()) return fail(Category::interrupted, "stopped while waiting for the lock");
    return fail(
        Category::locked,
        fmt::format("another run for this Kisi key holds the lock {}; nothing was read or changed", path));
  }
  if (lock.files_.empty()) {
    return fail(Category::internal,
                fmt::format("no lock file can be opened ({}); nothing was read or changed",
                            fmt::join(refused, "; ")));
  }
  return lock;
}

std::string FileLock::problem(const std::string& directory, const std::string& name) {
  if (open_at(directory + "/" + name, 0).is_open()) return "";
  if (errno == ELOOP) return "the lock file is a symbolic link";
  return errno == ENOENT && ::access(directory.c_str(), W_OK | X_OK) == 0 ? "" : std::strerror(errno);
}

void FileLock::note_release(const Descriptor& file) {
  constexpr std::chrono::minutes k_recent{1};
  struct stat info {};
  timespec now{};
  if (::fstat(file.number(), &info) != 0 || ::clock_gettime(CLOCK_REALTIME, &now) != 0) return;
  const auto ago = std::chrono::seconds{now.tv_sec - info.st_mtim.tv_sec} +
                   std::chrono::nanoseconds{now.tv_nsec - info.st_mtim.tv_nsec};
  if (ago < std::chrono::nanoseconds{0} || ago > k_recent) return;
  if (!released_before_ || ago < *released_before_) released_before_ = ago;
}

FileLock::~FileLock() {
  // Somebody else's file keeps its time, which they set themselves.
  for (const Descriptor& file : files_) static_cast<void>(::futimens(file.number(), nullptr));
}

}  // namespace gk
