#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reconcile/reconciler.hpp"
#include "support/builders.hpp"
#include "support/manual_clock.hpp"

// Both services in memory, behind the reconciler's ports.
namespace gk::test {

/// Thrown by a fake in the place of SIGKILL: the request has taken effect, its answer is never seen.
struct Killed {};

/// One call of a port.
struct Call {
  std::string verb;  ///< the function's name
  UserId user;
  GroupId group;
  RoleAssignmentId row;
  std::string email;
  Validity validity;
  bool must_follow = false;  ///< a grant sent as regrant()
};

/// What becomes of one call.
enum class Fault {
  none,
  unreachable,    ///< never sent
  lost,           ///< outcome unknown; without effect
  done_but_lost,  ///< outcome unknown; it took effect
  unauthorized,   ///< 401
  forbidden,      ///< 403
  missing,        ///< 404
  conflict,       ///< 409
  rejected,       ///< 422
  throttled,      ///< 429 after all retries
  out_of_time,    ///< the deadline passed before it could be sent
};

/// Where Kisi's behaviour is not documented (kisi-api 19).
struct KisiSwitches {
  enum class SecondRow { conflict, extra };
  enum class Patch { works, ignored, refused };
  enum class Metadata { replace, merge };
  SecondRow second_row = SecondRow::conflict;
  Patch patch = Patch::works;
  Metadata metadata = Metadata::replace;
  int search_lag = 0;  ///< looks by e-mail that do not see a user who was just created
};

/// Kisi in memory.
class FakeKisi : public reconcile::AccessControl {
 public:
  FakeKisi();

  KisiSwitches switches;
  std::function<Fault(const Call&)> fault;  ///< asked at every call; empty: no faults
  std::optional<std::size_t> kill_at;       ///< the call (counted from 1) at which Killed is thrown
  std::map<GroupId, Group> groups;
  std::map<GroupId, Error> partial_groups;  ///< groups whose listing is not whole
  std::map<UserId, User> users;
  std::map<RoleAssignmentId, RoleAssignment> rows;
  std::vector<Call> calls;   ///< everything that was asked
  std::vector<Call> writes;  ///< what took effect

  UserId add_user(std::string_view email);
  /// A row of ours for a user who is made if need be.
  RoleAssignmentId add_row(std::string_view email, Validity validity = Validity::open_ended(),
                           GroupId group = k_group);
  RoleAssignmentId add_foreign_row(std::string_view email, Validity validity = Validity::open_ended());
  /// From now on the look-ups see everybody, as they do by the next run.
  void catch_up() { hidden_.clear(); }
  [[nodiscard]] std::vector<RoleAssignment> rows_of(std::string_view email, GroupId group = k_group) const;
  [[nodiscard]] bool is_inside(std::string_view email, Instant now, GroupId group = k_group) const;
  /// Who may enter when, without ids: equal for two organizations that are the same to people.
  [[nodiscard]] std::multiset<std::string> state() const;
  [[nodiscard]] std::size_t count(std::string_view verb) const;

  Result<reconcile::GroupSnapshot> read_group(GroupId group) override;
  Result<std::vector<RoleAssignment>> read_rows_of(UserId user, GroupId group) override;
  Result<RoleAssignment> read_row(RoleAssignmentId row) override;
  Result<std::optional<User>> find_user(const PersonKey& person) override;
  Result<std::optional<User>> search_user(const PersonKey& person) override;
  Result<bool> list_users(std::size_t max_requests, const std::function<void(const User&)>& on_user) override;
  Result<std::vector<User>> read_users(std::span<const UserId> ids) override;
  Result<User> create_user(const NewUser& user) override;
  Result<void> merge_metadata(const User& user, MemberId member, const BranchId& branch) override;
  Result<RoleAssignmentId> grant(UserId user, GroupId group, const Validity& validity) override;
  /// In the journal a grant that must follow.
  Result<RoleAssignmentId> regrant(UserId user, GroupId group, const Validity& validity) override;
  Result<void> change(RoleAssignmentId row, const Validity& validity) override;
  Result<void> revoke(RoleAssignmentId row) override;

 private:
  /// Journals the call; an error when it fails before it has any effect.
  [[nodiscard]] std::optional<Error> begin(const Call& call);
  /// Ends a call that had its effect; an error when its answer is lost.
  [[nodiscard]] std::optional<Error> end(const Call& call, bool took_effect);
  [[nodiscard]] Result<RoleAssignmentId> add_granted(const Call& call);
  [[nodiscard]] std::optional<User> look_up(const PersonKey& person);
  [[nodiscard]] std::optional<User> user_by_email(const PersonKey& person) const;

  std::map<UserId, int> hidden_;  ///< looks that still do not see this user
  Fault planned_ = Fault::none;
  std::int64_t next_user_ = 7700000;
  std::int64_t next_row_ = 9900000;
};

/// One Glofox location in memory.
class FakeGlofox final : public reconcile::RosterSource {
 public:
  Branch branch{k_branch, "Riverside", "Europe/Dublin"};
  std::vector<Member> members;          ///< everybody whom the service knows
  std::set<MemberId> unlisted;          ///< known, but missing from the listing
  std::map<MemberId, Membership> thin;  ///< as the listing shows them, where that is less
  std::optional<Error> listing_fault;   ///< the listing is not whole
  std::optional<Error> outage;          ///< nothing can be read
  std::map<MemberId, Error> member_faults;
  std::map<PersonKey, Error> search_faults;
  std::map<MemberId, Error> booking_faults;
  std::map<MemberId, std::vector<Booking>> bookings;
  std::set<BookingId> unlisted_bookings;       ///< known, but missing from the list of everybody's
  std::optional<Error> booking_listing_fault;  ///< the list of bookings is not whole
  std::map<MemberId, BookingId> unreadable;    ///< have a booking whose time cannot be read
  std::map<ClassId, GymClass> classes;
  bool lists_people = false;  ///< people are read by the member list, not one by one
  Result<Catalogue> catalogue = Catalogue{};
  std::size_t single_reads = 0, searches = 0, catalogue_reads = 0, booking_reads = 0, event_reads = 0,
              booking_lists = 0;

  [[nodiscard]] Member& find(std::string_view email);
  void remove(std::string_view email);

  Result<reconcile::RosterSnapshot> read_roster() override;
  std::vector<Result<std::optional<Member>>> read_members(std::span<const MemberId> ids) override;
  Result<std::vector<Member>> find_members(const PersonKey& person) override;
  Result<Catalogue> read_catalogue() override;
  Result<std::vector<Booking>> read_bookings_of(MemberId member, const Window& span) override;
  Result<reconcile::BookingSnapshot> read_bookings(const Window& span, BookingStatus status) override;
  Result<reconcile::PeopleReading> read_people(std::span<const MemberId> ids) override;
  Result<std::map<ClassId, GymClass>> read_classes(const std::set<ClassId>& ids, const Window& span) override;
};

/// A gym with both services and one integration; each sync() is one run of sync-members, each sync_bookings()
/// one of sync-bookings.
struct InMemoryGym {
  FakeGlofox glofox;
  FakeKisi kisi;
  ManualClock clock;
  StopFlag stop;
  reconcile::Job job = default_job();
  bool dry_run = false;
  std::optional<SteadyTime> deadline;

  reconcile::IntegrationReport sync();
  reconcile::IntegrationReport sync_bookings();
  /// An active member who is inside already, as an earlier run would have left them.
  void add_settled(unsigned number, std::string_view email);
  [[nodiscard]] bool is_inside(std::string_view email) { return kisi.is_inside(email, clock.now()); }

  [[nodiscard]] static reconcile::Job default_job();
};

}  // namespace gk::test
