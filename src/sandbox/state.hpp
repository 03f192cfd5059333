#pragma once

#include "world.hpp"

#include <string>

namespace gk_sandbox {

/// The whole world as one JSON document, from which load_state() makes the same world.
[[nodiscard]] std::string dump_state(const World& world, Epoch now);

/// Replaces the world. Returns "" when done, else what is wrong with the document.
[[nodiscard]] std::string load_state(World& world, const std::string& text);

/// The main group in a compact form without ids, sorted, so that two end states can be compared byte for
/// byte.
[[nodiscard]] std::string compact_group(const World& world, std::int64_t group_id);
[[nodiscard]] std::string full_group(const World& world, std::int64_t group_id);

}  // namespace gk_sandbox
