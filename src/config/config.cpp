#include "config/config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "util/text.hpp"

namespace gk::config {

std::string format_fault(std::string_view file, const Fault& fault) {
  std::string line = printable(file, 4096);
  if (fault.where.line > 0) line += fmt::format(":{}:{}", fault.where.line, fault.where.column);
  if (fault.where.line > 0 && !fault.where.path.empty()) line += ": " + fault.where.path;
  line += fmt::format("{}{}", line.empty() ? "" : ": ", fault.message);
  if (!fault.suggestion.empty()) line += fmt::format(" ({})", fault.suggestion);
  return line;
}

std::string describe(const SecretSource& source) {
  switch (source.kind) {
    case SecretKind::file: return fmt::format("file {}", printable(source.name));
    case SecretKind::credential: return fmt::format("credential {}", printable(source.name));
    case SecretKind::env: break;
  }
  // Somebody may have pasted the secret itself; the usual spelling of variables is the only one that is
  // shown.
  const bool usual =
      source.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
  return usual ? fmt::format("environment variable {}", source.name) : "the environment variable named here";
}

const SecretSetting& glofox_api_key(const Config& config, const Integration& integration) {
  return integration.glofox.api_key ? *integration.glofox.api_key : config.glofox.api_key;
}

const SecretSetting& glofox_api_token(const Config& config, const Integration& integration) {
  return integration.glofox.api_token ? *integration.glofox.api_token : config.glofox.api_token;
}

bool is_named(const Integration& integration, const std::vector<std::string>& names) {
  return std::ranges::find(names, integration.name) != names.end();
}

Result<std::vector<const Integration*>> select_integrations(const Config& config,
                                                            const std::vector<std::string>& names) {
  std::vector<std::string_view> known;
  for (const Integration& integration : config.integrations) known.emplace_back(integration.name);
  for (const std::string& name : names) {
    if (std::ranges::find(known, std::string_view(name)) != known.end()) continue;
    const std::string_view close = closest_word(name, known);
    return fail(Category::usage,
                fmt::format("--integration {}: the configuration has no integration of that name; {}",
                            printable(name),
                            close.empty() ? fmt::format("it has {}", fmt::join(known, ", "))
                                          : fmt::format("did you mean {}?", close)));
  }
  std::vector<const Integration*> selected;
  for (const Integration& integration : config.integrations) {
    if (names.empty() ? integration.enabled : is_named(integration, names)) selected.push_back(&integration);
  }
  return selected;
}

}  // namespace gk::config
