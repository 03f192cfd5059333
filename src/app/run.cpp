#include "app/run.hpp"

#include <fmt/format.h>

#include <random>

#include "app/services.hpp"

namespace gk::app {

std::string new_run_id(Instant now) {
  std::random_device random;
  return fmt::format("{}-{:08x}", format_rfc3339(now), random());
}

std::function<double()> random_source() {
  return [engine = std::minstd_rand(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  };
}

std::vector<std::string> lock_directories(const config::Environment& machine) {
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

Result<void> accept_configuration(const std::vector<config::Fault>& faults,
                                  const std::vector<config::Fault>& warnings, Envelope& report, Log& log) {
  for (const config::Fault& warning : warnings)
    log.write(LogLevel::warning, config::format_fault(report.config_path, warning));
  if (faults.empty()) return {};
  report.faults = faults;
  return fail(Category::config, fmt::format("the configuration has {} fault{}; nothing was read or changed",
                                            faults.size(), faults.size() == 1 ? "" : "s"));
}

bool wants_color(const GlobalOptions& global, const Process& process) {
  const auto no_color = process.machine.get("NO_COLOR");
  const bool refused =
      global.no_color || (no_color && !no_color->empty()) || process.machine.get("TERM") == "dumb";
  return process.out_is_terminal && !refused;
}

bool print(std::FILE* out, const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), out) == text.size() && std::fflush(out) == 0;
}

int conclude(int exit_code, bool printed, const Process& process) {
  if (printed) return exit_code;
  static_cast<void>(print(process.err, "error: the result could not be written to standard output\n"));
  constexpr int k_signal_base = 128;
  return exit_code > k_signal_base ? exit_code : to_int(ExitCode::internal_error);
}

}  // namespace gk::app
