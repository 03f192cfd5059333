#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/exit_code.hpp"
#include "domain/ids.hpp"
#include "domain/person.hpp"
#include "reconcile/damage_kind.hpp"
#include "util/log.hpp"
#include "util/time.hpp"

namespace gk::app {

enum class OutputFormat { text, json };

/// Options of every command, accepted before and after its name.
struct GlobalOptions {
  std::optional<std::string> config_path;  ///< --config
  std::vector<std::string> integrations;   ///< --integration; empty: all enabled ones
  OutputFormat output = OutputFormat::text;
  bool quiet = false;
  int verbosity = 0;  ///< number of -v
  LogFormat log_format = LogFormat::text;
  bool no_color = false;
};

/// Options of both syncs.
struct SyncOptions {
  bool dry_run = false;
  bool detailed_exitcode = false;
  std::chrono::seconds deadline = std::chrono::minutes{14};
  std::chrono::seconds lock_wait{0};
  std::optional<std::string> approval_file;  ///< --approve-removals
  std::optional<Instant> as_of;              ///< only with dry_run
};

struct SyncMembers {
  SyncOptions sync;
};

struct SyncBookings {
  SyncOptions sync;
};

/// checkin --event: what a webhook delivered.
struct CheckinDelivery {
  std::string file;  ///< "-" is standard input
  std::optional<std::string> signature;
};

/// checkin --user --lock: an unlock given by hand.
struct CheckinUnlock {
  std::variant<UserId, Email> user;  ///< an e-mail that is an address
  LockId lock;
  std::optional<Instant> at;  ///< nothing: now
};

/// checkin --since: asks Kisi for what was missed.
struct CheckinCatchUp {
  std::chrono::seconds since{0};
};

struct Checkin {
  std::variant<CheckinDelivery, CheckinUnlock, CheckinCatchUp> source;
  bool dry_run = false;
};

struct ValidateConfig {
  bool offline = false;
  std::optional<reconcile::Damage> simulate;  ///< plan with a damaged list instead
};

using Command = std::variant<SyncMembers, SyncBookings, Checkin, ValidateConfig>;

/// A command line that asks for work.
struct Invocation {
  GlobalOptions global;
  Command command;
};

/// A command line that is answered at once: --help, --version, or wrong.
struct ExitNow {
  ExitCode code = ExitCode::done;
  std::string stdout_text;
  std::string stderr_text;
};

/// "0.1.0".
[[nodiscard]] std::string_view tool_version();

using ParseOutcome = std::variant<Invocation, ExitNow>;

/// Reads the command line; prints nothing.
[[nodiscard]] ParseOutcome parse_command_line(int argc, const char* const* argv);

}  // namespace gk::app
