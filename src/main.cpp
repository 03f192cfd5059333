#include <fmt/format.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "app/exit_code.hpp"
#include "app/process.hpp"
#include "app/signals.hpp"
#include "commands/dispatch.hpp"
#include "http/curl_transport.hpp"

int main(int argc, char** argv) {
#ifndef GK_SANITIZED  // the leak checker attaches to this process; sanitizers bring their own allocator
  // Secrets are in this process's memory: no core file, and no other process of the user may read it.
  prctl(PR_SET_DUMPABLE, 0);
  // One heap for both reading threads, and large blocks go back to the system at once (decision 9).
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 256 * 1024);
#endif
  try {
    const gk::http::CurlGlobal curl;
    gk::StopFlag stop;
    gk::app::install_signal_handlers(stop);
    gk::SystemClock clock(stop);
    const gk::app::Process process{.machine = gk::config::this_machine(),
                                   .clock = clock,
                                   .stop = stop,
                                   .out = stdout,
                                   .err = stderr,
                                   .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                                   .err_is_terminal = isatty(STDERR_FILENO) == 1,
                                   .in = stdin};
    return gk::app::run(argc, argv, process);
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "internal error: {}. Please report this; what was changed so far stays, and the next run "
               "carries on\n",
               error.what());
    return gk::app::to_int(gk::app::ExitCode::internal_error);
  }
}
