#include "world.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <functional>

namespace gk_sandbox {

namespace {

template <class Map, class Key, class Row>
void drop_index(Map& map, const Key& key, const Row* row) {
  const auto range = map.equal_range(key);
  for (auto it = range.first; it != range.second; ++it) {
    if (it->second == row) {
      map.erase(it);
      return;
    }
  }
}

template <class Row, class Map, class Key>
std::vector<const Row*> indexed(const Map& map, const Key& key) {
  std::vector<const Row*> rows;
  const auto range = map.equal_range(key);
  for (auto it = range.first; it != range.second; ++it) {
    rows.push_back(it->second);
  }
  return rows;
}

/// Takes a row out of its table and of the index by `key`; false when there is none.
template <class Table, class Index, class Id, class KeyOf>
bool erase_row(Table& table, Index& index, const Id& id, const KeyOf& key_of) {
  const auto found = table.find(id);
  if (found == table.end()) {
    return false;
  }
  drop_index(index, key_of(found->second), &found->second);
  table.erase(found);
  return true;
}

std::optional<Epoch> time_at(const Value& row, std::string_view key) {
  return parse_rfc3339(string_at(row, key));
}

}  // namespace

std::string email_key(std::string_view email) { return fold(trim(email)); }

bool Assignment::expired(Epoch now, bool end_inclusive) const {
  return valid_until && (end_inclusive ? *valid_until < now : *valid_until <= now);
}

bool Assignment::in_window(Epoch now, bool end_inclusive) const {
  return (!valid_from || *valid_from <= now) && !expired(now, end_inclusive);
}

const Person* World::put_person(const Value& row) {
  Person person;
  person.id = string_at(row, "_id");
  if (person.id.empty()) {
    return nullptr;
  }
  person.row = to_text(row);
  person.email = email_key(string_at(row, "email"));
  person.branch = string_at(row, "branch_id");
  person.origin_branch = string_at(row, "origin_branch_id");
  person.parent = string_at(row, "parent_id");
  person.created = int_at(row, "created").value_or(0);
  person.modified = int_at(row, "modified").value_or(0);
  person.active = bool_at(row, "active").value_or(true);
  const std::string id = person.id;
  put_person(std::move(person));
  return &people.at(id);
}

void World::put_person(Person person) {
  ++people_version;
  const auto place = people.try_emplace(people.end(), person.id);
  if (!place->second.id.empty()) {
    drop_index(people_by_email_, place->second.email, &place->second);
  }
  place->second = std::move(person);
  people_by_email_.emplace(place->second.email, &place->second);
}

bool World::erase_person(const std::string& id) {
  const bool erased = erase_row(people, people_by_email_, id, std::mem_fn(&Person::email));
  people_version += erased ? 1 : 0;
  return erased;
}

std::vector<const Person*> World::people_with_email(const std::string& folded) const {
  return indexed<Person>(people_by_email_, folded);
}

const Booking* World::put_booking(const Value& row) {
  Booking booking;
  booking.id = string_at(row, "_id");
  booking.branch = string_at(row, "branch_id");
  if (booking.id.empty() || branches.find(booking.branch) == branches.end()) {
    return nullptr;
  }
  const Zone& zone = zone_of(booking.branch);
  booking.row = to_text(row);
  booking.user_id = string_at(row, "user_id");
  booking.status = string_at(row, "status");
  booking.event_id = string_at(row, "event_id");
  booking.type = string_at(row, "type");
  booking.start = zone.from_wall(string_at(row, "time_start")).value_or(0);
  booking.finish = zone.from_wall(string_at(row, "time_finish")).value_or(booking.start + k_hour);
  booking.created = parse_rfc3339(string_at(row, "created")).value_or(0);
  booking.modified = parse_rfc3339(string_at(row, "modified")).value_or(0);
  booking.attended = bool_at(row, "attended").value_or(false);
  ++booking_version;
  Booking& place = bookings[booking.id];
  if (!place.id.empty()) {
    drop_index(bookings_by_user_, place.user_id, &place);
  }
  place = std::move(booking);
  bookings_by_user_.emplace(place.user_id, &place);
  return &place;
}

bool World::erase_booking(const std::string& id) {
  const bool erased = erase_row(bookings, bookings_by_user_, id, std::mem_fn(&Booking::user_id));
  booking_version += erased ? 1 : 0;
  return erased;
}

std::vector<const Booking*> World::bookings_of(const std::string& user_id) const {
  return indexed<Booking>(bookings_by_user_, user_id);
}

void World::mark_attended(const std::string& id, Epoch now) {
  const auto found = bookings.find(id);
  auto row = found != bookings.end() ? parse_json(found->second.row) : std::nullopt;
  if (row) {
    set_member(*row, "attended", Value(true), row->GetAllocator());
    set_member(*row, "modified", to_utc_text(now), row->GetAllocator());
    put_booking(*row);
  }
}

const KisiUser& World::put_user(const Value& row) {
  KisiUser user;
  user.id = int_at(row, "id").value_or(0);
  user.row = to_text(row);
  user.exact_email = string_at(row, "email");
  user.email = email_key(user.exact_email);
  user.name = string_at(row, "name");
  user.search_text = fold(user.email + "\n" + user.name + "\n" + string_at(row, "notes"));
  const std::int64_t id = user.id;
  put_user(std::move(user));
  return users.at(id);
}

void World::put_user(KisiUser user) {
  ++user_version;
  const auto place = users.try_emplace(users.end(), user.id);
  if (place->second.id != 0) {
    drop_index(users_by_email_, place->second.email, &place->second);
  }
  place->second = std::move(user);
  users_by_email_.emplace(place->second.email, &place->second);
}

void World::erase_user(std::int64_t id) {
  if (users.find(id) == users.end()) {
    return;
  }
  for (const Assignment* row : assignments_of(id)) {
    erase_assignment(row->id);
  }
  ++user_version;
  erase_row(users, users_by_email_, id, std::mem_fn(&KisiUser::email));
}

std::vector<const KisiUser*> World::users_with_email(const std::string& folded) const {
  return indexed<KisiUser>(users_by_email_, folded);
}

const Assignment& World::put_assignment(const Value& row) {
  Assignment assignment;
  assignment.id = int_at(row, "id").value_or(0);
  assignment.row = to_text(row);
  assignment.role_id = string_at(row, "role_id");
  assignment.assignee_type = string_at(row, "assignee_type");
  assignment.assignee_id = int_at(row, "assignee_id").value_or(0);
  assignment.applies_to_type = string_at(row, "applies_to_type");
  assignment.applies_to_id = int_at(row, "applies_to_id").value_or(0);
  assignment.created_by_type = string_at(row, "created_by_type");
  assignment.created_by_id = int_at(row, "created_by_id").value_or(0);
  assignment.valid_from = time_at(row, "valid_from");
  assignment.valid_until = time_at(row, "valid_until");
  if (const Value* assignee = find(row, "assignee")) {
    assignment.email = string_at(*assignee, "email");
    assignment.user_name = string_at(*assignee, "name");
  }
  const std::int64_t id = assignment.id;
  put_assignment(std::move(assignment));
  return assignments.at(id);
}

void World::put_assignment(Assignment assignment) {
  ++assignment_version;
  last_assignment_id_ = std::max(last_assignment_id_, assignment.id);
  const auto place = assignments.try_emplace(assignments.end(), assignment.id);
  if (place->second.id != 0 && place->second.assignee_type == "User") {
    drop_index(assignments_by_user_, place->second.assignee_id, &place->second);
  }
  place->second = std::move(assignment);
  if (place->second.assignee_type == "User") {
    assignments_by_user_.emplace(place->second.assignee_id, &place->second);
  }
}

bool World::erase_assignment(std::int64_t id) {
  const bool erased = erase_row(assignments, assignments_by_user_, id, std::mem_fn(&Assignment::assignee_id));
  assignment_version += erased ? 1 : 0;
  return erased;
}

std::vector<const Assignment*> World::assignments_of(std::int64_t user_id) const {
  return indexed<Assignment>(assignments_by_user_, user_id);
}

std::int64_t World::next_assignment_id() { return ++last_assignment_id_; }

std::string World::next_object_id(Epoch now) {
  std::string id;
  do {
    id = fmt::format("{:08x}{:016x}", static_cast<std::uint32_t>(now), ++object_ids_ + 0xf000);
  } while (people.count(id) != 0 || bookings.count(id) != 0);
  return id;
}

const Zone& World::zone_of(const std::string& branch_id) {
  const std::string& name = branches.at(branch_id).zone;
  const auto found = zones_.find(name);
  return found != zones_.end() ? found->second : zones_.emplace(name, Zone(name)).first->second;
}

void World::clear() {
  people_views = {};
  booking_views = {};
  user_views = {};
  assignment_views = {};
  people_by_email_.clear();
  bookings_by_user_.clear();
  users_by_email_.clear();
  assignments_by_user_.clear();
  people.clear();
  bookings.clear();
  branches.clear();
  events.clear();
  credits.clear();
  for (auto* rows : {&memberships, &staff, &accesses, &roles, &unlocks}) {
    rows->clear();
  }
  users.clear();
  assignments.clear();
  for (auto* table : {&groups, &places, &locks, &group_locks, &integrations, &logins}) {
    table->clear();
  }
}

}  // namespace gk_sandbox
