#pragma once

#include <optional>
#include <string>

#include "reconcile/plan.hpp"

namespace gk::reconcile {

/// How one integration ended (contract 9).
enum class IntegrationOutcome { in_sync, pending, changed, partial, held, failed, skipped };

[[nodiscard]] std::string_view outcome_name(IntegrationOutcome outcome);

/// Counts of the actions planned or done; held ones count in `held` alone, failed ones (and those of unknown
/// outcome) in `failed` alone.
struct Summary {
  std::size_t desired = 0, observed = 0, foreign = 0, create_user = 0, grant = 0, change = 0, revoke = 0,
              keep = 0;
  std::size_t held = 0, failed = 0;
  std::size_t open_now = 0;  ///< people whose right opens the door at the moment that is planned for
};

[[nodiscard]] Summary summarise(const Plan& plan);

/// How the people behind ids were read: whichever takes fewer requests.
enum class PeopleSource { none, list, singly };

[[nodiscard]] std::string_view people_source_name(PeopleSource source);

/// What was read from Glofox.
struct SourceSummary {
  std::optional<std::size_t> members, bookings;  ///< nothing: not read
  PeopleSource people = PeopleSource::none;
  bool complete = false;
};

/// Tries that were sent (contract 9).
struct RequestCounts {
  std::size_t glofox = 0, kisi = 0, retries = 0, throttled = 0;

  friend RequestCounts operator-(const RequestCounts& after, const RequestCounts& before) {
    return {after.glofox - before.glofox, after.kisi - before.kisi, after.retries - before.retries,
            after.throttled - before.throttled};
  }
  RequestCounts& operator+=(const RequestCounts& more) {
    glofox += more.glofox;
    kisi += more.kisi;
    retries += more.retries;
    throttled += more.throttled;
    return *this;
  }
};

/// One integration's part of the report; text and JSON are rendered from it.
struct IntegrationReport {
  std::string name;
  IntegrationOutcome outcome = IntegrationOutcome::failed;
  std::optional<Error> error;
  SourceSummary source;
  Plan plan;
  Summary summary;
  RequestCounts requests;
  std::optional<bool> verified;  ///< read-back: the group is as planned. Nothing: nothing was written
  std::string mismatch;          ///< what the read-back found
  std::string time_zone;         ///< of the location; empty when it was not read
  std::string group_name;
  bool limit_holds = false;     ///< a safety limit holds something (exit 4)
  bool people_held = false;     ///< single people are held for review (exit 3)
  bool actions_failed = false;  ///< exit 3
  std::optional<Error>
      stopped_by;  ///< deadline, signal, or a service that refused or went away while applying
};

}  // namespace gk::reconcile
