#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <type_traits>

#include "util/id.hpp"

namespace gk::util::id_test {

namespace {

using DoorId = gk::Id<struct DoorIdTag, std::int64_t>;
using WindowId = gk::Id<struct WindowIdTag, std::int64_t>;
static_assert(!std::is_convertible_v<std::int64_t, DoorId>, "a number is no id by itself");
static_assert(!std::is_constructible_v<DoorId, WindowId>, "ids of different kinds do not mix");

}  // namespace

TEST_CASE("ids compare, hash and print as their value") {
  CHECK(DoorId{7} == DoorId{7});
  CHECK(DoorId{7} < DoorId{8});
  CHECK(fmt::format("{}", DoorId{7}) == "7");
  CHECK(std::hash<DoorId>{}(DoorId{7}) == std::hash<std::int64_t>{}(7));
}

}  // namespace gk::util::id_test
