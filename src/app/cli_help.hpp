#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace gk::app {

/// What the help of one command says besides its options.
struct CommandHelp {
  std::string_view name;
  std::string_view summary;   ///< one line
  std::string_view examples;  ///< lines, each indented by two spaces
};

inline constexpr CommandHelp k_program_help{
    "glofox-kisi",
    "Keeps Kisi groups in step with Glofox: active members and people with bookings can open the doors",
    R"(  glofox-kisi validate-config                      check everything before the first run
  glofox-kisi sync-members --dry-run               show what would change
  glofox-kisi --quiet sync-members                 for cron: print only when something is wrong
)"};

inline constexpr CommandHelp k_sync_members_help{
    "sync-members", "Give active members access to the group, and take it from everyone else",
    R"(  glofox-kisi sync-members --dry-run
  glofox-kisi sync-members --quiet --integration riverside
  glofox-kisi sync-members --dry-run --as-of 2026-03-01T14:14:00Z
  glofox-kisi sync-members --dry-run --output json > plan.json
  glofox-kisi sync-members --approve-removals plan.json
)"};

inline constexpr CommandHelp k_sync_bookings_help{"sync-bookings", "Open the doors around each booked class",
                                                  R"(  glofox-kisi sync-bookings --dry-run
  glofox-kisi sync-bookings --quiet --deadline 10m
  glofox-kisi sync-bookings --dry-run --as-of 2026-03-01T14:00:00+01:00
)"};

inline constexpr CommandHelp k_checkin_help{
    "checkin", "Check people in at Glofox when they unlock a door",
    R"(  glofox-kisi checkin --event - --signature "$HTTP_X_SIGNATURE" < body.json
  glofox-kisi checkin --user ada.example@example.com --lock 51 --at 2026-03-01T08:00:00Z
  glofox-kisi checkin --since 30m --quiet          for cron, beside the webhook
  glofox-kisi checkin --since 2h --dry-run
)"};

inline constexpr CommandHelp k_validate_config_help{
    "validate-config", "Check the configuration, the secrets, and everything they name in both services",
    R"(  glofox-kisi validate-config
  glofox-kisi validate-config --offline --config ./config.json
  glofox-kisi validate-config --output json
  glofox-kisi validate-config --simulate half
)"};

/// The text of --help for the program or one of its commands.
[[nodiscard]] std::string render_help(const CLI::App& app, const CommandHelp& help);

}  // namespace gk::app
