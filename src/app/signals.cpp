#include "app/signals.hpp"

#include <unistd.h>

#include <csignal>

namespace gk::app {

namespace {

// A handler has no context but globals; nothing else reads this.
StopFlag* the_flag = nullptr;

extern "C" void on_signal(int number) {
  constexpr int k_signal_base = 128;
  if (the_flag->requested()) _exit(k_signal_base + number);
  the_flag->request(number);
}

}  // namespace

void install_signal_handlers(StopFlag& stop) {
  the_flag = &stop;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace gk::app
