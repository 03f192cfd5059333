#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "config/parse.hpp"
#include "util/text.hpp"

namespace gk::config {

namespace {

constexpr std::size_t k_max_secret_bytes = std::size_t{64} << 10U;
constexpr unsigned k_others_access = 06;
constexpr unsigned k_group_read = 040;

/// Set and not empty: an empty variable counts as unset, as the XDG specification asks.
std::optional<std::string> variable(const Machine& machine, const std::string& name) {
  auto value = machine.get(name);
  if (value && value->empty()) value.reset();
  return value;
}

/// The user's configuration directory; relative values of XDG_CONFIG_HOME are to be ignored by its
/// specification.
std::optional<std::string> user_directory(const Machine& machine) {
  if (auto xdg = variable(machine, "XDG_CONFIG_HOME"); xdg && xdg->starts_with('/')) return xdg;
  if (auto home = variable(machine, "HOME")) return *home + "/.config";
  return std::nullopt;
}

bool exists(const std::string& path, const Machine& machine) {
  return machine.read_file(path, 0).problem != FileProblem::missing;
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

/// Reads secrets one by one and collects what is wrong with them.
class Resolver {
 public:
  Resolver(const std::string& config_path, const Machine& machine)
      : directory_(directory_of(config_path)), machine_(machine) {}

  void resolve(SecretSetting& setting) {
    const SecretSource& source = setting.source;
    switch (source.kind) {
      case SecretKind::file: {
        const bool absolute = source.name.starts_with('/');
        return from_file(setting, absolute ? source.name : fmt::format("{}/{}", directory_, source.name));
      }
      case SecretKind::credential: return from_credential(setting);
      case SecretKind::env: return from_variable(setting);
    }
  }

  [[nodiscard]] SecretProblems take() { return std::move(problems_); }

 private:
  void fault(const SecretSource& source, const std::string& what, std::string suggestion = "") {
    problems_.faults.push_back(
        {source.where, fmt::format("{} {}", describe(source), what), std::move(suggestion)});
  }

  void from_variable(SecretSetting& setting) {
    auto value = machine_.get(setting.source.name);
    if (!value) return fault(setting.source, "is not set", "cron does not read your shell's profile");
    if (value->empty()) return fault(setting.source, "is empty");
    take_value(setting, *std::move(value));
  }

  void from_credential(SecretSetting& setting) {
    const auto directory = variable(machine_, "CREDENTIALS_DIRECTORY");
    if (!directory) {
      return fault(setting.source, "cannot be found: $CREDENTIALS_DIRECTORY is not set",
                   "credentials exist inside a systemd service with LoadCredential=; elsewhere use \"file\" "
                   "or \"env\"");
    }
    from_file(setting, fmt::format("{}/{}", *directory, setting.source.name));
  }

  void from_file(SecretSetting& setting, const std::string& path) {
    FileReading reading = machine_.read_file(path, k_max_secret_bytes);
    if (reading.problem != FileProblem::none)
      return fault(setting.source, describe(reading, k_max_secret_bytes));
    Secret guard(std::move(reading.bytes));  // wiped on every way out
    if ((reading.mode & k_others_access) != 0) {
      const bool readable = (reading.mode & 04U) != 0;
      return fault(setting.source,
                   fmt::format("is {} by every user on this machine", readable ? "readable" : "writable"),
                   fmt::format("chmod 600 {}", printable(path, 4096)));
    }
    if ((reading.mode & k_group_read) != 0) {
      problems_.warnings.push_back({setting.source.where,
                                    fmt::format("{} is readable by its group", describe(setting.source)),
                                    fmt::format("chmod 600 {} unless you want that", printable(path, 4096))});
    }
    std::string_view text = guard.reveal();
    constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
    take_value(setting, std::string(text));
  }

  void take_value(SecretSetting& setting, std::string value) {
    while (value.ends_with('\n') || value.ends_with('\r')) value.pop_back();
    Secret secret(std::move(value));
    const std::string_view text = secret.reveal();
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (trim(text).empty()) return fault(setting.source, "is empty");
    if (std::ranges::any_of(text, is_control)) {
      return fault(setting.source, "holds a line break or another control character inside the secret",
                   "it must hold only the secret, on one line");
    }
    if (text.front() == ' ' || text.back() == ' ') {
      problems_.warnings.push_back({setting.source.where,
                                    fmt::format("{} starts or ends with a space", describe(setting.source)),
                                    "the space counts as part of the secret"});
    }
    setting.value = std::move(secret);
  }

  std::string directory_;
  const Machine& machine_;
  SecretProblems problems_;
};

bool is_selected(const SecretScope& scope, const Integration& integration) {
  if (scope.everything) return true;
  return integration.enabled &&
         std::ranges::find(scope.integrations, &integration) != scope.integrations.end();
}

}  // namespace

Machine this_machine() {
  return {[](const std::string& name) -> std::optional<std::string> {
            const char* value = std::getenv(name.c_str());
            if (value == nullptr) return std::nullopt;
            return value;
          },
          [](const std::string& path, std::size_t limit) { return config::read_file(path, limit); }};
}

Result<std::string> find_config(const std::optional<std::string>& option, const Machine& machine) {
  if (option) return *option;
  if (auto path = variable(machine, "GLOFOX_KISI_CONFIG")) return *std::move(path);
  std::vector<std::string> places;
  if (const auto directory = user_directory(machine))
    places.push_back(*directory + "/glofox-kisi/config.json");
  places.emplace_back("/etc/glofox-kisi/config.json");
  for (const std::string& place : places) {
    if (exists(place, machine)) return place;
  }
  return fail(Category::config, fmt::format("there is no configuration file: --config and "
                                            "$GLOFOX_KISI_CONFIG are not given, and {} {} not exist",
                                            printable(fmt::format("{}", fmt::join(places, " and ")), 4096),
                                            places.size() == 1 ? "does" : "do"));
}

Loaded load(const std::optional<std::string>& option, const Machine& machine) {
  Loaded loaded;
  auto path = find_config(option, machine);
  if (!path) {
    loaded.faults.push_back({{}, path.error().message, "docs/configuration.md has an example to start from"});
    return loaded;
  }
  loaded.path = *std::move(path);
  const FileReading reading = machine.read_file(loaded.path, k_max_config_bytes);
  if (reading.problem != FileProblem::none) {
    loaded.faults.push_back({{0, 0, "$"}, describe(reading, k_max_config_bytes), ""});
    return loaded;
  }
  Parsed parsed = parse(reading.bytes);
  loaded.config = std::move(parsed.config);
  loaded.faults = std::move(parsed.faults);
  loaded.warnings = std::move(parsed.warnings);
  return loaded;
}

SecretProblems resolve_secrets(Config& config, const std::string& config_path, const SecretScope& scope,
                               const Machine& machine) {
  Resolver resolver(config_path, machine);
  bool needs_key = scope.everything;
  bool needs_token = scope.everything;
  for (const Integration& integration : config.integrations) {
    if (!is_selected(scope, integration)) continue;
    needs_key = needs_key || !integration.glofox.api_key;
    needs_token = needs_token || !integration.glofox.api_token;
  }
  if (scope.kisi || scope.everything) resolver.resolve(config.kisi.api_key);
  if (needs_key) resolver.resolve(config.glofox.api_key);
  if (needs_token) resolver.resolve(config.glofox.api_token);
  for (Integration& integration : config.integrations) {
    if (!is_selected(scope, integration)) continue;
    if (integration.glofox.api_key) resolver.resolve(*integration.glofox.api_key);
    if (integration.glofox.api_token) resolver.resolve(*integration.glofox.api_token);
    const bool signature = scope.everything || scope.signature_keys;
    if (signature && integration.signature_key) resolver.resolve(*integration.signature_key);
  }
  return resolver.take();
}

}  // namespace gk::config
