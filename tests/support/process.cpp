#include "support/process.hpp"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

namespace gk::test {

namespace {

using std::chrono::milliseconds;

/// Memory as a file: it takes any amount without a reader, so no thread has to empty a pipe.
int open_memory(const char* name) {
  const int descriptor = ::memfd_create(name, MFD_CLOEXEC);
  if (descriptor < 0) throw std::runtime_error(std::string("memfd_create: ") + std::strerror(errno));
  return descriptor;
}

std::string read_whole(int descriptor) {
  std::string text;
  std::array<char, 65536> block{};
  while (true) {
    const ssize_t count = ::pread(descriptor, block.data(), block.size(), static_cast<off_t>(text.size()));
    if (count <= 0) return text;
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

int open_input(const std::string& input) {
  const int descriptor = open_memory("stdin");
  if (::write(descriptor, input.data(), input.size()) != static_cast<ssize_t>(input.size()))
    throw std::runtime_error("the input cannot be stored");
  ::lseek(descriptor, 0, SEEK_SET);
  return descriptor;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

struct Streams {
  int in = -1;
  int out = -1;  ///< -1: closed
  int err = -1;
};

/// In the child; only calls that are safe after a fork.
[[noreturn]] void become(const Streams& streams, char* const* argv, char* const* environment) {
  constexpr int k_cannot_run = 127;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(streams.in, STDIN_FILENO);
  ::dup2(streams.err, STDERR_FILENO);
  if (streams.out >= 0) {
    ::dup2(streams.out, STDOUT_FILENO);
  } else {
    ::close(STDOUT_FILENO);
  }
  ::execve(argv[0], argv, environment);
  ::_exit(k_cannot_run);
}

}  // namespace

Process::Process(const Program& program) : on_terminal_(program.output == Output::terminal) {
  std::vector<std::string> arguments = program.argv;
  std::vector<std::string> variables;
  for (const auto& [name, value] : program.environment) variables.push_back(name + "=" + value);
  const std::vector<char*> argv = pointers_to(arguments);
  const std::vector<char*> environment = pointers_to(variables);

  Streams streams;
  streams.in = open_input(program.input);
  int slave = -1;
  if (on_terminal_) {
    if (::openpty(&out_, &slave, nullptr, nullptr, nullptr) != 0)
      throw std::runtime_error("no pseudo terminal");
    ::fcntl(out_, F_SETFD, FD_CLOEXEC);
    ::fcntl(slave, F_SETFD, FD_CLOEXEC);
    ::fcntl(out_, F_SETFL, O_NONBLOCK);
    streams.out = streams.err = slave;
  } else {
    err_ = streams.err = open_memory("stderr");
    if (program.output == Output::full) {
      out_ = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    } else {
      out_ = open_memory("stdout");
    }
    streams.out = program.output == Output::closed ? -1 : out_;
  }
  id_ = ::fork();
  if (id_ == 0) become(streams, argv.data(), environment.data());
  ::close(streams.in);
  if (slave >= 0) ::close(slave);
  if (id_ < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
}

Process::Process(Process&& other) noexcept
    : id_(std::exchange(other.id_, -1)),
      out_(std::exchange(other.out_, -1)),
      err_(std::exchange(other.err_, -1)),
      on_terminal_(other.on_terminal_),
      terminal_text_(std::move(other.terminal_text_)),
      status_(other.status_) {}

Process::~Process() {
  if (id_ > 0 && !reap()) {
    send_signal(SIGKILL);
    int status = 0;
    ::waitpid(id_, &status, 0);
  }
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
}

bool Process::reap() {
  if (status_) return true;
  int status = 0;
  if (::waitpid(id_, &status, WNOHANG) != id_) return false;
  status_ = status;
  return true;
}

bool Process::is_running() { return !reap(); }

void Process::drain_terminal() {
  std::array<char, 4096> block{};
  while (on_terminal_) {
    const ssize_t count = ::read(out_, block.data(), block.size());
    if (count <= 0) return;
    terminal_text_.append(block.data(), static_cast<std::size_t>(count));
  }
}

std::string Process::out() {
  drain_terminal();
  return on_terminal_ ? terminal_text_ : read_whole(out_);
}

std::string Process::err() const { return on_terminal_ ? std::string() : read_whole(err_); }

std::optional<std::string> Process::first_line(milliseconds patience) {
  std::string text;
  const bool came = happens_within(patience, [&] {
    const bool over = reap();
    text = out();
    return over || text.find('\n') != std::string::npos;
  });
  const auto end = text.find('\n');
  if (!came || end == std::string::npos) return std::nullopt;
  return text.substr(0, end);
}

void Process::send_signal(int number) const {
  if (!status_) ::kill(id_, number);
}

Ended Process::ended() {
  Ended result;
  result.out = out();
  result.err = err();
  if (WIFEXITED(*status_)) result.exit_code = WEXITSTATUS(*status_);
  if (WIFSIGNALED(*status_)) result.signal = WTERMSIG(*status_);
  return result;
}

Ended Process::wait(milliseconds patience) {
  const bool over = happens_within(patience, [&] {
    drain_terminal();
    return reap();
  });
  if (over) return ended();
  Ended result = kill_and_wait();
  result.timed_out = true;
  return result;
}

Ended Process::kill_and_wait() {
  send_signal(SIGKILL);
  int status = 0;
  if (!status_ && ::waitpid(id_, &status, 0) == id_) status_ = status;
  return ended();
}

Ended run_program(const Program& program, milliseconds patience) { return Process(program).wait(patience); }

void pause_briefly() { std::this_thread::sleep_for(milliseconds{2}); }

}  // namespace gk::test
