#include "app/cli_help.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <vector>

namespace gk::app {

namespace {

constexpr std::string_view k_exit_codes = R"(
EXIT CODES (docs/exit-codes.md)
   0 done                   5 read-back differs      65 unusable answer from a service
   1 internal error        10 deadline reached       69 service unreachable
   2 changes are pending   11 another run is active  77 credentials or permission refused
   3 partial               64 wrong command line     78 wrong configuration
   4 held by a safety limit                       128+n stopped by signal n
)";

constexpr std::string_view k_notes = R"(
Durations need a unit: 90s, 15m, 1h, 2d. Times are RFC 3339: 2026-03-01T14:14:00Z.
)";

/// "-n, --dry-run" or "    --deadline DURATION".
std::string names_of(const CLI::Option& option) {
  std::string names = "    ";
  if (!option.get_snames().empty()) names = fmt::format("-{}, ", option.get_snames().front());
  if (!option.get_lnames().empty()) names += "--" + option.get_lnames().front();
  if (option.get_items_expected_max() > 0) names += " " + option.get_type_name();
  return names;
}

std::string rows(const std::vector<const CLI::Option*>& options) {
  std::string text;
  for (const CLI::Option* option : options) {
    text += fmt::format("  {:<29} {}\n", names_of(*option), option->get_description());
  }
  return text;
}

std::string option_sections(const CLI::App& app) {
  const auto options_of = [](const CLI::App& owner) {
    return owner.get_options([](const CLI::Option* option) { return option->nonpositional(); });
  };
  const CLI::App* parent = app.get_parent();
  if (parent == nullptr) {
    return fmt::format("\nGLOBAL OPTIONS (before or after the command)\n{}", rows(options_of(app)));
  }
  std::vector<const CLI::Option*> global = options_of(*parent);
  std::erase_if(global, [](const CLI::Option* option) { return option->check_lname("help"); });
  return fmt::format("\nOPTIONS\n{}\nGLOBAL OPTIONS (before or after the command)\n{}", rows(options_of(app)),
                     rows(global));
}

std::string command_section(const CLI::App& app) {
  std::string text;
  for (const CLI::App* command : app.get_subcommands({})) {
    text += fmt::format("  {:<29} {}\n", command->get_name(), command->get_description());
  }
  return text.empty() ? text : "\nCOMMANDS (each has its own --help)\n" + text;
}

}  // namespace

std::string render_help(const CLI::App& app, const CommandHelp& help) {
  const bool is_program = app.get_parent() == nullptr;
  const std::string usage = is_program ? "glofox-kisi [OPTIONS] COMMAND [OPTIONS]"
                                       : fmt::format("glofox-kisi {} [OPTIONS]", help.name);
  return fmt::format("{}\n\nUSAGE\n  {}\n{}{}\nEXAMPLES\n{}{}{}", help.summary, usage, command_section(app),
                     option_sections(app), help.examples, k_exit_codes, k_notes);
}

}  // namespace gk::app
