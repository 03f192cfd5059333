#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkin/unlock.hpp"
#include "domain/booking.hpp"
#include "domain/roster.hpp"
#include "domain/row.hpp"
#include "domain/user.hpp"
#include "domain/window.hpp"
#include "util/result.hpp"

/// What check-in needs of both services; the clients implement it.
namespace gk::checkin {

/// A Kisi door.
struct Door {
  PlaceId place;
  std::string name;
};

/// What check-in asks Kisi about one unlock. Each call is one request unless said otherwise. Errors as of
/// kisi::KisiClient.
class KisiCheckin {
 public:
  virtual ~KisiCheckin() = default;
  /// The user behind our key.
  [[nodiscard]] virtual Result<UserId> read_own_user() = 0;
  /// Nothing when Kisi does not show such a lock.
  [[nodiscard]] virtual Result<std::optional<Door>> read_door(LockId lock) = 0;
  /// Nothing when Kisi does not show such a user.
  [[nodiscard]] virtual Result<std::optional<User>> read_user(UserId user) = 0;
  /// By exact e-mail; one or two requests.
  [[nodiscard]] virtual Result<std::optional<User>> find_user(const PersonKey& person) = 0;
  /// Every row of this person in any group; one request per 250.
  [[nodiscard]] virtual Result<std::vector<RoleAssignment>> read_rows_of(UserId user) = 0;
};

/// The unlocks that Kisi has for a span of time.
struct Unlocks {
  std::vector<Unlock> usable;  ///< each uuid once, by time, then uuid
  std::size_t unusable = 0;    ///< events that could not be read
  bool cut_short = false;      ///< Kisi had more than could be read
};

/// Kisi's record of unlocks (kisi-api 13).
class UnlockSource {
 public:
  virtual ~UnlockSource() = default;
  /// The successful unlocks in `span`; of one place, or of the whole organization. May take minutes.
  [[nodiscard]] virtual Result<Unlocks> read_unlocks(const Window& span,
                                                     const std::optional<PlaceId>& place) = 0;
};

/// One entry at a door, as Glofox records it (glofox-api 8.1).
struct Entry {
  MemberId member;
  Instant at{};
  std::string door;  ///< display name
};

/// Glofox's answer to an entry.
struct EntryReceipt {
  bool granted = true;  ///< its status is what was sent
  bool valid = true;    ///< valid_on_entry; false is worth a warning
};

/// What check-in asks and tells one Glofox location about one unlock. Each call is one request unless said
/// otherwise. A write whose effect is unknown fails with `outcome_unknown`; a write that fails without it
/// certainly had no effect.
class GlofoxCheckin {
 public:
  virtual ~GlofoxCheckin() = default;
  /// Everybody with this e-mail.
  [[nodiscard]] virtual Result<std::vector<Member>> find_members(const PersonKey& person) = 0;
  /// Nothing when Glofox does not show this person.
  [[nodiscard]] virtual Result<std::optional<Member>> read_member(MemberId member) = 0;
  /// Those that start in `span`, of any status.
  [[nodiscard]] virtual Result<std::vector<Booking>> read_bookings_of(MemberId member,
                                                                      const Window& span) = 0;
  /// Every call creates a new entry: never repeat one that may have arrived.
  [[nodiscard]] virtual Result<EntryReceipt> record_entry(const Entry& entry) = 0;
  /// True when Glofox says that it marked exactly this booking.
  [[nodiscard]] virtual Result<bool> mark_attended(const BookingId& booking) = 0;
};

}  // namespace gk::checkin
