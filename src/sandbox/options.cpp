#include "options.hpp"

#include "json.hpp"
#include "text.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>

namespace gk_sandbox {

namespace {

std::string switch_help() {
  std::string text = "Switches (--switch NAME=VALUE, default first):\n";
  for (const SwitchInfo& info : all_switches()) {
    std::string values = info.values;
    if (values == "N") {
      values = fmt::format("N ({})", info.default_value);
    }
    text += fmt::format("  {} = {}\n      {}\n", info.name, values, info.meaning);
  }
  return text;
}

/// `120` or `50-200`
bool read_latency(const std::string& text, LatencyRange& range) {
  const auto parts = split(text, '-');
  const auto least = parts.empty() ? std::nullopt : to_int(parts.front());
  const auto most = parts.empty() ? std::nullopt : to_int(parts.back());
  if (!least || !most || parts.size() > 2 || *least > *most) {
    return false;
  }
  range.least_ms = *least;
  range.most_ms = *most;
  return true;
}

}  // namespace

std::optional<int> read_options(int argc, char** argv, Options& options, Switches& switches) {
  CLI::App app{
      "A made-up gym: Glofox and Kisi in one process on loopback ports, for tests and for trying out "
      "glofox-kisi.\n"
      "Prints a JSON object with the addresses and credentials as the first line on standard output.",
      "glofox-kisi-sandbox"};
  std::vector<std::string> settings;
  std::string group = "empty";
  std::string journal = "full";
  std::string latency;
  std::string now;
  double eligible = -1;
  app.add_option("--kisi-port", options.kisi_port, "port of the Kisi service; 0 picks a free one");
  app.add_option("--glofox-port", options.glofox_port, "port of the Glofox service");
  app.add_option("--control-port", options.control_port, "port of the control routes");
  app.add_option("--people", options.gym.people, "number of people in Glofox")->capture_default_str();
  app.add_option("--seed", options.gym.seed, "the same seed makes the same gym")->capture_default_str();
  app.add_option("--now", now, "time (RFC 3339) at which the sandbox's clock starts; default: the real time");
  app.add_flag("--frozen", options.frozen, "stop the sandbox's clock");
  app.add_option("--time-zone", options.gym.zone, "IANA time zone of the branch and the place")
      ->capture_default_str();
  app.add_option(
      "--eligible-percent", eligible,
      "share of people with an ACTIVE time or time_classes membership; default: the mix of a real studio");
  app.add_option("--group", group,
                 "empty, or matching: the group starts with exactly the people who should be in it")
      ->check(CLI::IsMember({"empty", "matching"}))
      ->capture_default_str();
  app.add_option("--bookings", options.gym.bookings, "number of bookings around now")->capture_default_str();
  app.add_option("--foreign", options.gym.foreign, "number of rows in the group that somebody else made")
      ->capture_default_str();
  app.add_option("--state", options.state_file, "start from a dump of GET /state instead of a generated gym");
  app.add_option("--switch", settings, "NAME=VALUE, repeatable; see the list below");
  app.add_option("--latency", latency, "milliseconds added to every answer: 120 or 50-200");
  app.add_option("--latency-seed", options.latency.seed, "seed of a latency range");
  app.add_option("--kisi-rate-limit", options.kisi_rate,
                 "requests in a sliding second before Kisi answers 429");
  app.add_option("--glofox-rate-limit", options.glofox_rate,
                 "tokens per second of the bucket beyond which Glofox answers 429");
  app.add_option("--glofox-burst", options.glofox_burst, "size of that bucket; default: the rate");
  app.add_option("--journal", journal, "full, or summary: counters only")
      ->check(CLI::IsMember({"full", "summary"}))
      ->capture_default_str();
  app.add_option("--journal-limit", options.journal_limit, "the most entries that a full journal keeps")
      ->capture_default_str();
  app.add_option("--write-config", options.config_dir,
                 "write config.json and its secret files into this directory");
  app.add_flag("--stay", options.stay, "keep running when the process that started it ends");
  app.footer(switch_help());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  }
  const auto refuse = [](const std::string& text) {
    std::cerr << "glofox-kisi-sandbox: " << text << '\n';
    return 64;
  };
  for (const std::string& setting : settings) {
    const auto equals = std::min(setting.find('='), setting.size());
    const std::string fault =
        switches.set(setting.substr(0, equals), setting.substr(std::min(equals + 1, setting.size())));
    if (!fault.empty()) {
      return refuse(fault);
    }
  }
  if (!latency.empty() && !read_latency(latency, options.latency)) {
    return refuse("--latency takes milliseconds, or a range such as 50-200");
  }
  if (!now.empty()) {
    options.now = parse_rfc3339(now);
    if (!options.now) {
      return refuse("--now takes a time such as 2026-03-01T08:00:00Z");
    }
  }
  if (eligible >= 0) {
    options.gym.eligible_percent = std::min(eligible, 100.0);
  }
  options.gym.matching_group = group == "matching";
  options.full_journal = journal == "full";
  if (options.glofox_rate > 0 && options.glofox_burst <= 0) {
    options.glofox_burst = std::max(options.glofox_rate, 1.0);
  }
  return std::nullopt;
}

}  // namespace gk_sandbox
