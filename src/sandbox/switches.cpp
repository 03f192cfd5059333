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
    // Kisi
    {"email_filter", "exact", "exact|case_sensitive|prefix|ignored",
     "what users?email= matches (kisi-api 19.1)"},
    {"search_lag", "0", "N", "look-ups by e-mail or text miss the last N users created (kisi-api 5.1)"},
    {"duplicate_email", "409", "409|422", "answer to a new user with an e-mail that exists (kisi-api 19.2)"},
    {"duplicate_assignment", "conflict", "conflict|unprocessable|extra_row|extra_row_other_window",
     "a second role of one user in one group (kisi-api 19.3)"},
    {"patch_window", "works", "works|ignored|refused", "PATCH of valid_from and valid_until (kisi-api 19.4)"},
    {"metadata_patch", "replace", "replace|merge", "PATCH of a user's metadata (kisi-api 19.5)"},
    {"expired_rows", "kept", "kept|dropped", "expired role assignments in lists (kisi-api 19.6)"},
    {"window_end", "exclusive", "exclusive|inclusive",
     "whether access still works at valid_until itself (kisi-api 19.7)"},
    {"users_group_filter", "all", "all|current",
     "whether users?group_id= counts rows outside their window (kisi-api 19.8)"},
    {"users_count", "users", "users|rows|current", "what a group's users_count counts (kisi-api 18.6)"},
    {"retry_after", "none", "none|seconds|date", "header with 429, both services (kisi-api 19.9)"},
    {"rate_limit_body", "json", "json|empty|html", "body with 429, both services (kisi-api 19.9)"},
    {"over_limit", "error", "error|clamp", "limit or offset above the maximum (kisi-api 19.10)"},
    {"range_past_end", "range", "range|star",
     "collection range when offset is past the end (kisi-api 19.11)"},
    {"range_header", "present", "present|absent", "X-Collection-Range on lists (kisi-api 3)"},
    {"signature_form", "prefixed", "prefixed|bare", "X-Signature with or without sha256= (kisi-api 19.12)"},
    {"webhook_email", "no", "no|yes", "whether the webhook body has actor_email (kisi-api 19.14)"},
    {"event_order", "descending", "descending|ascending|shuffled",
     "order of events in an event set (kisi-api 19.15)"},
    {"event_cap", "10000", "N", "the most events in one event set (kisi-api 19.15)"},
    {"event_set_polls", "1", "N",
     "how often an event set says in_progress before it is finished (kisi-api 13.3)"},
    {"event_set_limit", "on", "on|off", "at most one POST of an event set per second (kisi-api 2)"},
    {"access_enabled_default", "true", "true|false",
     "access_enabled of a user created without it (kisi-api 19.16)"},
    {"notify_default", "true", "true|false",
     "notify of a role assignment created without it (kisi-api 19.16)"},
    {"integration_enabled_default", "true", "true|false",
     "enabled of an integration created without it (kisi-api 19.16)"},
    {"patch_email", "ignored", "ignored|refused|works", "PATCH of a user's e-mail (kisi-api 19.18)"},
    {"creator_deleted", "null", "null|kept", "created_by of rows whose creator was deleted (kisi-api 19.20)"},
    {"missing_id", "mixed", "mixed|403|404",
     "answer to an unknown id; mixed: 404 for users and role assignments, else 403 (kisi-api 4.2)"},
    {"role_row_form", "new", "new|old",
     "old: role assignments without the assignee and applies_to keys (kisi-api 7)"},
    {"role_post_form", "both", "both|new|old",
     "keys that POST of a role assignment understands (kisi-api 7.2)"},
    {"extra_filters", "respected", "respected|ignored", "filters of role assignment lists (kisi-api 7.1)"},
    {"list_order", "id", "id|id_desc", "order of Kisi lists without sort (kisi-api 3)"},
    {"deprecation", "members", "members|all|none",
     "routes that answer with Deprecation and Sunset (kisi-api 4.5)"},
    {"unlock_route", "forbidden", "forbidden|works", "POST /locks/{id}/unlock (kisi-api 11)"},
    // Glofox
    {"access_repeat", "new_entry", "new_entry|same_entry|refused",
     "POST /2.0/access for the same person and entry_at (glofox-api 13.1)"},
    {"access_unknown_user", "success_false", "success_false|400|404",
     "POST /2.0/access for an unknown person (glofox-api 13.1)"},
    {"access_window_minutes", "60", "N",
     "how far ahead access marks a booking as attended (glofox-api 13.1)"},
    {"access_marks", "always", "always|granted|never", "when access marks the attendance (glofox-api 13.1)"},
    {"access_window_base", "entry_at", "entry_at|now",
     "the moment from which the hour counts (glofox-api 13.1)"},
    {"bookings_local_filter", "wall_clock", "wall_clock|instant|ignored",
     "time_start_* and time_finish_* of 2.2 bookings (glofox-api 13.2)"},
    {"list_thin_membership", "no", "no|yes",
     "member list rows carry only type, start_date and id (glofox-api 13.3)"},
    {"member_order", "created_desc", "created_desc|modified_desc|id|shuffled",
     "order of the member list (glofox-api 13.5)"},
    {"booking_order", "created", "created|created_desc|shuffled", "order of 2.2 bookings (glofox-api 13.5)"},
    {"glofox_over_limit", "clamp", "clamp|honour|error", "limit above 100 (glofox-api 13.6)"},
    {"attendance_repeat", "ok", "ok|omitted|refused",
     "attendance of a booking that is attended already (glofox-api 13.7)"},
    {"auth_error", "status", "status|success_false",
     "wrong token or branch: 401 and 403, or 200 with success false (glofox-api 1.4)"},
    {"auth_body", "json", "json|empty|html", "body of 401 and 403 (glofox-api 13.9)"},
    {"expiry_day", "inclusive", "inclusive|exclusive",
     "whether the expiry day is valid, for valid_on_entry (glofox-api 13.10)"},
    {"visitors", "included", "included|hidden",
     "people of other home branches in the member list (glofox-api 13.11)"},
    {"roaming_bookings", "included", "included|hidden",
     "bookings of people of other branches (glofox-api 13.12)"},
    {"deleted_member", "success_false", "success_false|404|row",
     "single read of a deleted person (glofox-api 4.4)"},
    {"single_wrapper", "bare", "bare|data", "single objects bare or in data (glofox-api 2)"},
    {"unknown_path", "404", "404|success_false", "status with WRONG_URL (glofox-api 1.4)"},
    {"v3_search", "works", "works|401", "whether the key may use the v3 member search (glofox-api 1.4)"},
    {"locations_data", "array", "array|object", "data of v3 locations (glofox-api 9.2)"},
    {"person_bookings_window", "day", "day|lifetime", "2.0 bookings without times (glofox-api 5.2)"},
    {"style_a_total", "present", "present|absent", "total_count of style A lists (glofox-api 2)"},
    {"has_more", "present", "present|absent|always", "has_more of style A lists (glofox-api 2)"},
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

std::span<const SwitchInfo> all_switches() { return k_switches; }

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

bool Switches::is(std::string_view name, std::string_view value) const { return get(name) == value; }

std::int64_t Switches::number(std::string_view name) const { return to_int(get(name)).value_or(0); }

std::map<std::string, std::string, std::less<>> Switches::all() const {
  const std::scoped_lock lock(mutex_);
  return values_;
}

}  // namespace gk_sandbox
