#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace gk::config {

/// Why a file could not be read.
enum class FileProblem {
  none,
  missing,
  dangling_link,  ///< a symbolic link to nothing
  directory,
  not_regular,  ///< a socket, a device; a pipe is fine: <(...) of a shell is one
  too_large,    ///< more than the limit; not read
  unreadable,   ///< permission, or an input error: see `detail`
};

/// A file's bytes, or why there are none.
struct FileReading {
  FileProblem problem = FileProblem::none;
  std::string bytes;
  unsigned mode = 0;       ///< permission bits, as in chmod(1); 0 for a pipe
  std::uint64_t size = 0;  ///< when too_large: of the file, or 0 when nobody knows
  std::string detail;      ///< the system's words
};

/// Reads at most `limit` bytes; follows symbolic links.
[[nodiscard]] FileReading read_file(const std::string& path, std::size_t limit);

/// "does not exist", "is a directory, not a file": what to say behind the name of the file. `limit` as given
/// to read_file().
[[nodiscard]] std::string describe(const FileReading& reading, std::size_t limit);

}  // namespace gk::config
