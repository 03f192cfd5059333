#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "util/descriptor.hpp"
#include "util/result.hpp"

/// Files below a directory that nobody else may write in. Symbolic links are never followed; everything made
/// here is for its owner alone (0600, 0700).
namespace gk::checkin::files {

/// Opens the directory at an absolute path; refuses one in which somebody else could replace our files.
/// `make`: it and its parents may be new. Nothing when it is not there and not to be made.
[[nodiscard]] Result<std::optional<Descriptor>> open_root(const std::string& path, bool make);
/// Opens a directory below another; `make`: it may be new. Nothing when it is not there and not to be made.
[[nodiscard]] Result<std::optional<Descriptor>> open_directory(const Descriptor& parent,
                                                               const std::string& name, bool make);

/// How open_locked() found a file.
enum class Presence {
  created,  ///< it was not there
  found,
  busy,    ///< somebody else holds it locked
  absent,  ///< it is not there and was not to be made
};

struct LockedFile {
  Presence presence = Presence::absent;
  Descriptor file;  ///< locked; with `created` and `found`
};

/// Opens a regular file and takes its lock (flock, released with the descriptor or the process), without
/// waiting. `make`: create it exclusively when it is not there. The name is sure to still mean the locked
/// file.
[[nodiscard]] Result<LockedFile> open_locked(const Descriptor& directory, const std::string& name, bool make);

/// At most `limit` bytes from the start.
[[nodiscard]] Result<std::string> read_text(const Descriptor& file, std::size_t limit);
/// Replaces the content.
[[nodiscard]] Result<void> write_text(const Descriptor& file, std::string_view text);
/// Removes a name; one that is not there is fine.
void remove(const Descriptor& directory, const std::string& name, bool is_directory = false);
/// Puts a whole new file at `name`, at once.
[[nodiscard]] Result<void> replace(const Descriptor& directory, const std::string& name,
                                   std::string_view text);
/// The content of a small file; nothing when there is none that can be read.
[[nodiscard]] std::optional<std::string> read_small(const Descriptor& directory, const std::string& name);
/// Names in a directory, without "." and "..".
[[nodiscard]] std::vector<std::string> list(const Descriptor& directory);

}  // namespace gk::checkin::files
