#include "config_file.hpp"
#include "control_api.hpp"
#include "glofox_api.hpp"
#include "kisi_api.hpp"
#include "options.hpp"
#include "pipeline.hpp"
#include "state.hpp"

#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>

#include <unistd.h>

namespace gk_sandbox {

namespace {

/// Only the main thread takes signals, between its looks at the parent.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

/// Polls for a dead parent: the kernel's own notice also comes when only the thread that started us ends.
void wait_for_end(const sigset_t& signals, pid_t parent, bool stay) {
  constexpr timespec k_look{0, 200'000'000};
  while (sigtimedwait(&signals, nullptr, &k_look) < 0 && (stay || getppid() == parent)) {
  }
}

bool fill_world(World& world, const Options& options, Clock& clock) {
  make_installation(world);
  if (options.state_file.empty()) {
    generate_gym(world, options.gym, clock.now());
    return true;
  }
  std::ifstream file(options.state_file);
  std::ostringstream text;
  text << file.rdbuf();
  const std::string fault = file ? load_state(world, text.str()) : "cannot be read";
  if (!fault.empty()) {
    std::cerr << "glofox-kisi-sandbox: " << options.state_file << ": " << fault << '\n';
  }
  return fault.empty();
}

int safe_rate(double limit, int rate) { return limit > 0 ? rate : 100000; }

void announce(const ConfigFacts& facts, const std::string& control_url) {
  JsonText out;
  out.begin_object()
      .key("kisi")
      .begin_object()
      .field("base_url", facts.kisi_url)
      .field("api_key", facts.kisi_key)
      .end_object();
  out.key("glofox").begin_object().field("base_url", facts.glofox_url).field("api_key", facts.glofox_key);
  out.field("api_token", facts.glofox_token).field("location_id", facts.location_id).end_object();
  out.field("group_id", facts.group_id)
      .field("place_id", facts.place_id)
      .field("control_url", control_url)
      .end_object();
  std::cout << out.text() << std::endl;
}

int run(int argc, char** argv) {
  const pid_t parent = getppid();
  Options options;
  Switches switches;
  if (const auto code = read_options(argc, argv, options, switches)) {
    return *code;
  }
  const sigset_t signals = block_stop_signals();
  Clock clock;
  if (options.now || options.frozen) {
    clock.set(options.now.value_or(clock.now()), options.frozen);
  }
  World world;
  if (!fill_world(world, options, clock)) {
    return 66;
  }
  Journal journal(options.full_journal, options.journal_limit);
  Faults faults;
  const Pipeline::Parts parts{journal, faults, switches, clock};
  RateLimit kisi_limit(options.kisi_rate, 0);
  RateLimit glofox_limit(options.glofox_rate, options.glofox_burst);
  KisiApi kisi(world, switches, clock);
  GlofoxApi glofox(world, switches, clock);
  Pipeline kisi_line(
      Service::kisi, parts, kisi_limit, options.latency,
      [&kisi](const Call& call, const ListTricks& tricks) { return kisi.answer(call, tricks); });
  Pipeline glofox_line(
      Service::glofox, parts, glofox_limit, options.latency,
      [&glofox](const Call& call, const ListTricks& tricks) { return glofox.answer(call, tricks); });
  ControlApi control({world, switches, clock, journal, faults});
  HttpServer kisi_server(options.kisi_port,
                         [&kisi_line](const Call& call) { return kisi_line.answer(call); });
  HttpServer glofox_server(options.glofox_port,
                           [&glofox_line](const Call& call) { return glofox_line.answer(call); });
  HttpServer control_server(options.control_port,
                            [&control](const Call& call) { return control.answer(call); });
  for (HttpServer* server : {&kisi_server, &glofox_server, &control_server}) {
    server->start();
  }

  const Installation& installation = world.installation;
  ConfigFacts facts;
  facts.kisi_url = fmt::format("http://127.0.0.1:{}", kisi_server.port());
  facts.glofox_url = fmt::format("http://127.0.0.1:{}/prod", glofox_server.port());
  facts.kisi_key = installation.kisi_key;
  facts.glofox_key = installation.glofox_key;
  facts.glofox_token = installation.glofox_token;
  facts.location_id = installation.branch_id;
  facts.group_id = installation.group_id;
  facts.place_id = installation.place_id;
  facts.kisi_rate = safe_rate(options.kisi_rate, 4);
  facts.glofox_rate = safe_rate(options.glofox_rate, 8);
  facts.glofox_burst =
      options.glofox_rate > 0 ? std::max(static_cast<int>(options.glofox_burst * 0.8), 1) : 100000;
  if (!options.config_dir.empty()) {
    write_config(options.config_dir, facts);
  }
  announce(facts, fmt::format("http://127.0.0.1:{}", control_server.port()));
  wait_for_end(signals, parent, options.stay);
  interrupt_sleeps();
  for (HttpServer* server : {&kisi_server, &glofox_server, &control_server}) {
    server->stop();
  }
  return 0;
}

}  // namespace

}  // namespace gk_sandbox

int main(int argc, char** argv) {
  try {
    return gk_sandbox::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "glofox-kisi-sandbox: " << error.what() << '\n';
    return 1;
  }
}
