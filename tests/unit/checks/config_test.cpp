#include <unistd.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "checks/config.hpp"
#include "checks/gather.hpp"

namespace gk::app::checks_config_test {

namespace {

using config::Fault;

const Fault k_fault{{12, 7, "$.kisi.rate"}, "unknown key", "did you mean requests_per_second?"};
const Fault k_bare{{3, 1, "$"}, "ends too early", ""};

struct TemporaryDirectory {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("gk-validate-" + std::to_string(::getpid()));
  TemporaryDirectory() { std::filesystem::create_directories(path); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("config.file tells every fault and warning, with its place and its fix") {
  config::Loaded loaded;
  loaded.path = "/etc/gk.json";
  loaded.faults = {k_fault, k_bare};
  loaded.warnings = {k_fault};
  const auto findings = judge_file(loaded);
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].status == CheckStatus::fail);
  CHECK(findings[0].code == ExitCode::config);
  CHECK(findings[0].detail == "/etc/gk.json:12:7: $.kisi.rate: unknown key");
  CHECK(findings[0].fix == "did you mean requests_per_second?");
  CHECK_FALSE(findings[1].fix.empty());
  CHECK(findings[2].status == CheckStatus::warn);

  loaded.faults.clear();
  CHECK(judge_file(loaded).size() == 1);
  loaded.warnings.clear();
  loaded.config.emplace().integrations.resize(1);
  const auto right = judge_file(loaded);
  REQUIRE(right.size() == 1);
  CHECK(right[0].status == CheckStatus::ok);
  CHECK(right[0].detail == "/etc/gk.json, 1 integration");
}

TEST_CASE("config.secrets") {
  const auto findings = judge_secrets({{k_bare}, {k_fault}}, "/etc/gk.json");
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].status == CheckStatus::fail);
  CHECK(findings[0].code == ExitCode::config);
  CHECK_FALSE(findings[0].fix.empty());
  CHECK(findings[1].status == CheckStatus::warn);
  const auto right = judge_secrets({}, "/etc/gk.json");
  REQUIRE(right.size() == 1);
  CHECK(right[0].status == CheckStatus::ok);
}

TEST_CASE("config.lock_directory") {
  const Finding one = judge_lock_directories({{"/run/a", "No such file"}, {"/b", ""}, {"/c", ""}});
  CHECK(one.status == CheckStatus::ok);
  CHECK(one.detail == "a lock file can be created in /b, /c");
  const Finding none = judge_lock_directories({{"/run/a", "No such file"}, {"/b", "Read-only"}});
  CHECK(none.status == CheckStatus::fail);
  CHECK(none.code == ExitCode::config);
  CHECK(none.detail == "no lock file can be created: /run/a (No such file), /b (Read-only)");
}

TEST_CASE("probing for the lock makes no file") {
  const TemporaryDirectory directory;
  const std::string path = directory.path.string();
  const auto problem = [&](const std::string& name) {
    return probe_lock_directories({path}, name).at(0).problem;
  };
  CHECK(problem("a.lock").empty());
  CHECK(std::filesystem::is_empty(directory.path));

  std::ofstream(path + "/there.lock") << "";
  CHECK(problem("there.lock").empty());
  std::filesystem::create_symlink("/dev/null", path + "/link.lock");
  CHECK(problem("link.lock") == "the lock file is a symbolic link");
  CHECK(probe_lock_directories({path + "/absent"}, "a.lock").at(0).problem == "No such file or directory");
}

}  // namespace gk::app::checks_config_test
