#pragma once

#include "support/fake_services.hpp"
#include "support/invariants.hpp"

// The in-memory services in the words of the invariants.
namespace gk::test {

[[nodiscard]] KisiState state_of(const FakeKisi& kisi);

/// What everybody may claim: by the records that Glofox lists, or, for people whom it does not list, by those
/// that it knows when asked. The words of contract 5, spelled apart from the product.
[[nodiscard]] std::map<std::string, Claim> claims_of(const FakeGlofox& glofox, const reconcile::Job& job,
                                                     Instant now);

/// The terms of one run over these services.
[[nodiscard]] Terms terms_of(const InMemoryGym& gym, Instant now);

/// The people whom a report names as held for review.
[[nodiscard]] std::set<std::string> held_people(const reconcile::IntegrationReport& report);

/// Whether a run reported no trouble but people held for review.
[[nodiscard]] bool was_clean(const reconcile::IntegrationReport& report);

}  // namespace gk::test
