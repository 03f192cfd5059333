#include "app/signals.hpp"

#include <unistd.h>

#include <csignal>

#include "app/exit_code.hpp"

namespace gk::app {

namespace {

// A handler has no context but globals; nothing else reads this.
StopFlag* the_flag = nullptr;

extern "C" void on_signal(int number) {
  if (the_flag->requested()) _exit(signal_exit_code(number));
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
