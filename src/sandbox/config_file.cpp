#include "config_file.hpp"

#include "json.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace gk_sandbox {

namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, const std::string& text) {
  fs::remove(path);
  std::ofstream file(path);
  // Closed to others before the secret is in it.
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  file << text;
  file.close();
  if (!file) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

}  // namespace

void write_config(const std::string& directory, const ConfigFacts& facts) {
  fs::create_directories(directory);
  fs::permissions(directory, fs::perms::owner_all);
  const fs::path base = fs::absolute(directory);
  write_file(base / "kisi_api_key", facts.kisi_key + "\n");
  write_file(base / "glofox_api_key", facts.glofox_key + "\n");
  write_file(base / "glofox_api_token", facts.glofox_token + "\n");
  JsonText out;
  const auto secret = [&](const char* key, const char* file) {
    out.key(key).begin_object().field("file", (base / file).string()).end_object();
  };
  out.begin_object().field("version", 1);
  out.key("kisi").begin_object().field("base_url", facts.kisi_url);
  secret("api_key", "kisi_api_key");
  out.field("requests_per_second", facts.kisi_rate).end_object();
  out.key("glofox").begin_object().field("base_url", facts.glofox_url);
  secret("api_key", "glofox_api_key");
  secret("api_token", "glofox_api_token");
  out.field("requests_per_second", facts.glofox_rate).field("burst", facts.glofox_burst).end_object();
  out.key("integrations")
      .begin_array()
      .begin_object()
      .field("name", "riverside")
      .field("location_id", facts.location_id);
  out.field("group_id", facts.group_id)
      .field("place_id", facts.place_id)
      .end_object()
      .end_array()
      .end_object();
  write_file(base / "config.json", out.text() + "\n");
}

}  // namespace gk_sandbox
