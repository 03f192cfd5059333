#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "checkin/visit.hpp"
#include "support/builders.hpp"
#include "support/manual_clock.hpp"

// Both services in memory as check-in sees them, and a way to run its pass over them.
namespace gk::test {

/// What becomes of one request.
enum class Fate {
  fine,
  refused,       ///< nothing was done, and it says so
  unauthorised,  ///< our credentials are refused
  unsent,        ///< the connection was never made
  lost_before,   ///< no answer; nothing was done
  lost_after,    ///< no answer; it was done
};

/// Decides over every request; the name is that of the port's function.
using Fates = std::function<Fate(std::string_view call)>;

inline std::optional<Error> failure_of(Fate fate) {
  if (fate == Fate::fine) return std::nullopt;
  if (fate == Fate::refused) return Error{Category::rejected, "refused", 400};
  if (fate == Fate::unauthorised) return Error{Category::auth, "refused", 401};
  Error error{Category::unavailable, "no answer"};
  error.outcome_unknown = fate != Fate::unsent;
  return error;
}

inline const PlaceId k_place{22801};
inline const LockId k_front_door{18842};
inline const LockId k_back_door{18843};
inline const LockId k_foreign_door{18850};

/// Kisi: doors, users, rows.
class FakeDoors final : public checkin::KisiCheckin {
 public:
  std::map<LockId, checkin::Door> doors{{k_front_door, {k_place, "Front door"}},
                                        {k_back_door, {k_place, "Back door"}},
                                        {k_foreign_door, {PlaceId{22802}, "Elsewhere"}}};
  std::map<UserId, User> users;
  std::vector<RoleAssignment> rows;
  std::vector<std::string> calls;
  Fates fates = [](std::string_view) { return Fate::fine; };

  [[nodiscard]] Result<UserId> read_own_user() override { return answer("read_own_user", k_self.id); }
  [[nodiscard]] Result<std::optional<checkin::Door>> read_door(LockId lock) override {
    const auto found = doors.find(lock);
    return answer("read_door",
                  found == doors.end() ? std::nullopt : std::optional<checkin::Door>(found->second));
  }
  [[nodiscard]] Result<std::optional<User>> read_user(UserId user) override {
    const auto found = users.find(user);
    return answer("read_user", found == users.end() ? std::nullopt : std::optional<User>(found->second));
  }
  [[nodiscard]] Result<std::optional<User>> find_user(const PersonKey& person) override {
    std::optional<User> match;
    for (const auto& entry : users) {
      if (entry.second.email.person() == person) match = entry.second;
    }
    return answer("find_user", match);
  }
  [[nodiscard]] Result<std::vector<RoleAssignment>> read_rows_of(UserId user) override {
    std::vector<RoleAssignment> own;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(own),
                 [user](const RoleAssignment& one) { return one.user == user; });
    return answer("read_rows_of", own);
  }

 private:
  template <class T>
  Result<T> answer(const char* call, T value) {
    calls.emplace_back(call);
    if (auto error = failure_of(fates(call))) return fail(*std::move(error));
    return value;
  }
};

/// Glofox: people, bookings, entries.
class FakeDesk final : public checkin::GlofoxCheckin {
 public:
  std::vector<Member> members;
  std::vector<Booking> bookings;
  std::vector<checkin::Entry> entries;
  std::map<BookingId, int> marks;  ///< how often each was marked by us
  bool entry_marks = false;        ///< an entry marks the bookings of the next hour too
  bool confirms = true;            ///< mark_attended says which it marked
  std::vector<std::string> calls;
  Fates fates = [](std::string_view) { return Fate::fine; };

  [[nodiscard]] Result<std::vector<Member>> find_members(const PersonKey& person) override {
    std::vector<Member> found;
    for (const Member& one : members) {
      if (one.email.person() == person) found.push_back(one);
    }
    return read("find_members", found);
  }
  [[nodiscard]] Result<std::optional<Member>> read_member(MemberId id) override {
    std::optional<Member> found;
    for (const Member& one : members) {
      if (one.id == id) found = one;
    }
    if (found && found->membership.status == MembershipStatus::missing) {
      found->membership.status = MembershipStatus::active;  // the single route is the fuller one
    }
    return read("read_member", found);
  }
  [[nodiscard]] Result<std::vector<Booking>> read_bookings_of(MemberId id, const Window& span) override {
    std::vector<Booking> found;
    for (const Booking& one : bookings) {
      if (one.member == id && span.contains(one.start)) found.push_back(one);
    }
    return read("read_bookings_of", found);
  }
  [[nodiscard]] Result<checkin::EntryReceipt> record_entry(const checkin::Entry& entry) override {
    const Fate fate = begin("record_entry");
    if (fate == Fate::fine || fate == Fate::lost_after) {
      entries.push_back(entry);
      for (Booking& one : bookings) {
        const bool near =
            one.member == entry.member && one.start - std::chrono::hours{1} <= entry.at && entry.at < one.end;
        if (entry_marks && near && one.status == BookingStatus::booked) one.attended = true;
      }
    }
    if (auto error = failure_of(fate)) return fail(*std::move(error));
    return checkin::EntryReceipt{};
  }
  [[nodiscard]] Result<bool> mark_attended(const BookingId& id) override {
    const Fate fate = begin("mark_attended");
    if (fate == Fate::fine || fate == Fate::lost_after) {
      ++marks[id];
      for (Booking& one : bookings) {
        if (one.id == id) one.attended = true;
      }
    }
    if (auto error = failure_of(fate)) return fail(*std::move(error));
    return confirms;
  }
  [[nodiscard]] bool is_attended(const BookingId& id) const {
    return std::any_of(bookings.begin(), bookings.end(),
                       [&](const Booking& one) { return one.id == id && one.attended; });
  }

 private:
  Fate begin(const char* call) {
    calls.emplace_back(call);
    return fates(call);
  }
  template <class T>
  Result<T> read(const char* call, T value) {
    if (auto error = failure_of(begin(call))) return fail(*std::move(error));
    return value;
  }
};

/// A directory of its own, removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "glofox-kisi-checkin-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The gym around one integration: people with rows of ours, and passes over it that share a cache, as
/// separate runs of the program would.
struct DoorWorld {
  FakeDoors kisi;
  FakeDesk glofox;
  TemporaryDirectory directory;
  std::string cache_path = (directory.path() / "checkins").string();
  Integration integration = default_integration();
  checkin::VisitOptions options;
  Instant now = at("2026-03-01T08:10:00Z");

  static Integration default_integration() {
    Integration integration;
    integration.name = "riverside";
    integration.location = k_branch;
    integration.place = k_place;
    integration.group = k_group;
    return integration;
  }

  /// Person `number`: Kisi user 7710000 + number with a row of ours, Glofox member member_id(number), our
  /// mark.
  UserId add_person(unsigned number, bool marked = true) {
    const UserId user{7710000 + static_cast<std::int64_t>(number)};
    const std::string email = fmt::format("person.{}@example.com", number);
    User added{user, email, email, {}};
    if (marked) {
      added.metadata["glofox_member_id"] = "\"" + member_id(number).text() + "\"";
      added.metadata["glofox_branch_id"] = "\"" + k_branch.value() + "\"";
    }
    kisi.users[user] = added;
    kisi.rows.push_back(row(9000 + static_cast<std::int64_t>(number), user.value(), email));
    glofox.members.push_back(member(number, email));
    return user;
  }

  [[nodiscard]] static checkin::Unlock unlock(std::string uuid, UserId user, std::string_view time,
                                              LockId lock = k_front_door) {
    checkin::Unlock unlock;
    unlock.uuid = std::move(uuid);
    unlock.type = "lock.unlock";
    unlock.success = true;
    unlock.actor_type = "User";
    unlock.actor = user;
    unlock.lock = lock;
    unlock.lock_name = "Front door";
    unlock.place = k_place;
    unlock.at = at(time);
    return unlock;
  }

  [[nodiscard]] checkin::Cache cache() const {
    return checkin::Cache({cache_path, k_branch.value(), integration.checkin.max_age});
  }

  /// As one start of the program: nothing is remembered but the files.
  [[nodiscard]] Result<checkin::Handled> run(const checkin::Unlock& unlock) {
    checkin::Cache store = cache();
    checkin::KisiLookups lookups(kisi, {});
    checkin::Visit visit(integration, options, lookups, glofox, store, log_);
    return visit.handle(unlock, now);
  }

  /// "applied entry=applied attendance=already_done", "ignored too-old", "error unavailable".
  [[nodiscard]] std::string outcome(const checkin::Unlock& unlock) {
    const auto handled = run(unlock);
    if (!handled) return fmt::format("error {}", category_name(handled.error().category));
    const checkin::CheckinResult& result = handled->result;
    std::string text(checkin::outcome_name(result.outcome));
    if (result.cause) text += fmt::format(" {}", checkin::cause_name(*result.cause));
    if (result.access) text += fmt::format(" entry={}", checkin::outcome_name(*result.access));
    if (result.attendance) text += fmt::format(" attendance={}", checkin::outcome_name(*result.attendance));
    return text;
  }

 private:
  ManualClock clock_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> sink_{std::tmpfile(), &std::fclose};
  Log log_{sink_.get(), LogLevel::debug, LogFormat::text, clock_};
};

}  // namespace gk::test
