#include "domain/roster.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "util/text.hpp"

namespace gk {

namespace {

constexpr std::size_t k_smallest_table = 1024;
constexpr std::size_t k_max_text = 400;          // longer e-mails are none, longer names are cut
constexpr std::size_t k_max_reserved = 200'000;  // the number comes from a service that may be wrong

/// Case and surrounding space do not matter.
template <class Words>
auto value_of(std::string_view word, const Words& words) {
  const std::string folded = ascii_lower(trim(word));
  const auto found =
      std::ranges::find_if(words, [&](const auto& pair) { return ascii_lower(pair.first) == folded; });
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

MembershipType parse_membership_type(std::string_view word) {
  return value_of(word, k_membership_types).value_or(MembershipType::unknown);
}

MembershipStatus parse_membership_status(std::string_view word) {
  const auto status = value_of(word, k_membership_statuses);
  if (!status && value_of(word, std::array{std::pair("canceled", 0)})) return MembershipStatus::cancelled;
  return status.value_or(MembershipStatus::unknown);
}

void Roster::reserve(std::size_t people) {
  people = std::min(people, k_max_reserved);
  rows_.reserve(people);
  arena_.reserve(people * k_typical_text);
  if (rows_.empty()) id_table_.assign(std::bit_ceil(std::max(2 * (people + 1), k_smallest_table)), 0);
}

bool Roster::add(const Member& member) {
  if (!index_id(member.id)) return false;
  const std::string& written = member.email.as_written();
  const std::string_view email =
      written.size() <= k_max_text ? std::string_view(written) : std::string_view();
  const std::string_view name = std::string_view(member.name).substr(0, k_max_text);
  Packed row{};
  row.id = member.id;
  row.text = arena_.size();
  row.email_size = static_cast<std::uint16_t>(email.size());
  row.name_size = static_cast<std::uint16_t>(name.size());
  row.is_address = member.email.is_address_ && !email.empty();
  arena_.insert(arena_.end(), email.begin(), email.end());
  arena_.insert(arena_.end(), name.begin(), name.end());
  set_membership(row, member);
  rows_.push_back(row);
  return true;
}

void Roster::amend(std::size_t index, const Member& member) { set_membership(rows_[index], member); }

void Roster::seal() { std::vector<std::uint64_t>().swap(id_table_); }

Member Roster::member(std::size_t index) const {
  Member member{id(index), email(index), std::string(name(index)), active(index), false, {}};
  member.membership = {.type = type(index),
                       .status = status(index),
                       .start = start(index),
                       .expiry = expiry(index),
                       .unreadable_date = has_unreadable_date(index),
                       .plan = plan(index),
                       .unknown_type = {},
                       .unknown_status = {}};
  return member;
}

Email Roster::email(std::size_t index) const {
  Email email;
  email.as_written_ = address(index);
  email.is_address_ = rows_[index].is_address;
  return email;
}

std::optional<PersonKey> Roster::person(std::size_t index) const {
  return rows_[index].is_address ? std::optional(PersonKey::of_address(address(index))) : std::nullopt;
}

std::uint64_t Roster::hash_of(std::string_view address) {
  constexpr std::uint64_t k_offset = 14695981039346656037ULL;  // FNV-1a
  constexpr std::uint64_t k_prime = 1099511628211ULL;
  std::uint64_t hash = k_offset;
  for (const char c : trim(address)) {
    const auto folded = static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    hash = (hash ^ folded) * k_prime;
  }
  return hash;
}

std::string_view Roster::name(std::size_t index) const {
  const Packed& row = rows_[index];
  return {arena_.data() + row.text + row.email_size, row.name_size};
}

std::optional<Instant> Roster::start(std::size_t index) const {
  const std::int64_t value = rows_[index].start;
  return value == k_no_time ? std::nullopt : std::optional(Instant{std::chrono::seconds{value}});
}

std::optional<Instant> Roster::expiry(std::size_t index) const {
  const std::int64_t value = rows_[index].expiry;
  return value == k_no_time ? std::nullopt : std::optional(Instant{std::chrono::seconds{value}});
}

void Roster::set_membership(Packed& row, const Member& member) {
  const Membership& membership = member.membership;
  const auto seconds_of = [](const std::optional<Instant>& time) {
    return time ? time->time_since_epoch().count() : k_no_time;
  };
  row.active = member.active;
  row.unreadable_date = membership.unreadable_date;
  row.type = membership.type;
  row.status = membership.status;
  row.start = seconds_of(membership.start);
  row.expiry = seconds_of(membership.expiry);
  row.plan = plan_index(membership.plan);
  if (membership.type == MembershipType::unknown) ++unknown_types_[membership.unknown_type];
  if (membership.status == MembershipStatus::unknown) ++unknown_statuses_[membership.unknown_status];
}

std::uint16_t Roster::plan_index(const PlanNames& plan) {
  const auto found = plan_indexes_.find(plan);
  if (found != plan_indexes_.end()) return found->second;
  // A gym sells tens of plans. A service that invents one per row must not make us mix them up: the last slot
  // is "unnamed".
  if (plans_.size() >= std::numeric_limits<std::uint16_t>::max()) return plan_index(PlanNames{});
  if (plans_.empty() && plan != PlanNames{}) static_cast<void>(plan_index(PlanNames{}));
  const auto index = static_cast<std::uint16_t>(plans_.size());
  plans_.push_back(plan);
  plan_indexes_.emplace(plan, index);
  return index;
}

bool Roster::index_id(const MemberId& id) {
  constexpr std::uint64_t k_index_bits = 0xFFFFFFFFULL;
  // The slot comes from the low bits of the hash, the mark from the high ones.
  const auto enter = [](std::vector<std::uint64_t>& table, std::uint64_t hash, std::size_t row,
                        const auto& is_same) {
    const std::uint64_t mark = hash & ~k_index_bits;
    std::size_t slot = hash & (table.size() - 1);
    for (; table[slot] != 0; slot = (slot + 1) & (table.size() - 1)) {
      const bool same_mark = ((table[slot] ^ mark) & ~k_index_bits) == 0;
      if (same_mark && is_same((table[slot] & k_index_bits) - 1)) return false;
    }
    table[slot] = mark | (row + 1);
    return true;
  };
  if ((rows_.size() + 1) * 2 > id_table_.size()) {
    std::vector<std::uint64_t> wider(std::max(k_smallest_table, id_table_.size() * 2));
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      enter(wider, rows_[i].id.hash(), i, [](std::size_t) { return false; });
    }
    id_table_.swap(wider);
  }
  return enter(id_table_, id.hash(), rows_.size(), [&](std::size_t row) { return rows_[row].id == id; });
}

}  // namespace gk
