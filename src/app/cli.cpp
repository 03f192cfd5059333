#include "app/cli.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>

#include "app/cli_help.hpp"
#include "domain/person.hpp"
#include "util/text.hpp"

namespace gk::app {

namespace {

/// An option with a value: what it is called, what its value is called, what it does, and how to read it.
struct ValueOption {
  std::string names;
  std::string value;
  std::string help;
  std::function<void(const std::string&)> read;  ///< throws Unreadable
};

/// Why a value cannot be read; becomes "--option: message".
using Unreadable = std::string;

CLI::Option* add_value(CLI::App& app, const ValueOption& row) {
  const std::string name = row.names.substr(row.names.find("--"));
  const auto read = [name, read_value = row.read](const std::string& text) {
    if (text.empty()) throw CLI::ValidationError(name, "the value must not be empty");
    try {
      read_value(text);
    } catch (const Unreadable& reason) {
      throw CLI::ValidationError(name, reason);
    }
  };
  return app.add_option_function<std::string>(row.names, read, row.help)->type_name(row.value);
}

std::function<void(const std::string&)> text_into(std::optional<std::string>& out) {
  return [&out](const std::string& text) { out = text; };
}

std::function<void(const std::string&)> duration_into(std::chrono::seconds& out) {
  return [&out](const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration) throw Unreadable(duration.error().message);
    out = *duration;
  };
}

std::function<void(const std::string&)> time_into(std::optional<Instant>& out) {
  return [&out](const std::string& text) {
    const auto time = parse_rfc3339(text);
    if (!time) throw Unreadable(time.error().message);
    out = *time;
  };
}

template <class Format>
std::function<void(const std::string&)> format_into(Format& out) {
  return [&out](const std::string& text) {
    if (text != "text" && text != "json")
      throw Unreadable(fmt::format("must be text or json, not '{}'", printable(text, 40)));
    out = text == "json" ? Format::json : Format::text;
  };
}

/// A positive id; nothing when the text is no number at all.
std::optional<std::int64_t> parse_id(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return id;
}

/// The command line while it is being read.
struct Draft {
  GlobalOptions global;
  SyncOptions sync;
  bool dry_run = false;  ///< of checkin
  std::optional<std::string> event, signature;
  std::optional<std::variant<UserId, Email>> user;
  std::optional<LockId> lock;
  std::optional<Instant> at;
  std::chrono::seconds since{0};
  bool has_since = false;
  bool offline = false;
  std::optional<reconcile::Damage> simulate;
};

void add_global_options(CLI::App& app, GlobalOptions& global) {
  add_value(app, {"--config", "PATH", "configuration file (default: see docs/configuration.md)",
                  text_into(global.config_path)});
  app.add_option("--integration", global.integrations,
                 "only this integration; repeatable (default: all enabled ones)")
      ->type_name("NAME")
      ->allow_extra_args(false)  // else it would swallow the command
      ->check([](const std::string& name) { return name.empty() ? "the value must not be empty" : ""; });
  add_value(app, {"--output", "text|json", "format of the result on standard output (default text)",
                  format_into(global.output)});
  app.add_flag("-q,--quiet", global.quiet, "print nothing on success");
  app.add_flag("-v,--verbose", global.verbosity, "log more; repeatable");
  add_value(app, {"--log-format", "text|json", "format of the log on standard error (default text)",
                  format_into(global.log_format)});
  app.add_flag("--no-color", global.no_color, "print no colours, even on a terminal");
  app.set_version_flag("--version", fmt::format("glofox-kisi {}", tool_version()),
                       "print the version and exit");
}

void add_sync_options(CLI::App& app, SyncOptions& sync) {
  app.add_flag("-n,--dry-run", sync.dry_run, "show what would be done; write nothing");
  app.add_flag("--detailed-exitcode", sync.detailed_exitcode,
               "with --dry-run: exit 2 when changes are pending");
  add_value(app, {"--deadline", "DURATION", "start no new action after this time (default 14m)",
                  duration_into(sync.deadline)});
  add_value(app, {"--lock-wait", "DURATION", "wait up to this long for another run to end (default 0s)",
                  duration_into(sync.lock_wait)});
  add_value(app, {"--approve-removals", "FILE",
                  "approve the removals in FILE, the JSON report of a dry run from the last 24h",
                  text_into(sync.approval_file)});
  add_value(app, {"--as-of", "TIME", "with --dry-run: plan as if it were this time (default now)",
                  time_into(sync.as_of)});
}

void add_checkin_options(CLI::App& app, Draft& draft) {
  add_value(app, {"--event", "FILE", "one Kisi event as JSON; - is standard input", text_into(draft.event)});
  add_value(app, {"--signature", "VALUE", "with --event: the X-Signature header that came with it",
                  text_into(draft.signature)});
  add_value(app, {"--user", "ID|EMAIL", "with --lock: who unlocked it, as Kisi user id or e-mail address",
                  [&draft](const std::string& text) {
                    if (const auto id = parse_id(text)) {
                      draft.user = UserId{*id};
                    } else if (const Email email(text); email.person()) {
                      draft.user = email;
                    } else {
                      throw Unreadable(fmt::format("'{}' is neither a Kisi user id nor an e-mail address",
                                                   printable(text, 60)));
                    }
                  }});
  add_value(app, {"--lock", "ID", "with --user: the Kisi lock that was unlocked",
                  [&draft](const std::string& text) {
                    const auto id = parse_id(text);
                    if (!id) throw Unreadable(fmt::format("'{}' is not a Kisi lock id", printable(text, 60)));
                    draft.lock = LockId{*id};
                  }});
  add_value(app, {"--at", "TIME", "with --user: when it was unlocked (default now)", time_into(draft.at)});
  add_value(app, {"--since", "DURATION", "catch up with the unlocks of the last DURATION",
                  [&draft](const std::string& text) {
                    duration_into(draft.since)(text);
                    if (draft.since.count() == 0) throw Unreadable("must be longer than 0s");
                    draft.has_since = true;
                  }});
  app.add_flag("-n,--dry-run", draft.dry_run, "show what would be done; write nothing");
}

void add_validate_options(CLI::App& app, Draft& draft) {
  app.add_flag("--offline", draft.offline, "check only the file and the secrets; ask neither service");
  add_value(app, {"--simulate", "DAMAGE",
                  "show only what the limits would do if the Glofox list were empty, half, stale or garbled",
                  [&draft](const std::string& text) {
                    using enum reconcile::Damage;
                    for (const reconcile::Damage damage : {empty, half, stale, garbled}) {
                      if (reconcile::damage_name(damage) == text) draft.simulate = damage;
                    }
                    if (!draft.simulate) throw Unreadable("must be empty, half, stale or garbled");
                  }});
}

std::string check_validate(const Draft& draft) {
  return draft.offline && draft.simulate ? "--offline and --simulate cannot be combined" : "";
}

/// The rules between options that CLI11 would word less clearly; "" when all hold.
std::string check_sync(const SyncOptions& sync) {
  if (sync.as_of && !sync.dry_run) return "--as-of needs --dry-run";
  return "";
}

std::string check_checkin(const Draft& draft) {
  const bool by_hand = draft.user || draft.lock || draft.at;
  const int forms = (draft.event ? 1 : 0) + (by_hand ? 1 : 0) + (draft.has_since ? 1 : 0);
  if (forms == 0 && draft.signature) return "--signature needs --event";
  if (forms == 0) return "checkin needs --event FILE, or --user with --lock, or --since DURATION";
  if (forms > 1) return "use only one of --event, --user with --lock, and --since";
  if (by_hand && !draft.user) return "--user is missing: who unlocked the door?";
  if (by_hand && !draft.lock) return "--lock is missing: which door was unlocked?";
  if (draft.signature && !draft.event) return "--signature needs --event";
  return "";
}

Checkin to_checkin(const Draft& draft) {
  if (draft.event) return {CheckinDelivery{*draft.event, draft.signature}, draft.dry_run};
  if (draft.has_since) return {CheckinCatchUp{draft.since}, draft.dry_run};
  return {CheckinUnlock{*draft.user, *draft.lock, draft.at}, draft.dry_run};
}

/// A command: its help, its options, the rules between them, and the value it becomes.
struct CommandRow {
  const CommandHelp& help;
  std::function<void(CLI::App&, Draft&)> add_options;
  std::function<std::string(const Draft&)> check;
  std::function<Command(const Draft&)> build;
};

const std::vector<CommandRow>& command_rows() {
  static const std::vector<CommandRow> k_rows{
      {k_sync_members_help, [](CLI::App& app, Draft& draft) { add_sync_options(app, draft.sync); },
       [](const Draft& draft) { return check_sync(draft.sync); },
       [](const Draft& draft) { return SyncMembers{draft.sync}; }},
      {k_sync_bookings_help, [](CLI::App& app, Draft& draft) { add_sync_options(app, draft.sync); },
       [](const Draft& draft) { return check_sync(draft.sync); },
       [](const Draft& draft) { return SyncBookings{draft.sync}; }},
      {k_checkin_help, add_checkin_options, check_checkin, to_checkin},
      {k_validate_config_help, add_validate_options, check_validate,
       [](const Draft& draft) {
         return ValidateConfig{draft.offline, draft.simulate};
       }},
  };
  return k_rows;
}

ExitNow usage_error(std::string_view message, std::string_view command) {
  const std::string hint =
      command.empty() ? "glofox-kisi --help" : fmt::format("glofox-kisi {} --help", command);
  return {ExitCode::usage, "", fmt::format("glofox-kisi: {}\nTry '{}'.\n", printable(message, 400), hint)};
}

/// " (did you mean ...?)", or nothing when no word is near.
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& words) {
  const std::string_view word = closest_word(typed, {words.begin(), words.end()});
  return word.empty() ? "" : fmt::format(" (did you mean {}?)", word);
}

/// CLI11 names what was left over; this says what was probably meant.
std::string leftover_message(const CLI::App& app, const CLI::App* command) {
  const std::vector<std::string> leftover = app.remaining(true);
  const auto word = std::ranges::find_if(leftover, [](const std::string& text) { return text != "--"; });
  if (word == leftover.end()) return command == nullptr ? "a command is missing" : "";
  const std::string shown = printable(*word, 60);
  std::vector<std::string> known;
  if (word->starts_with('-')) {
    if (command != nullptr && command->get_option_no_throw(word->substr(0, word->find('='))) != nullptr) {
      return fmt::format("option {} must follow the command: {} {}", shown, command->get_name(), shown);
    }
    for (const CLI::App* owner : {&app, command}) {
      if (owner == nullptr) continue;
      for (const CLI::Option* option : owner->get_options()) {
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
      }
    }
    return fmt::format("unknown option {}{}", shown, did_you_mean(word->substr(0, word->find('=')), known));
  }
  if (command != nullptr) return fmt::format("unexpected argument {}", shown);
  for (const CommandRow& row : command_rows()) known.emplace_back(row.help.name);
  return fmt::format("unknown command {}{}", shown, did_you_mean(*word, known));
}

/// The option of the first "--option=": CLI11 would take the next argument, maybe the command, as its value.
std::string valueless_option(const std::vector<std::string>& arguments) {
  const auto is_valueless = [](const std::string& text) {
    return text.starts_with("--") && text.size() > 3 && text.find('=') == text.size() - 1;
  };
  const auto found = std::ranges::find_if(arguments, is_valueless);
  return found == arguments.end() ? "" : found->substr(0, found->size() - 1);
}

/// What went wrong, in our words where CLI11's are hard to read.
std::string error_message(const CLI::ParseError& error, const CLI::App& app, const CLI::App* command) {
  std::string message = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
      dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    const std::string better = leftover_message(app, command);
    return better.empty() ? message : better;
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    const std::string option = message.substr(0, message.find(':'));
    return option +
           (message.find("At Most") == std::string::npos ? ": a value is missing" : ": given more than once");
  }
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
    const std::size_t colon = message.find(": ");
    return "invalid value: " + (colon == std::string::npos ? message : message.substr(colon + 2));
  }
  return message;
}

}  // namespace

std::string_view tool_version() { return GK_VERSION; }

ParseOutcome parse_command_line(int argc, const char* const* argv) {
  Draft draft;
  CLI::App app{std::string(k_program_help.summary), "glofox-kisi"};
  app.set_help_flag("-h,--help", "print this help and exit");
  app.require_subcommand(1);
  add_global_options(app, draft.global);
  std::vector<CLI::App*> commands;
  for (const CommandRow& row : command_rows()) {
    CLI::App* command = app.add_subcommand(std::string(row.help.name), std::string(row.help.summary));
    command->fallthrough();
    row.add_options(*command, draft);
    commands.push_back(command);
  }
  const auto chosen = [&] {
    return std::ranges::find_if(commands, [](const CLI::App* c) { return c->parsed(); });
  };
  const auto row_of = [&](auto command) { return command_rows().begin() + (command - commands.begin()); };

  std::vector<std::string> arguments;  // CLI11 takes them last first
  for (int i = argc - 1; i > 0; --i) arguments.emplace_back(argv[i]);
  if (const auto option = valueless_option(arguments); !option.empty()) {
    return usage_error(fmt::format("{}: a value is missing", option), "");
  }
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    const auto command = chosen();
    const bool whole = command == commands.end();
    return ExitNow{ExitCode::done,
                   whole ? render_help(app, k_program_help) : render_help(**command, row_of(command)->help),
                   ""};
  } catch (const CLI::CallForVersion& version) {
    return ExitNow{ExitCode::done, fmt::format("{}\n", version.what()), ""};
  } catch (const CLI::ParseError& error) {
    const auto command = chosen();
    const CLI::App* used = command == commands.end() ? nullptr : *command;
    return usage_error(error_message(error, app, used), used == nullptr ? "" : used->get_name());
  }
  const auto& row = *row_of(chosen());
  if (const std::string wrong = row.check(draft); !wrong.empty()) return usage_error(wrong, row.help.name);
  return Invocation{draft.global, row.build(draft)};
}

}  // namespace gk::app
