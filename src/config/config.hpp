#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/rules.hpp"
#include "util/result.hpp"
#include "util/secret.hpp"

/// The configuration file as values (contract 4, docs/configuration.md). The member initialisers are
/// the contract's defaults; the ranges in the comments are enforced by parse().
namespace gk::config {

/// A place in the configuration file, for messages. Line 0: the file as a whole.
struct Spot {
  int line = 0;      ///< from 1
  int column = 0;    ///< from 1, in characters
  std::string path;  ///< "$.integrations[0].limits.max_users"; "$" is the whole document
};

/// Something wrong with the configuration, or worth a warning.
struct Fault {
  Spot where;
  std::string message;     ///< what is wrong; never contains a secret
  std::string suggestion;  ///< what to write or do instead; may be empty
};

/// "/etc/glofox-kisi/config.json:12:7: $.kisi.rate: unknown key (did you mean ...?)". One line, safe to
/// print.
[[nodiscard]] std::string format_fault(std::string_view file, const Fault& fault);

enum class SecretKind {
  file,        ///< the content of a file
  env,         ///< an environment variable
  credential,  ///< a file in $CREDENTIALS_DIRECTORY (systemd LoadCredential=)
};

/// Where a secret comes from. May be shown; the secret may not.
struct SecretSource {
  SecretKind kind = SecretKind::file;
  std::string name;  ///< path, variable or credential
  Spot where;        ///< of the name in the configuration
};

/// "file /etc/glofox-kisi/kisi_api_key", "environment variable GLOFOX_API_KEY", "credential
/// glofox_api_token".
[[nodiscard]] std::string describe(const SecretSource& source);

/// A secret of the configuration; `value` is empty until resolve_secrets() has read it.
struct SecretSetting {
  SecretSource source;
  Secret value;
};

/// `kisi.partner`: the headers X-Kisi-Integration-Identifier and X-Kisi-Integration-Contact (kisi-api 1.2).
struct Partner {
  std::string identifier;
  std::string contact;  ///< an e-mail address
};

struct KisiSettings {
  std::string base_url =
      "https://api.kisi.io";  ///< without a trailing slash; http for a loopback address only
  SecretSetting api_key;
  double requests_per_second = 4;  ///< 0.01 to 5; up to 100,000 for a loopback address
  std::optional<Partner> partner;
};

struct GlofoxSettings {
  std::string base_url = "https://gf-api.aws.glofox.com/prod";  ///< as in KisiSettings
  SecretSetting api_key;
  SecretSetting api_token;
  double requests_per_second =
      8;            ///< refill of the token bucket: 0.01 to 10; up to 100,000 for a loopback address
  int burst = 100;  ///< size of the token bucket: 1 to 1,000; up to 100,000 for a loopback address
  std::size_t max_in_flight = 5;  ///< requests at the same time: 1 to 50
};

/// `integrations[].glofox`: credentials of this location where they differ from the common ones.
struct GlofoxOverrides {
  std::optional<SecretSetting> api_key;
  std::optional<SecretSetting> api_token;
};

/// One Glofox location feeding one Kisi group, as the file has it.
struct Integration : gk::Integration {
  bool enabled = true;
  GlofoxOverrides glofox;
  std::optional<SecretSetting> signature_key;  ///< `checkin.signature_key`; set: a signature is required
};

/// The whole file, valid in itself: every rule of the contract that needs no network holds.
struct Config {
  KisiSettings kisi;
  GlofoxSettings glofox;
  std::vector<Integration> integrations;  ///< at least one, in file order
};

/// The Glofox credentials that hold for one integration: its own, else the common ones.
[[nodiscard]] const SecretSetting& glofox_api_key(const Config& config, const Integration& integration);
[[nodiscard]] const SecretSetting& glofox_api_token(const Config& config, const Integration& integration);

/// Whether `--integration` names this one.
[[nodiscard]] bool is_named(const Integration& integration, const std::vector<std::string>& names);

/// What `--integration` chose, in file order: the named ones (disabled ones too: the caller reports them as
/// skipped), or all enabled ones when `names` is empty. An unknown name is Category::usage, with a
/// suggestion.
[[nodiscard]] Result<std::vector<const Integration*>> select_integrations(
    const Config& config, const std::vector<std::string>& names);

}  // namespace gk::config
