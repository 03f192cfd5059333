#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "e2e/sandbox_gym.hpp"

// Contract 4: secrets never appear in a log, an error, a report, argv or a crash dump.
namespace gk::test::secrets_test {

namespace fs = std::filesystem;

namespace {

void require_no_secret(const SandboxGym& gym, const std::string& text) {
  for (const std::string& secret : gym.secrets()) CHECK_FALSE(contains(text, secret));
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// In every form and at every level of detail.
void require_silence_about_secrets(const SandboxGym& gym) {
  for (const char* verbosity : {"-q", "-v", "-vv", "-vvvv"}) {
    for (const char* output : {"text", "json"}) {
      const Ended run = gym.sync({verbosity, "--output", output, "--log-format", output});
      CAPTURE(verbosity, output);
      CHECK(run.exit_code >= 0);
      require_no_secret(gym, run.out);
      require_no_secret(gym, run.err);
    }
  }
}

}  // namespace

TEST_CASE("no secret is printed, whatever happens and however much is asked for", "[secrets]") {
  const std::string fault =
      GENERATE(as<std::string>(), "", R"("kind":"status","status":401)", R"("kind":"status","status":503)",
               R"("kind":"malformed")", R"("kind":"reset_before")", R"("kind":"redirect")");
  CAPTURE(fault);
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  if (!fault.empty()) gym.add_fault("{" + fault + "}");
  require_silence_about_secrets(gym);
}

TEST_CASE("no secret is printed even when a service repeats it in its error", "[secrets]") {
  const SandboxGym gym;
  const auto secrets = gym.secrets();
  gym.add_fault(fmt::format(
      R"({{"kind":"status","status":403,"body":{{"error":"no access for {}","message":"{} {}"}}}})",
      secrets[0], secrets[1], secrets[2]));
  require_silence_about_secrets(gym);
}

TEST_CASE("a run shows no secret in the process list, and its memory is closed to others", "[secrets]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  gym.add_fault(R"({"service":"kisi","nth":2,"kind":"latency","ms":20000})");
  Process run(gym.sync_program());
  wait_for_fault(gym, run);
  const fs::path process = fs::path("/proc") / std::to_string(run.id());
  const std::string arguments = read_file(process / "cmdline");
  CHECK(contains(arguments, "sync-members"));
  require_no_secret(gym, arguments);
  require_no_secret(gym, read_file(process / "environ"));
#ifndef GK_SANITIZED
  // A process that may not be dumped belongs to root in /proc, and leaves no core.
  struct stat info {};
  REQUIRE(::stat((process / "mem").c_str(), &info) == 0);
  CHECK(info.st_uid == 0);
#endif
  run.send_signal(SIGABRT);
  const Ended ended = run.wait();
  CHECK(ended.signal == SIGABRT);
  require_no_secret(gym, ended.out + ended.err);
  for (const auto& entry : fs::directory_iterator(gym.directory()))
    CHECK_FALSE(entry.path().filename().string().starts_with("core"));
}

TEST_CASE("no file that a run leaves behind holds a secret", "[secrets]") {
  const SandboxGym gym;
  gym.add_member("ada@example.com");
  require_exit(gym.sync(), 0);
  for (const char* place : {"runtime", "tmp", "home"}) {
    for (const auto& entry : fs::recursive_directory_iterator(gym.directory() / place)) {
      if (entry.is_regular_file()) require_no_secret(gym, entry.path().string() + read_file(entry.path()));
    }
  }
}

TEST_CASE("the secrets of the environment and of credentials work as those of files", "[secrets]") {
  const std::string source = GENERATE("env", "credential");
  CAPTURE(source);
  SandboxGym gym;
  gym.add_member("ada@example.com");
  gym.settings.kisi_secret =
      fmt::format(R"({{"{}":"{}"}})", source, source == "env" ? "KISI_KEY" : "kisi_key");
  if (source == "env") {
    gym.environment["KISI_KEY"] = gym.secrets().front();
  } else {
    gym.write_file("kisi_key", gym.secrets().front());
    gym.environment["CREDENTIALS_DIRECTORY"] = gym.directory().string();
  }
  require_exit(gym.sync(), 0);
  require_settled(gym);
}

}  // namespace gk::test::secrets_test
