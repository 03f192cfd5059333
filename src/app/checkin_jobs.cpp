#include "app/checkin_jobs.hpp"

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
    case Category::forbidden:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string checkin_directory(const config::Integration& integration, const config::Environment& machine) {
  if (integration.checkin.dedupe_dir) return *integration.checkin.dedupe_dir;
  constexpr const char* k_name = "/glofox-kisi/checkins";
  const auto state = machine.get("XDG_STATE_HOME");
  if (state && state->starts_with('/')) return *state + k_name;
  const auto home = machine.get("HOME");
  return home && home->starts_with('/') ? *home + "/.local/state" + k_name : std::string();
}

std::chrono::seconds longest_age(const config::Config& config) {
  std::chrono::seconds longest{0};
  for (const config::Integration& integration : config.integrations)
    longest = std::max(longest, integration.checkin.max_age);
  return longest;
}

bool takes_part_in_checkin(const config::Integration& integration) {
  return integration.enabled && integration.checkin.enabled && integration.place;
}

checkin::Cache checkin_cache(const config::Config& config, const config::Integration& integration,
                             const config::Environment& machine) {
  return checkin::Cache(
      {checkin_directory(integration, machine), integration.location.value(), longest_age(config)});
}

void remember_own_user(const config::Config& config,
                       const std::vector<const config::Integration*>& integrations, UserId user,
                       const config::Environment& machine, Instant now) {
  const std::string key = fingerprint(config.kisi.api_key.value, config.kisi.base_url);
  for (const config::Integration* integration : integrations) {
    if (takes_part_in_checkin(*integration))
      checkin_cache(config, *integration, machine).remember_own_user(key, user, now);
  }
}

Participant::Participant(const config::Integration& integration, const checkin::VisitOptions& options,
                         checkin::Cache cache, Services& services, checkin::KisiLookups& lookups, Log& log)
    : integration_(integration),
      cache_(std::move(cache)),
      services_(services),
      front_desk_(services.glofox_transport(integration), services.glofox(integration), integration.location),
      visit_(integration, options, lookups, front_desk_, cache_, log) {
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
  const auto streak = streak_.note(result.error);
  if (report_.error || streak == FailureStreak::Kind::none) return;
  report_.error = result.error;
  if (streak == FailureStreak::Kind::forbidden) report_.error->category = Category::auth;
  report_.error = with_context("three unlocks in a row failed like this", *std::move(report_.error));
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

std::vector<ExitCode> earned_codes(const CheckinIntegration& report) {
  std::vector<ExitCode> codes;
  if (report.error && report.error->category != Category::interrupted)
    codes.push_back(from_category(report.error->category));
  for (const checkin::CheckinResult& result : report.results) {
    if (result.outcome != CheckinOutcome::failed && result.outcome != CheckinOutcome::unknown) continue;
    codes.push_back(ExitCode::partial);
    // Nothing was tried, because a service answered with something that cannot be used.
    const bool unread =
        !result.access && !result.attendance && result.error && result.error->category == Category::protocol;
    if (unread) codes.push_back(ExitCode::bad_data);
  }
  if (!report.notices.empty()) codes.push_back(ExitCode::bad_data);
  return codes;
}

std::vector<ExitCode> earned_codes(const CheckinReport& report) {
  std::vector<ExitCode> codes;
  for (const CheckinIntegration& integration : report.integrations) {
    const auto earned = earned_codes(integration);
    codes.insert(codes.end(), earned.begin(), earned.end());
  }
  return codes;
}

}  // namespace gk::app
