#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gk::test {

/// Where a program's standard output goes.
enum class Output {
  captured,  ///< read back with Process::out()
  closed,    ///< descriptor 1 is not open at all
  full,      ///< every write fails: no space left on the device
  terminal,  ///< both streams on one pseudo terminal, read back with Process::out()
};

struct Program {
  std::vector<std::string> argv;                   ///< argv[0] is the file to run
  std::map<std::string, std::string> environment;  ///< the whole of it; nothing is inherited
  std::string input;
  Output output = Output::captured;
};

struct Ended {
  int exit_code = -1;  ///< -1 when a signal ended it
  int signal = 0;
  bool timed_out = false;  ///< and was killed for it
  std::string out;
  std::string err;
};

/// A started program. Killed and waited for at the latest when this object goes.
class Process {
 public:
  explicit Process(const Program& program);
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  ~Process();

  [[nodiscard]] pid_t id() const { return id_; }
  [[nodiscard]] bool is_running();
  /// What it has written so far.
  [[nodiscard]] std::string out();
  [[nodiscard]] std::string err() const;
  /// The first line of standard output without its end; nothing when it ends or is silent for too long.
  [[nodiscard]] std::optional<std::string> first_line(std::chrono::milliseconds patience);
  void send_signal(int number) const;
  Ended wait(std::chrono::milliseconds patience = std::chrono::minutes{2});
  Ended kill_and_wait();

 private:
  void drain_terminal();
  bool reap();
  Ended ended();

  pid_t id_ = -1;
  int out_ = -1;
  int err_ = -1;
  bool on_terminal_ = false;
  std::string terminal_text_;
  std::optional<int> status_;
};

/// Starts a program and waits for its end.
[[nodiscard]] Ended run_program(const Program& program,
                                std::chrono::milliseconds patience = std::chrono::minutes{2});

/// Looks every few milliseconds whether something has happened; false when it does not in time.
template <class Condition>
[[nodiscard]] bool happens_within(std::chrono::milliseconds patience, Condition&& condition);

/// A short pause between two looks.
void pause_briefly();

template <class Condition>
bool happens_within(std::chrono::milliseconds patience, Condition&& condition) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    pause_briefly();
  }
  return true;
}

}  // namespace gk::test
