#pragma once

#include "checks/facts.hpp"
#include "checks/report.hpp"

/// Which checks there are, in which order, and which of them rest on which.
namespace gk::app {

/// Every check of the Kisi account.
void add_kisi_checks(CheckList& list, const KisiFacts& facts);

/// Every check of one integration, on both services.
void add_integration_checks(CheckList& list, const KisiFacts& kisi, const config::Integration& integration,
                            const IntegrationFacts& facts);

}  // namespace gk::app
