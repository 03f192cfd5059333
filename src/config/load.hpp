#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/file.hpp"

namespace gk::config {

/// What loading needs of the machine; tests give their own.
struct Machine {
  /// An environment variable; nothing when unset.
  std::function<std::optional<std::string>(const std::string& name)> get;
  /// A file, up to `limit` bytes.
  std::function<FileReading(const std::string& path, std::size_t limit)> read_file;
};

/// The variables and files of this process.
[[nodiscard]] Machine this_machine();

/// Where the file is: `option` (--config), $GLOFOX_KISI_CONFIG, $XDG_CONFIG_HOME/glofox-kisi/config.json
/// ($HOME/.config when that is unset), /etc/glofox-kisi/config.json. The first two are taken whether the file
/// exists or not; of the others the first that exists. Category::config names every place that was tried.
[[nodiscard]] Result<std::string> find_config(const std::optional<std::string>& option,
                                              const Machine& machine);

/// A configuration file, read and checked; secrets are not resolved yet.
struct Loaded {
  std::string path;              ///< of the file, for messages; empty when none was found
  std::optional<Config> config;  ///< there exactly when `faults` is empty
  std::vector<Fault> faults;     ///< any one means exit 78
  std::vector<Fault> warnings;
};

/// find_config(), read, parse().
[[nodiscard]] Loaded load(const std::optional<std::string>& option, const Machine& machine);

/// Which secrets a command needs.
struct SecretScope {
  std::vector<const Integration*> integrations;  ///< disabled ones are left out unless `everything`
  bool kisi = true;                              ///< the Kisi key
  bool signature_keys = false;                   ///< `checkin.signature_key` of these integrations
  bool everything = false;                       ///< every secret in the file (validate-config)
};

struct SecretProblems {
  std::vector<Fault> faults;    ///< any one means exit 78
  std::vector<Fault> warnings;  ///< a secret file that its group can read
};

/// Fills in the values of the secrets in `scope` (whose pointers are into `config`). Relative file names
/// count from the directory of `config_path`. Messages name the source, never the content.
[[nodiscard]] SecretProblems resolve_secrets(Config& config, const std::string& config_path,
                                             const SecretScope& scope, const Machine& machine);

}  // namespace gk::config
