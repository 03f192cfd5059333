#pragma once

#include "generate.hpp"
#include "pipeline.hpp"
#include "switches.hpp"

#include <optional>
#include <string>

namespace gk_sandbox {

struct Options {
  int kisi_port = 0;
  int glofox_port = 0;
  int control_port = 0;
  GymPlan gym;
  std::optional<Epoch> now;
  bool frozen = false;
  std::string state_file;
  std::string config_dir;
  LatencyRange latency;
  double kisi_rate = 0;
  double glofox_rate = 0;
  double glofox_burst = 0;
  bool full_journal = true;
  std::size_t journal_limit = 1'000'000;
  bool stay = false;
};

/// Fills `options` and `switches`. A value: end now with this exit code.
[[nodiscard]] std::optional<int> read_options(int argc, char** argv, Options& options, Switches& switches);

}  // namespace gk_sandbox
