#pragma once

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "config/parse.hpp"

namespace gk::config::test {

/// The smallest configuration without a fault. The tables of faults count on its lines and columns.
inline constexpr std::string_view k_minimal = R"({
  "version": 1,
  "kisi": { "api_key": { "env": "KISI_KEY" } },
  "glofox": { "api_key": { "env": "GLOFOX_KEY" }, "api_token": { "env": "GLOFOX_TOKEN" } },
  "integrations": [
    {
      "name": "riverside",
      "location_id": "64b0c0ffee00000000000b01",
      "group_id": 45510
    }
  ]
}
)";

/// `text` with one occurrence of `from` replaced; a table row whose `from` is not there exactly once is a
/// mistake.
inline std::string edited(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const std::size_t at = out.find(from);
  REQUIRE(at != std::string::npos);
  REQUIRE(out.find(from, at + 1) == std::string::npos);
  return out.replace(at, from.size(), to);
}

/// k_minimal with more keys in its integration: `more` is "\"key\": value".
inline std::string with_keys(std::string_view more) {
  return edited(k_minimal, "\"group_id\": 45510", "\"group_id\": 45510, " + std::string(more));
}

/// The faults as printed for a file called "c".
inline std::vector<std::string> printed(const std::vector<Fault>& faults) {
  std::vector<std::string> lines;
  for (const Fault& fault : faults) lines.push_back(format_fault("c", fault));
  return lines;
}

/// One row: an edit of k_minimal, and every fault that it must give.
struct FaultRow {
  std::string_view name, from, to;
  std::vector<std::string> faults;
};

inline void check_rows(const std::vector<FaultRow>& rows) {
  for (const FaultRow& row : rows) {
    INFO(row.name);
    const Parsed parsed = parse(edited(k_minimal, row.from, row.to));
    CHECK(printed(parsed.faults) == row.faults);
    CHECK_FALSE(parsed.config.has_value());
  }
}

/// Every value as text, so that two configurations compare.
std::string dump(const Config& config);

inline std::string read_fixture(const std::string& name) {
  std::ifstream file(std::string(GK_FIXTURES) + "/config/" + name, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace gk::config::test
