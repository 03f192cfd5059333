#include "app/checkin_cache.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace gk::app::checkin_cache_test {

namespace {

config::Machine machine(std::map<std::string, std::string> variables) {
  config::Machine environment;
  environment.get = [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
  return environment;
}

}  // namespace

TEST_CASE("where the cache is") {
  config::Integration integration;
  CHECK(checkin_directory(integration, machine({})).empty());
  CHECK(checkin_directory(integration, machine({{"HOME", "/home/gk"}})) ==
        "/home/gk/.local/state/glofox-kisi/checkins");
  CHECK(checkin_directory(integration, machine({{"HOME", "/home/gk"}, {"XDG_STATE_HOME", "/state"}})) ==
        "/state/glofox-kisi/checkins");
  CHECK(checkin_directory(integration, machine({{"HOME", "relative"}, {"XDG_STATE_HOME", "relative"}}))
            .empty());
  integration.checkin.dedupe_dir = "/var/lib/glofox-kisi/checkins";
  CHECK(checkin_directory(integration, machine({{"HOME", "/home/gk"}})) == "/var/lib/glofox-kisi/checkins");
}

}  // namespace gk::app::checkin_cache_test
