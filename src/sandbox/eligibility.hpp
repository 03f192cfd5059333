#pragma once

#include "world.hpp"

#include <string>
#include <vector>

namespace gk_sandbox {

/// Any of the date forms of glofox-api 3 as an instant; nothing for null, "", 0 and everything unreadable.
[[nodiscard]] std::optional<Epoch> read_date(const Value* value);

/// Looks at the dates only: started, and before the end of the local expiry day (the end is excluded when not
/// `day_inclusive`).
[[nodiscard]] bool is_current_member(const std::string& row, const Zone& zone, Epoch now, bool day_inclusive);

/// Membership access by the default rules: time and time_classes, ACTIVE, started, 24 h of grace after the
/// expiry day.
[[nodiscard]] bool has_member_access(const Person& person, const Zone& zone, Epoch now);

/// Trimmed, one `@`, no spaces, a dot in the domain.
[[nodiscard]] bool is_usable_email(const std::string& folded);

struct ExpectedPerson {
  std::string email;
  std::string name;
  std::vector<std::string> member_ids;
};

/// Who should be in the group now, one entry per e-mail, sorted. Worked out here on purpose, with no code of
/// the product.
[[nodiscard]] std::vector<ExpectedPerson> expected_people(World& world, Epoch now);

struct ExpectedWindow {
  std::string email;
  Epoch from = 0;
  Epoch until = 0;
};

/// Merged booking windows (one hour before to one hour after) that end after now and begin within
/// `lookahead`.
[[nodiscard]] std::vector<ExpectedWindow> expected_windows(World& world, Epoch now, Epoch lookahead);

}  // namespace gk_sandbox
