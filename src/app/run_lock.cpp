#include "app/run_lock.hpp"

#include <fmt/format.h>

#include <utility>

#include "app/services.hpp"

namespace gk::app {

std::vector<std::string> lock_directories(const config::Machine& machine) {
  std::vector<std::string> directories;
  if (auto runtime = machine.get("XDG_RUNTIME_DIR"); runtime && !runtime->empty())
    directories.push_back(*std::move(runtime));
  directories.emplace_back("/run/lock");
  auto temporary = machine.get("TMPDIR");
  directories.push_back(temporary && !temporary->empty() ? *std::move(temporary) : "/tmp");
  return directories;
}

std::string lock_name(const config::KisiSettings& kisi) {
  return fmt::format("glofox-kisi-{}.lock", fingerprint(kisi.api_key.value, kisi.base_url));
}

}  // namespace gk::app
