#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/node.hpp"
#include "config/rules.hpp"

namespace gk::config {

/// Compares a value and everything in it with its rule; every deviation becomes a fault.
void check_value(const Node& node, const Rule& rule, const std::string& path, std::vector<Fault>& faults);

/// What no single rule can say: rates against the base_url, names and groups across integrations, and so on.
/// Tolerates a document that has faults already, so that all are reported at once.
void check_document(const Node& root, std::vector<Fault>& faults, std::vector<Fault>& warnings);

/// The closest of `words`, if it is close enough to be meant, or one that contains what was typed; else "".
[[nodiscard]] std::string_view closest_word(std::string_view typed,
                                            const std::vector<std::string_view>& words);

/// A fault at a value.
[[nodiscard]] Fault fault_at(const Node& node, std::string path, std::string message,
                             std::string suggestion = "");

}  // namespace gk::config
