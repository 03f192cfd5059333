#pragma once

#include <cstdio>
#include <string>

#include "util/clock.hpp"

namespace gk::app {

/// One line on a terminal's standard error for work longer than two seconds: done/total, rate, time left
/// (contract 2). Rewritten in place at most five times a second and erased at the end; silent when
/// `out` is null.
class Progress {
 public:
  Progress(std::FILE* out, Clock& clock) : out_(out), clock_(clock) {}
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(const std::string& what, std::size_t done, std::size_t total);
  void finish();

 private:
  std::FILE* out_;
  Clock& clock_;
  std::string what_;
  SteadyTime started_{}, shown_{};
  bool visible_ = false;
};

/// "riverside: 40/380, 2.0/s, 2m 50s left". Pure.
[[nodiscard]] std::string format_progress(const std::string& what, std::size_t done, std::size_t total,
                                          std::chrono::duration<double> elapsed);

}  // namespace gk::app
