#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <string>
#include <type_traits>
#include <utility>

#include "util/secret.hpp"

namespace gk::util::secret_test {

namespace {

static_assert(!std::is_convertible_v<gk::Secret, std::string>, "a secret has one way out");
static_assert(!fmt::is_formattable<gk::Secret>::value, "a secret cannot be printed");

}  // namespace

TEST_CASE("a secret that was moved from leaves no bytes behind") {
  gk::Secret secret("short key");
  const char* const bytes = secret.reveal().data();
  const gk::Secret other = std::move(secret);
  CHECK(other.reveal() == "short key");
  CHECK(secret.empty());
  CHECK(std::string(bytes, 9) == std::string(9, '\0'));
}

}  // namespace gk::util::secret_test
