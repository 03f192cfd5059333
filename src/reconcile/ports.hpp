#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "domain/booking.hpp"
#include "domain/listing.hpp"
#include "domain/roster.hpp"
#include "domain/row.hpp"
#include "domain/user.hpp"
#include "util/result.hpp"

namespace gk::reconcile {

/// What Glofox says about one location, read in one go.
struct RosterSnapshot {
  Branch branch;
  Reading<Roster> roster;
};

/// The bookings of one location, read in one go.
struct BookingSnapshot {
  Branch branch;
  Reading<std::vector<Booking>> bookings;
  std::map<MemberId, BookingId> unreadable;  ///< who made a booking whose time cannot be read
  /// The list was too long and was read class by class: bookings without a class (time slots) are not in it.
  bool by_class = false;
};

/// Who is behind some ids, read by whichever way takes fewer requests.
struct PeopleReading {
  std::map<MemberId, Member> people;    ///< whom the service shows, the soft-deleted too
  std::map<MemberId, Error> unread;     ///< no answer came; an id in neither is unknown to the service
  std::optional<Reading<Roster>> list;  ///< the member list, when that was the way
};

/// Where desired state comes from: one Glofox location. Failed reads carry the Category that decides the exit
/// code.
class RosterSource {
 public:
  virtual ~RosterSource() = default;
  /// The branch and its whole member list. An error only when nothing can be used (credentials, unknown
  /// location, branch unreadable); an incomplete list is a Partial.
  [[nodiscard]] virtual Result<RosterSnapshot> read_roster() = 0;
  /// Single members, answers in the order asked. nullopt: the service does not know the id or no longer shows
  /// it.
  [[nodiscard]] virtual std::vector<Result<std::optional<Member>>> read_members(
      std::span<const MemberId> ids) = 0;
  /// People of the location whose e-mail is exactly this one; maybe several, maybe none.
  [[nodiscard]] virtual Result<std::vector<Member>> find_members(const PersonKey& person) = 0;
  /// Every plan that the location sells or sold, hidden ones too.
  [[nodiscard]] virtual Result<Catalogue> read_catalogue() = 0;
  /// Bookings of one person whose class starts inside `span`, any status.
  [[nodiscard]] virtual Result<std::vector<Booking>> read_bookings_of(MemberId member,
                                                                      const Window& span) = 0;
  /// The branch, and everybody's bookings of this status whose class starts inside `span`. An error only
  /// when nothing can be used (credentials, unknown location, no usable time zone).
  [[nodiscard]] virtual Result<BookingSnapshot> read_bookings(const Window& span, BookingStatus status) = 0;
  /// An error only when it concerns everybody (credentials, deadline, a signal).
  [[nodiscard]] virtual Result<PeopleReading> read_people(std::span<const MemberId> ids) = 0;
  /// Classes by id; those that cannot be read, or are not known, are left out. `span` holds their starts.
  [[nodiscard]] virtual Result<std::map<ClassId, GymClass>> read_classes(const std::set<ClassId>& ids,
                                                                         const Window& span) = 0;
};

/// What Kisi says about one group, read in one go.
struct GroupSnapshot {
  Self self;
  Group group;
  Reading<std::vector<RoleAssignment>> rows;
};

/// Where access is held: one Kisi organization, seen by the user behind our key. Writes are single requests;
/// a Category tells what became of them, `outcome_unknown` that nobody knows yet.
class AccessControl {
 public:
  virtual ~AccessControl() = default;
  /// Who we are, the group, and all its rows, foreign ones too. An error only when nothing can be used.
  [[nodiscard]] virtual Result<GroupSnapshot> read_group(GroupId group) = 0;
  /// The rows that one user has in the group now.
  [[nodiscard]] virtual Result<std::vector<RoleAssignment>> read_rows_of(UserId user, GroupId group) = 0;
  [[nodiscard]] virtual Result<RoleAssignment> read_row(RoleAssignmentId row) = 0;

  /// One look-up by e-mail, compared exactly. nullopt does not prove absence (kisi-api 5.1).
  [[nodiscard]] virtual Result<std::optional<User>> find_user(const PersonKey& person) = 0;
  /// As find_user(), then the free-text search, compared exactly: for after a 409.
  [[nodiscard]] virtual Result<std::optional<User>> search_user(const PersonKey& person) = 0;
  /// All users, page by page, if that takes at most `max_requests` (the first page tells). False: it would
  /// take more, and only the first page was shown. Users may be shown that are on the first page only.
  [[nodiscard]] virtual Result<bool> list_users(std::size_t max_requests,
                                                const std::function<void(const User&)>& on_user) = 0;
  /// Users by id, in any order; unknown ids are left out.
  [[nodiscard]] virtual Result<std::vector<User>> read_users(std::span<const UserId> ids) = 0;

  [[nodiscard]] virtual Result<User> create_user(const NewUser& user) = 0;
  /// Adds our keys to a user's metadata; every other key keeps its value (the whole map is sent,
  /// kisi-api 5.6).
  [[nodiscard]] virtual Result<void> merge_metadata(const User& user, MemberId member,
                                                    const BranchId& branch) = 0;
  [[nodiscard]] virtual Result<RoleAssignmentId> grant(UserId user, GroupId group,
                                                       const Validity& validity) = 0;
  /// As grant(), for somebody whose row was just revoked for it: it is sent even when a stop is requested or
  /// the deadline has passed meanwhile.
  [[nodiscard]] virtual Result<RoleAssignmentId> regrant(UserId user, GroupId group,
                                                         const Validity& validity) = 0;
  /// Sends the new bounds. Success does not prove that the service took them: read the row.
  [[nodiscard]] virtual Result<void> change(RoleAssignmentId row, const Validity& validity) = 0;
  /// A row that is gone already counts as success.
  [[nodiscard]] virtual Result<void> revoke(RoleAssignmentId row) = 0;
};

}  // namespace gk::reconcile
