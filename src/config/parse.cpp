#include "config/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "config/consistency.hpp"
#include "config/keys.hpp"
#include "util/text.hpp"

namespace gk::config {

namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

Parsed only(Fault fault) { return {std::nullopt, {std::move(fault)}, {}}; }

/// The first line that is not UTF-8, and where in it the trouble starts.
Fault encoding_fault(std::string_view text) {
  int line = 1;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    const std::string_view current = text.substr(0, length);
    if (!is_utf8(current)) {
      // Every prefix before the broken byte is fine or merely cut inside a character, so the first broken one
      // counts.
      std::size_t good = 0;
      int column = 1;
      for (std::size_t end = 1; end <= current.size() && end - good <= 4; ++end) {
        if (!is_utf8(current.substr(good, end - good))) continue;
        good = end;
        ++column;
      }
      return {{line, column, "$"}, "the file is not UTF-8 from here on", "save it as UTF-8"};
    }
    text.remove_prefix(std::min(length + 1, text.size()));
    ++line;
  }
  return {{0, 0, "$"}, "the file is not UTF-8", "save it as UTF-8"};
}

void sort_by_place(std::vector<Fault>& faults) {
  const auto place = [](const Fault& fault) {
    return std::tie(fault.where.line, fault.where.column, fault.where.path);
  };
  std::ranges::stable_sort(faults, std::less<>{}, place);
}

}  // namespace

Parsed parse(std::string_view text) {
  if (text.size() > k_max_config_bytes) {
    return only({{0, 0, "$"},
                 fmt::format("the file is larger than {} bytes", k_max_config_bytes),
                 "is it the right file?"});
  }
  if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
  if (!is_utf8(text)) return only(encoding_fault(text));
  if (text.find('\0') != std::string_view::npos) {
    return only({{0, 0, "$"}, "the file contains NUL bytes", "save it as plain UTF-8 text"});
  }
  if (trim(text).empty())
    return only({{0, 0, "$"}, "the file is empty", "docs/configuration.md has an example to start from"});

  Tree tree = parse_tree(text);
  if (!tree.root) return only(std::move(tree.fault));
  Parsed parsed;
  Config config;
  document_keys().read(config, *tree.root, "$", parsed.faults);
  check_consistency(*tree.root, parsed.faults, parsed.warnings);
  sort_by_place(parsed.faults);
  sort_by_place(parsed.warnings);
  if (!parsed.faults.empty()) return parsed;
  for (Integration& integration : config.integrations) {
    if (integration.bookings.group == integration.group) integration.bookings.group.reset();
  }
  parsed.config = std::move(config);
  return parsed;
}

}  // namespace gk::config
