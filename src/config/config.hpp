#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"
#include "domain/person.hpp"
#include "domain/roster.hpp"
#include "util/result.hpp"
#include "util/secret.hpp"

/// The configuration file as values (contract 4, docs/configuration.md). The member initialisers are
/// the contract's defaults; the ranges in the comments are enforced by parse().
namespace gk::config {

/// A place in the configuration file, for messages. Line 0: the file as a whole.
struct Location {
  int line = 0;      ///< from 1
  int column = 0;    ///< from 1, in characters
  std::string path;  ///< "$.integrations[0].limits.max_users"; "$" is the whole document
};

/// Something wrong with the configuration, or worth a warning.
struct Fault {
  Location where;
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
  Location where;    ///< of the name in the configuration
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

struct MembershipRules {
  std::vector<MembershipType> types{MembershipType::time, MembershipType::time_classes};  ///< at least one
  std::vector<MembershipStatus> statuses{MembershipStatus::active};                       ///< at least one
  /// Names, codes or ids of membership or plan, as written; nothing: "any". Never an empty list.
  std::optional<std::vector<std::string>> plans;
  std::chrono::seconds expiry_grace = std::chrono::hours{24};  ///< after the local expiry day: 0 to 366 days
};

enum class UserImport {
  eligible,  ///< people with access become Kisi users
  all,       ///< every Glofox client becomes a Kisi user
};

struct UserRules {
  UserImport import_scope = UserImport::eligible;  ///< `users.import`
  bool send_emails = true;                         ///< of created users; Kisi cannot change it later
};

struct BookingRules {
  bool enabled = false;
  std::chrono::seconds opens_before = std::chrono::hours{1};  ///< before the start of the class: 0 to 1 day
  std::chrono::seconds closes_after = std::chrono::hours{1};  ///< after its end: 0 to 1 day
  std::chrono::seconds lookahead = std::chrono::hours{24};    ///< how early a window is written: 0 to 31 days
  /// Separate group for booking windows; nothing: the integration's own group (also when the file names that
  /// one).
  std::optional<GroupId> group;
};

enum class CheckinMode { access, attendance, both };

struct CheckinRules {
  bool enabled = false;  ///< needs Integration::place
  CheckinMode mode = CheckinMode::both;
  std::chrono::seconds opens_before = std::chrono::hours{1};  ///< before the class starts: 0 to 1 day
  std::optional<SecretSetting> signature_key;                 ///< set: a webhook signature is required
  std::optional<std::string> dedupe_dir;  ///< absolute path; nothing: under $XDG_STATE_HOME
  std::chrono::seconds debounce = std::chrono::minutes{10};  ///< one person, any doors, one entry: 0 to 1 day
  std::chrono::seconds max_age = std::chrono::hours{24};     ///< of an unlock: 1 second to 31 days
};

/// A brake: max(count, floor(percent x rows / 100)) removals pass (contract 8.3).
struct RemovalLimit {
  std::int64_t count = 0;  ///< 0 to 1,000,000
  int percent = 0;         ///< 0 to 100
};

struct Limits {
  std::int64_t max_users = 5000;  ///< people inside at the same time: 1 to 1,000,000
  RemovalLimit absent{3, 2};      ///< `removals.absent`
  RemovalLimit stated{10, 20};    ///< `removals.stated`
};

/// One Glofox location feeding one Kisi group.
struct Integration {
  std::string name;  ///< unique; 1 to 64 bytes
  bool enabled = true;
  BranchId location;
  GroupId group;
  std::vector<GroupId> former_groups;  ///< to be cleaned of our rows; never a group of any integration
  std::optional<PlaceId> place;
  GlofoxOverrides glofox;
  MembershipRules memberships;
  UserRules users;
  BookingRules bookings;
  CheckinRules checkin;
  Limits limits;
  std::vector<PersonKey> protected_people;  ///< `protected`: never removed
  std::vector<PersonKey> canaries;          ///< must be in every complete Glofox listing

  /// Where booking windows are written.
  [[nodiscard]] GroupId booking_group() const { return bookings.group.value_or(group); }
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

/// What `--integration` chose, in file order: the named ones (disabled ones too: the caller reports them as
/// skipped), or all enabled ones when `names` is empty. An unknown name is Category::usage, with a
/// suggestion.
[[nodiscard]] Result<std::vector<const Integration*>> select_integrations(
    const Config& config, const std::vector<std::string>& names);

}  // namespace gk::config
