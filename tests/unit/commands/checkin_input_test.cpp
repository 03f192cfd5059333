#include "commands/checkin_input.hpp"

#include <catch2/catch.hpp>

namespace gk::app::commands_checkin_input_test {

namespace {

// RFC 4231, test case 2.
const std::string k_body = "what do ya want for nothing?";
const std::string k_mac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

config::Integration integration(const char* name, const char* key) {
  config::Integration made;
  made.name = name;
  if (key != nullptr) {
    made.signature_key.emplace();
    made.signature_key->value = Secret(key);
  }
  return made;
}

/// The names of those who trust the body; "refused" when nobody may.
std::string trusting(const std::vector<const config::Integration*>& integrations,
                     const std::optional<std::string>& signature) {
  const auto found = verify_delivery(k_body, signature, integrations);
  if (!found) {
    CHECK(found.error().category == Category::auth);
    return "refused";
  }
  std::string names;
  for (const config::Integration* one : *found) names += one->name;
  return names;
}

}  // namespace

TEST_CASE("who trusts a body") {
  const auto open = integration("o", nullptr);
  const auto right = integration("r", "Jefe");
  const auto other = integration("x", "another");
  const auto empty = integration("e", "");
  CHECK(trusting({&open}, {}) == "o");
  CHECK(trusting({&open}, "nonsense") == "o");
  CHECK(trusting({&right}, k_mac) == "r");
  CHECK(trusting({&right}, {}) == "refused");
  CHECK(trusting({&right}, "") == "refused");
  CHECK(trusting({&right}, "nonsense") == "refused");
  CHECK(trusting({&other}, k_mac) == "refused");
  CHECK(trusting({&right, &other}, k_mac) == "r");
  CHECK(trusting({&open, &right}, k_mac) == "or");
  CHECK(trusting({&open, &right}, {}) == "refused");
  CHECK(trusting({&empty}, k_mac) == "refused");
}

}  // namespace gk::app::commands_checkin_input_test
