#pragma once

#include <optional>

#include "checkin/cache.hpp"
#include "checkin/decision.hpp"
#include "checkin/kisi_lookups.hpp"
#include "checkin/ports.hpp"
#include "util/log.hpp"

namespace gk::checkin {

/// How unlocks are handled.
struct VisitOptions {
  bool dry_run = false;
  /// Without a usable cache no entry is sent: for the catch-up, which sees the same unlocks again and again.
  /// A hook sends it: the person is at the door now, and webhooks are seldom delivered twice.
  bool needs_cache = false;
};

/// What handling one unlock gave.
struct Handled {
  CheckinResult result;
  std::optional<Error> stop;  ///< why nothing more can be sent: credentials, deadline, a signal
};

/// Handles the unlocks of one integration. For each, in this order: what the event says of itself;
/// the cache; door, rows, own user and user in Kisi (four reads, of which an earlier run saves one); the
/// person in Glofox; the entry; the booking.
class Visit {
 public:
  Visit(const Integration& integration, const VisitOptions& options, KisiLookups& lookups,
        GlofoxCheckin& glofox, Cache& cache, Log& log)
      : integration_(integration),
        options_(options),
        lookups_(lookups),
        glofox_(glofox),
        cache_(cache),
        log_(log) {}

  /// Decides and, unless it is a dry run, sends. An error means that nothing was decided and nothing sent.
  [[nodiscard]] Result<Handled> handle(const Unlock& unlock, Instant now);

 private:
  struct Work;
  [[nodiscard]] Result<void> decide(Work& work);
  [[nodiscard]] Result<void> take_claim(Work& work);
  [[nodiscard]] Result<bool> is_entitled(Work& work);
  [[nodiscard]] Result<void> identify(Work& work);
  [[nodiscard]] Result<void> choose_by_email(Work& work, const PersonKey& person);
  void settle_entry(Work& work);
  void send_entry(Work& work);
  void settle_attendance(Work& work);
  void send_attendance(Work& work, const Booking& booking);
  [[nodiscard]] Result<std::vector<Booking>> read_bookings(Work& work, MemberId member);
  void conclude(Work& work);
  void warn_about_cache(const Error& error);

  const Integration& integration_;
  const VisitOptions& options_;
  KisiLookups& lookups_;
  GlofoxCheckin& glofox_;
  Cache& cache_;
  Log& log_;
  bool cache_warned_ = false;
};

}  // namespace gk::checkin
