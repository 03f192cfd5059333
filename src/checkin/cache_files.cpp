#include "checkin/cache_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace gk::checkin::files {

namespace {

constexpr mode_t k_file_mode = 0600;
constexpr mode_t k_directory_mode = 0700;
constexpr std::size_t k_small = 200;

tl::unexpected<Error> fault(std::string_view what, std::string_view name, int error) {
  return fail(Category::internal, fmt::format("{} {}: {}", name, what, std::strerror(error)));
}

/// A directory in which somebody else could replace our files is not used.
Result<std::optional<Descriptor>> optional_directory(int number, const std::string& name) {
  if (number < 0 && errno == ENOTDIR)
    return fail(Category::internal, fmt::format("{} is not a directory, or is a symbolic link", name));
  if (number < 0) return fault("cannot be opened", name, errno);
  Descriptor directory(number);
  struct stat info {};
  if (::fstat(number, &info) != 0) return fault("cannot be checked", name, errno);
  const bool own = info.st_uid == ::geteuid() || info.st_uid == 0;
  if (!own || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return fail(Category::internal, fmt::format("{} is a directory that other users can write to", name));
  return std::optional<Descriptor>(std::move(directory));
}

constexpr int k_directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

bool make_with_parents(const std::string& path) {
  if (::mkdir(path.c_str(), k_directory_mode) == 0 || errno == EEXIST) return true;
  const std::size_t slash = path.find_last_of('/');
  if (errno != ENOENT || slash == std::string::npos || slash == 0) return false;
  if (!make_with_parents(path.substr(0, slash))) return false;
  return ::mkdir(path.c_str(), k_directory_mode) == 0 || errno == EEXIST;
}

/// Whether the name still means the file behind the descriptor: it may have been removed before we locked it.
bool is_current(const Descriptor& directory, const std::string& name, const struct stat& opened) {
  struct stat named {};
  return ::fstatat(directory.number(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         named.st_ino == opened.st_ino && named.st_dev == opened.st_dev;
}

/// One try; nothing when the file was removed meanwhile.
Result<std::optional<LockedFile>> try_open_locked(const Descriptor& directory, const std::string& name,
                                                  bool make) {
  constexpr int k_flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
  LockedFile locked;
  int number = ::openat(directory.number(), name.c_str(), k_flags);
  locked.presence = Presence::found;
  if (number < 0 && errno == ENOENT) {
    if (!make) return LockedFile{};
    number = ::openat(directory.number(), name.c_str(), k_flags | O_CREAT | O_EXCL, k_file_mode);
    if (number < 0 && errno == EEXIST) return std::optional<LockedFile>();
    locked.presence = Presence::created;
  }
  if (number < 0) return fault("cannot be opened", name, errno);
  locked.file = Descriptor(number);
  struct stat info {};
  if (::fstat(number, &info) != 0) return fault("cannot be checked", name, errno);
  if (!S_ISREG(info.st_mode)) return fail(Category::internal, fmt::format("{} is not a regular file", name));
  if (::flock(number, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fault("cannot be locked", name, errno);
    locked.presence = Presence::busy;
    locked.file = Descriptor();
    return locked;
  }
  if (!is_current(directory, name, info)) return std::optional<LockedFile>();
  return locked;
}

}  // namespace

Result<std::optional<Descriptor>> open_root(const std::string& path, bool make) {
  int number = ::open(path.c_str(), k_directory_flags);
  if (number < 0 && errno == ENOENT) {
    if (!make) return std::optional<Descriptor>();
    if (!make_with_parents(path)) return fault("cannot be created", path, errno);
    number = ::open(path.c_str(), k_directory_flags);
  }
  return optional_directory(number, path);
}

Result<std::optional<Descriptor>> open_directory(const Descriptor& parent, const std::string& name,
                                                 bool make) {
  int number = ::openat(parent.number(), name.c_str(), k_directory_flags);
  if (number < 0 && errno == ENOENT) {
    if (!make) return std::optional<Descriptor>();
    if (::mkdirat(parent.number(), name.c_str(), k_directory_mode) != 0 && errno != EEXIST)
      return fault("cannot be created", name, errno);
    number = ::openat(parent.number(), name.c_str(), k_directory_flags);
  }
  return optional_directory(number, name);
}

Result<LockedFile> open_locked(const Descriptor& directory, const std::string& name, bool make) {
  constexpr int k_tries = 20;
  for (int i = 0; i < k_tries; ++i) {
    auto locked = try_open_locked(directory, name, make);
    if (!locked) return fail(std::move(locked).error());
    if (*locked) return **std::move(locked);
  }
  return LockedFile{Presence::busy, {}};
}

Result<std::string> read_text(const Descriptor& file, std::size_t limit) {
  std::string text(limit, '\0');
  std::size_t size = 0;
  while (size < limit) {
    const ssize_t count = ::pread(file.number(), text.data() + size, limit - size, static_cast<off_t>(size));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fault("cannot be read", "a file of the cache", errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

Result<void> write_text(const Descriptor& file, std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count =
        ::pwrite(file.number(), text.data() + size, text.size() - size, static_cast<off_t>(size));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return fault("cannot be written", "a file of the cache", count < 0 ? errno : ENOSPC);
    size += static_cast<std::size_t>(count);
  }
  if (::ftruncate(file.number(), static_cast<off_t>(text.size())) != 0)
    return fault("cannot be written", "a file of the cache", errno);
  return {};
}

void remove(const Descriptor& directory, const std::string& name, bool is_directory) {
  // What stays is tried again by the next run.
  static_cast<void>(::unlinkat(directory.number(), name.c_str(), is_directory ? AT_REMOVEDIR : 0));
}

Result<void> replace(const Descriptor& directory, const std::string& name, std::string_view text) {
  const std::string draft = fmt::format("{}.{}", name, ::getpid());
  const int number = ::openat(directory.number(), draft.c_str(),
                              O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, k_file_mode);
  if (number < 0) return fault("cannot be created", draft, errno);
  const Descriptor file(number);
  const auto written = write_text(file, text);
  if (written && ::renameat(directory.number(), draft.c_str(), directory.number(), name.c_str()) == 0)
    return {};
  const int error = errno;
  remove(directory, draft);
  return written ? Result<void>(fault("cannot be created", name, error)) : written;
}

std::optional<std::string> read_small(const Descriptor& directory, const std::string& name) {
  const Descriptor file(
      ::openat(directory.number(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return std::nullopt;
  auto text = read_text(file, k_small);
  return text ? std::optional<std::string>(*std::move(text)) : std::nullopt;
}

std::vector<std::string> list(const Descriptor& directory) {
  // A descriptor of its own, because closedir() closes it.
  const int copy = ::openat(directory.number(), ".", k_directory_flags);
  const auto close = [](DIR* stream) { ::closedir(stream); };
  const std::unique_ptr<DIR, decltype(close)> stream(copy < 0 ? nullptr : ::fdopendir(copy), close);
  std::vector<std::string> names;
  if (!stream) {
    if (copy >= 0) ::close(copy);
    return names;
  }
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") names.emplace_back(name);
  }
  return names;
}

}  // namespace gk::checkin::files
