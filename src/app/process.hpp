#pragma once

#include <cstdio>

#include "config/load.hpp"
#include "util/clock.hpp"

namespace gk::app {

/// The world outside, as the commands see it; tests give their own.
struct Process {
  config::Machine machine;  ///< variables and files
  Clock& clock;
  StopFlag& stop;
  std::FILE* out;  ///< results
  std::FILE* err;  ///< everything else
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::FILE* in = nullptr;  ///< standard input; null: there is none
};

}  // namespace gk::app
