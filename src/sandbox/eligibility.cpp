#include "eligibility.hpp"

#include "text.hpp"

#include <algorithm>
#include <cmath>

namespace gk_sandbox {

namespace {

constexpr std::int64_t k_least_milliseconds = 100'000'000'000;

std::string word_at(const Value& object, const char* key) { return fold(trim(string_at(object, key))); }

std::optional<Epoch> normal(std::int64_t number) {
  if (number > k_least_milliseconds) {
    number /= 1000;
  }
  return number > 0 ? std::optional<Epoch>(number) : std::nullopt;
}

bool dates_allow(const Value& membership, const Zone& zone, Epoch now, Epoch grace, bool day_inclusive) {
  const auto start = read_date(find(membership, "start_date"));
  if (start && zone.local_midnight(*start) > now) {
    return false;
  }
  const auto expiry = read_date(find(membership, "expiry_date"));
  return !expiry || now < (day_inclusive ? zone.local_midnight(*expiry, 1) : *expiry) + grace;
}

}  // namespace

std::optional<Epoch> read_date(const Value* value) {
  if (value == nullptr) {
    return std::nullopt;
  }
  if (value->IsInt64()) {
    return normal(value->GetInt64());
  }
  if (value->IsDouble()) {
    return normal(static_cast<std::int64_t>(std::floor(value->GetDouble())));
  }
  if (value->IsObject()) {
    return read_date(find(*value, "sec"));
  }
  if (value->IsString()) {
    const std::string text(trim({value->GetString(), value->GetStringLength()}));
    const auto number = to_int(text);
    return number ? normal(*number) : parse_rfc3339(text);
  }
  return std::nullopt;
}

bool is_current_member(const std::string& row, const Zone& zone, Epoch now, bool day_inclusive) {
  const auto person = parse_json(row);
  const Value* membership = find(*person, "membership");
  return membership != nullptr && membership->IsObject() && read_date(find(*membership, "expiry_date")) &&
         dates_allow(*membership, zone, now, 0, day_inclusive);
}

bool has_member_access(const Person& person, const Zone& zone, Epoch now) {
  if (!person.active) {
    return false;
  }
  const auto row = parse_json(person.row);
  const Value* membership = find(*row, "membership");
  if (membership == nullptr || !membership->IsObject()) {
    return false;
  }
  const std::string type = word_at(*membership, "type");
  return (type == "time" || type == "time_classes") && word_at(*membership, "status") == "active" &&
         dates_allow(*membership, zone, now, k_day, true);
}

bool is_usable_email(const std::string& folded) {
  const auto at = folded.find('@');
  return at != std::string::npos && at > 0 && folded.find('@', at + 1) == std::string::npos &&
         folded.find('.', at + 2) != std::string::npos && folded.back() != '.' &&
         folded.find_first_of(" \t,;<>") == std::string::npos;
}

std::vector<ExpectedPerson> expected_people(World& world, Epoch now) {
  const std::string& branch = world.installation.branch_id;
  const Zone& zone = world.zone_of(branch);
  std::map<std::string, ExpectedPerson> people;
  for (const auto& [id, person] : world.people) {
    if (person.branch != branch || !is_usable_email(person.email) || !has_member_access(person, zone, now)) {
      continue;
    }
    ExpectedPerson& entry = people[person.email];
    if (entry.member_ids.empty()) {
      entry.email = person.email;
      entry.name = string_at(*parse_json(person.row), "name");
    }
    entry.member_ids.push_back(id);
  }
  std::vector<ExpectedPerson> sorted;
  for (auto& [email, entry] : people) {
    sorted.push_back(std::move(entry));
  }
  return sorted;
}

std::vector<ExpectedWindow> expected_windows(World& world, Epoch now, Epoch lookahead) {
  std::map<std::string, std::vector<ExpectedWindow>> by_email;
  for (const auto& [id, booking] : world.bookings) {
    const auto person = world.people.find(booking.user_id);
    const auto event = world.events.find(booking.event_id);
    const bool online =
        event != world.events.end() && bool_at(*parse_json(event->second), "is_online").value_or(false);
    const Epoch finish = booking.finish > booking.start ? booking.finish : booking.start + k_hour;
    // A window that has ended opens nothing, so it must not pass its start on to one that it touches.
    const bool due = booking.start - k_hour <= now + lookahead && finish + k_hour > now;
    const bool usable = booking.branch == world.installation.branch_id && booking.status == "BOOKED" &&
                        person != world.people.end() && person->second.active &&
                        is_usable_email(person->second.email) && due && !online;
    if (usable) {
      by_email[person->second.email].push_back(
          {person->second.email, booking.start - k_hour, finish + k_hour});
    }
  }
  std::vector<ExpectedWindow> windows;
  for (auto& [email, list] : by_email) {
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    std::vector<ExpectedWindow> merged;
    for (const ExpectedWindow& window : list) {
      if (!merged.empty() && window.from <= merged.back().until) {
        merged.back().until = std::max(merged.back().until, window.until);
      } else {
        merged.push_back(window);
      }
    }
    for (const ExpectedWindow& window : merged) {
      if (window.until > now && window.from <= now + lookahead) {
        windows.push_back(window);
        break;
      }
    }
  }
  return windows;
}

}  // namespace gk_sandbox
