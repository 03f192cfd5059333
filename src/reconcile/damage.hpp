#pragma once

#include <string>

#include "reconcile/damage_kind.hpp"
#include "reconcile/ports.hpp"

namespace gk::reconcile {

/// The damaged copy. Pure.
[[nodiscard]] Roster damage_roster(const Roster& roster, Damage damage, Instant now);

/// A RosterSource whose list is damaged in memory after it was read; all other questions are answered by the
/// service itself, as they would be in such an hour.
class DamagedRoster final : public RosterSource {
 public:
  DamagedRoster(RosterSource& inner, Damage damage, Instant now)
      : inner_(inner), damage_(damage), now_(now) {}

  [[nodiscard]] Result<RosterSnapshot> read_roster() override;
  [[nodiscard]] std::vector<Result<std::optional<Member>>> read_members(
      std::span<const MemberId> ids) override {
    return inner_.read_members(ids);
  }
  [[nodiscard]] Result<std::vector<Member>> find_members(const PersonKey& person) override {
    return inner_.find_members(person);
  }
  [[nodiscard]] Result<Catalogue> read_catalogue() override { return inner_.read_catalogue(); }
  [[nodiscard]] Result<std::vector<Booking>> read_bookings_of(MemberId member, const Window& span) override {
    return inner_.read_bookings_of(member, span);
  }
  [[nodiscard]] Result<BookingSnapshot> read_bookings(const Window& span, BookingStatus status) override {
    return inner_.read_bookings(span, status);
  }
  [[nodiscard]] Result<PeopleReading> read_people(std::span<const MemberId> ids) override {
    return inner_.read_people(ids);
  }
  [[nodiscard]] Result<std::map<ClassId, GymClass>> read_classes(const std::set<ClassId>& ids,
                                                                 const Window& span) override {
    return inner_.read_classes(ids, span);
  }
  /// "1366 people read, 683 left"; empty before a list was read.
  [[nodiscard]] const std::string& account() const { return account_; }

 private:
  RosterSource& inner_;
  Damage damage_;
  Instant now_;
  std::string account_;
};

}  // namespace gk::reconcile
