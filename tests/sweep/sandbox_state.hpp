#pragma once

#include "e2e/sandbox_gym.hpp"
#include "support/invariants.hpp"

// The sandbox in the words of the invariants.
namespace gk::test {

/// Everything that a run may change, and the whole state as text, to go back to.
struct SandboxState {
  KisiState kisi;
  CheckinState checkins;
  std::string text;
};

[[nodiscard]] SandboxState state_of(const SandboxGym& gym);

/// What everybody may claim, by the sandbox's own opinion: memberships, and booking windows where asked for.
[[nodiscard]] std::map<std::string, Claim> claims_of(const SandboxGym& gym, bool with_windows);

}  // namespace gk::test
