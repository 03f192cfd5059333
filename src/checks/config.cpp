#include "checks/config.hpp"

#include <fmt/format.h>

#include "checks/judge.hpp"

namespace gk::app {

namespace {

/// The suggestion has its own field.
std::string describe(const std::string& path, config::Fault fault) {
  fault.suggestion.clear();
  return config::format_fault(path, fault);
}

std::vector<Finding> judge_faults(const std::vector<config::Fault>& faults,
                                  const std::vector<config::Fault>& warnings, const std::string& path,
                                  const char* fault_fix, const char* warning_fix) {
  std::vector<Finding> findings;
  findings.reserve(faults.size() + warnings.size());
  const auto fix = [](const config::Fault& fault, const char* otherwise) {
    return fault.suggestion.empty() ? std::string(otherwise) : fault.suggestion;
  };
  for (const config::Fault& fault : faults) {
    findings.push_back(failed(ExitCode::config, describe(path, fault), fix(fault, fault_fix)));
  }
  for (const config::Fault& warning : warnings) {
    findings.push_back(warned(describe(path, warning), fix(warning, warning_fix)));
  }
  return findings;
}

}  // namespace

std::vector<Finding> judge_file(const config::Loaded& loaded) {
  auto findings = judge_faults(loaded.faults, loaded.warnings, loaded.path,
                               "correct this; docs/configuration.md explains every key",
                               "see docs/configuration.md, and check that this is what you want");
  if (findings.empty() && loaded.config) {
    findings.push_back(passed(
        fmt::format("{}, {}", loaded.path, counted(loaded.config->integrations.size(), "integration"))));
  }
  return findings;
}

std::vector<Finding> judge_secrets(const config::SecretProblems& problems, const std::string& config_path) {
  auto findings = judge_faults(problems.faults, problems.warnings, config_path,
                               "put the secret there, readable only by this program's user",
                               "make sure that nobody else can read it");
  if (findings.empty()) findings.push_back(passed("this program can read all of them, and nobody else can"));
  return findings;
}

Finding judge_lock_directories(const std::vector<LockProbe>& probes) {
  std::vector<std::string> usable, refused;
  for (const auto& [directory, problem] : probes) {
    if (problem.empty())
      usable.push_back(directory);
    else
      refused.push_back(fmt::format("{} ({})", directory, problem));
  }
  if (!usable.empty())
    return passed(fmt::format("a lock file can be created in {}", fmt::join(usable, ", ")));
  return failed(
      ExitCode::config, fmt::format("no lock file can be created: {}", fmt::join(refused, ", ")),
      "let this program's user write to one of these directories, or set TMPDIR to one that it can write to");
}

}  // namespace gk::app
