#include "config/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "util/descriptor.hpp"

namespace gk::config {

namespace {

FileReading failed(FileProblem problem, int error = 0) {
  FileReading reading;
  reading.problem = problem;
  if (error != 0) reading.detail = std::strerror(error);
  return reading;
}

FileReading cannot_open(const std::string& path, int error) {
  if (error == ENXIO) return failed(FileProblem::not_regular, error);  // a socket
  if (error != ENOENT && error != ENOTDIR) return failed(FileProblem::unreadable, error);
  struct stat link {};
  const bool is_link = ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
  return failed(is_link ? FileProblem::dangling_link : FileProblem::missing, error);
}

/// Overwrites what may be a secret before the memory is given back.
void wipe(char* from, std::size_t size) {
  for (volatile char* at = from; at != from + size; ++at) *at = '\0';
}

}  // namespace

FileReading read_file(const std::string& path, std::size_t limit) {
  // Not blocking: a named pipe that nobody writes to must not hang a run from cron.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) return cannot_open(path, errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return failed(FileProblem::unreadable, errno);
  if (S_ISDIR(status.st_mode)) return failed(FileProblem::directory);
  const bool pipe = S_ISFIFO(status.st_mode);
  if (!S_ISREG(status.st_mode) && !pipe) return failed(FileProblem::not_regular);
  if (pipe) ::fcntl(file.number(), F_SETFL, 0);  // a writer that is slow is waited for

  FileReading reading;
  reading.size = pipe ? 0 : static_cast<std::uint64_t>(status.st_size);
  if (reading.size > limit) {
    reading.problem = FileProblem::too_large;
    return reading;
  }
  if (!pipe) reading.mode = status.st_mode & 07777U;
  reading.bytes.reserve(std::min<std::size_t>(limit, reading.size) + 1);
  std::array<char, 4096> chunk{};
  for (;;) {
    const ssize_t got = ::read(file.number(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(FileProblem::unreadable, errno);
    if (got == 0) break;
    reading.bytes.append(chunk.data(), static_cast<std::size_t>(got));
    if (reading.bytes.size() > limit) {
      reading.problem = FileProblem::too_large;
      reading.bytes.clear();
      break;
    }
  }
  wipe(chunk.data(), chunk.size());
  return reading;
}

std::string describe(const FileReading& reading, std::size_t limit) {
  switch (reading.problem) {
    case FileProblem::none: return "the file can be read";
    case FileProblem::missing: return "does not exist";
    case FileProblem::dangling_link: return "is a symbolic link to a file that does not exist";
    case FileProblem::directory: return "is a directory, not a file";
    case FileProblem::not_regular: return "is not a regular file";
    case FileProblem::too_large:
      return reading.size > 0
                 ? fmt::format("is too large: {} bytes, at most {} are read", reading.size, limit)
                 : fmt::format("is too large: at most {} bytes are read", limit);
    case FileProblem::unreadable: return fmt::format("cannot be read: {}", reading.detail);
  }
  return "cannot be read";
}

}  // namespace gk::config
