#include "switches.hpp"

#include "json.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

constexpr auto k_switches = std::to_array<SwitchInfo>({
    // Kisi (kisi-api 19)
    {"email_filter", "exact", "exact|case_sensitive|prefix|ignored", "what users?email= matches (1)"},
    {"search_lag", "0", "N", "look-ups by e-mail and text do not see the last N users created (5.1)"},
    {"duplicate_email", "409", "409|422", "answer to a user whose e-mail exists (2)"},
    {"duplicate_assignment", "conflict", "conflict|unprocessable|extra_row|extra_row_other_window",
     "second role of one user in one group (3)"},
    {"patch_window", "works", "works|ignored|refused", "PATCH of valid_from and valid_until (4)"},
    {"metadata_patch", "replace", "replace|merge", "PATCH of a user's metadata (5)"},
    {"expired_rows", "kept", "kept|dropped", "expired role assignments in lists (6)"},
    {"window_end", "exclusive", "exclusive|inclusive", "is valid_until itself still valid (7)"},
    {"users_group_filter", "all", "all|current", "does users?group_id= count rows outside their window (8)"},
    {"users_count", "users", "users|rows|current", "what a group's users_count counts (18.6)"},
    {"retry_after", "none", "none|seconds|date", "header with 429, both services (9)"},
    {"rate_limit_body", "json", "json|empty|html", "body with 429, both services (9)"},
    {"over_limit", "error", "error|clamp", "limit or offset above the maximum (10)"},
    {"range_past_end", "range", "range|star", "collection range when offset is past the end (11)"},
    {"range_header", "present", "present|absent", "X-Collection-Range on lists (3)"},
    {"signature_form", "prefixed", "prefixed|bare", "X-Signature with or without sha256= (12)"},
    {"webhook_email", "no", "no|yes", "does the webhook body carry actor_email (14)"},
    {"event_order", "descending", "descending|ascending|shuffled", "order of an event set (15)"},
    {"event_cap", "10000", "N", "most events in one event set (15)"},
    {"event_set_polls", "1", "N", "how often an event set says in_progress before it is finished (13.3)"},
    {"event_set_limit", "on", "on|off", "at most one POST of an event set per second (2)"},
    {"access_enabled_default", "true", "true|false", "user created without access_enabled (16)"},
    {"notify_default", "true", "true|false", "role assignment created without notify (16)"},
    {"integration_enabled_default", "true", "true|false", "integration created without enabled (16)"},
    {"patch_email", "ignored", "ignored|refused|works", "PATCH of a user's e-mail (18)"},
    {"creator_deleted", "null", "null|kept", "created_by of rows whose creator is deleted (20)"},
    {"missing_id", "mixed", "mixed|403|404",
     "an id that does not exist; mixed = 404 for users and role assignments, else 403 (4.2)"},
    {"role_row_form", "new", "new|old", "old: role assignments without the assignee and applies_to keys (7)"},
    {"role_post_form", "both", "both|new|old", "which keys POST of a role assignment understands (7.2)"},
    {"extra_filters", "respected", "respected|ignored", "filters of role assignment lists (7.1)"},
    {"list_order", "id", "id|id_desc", "order of Kisi lists without sort (3)"},
    {"deprecation", "members", "members|all|none", "which routes answer with Deprecation and Sunset (4.5)"},
    {"unlock_route", "forbidden", "forbidden|works", "POST /locks/{id}/unlock (11)"},
    // Glofox (glofox-api 13)
    {"access_repeat", "new_entry", "new_entry|same_entry|refused",
     "POST /2.0/access for the same person and entry_at (1)"},
    {"access_unknown_user", "success_false", "success_false|400|404",
     "POST /2.0/access for an unknown person (1)"},
    {"access_window_minutes", "60", "N", "how far ahead access marks a booking as attended (1)"},
    {"access_marks", "always", "always|granted|never", "when access marks the attendance (1)"},
    {"access_window_base", "entry_at", "entry_at|now", "what the hour is counted from (1)"},
    {"bookings_local_filter", "wall_clock", "wall_clock|instant|ignored",
     "time_start_* and time_finish_* of 2.2 bookings (2)"},
    {"list_thin_membership", "no", "no|yes", "member list rows carry only type, start_date and id (3)"},
    {"member_order", "created_desc", "created_desc|modified_desc|id|shuffled",
     "order of the member list (5)"},
    {"booking_order", "created", "created|created_desc|shuffled", "order of 2.2 bookings (5)"},
    {"glofox_over_limit", "clamp", "clamp|honour|error", "limit above 100 (6)"},
    {"attendance_repeat", "ok", "ok|omitted|refused", "attendance of a booking that is attended (7)"},
    {"auth_error", "status", "status|success_false",
     "wrong token or branch: 401 and 403, or 200 with success false (1.4)"},
    {"auth_body", "json", "json|empty|html", "body of 401 and 403 (9)"},
    {"expiry_day", "inclusive", "inclusive|exclusive", "is the expiry day valid, for valid_on_entry (10)"},
    {"visitors", "included", "included|hidden", "people of other home branches in the member list (11)"},
    {"roaming_bookings", "included", "included|hidden", "bookings of people of other branches (12)"},
    {"deleted_member", "success_false", "success_false|404|row", "single read of a deleted person (4.4)"},
    {"single_wrapper", "bare", "bare|data", "single objects bare or in data (2)"},
    {"unknown_path", "404", "404|success_false", "status with WRONG_URL (1.4)"},
    {"v3_search", "works", "works|401", "v3 member search withheld (1.4)"},
    {"locations_data", "array", "array|object", "data of v3 locations (9.2)"},
    {"person_bookings_window", "day", "day|lifetime", "2.0 bookings without times (5.2)"},
    {"style_a_total", "present", "present|absent", "total_count of style A lists (2)"},
    {"has_more", "present", "present|absent|always", "has_more of style A lists (2)"},
});

bool allowed(const SwitchInfo& info, std::string_view value) {
  for (const std::string& option : split(info.values, '|')) {
    if (option == value || (option == "N" && to_int(value).value_or(-1) >= 0)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::span<const SwitchInfo> all_switches() {
  return k_switches;
}

Switches::Switches() {
  for (const SwitchInfo& info : k_switches) {
    values_.emplace(info.name, info.default_value);
  }
}

std::string Switches::set(std::string_view name, std::string_view value) {
  const auto info = std::find_if(k_switches.begin(), k_switches.end(),
                                 [name](const SwitchInfo& one) { return one.name == name; });
  if (info == k_switches.end()) {
    return fmt::format("there is no switch '{}'", name);
  }
  if (!allowed(*info, value)) {
    return fmt::format("switch {} takes {}, not '{}'", name, info->values, value);
  }
  const std::scoped_lock lock(mutex_);
  values_.insert_or_assign(std::string(name), std::string(value));
  return {};
}

std::string Switches::get(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = values_.find(name);
  if (found == values_.end()) {
    throw std::logic_error(fmt::format("unknown switch {}", name));
  }
  return found->second;
}

bool Switches::is(std::string_view name, std::string_view value) const {
  return get(name) == value;
}

std::int64_t Switches::number(std::string_view name) const {
  return to_int(get(name)).value_or(0);
}

std::map<std::string, std::string, std::less<>> Switches::all() const {
  const std::scoped_lock lock(mutex_);
  return values_;
}

}  // namespace gk_sandbox
