#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "checkin/ports.hpp"

namespace gk::checkin {

/// What Kisi says about doors and people; each question is asked once in a run. Errors are not kept.
class KisiLookups {
 public:
  /// The user behind our key as an earlier run saw it, and where to keep it for the next run; may be empty.
  struct Memory {
    std::function<std::optional<UserId>()> recall;
    std::function<void(UserId)> remember;
  };
  KisiLookups(KisiCheckin& kisi, Memory memory) : kisi_(kisi), memory_(std::move(memory)) {}

  /// The user behind our key.
  [[nodiscard]] Result<UserId> own_user();
  /// Asks Kisi even if an earlier run knew the answer, and keeps it for the next run.
  [[nodiscard]] Result<void> refresh_own_user();
  [[nodiscard]] Result<std::optional<Door>> door(LockId lock);
  [[nodiscard]] Result<std::optional<User>> user(UserId user);
  [[nodiscard]] Result<std::vector<RoleAssignment>> rows_of(UserId user);

 private:
  KisiCheckin& kisi_;
  Memory memory_;
  std::optional<UserId> own_user_;
  std::map<LockId, std::optional<Door>> doors_;
  std::map<UserId, std::optional<User>> users_;
  std::map<UserId, std::vector<RoleAssignment>> rows_;
};

}  // namespace gk::checkin
