#include "commands/participant.hpp"

#include <algorithm>
#include <utility>

namespace gk::app {

namespace {

using checkin::CheckinOutcome;
using reconcile::IntegrationOutcome;

bool has(const CheckinIntegration& report, CheckinOutcome outcome) {
  return std::ranges::any_of(
      report.results, [outcome](const checkin::CheckinResult& result) { return result.outcome == outcome; });
}

/// A fault of one answer; everything else concerns every unlock that follows.
bool concerns_one_unlock(const Error& error) {
  switch (error.category) {
    case Category::protocol:
    case Category::rejected:
    case Category::conflict:
    case Category::not_found:
    case Category::forbidden: return true;
    default: return false;
  }
}

}  // namespace

Participant::Participant(const config::Integration& integration, const checkin::VisitOptions& options,
                         checkin::Cache cache, Services& services, checkin::KisiLookups& lookups, Log& log)
    : integration_(integration),
      cache_(std::move(cache)),
      services_(services),
      glofox_(services.glofox_transport(integration), services.glofox(integration), integration.location),
      visit_(integration, options, lookups, glofox_, cache_, log) {
  report_.name = integration.name;
}

void Participant::handle(const checkin::Unlock& unlock, Instant now) {
  const reconcile::RequestCounts before = services_.requests();
  auto handled = visit_.handle(unlock, now);
  report_.requests += services_.requests() - before;
  if (!handled && !concerns_one_unlock(handled.error())) {
    report_.error = std::move(handled).error();
    return;
  }
  if (!handled) {
    checkin::CheckinResult result = checkin::result_of(unlock);
    result.outcome = CheckinOutcome::failed;
    result.error = std::move(handled).error();
    report_.results.push_back(std::move(result));
  } else {
    if (handled->stop) report_.error = std::move(handled->stop);
    report_.results.push_back(std::move(handled->result));
  }
  note_failures(report_.results.back());
}

void Participant::note_failures(const checkin::CheckinResult& result) {
  if (result.outcome == CheckinOutcome::ignored) return;  // says nothing about the service
  auto streak = streak_.note(result.error);
  if (!report_.error) report_.error = std::move(streak);
}

void Participant::finish(bool dry_run) {
  if (report_.error) {
    report_.outcome = IntegrationOutcome::failed;
  } else if (has(report_, CheckinOutcome::failed) || has(report_, CheckinOutcome::unknown)) {
    report_.outcome = IntegrationOutcome::partial;
  } else if (has(report_, CheckinOutcome::applied)) {
    report_.outcome = IntegrationOutcome::changed;
  } else {
    const bool pending = dry_run && has(report_, CheckinOutcome::planned);
    report_.outcome = pending ? IntegrationOutcome::pending : IntegrationOutcome::in_sync;
  }
}

}  // namespace gk::app
