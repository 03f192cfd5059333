#include "support/fake_services.hpp"

#include <algorithm>

namespace gk::test {

namespace {

constexpr std::size_t k_page = 100;

std::optional<Error> error_of(Fault fault) {
  switch (fault) {
    case Fault::none:
    case Fault::done_but_lost: return std::nullopt;
    case Fault::unreachable: return Error{Category::unavailable, "connection refused"};
    case Fault::lost: return Error{Category::unavailable, "timed out", 0, true};
    case Fault::unauthorized: return Error{Category::auth, "HTTP 401", 401};
    case Fault::forbidden: return Error{Category::forbidden, "HTTP 403", 403};
    case Fault::missing: return Error{Category::not_found, "HTTP 404", 404};
    case Fault::conflict: return Error{Category::conflict, "HTTP 409", 409};
    case Fault::rejected: return Error{Category::rejected, "HTTP 422", 422};
    case Fault::throttled: return Error{Category::rate_limited, "HTTP 429", 429};
    case Fault::out_of_time: return Error{Category::deadline, "no time left for this request"};
  }
  return std::nullopt;
}

bool is_write(std::string_view verb) {
  return verb == "create_user" || verb == "merge_metadata" || verb == "grant" || verb == "change" ||
         verb == "revoke";
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

std::string describe(const Validity& validity) {
  return fmt::format("{}..{}", validity.from ? format_rfc3339(*validity.from) : "",
                     validity.until ? format_rfc3339(*validity.until) : "");
}

}  // namespace

FakeKisi::FakeKisi() {
  groups[k_group] = Group{k_group, "Members", std::nullopt, 0};
  groups[k_former_group] = Group{k_former_group, "Old members", std::nullopt, 0};
}

UserId FakeKisi::add_user(std::string_view email) {
  if (const auto known = user_by_email(key(email))) return known->id;
  const UserId id{next_user_++};
  users[id] = User{id, std::string(email), std::string(email), {}};
  return id;
}

RoleAssignmentId FakeKisi::add_row(std::string_view email, Validity validity, GroupId group) {
  RoleAssignment made = row(next_row_++, add_user(email).value(), email, validity);
  made.group = group;
  rows[made.id] = made;
  return made.id;
}

RoleAssignmentId FakeKisi::add_foreign_row(std::string_view email, Validity validity) {
  const RoleAssignmentId id = add_row(email, validity);
  rows[id].creator = UserId{7000002};
  return id;
}

std::vector<RoleAssignment> FakeKisi::rows_of(std::string_view email, GroupId group) const {
  std::vector<RoleAssignment> found;
  for (const auto& [id, entry] : rows) {
    if (entry.group == group && entry.person() == key(email)) found.push_back(entry);
  }
  return found;
}

bool FakeKisi::is_inside(std::string_view email, Instant now, GroupId group) const {
  const auto found = rows_of(email, group);
  return std::ranges::any_of(found,
                             [&](const RoleAssignment& entry) { return entry.validity.is_active(now); });
}

std::multiset<std::string> FakeKisi::state() const {
  std::multiset<std::string> lines;
  for (const auto& [id, entry] : rows) {
    lines.insert(
        fmt::format("row {} {} by {} {}", entry.group, entry.email, entry.creator, describe(entry.validity)));
  }
  for (const auto& [id, user] : users) {
    std::string line = "user " + user.email.as_written();
    for (const auto& [name, value] : user.metadata) line += fmt::format(" {}={}", name, value);
    lines.insert(line);
  }
  return lines;
}

std::size_t FakeKisi::count(std::string_view verb) const {
  return static_cast<std::size_t>(std::ranges::count(calls, verb, &Call::verb));
}

std::optional<Error> FakeKisi::begin(const Call& call) {
  calls.push_back(call);
  planned_ = fault ? fault(call) : Fault::none;
  auto error = error_of(planned_);
  if (error && !is_write(call.verb)) error->outcome_unknown = false;
  if (error && kill_at && calls.size() == *kill_at) throw Killed{};
  return error;
}

std::optional<Error> FakeKisi::end(const Call& call, bool took_effect) {
  if (took_effect) writes.push_back(call);
  if (kill_at && calls.size() == *kill_at) throw Killed{};
  if (planned_ == Fault::done_but_lost && is_write(call.verb)) return error_of(Fault::lost);
  return std::nullopt;
}

std::optional<User> FakeKisi::user_by_email(const PersonKey& person) const {
  const auto found =
      std::ranges::find_if(users, [&](const auto& entry) { return entry.second.email.person() == person; });
  return found == users.end() ? std::nullopt : std::optional(found->second);
}

std::optional<User> FakeKisi::look_up(const PersonKey& person) {
  auto found = user_by_email(person);
  if (found && hidden_[found->id] > 0) {
    --hidden_[found->id];
    return std::nullopt;
  }
  return found;
}

Result<reconcile::GroupSnapshot> FakeKisi::read_group(GroupId group) {
  const Call call{.verb = "read_group", .group = group};
  if (auto error = begin(call)) return fail(*std::move(error));
  const auto known = groups.find(group);
  if (known == groups.end()) return fail(Category::config, "no such group");
  std::vector<RoleAssignment> listed;
  for (const auto& [id, entry] : rows) {
    if (entry.group == group) listed.push_back(entry);
  }
  if (auto error = end(call, false)) return fail(*std::move(error));
  const auto broken = partial_groups.find(group);
  Reading<std::vector<RoleAssignment>> reading =
      broken == partial_groups.end()
          ? whole(std::move(listed))
          : Reading<std::vector<RoleAssignment>>(
                Partial<std::vector<RoleAssignment>>(std::move(listed), broken->second));
  return reconcile::GroupSnapshot{k_self, known->second, std::move(reading)};
}

Result<std::vector<RoleAssignment>> FakeKisi::read_rows_of(UserId user, GroupId group) {
  const Call call{.verb = "read_rows_of", .user = user, .group = group};
  if (auto error = begin(call)) return fail(*std::move(error));
  std::vector<RoleAssignment> found;
  for (const auto& [id, entry] : rows) {
    if (entry.group == group && entry.user == user) found.push_back(entry);
  }
  if (auto error = end(call, false)) return fail(*std::move(error));
  return found;
}

Result<RoleAssignment> FakeKisi::read_row(RoleAssignmentId row) {
  const Call call{.verb = "read_row", .row = row};
  if (auto error = begin(call)) return fail(*std::move(error));
  const auto found = rows.find(row);
  if (auto error = end(call, false)) return fail(*std::move(error));
  if (found == rows.end()) return fail(Error{Category::not_found, "HTTP 404", 404});
  return found->second;
}

Result<std::optional<User>> FakeKisi::find_user(const PersonKey& person) {
  const Call call{.verb = "find_user", .email = person.email()};
  if (auto error = begin(call)) return fail(*std::move(error));
  auto found = look_up(person);
  if (auto error = end(call, false)) return fail(*std::move(error));
  return found;
}

Result<std::optional<User>> FakeKisi::search_user(const PersonKey& person) {
  const Call call{.verb = "search_user", .email = person.email()};
  if (auto error = begin(call)) return fail(*std::move(error));
  auto found = look_up(person);
  if (auto error = end(call, false)) return fail(*std::move(error));
  return found;
}

Result<bool> FakeKisi::list_users(std::size_t max_requests, const std::function<void(const User&)>& on_user) {
  const Call call{.verb = "list_users"};
  if (auto error = begin(call)) return fail(*std::move(error));
  const bool all = (users.size() + k_page - 1) / k_page <= max_requests;
  std::size_t shown = 0;
  for (const auto& [id, user] : users) {
    if (!all && shown++ == k_page) break;
    if (hidden_[id] == 0) on_user(user);
  }
  if (auto error = end(call, false)) return fail(*std::move(error));
  return all;
}

Result<std::vector<User>> FakeKisi::read_users(std::span<const UserId> ids) {
  const Call call{.verb = "read_users"};
  if (auto error = begin(call)) return fail(*std::move(error));
  std::vector<User> found;
  for (const auto& [id, user] : users) {
    if (std::ranges::find(ids, id) != ids.end()) found.push_back(user);
  }
  if (auto error = end(call, false)) return fail(*std::move(error));
  return found;
}

Result<User> FakeKisi::create_user(const NewUser& user) {
  const Call call{.verb = "create_user", .email = user.person.email()};
  if (auto error = begin(call)) return fail(*std::move(error));
  if (user_by_email(user.person)) {
    if (auto error = end(call, false)) return fail(*std::move(error));
    return fail(Error{Category::conflict, "HTTP 409", 409});
  }
  const UserId id{next_user_++};
  User made{id, user.person.email(), user.name, {}};
  made.metadata[std::string(k_metadata_sync)] = quoted(k_metadata_version);
  made.metadata[std::string(k_metadata_member)] = quoted(user.member.text());
  made.metadata[std::string(k_metadata_branch)] = quoted(user.branch.value());
  users[id] = made;
  hidden_[id] = switches.search_lag;
  if (auto error = end(call, true)) return fail(*std::move(error));
  return made;
}

Result<void> FakeKisi::merge_metadata(const User& user, MemberId member, const BranchId& branch) {
  std::map<std::string, std::string> merged = user.metadata;
  merged[std::string(k_metadata_sync)] = quoted(k_metadata_version);
  merged[std::string(k_metadata_member)] = quoted(member.text());
  merged[std::string(k_metadata_branch)] = quoted(branch.value());
  if (merged == user.metadata) return {};
  const Call call{.verb = "merge_metadata", .user = user.id, .email = user.email.as_written()};
  if (auto error = begin(call)) return fail(*std::move(error));
  const auto found = users.find(user.id);
  if (found == users.end()) return fail(Error{Category::not_found, "HTTP 404", 404});
  if (switches.metadata == KisiSwitches::Metadata::replace) found->second.metadata.clear();
  for (const auto& [name, value] : merged) found->second.metadata[name] = value;
  if (auto error = end(call, true)) return fail(*std::move(error));
  return {};
}

Result<RoleAssignmentId> FakeKisi::grant(UserId user, GroupId group, const Validity& validity) {
  return add_granted({.verb = "grant", .user = user, .group = group, .validity = validity});
}

Result<RoleAssignmentId> FakeKisi::regrant(UserId user, GroupId group, const Validity& validity) {
  return add_granted(
      {.verb = "grant", .user = user, .group = group, .validity = validity, .must_follow = true});
}

Result<RoleAssignmentId> FakeKisi::add_granted(const Call& call) {
  const UserId user = call.user;
  const GroupId group = call.group;
  if (auto error = begin(call)) return fail(*std::move(error));
  const auto known = users.find(user);
  const bool has_row = std::ranges::any_of(
      rows, [&](const auto& entry) { return entry.second.user == user && entry.second.group == group; });
  const bool refused =
      known == users.end() || (has_row && switches.second_row == KisiSwitches::SecondRow::conflict);
  if (refused) {
    if (auto error = end(call, false)) return fail(*std::move(error));
    if (known == users.end()) return fail(Error{Category::not_found, "HTTP 404", 404});
    return fail(Error{Category::conflict, "HTTP 409", 409});
  }
  RoleAssignment made = row(next_row_++, user.value(), known->second.email.as_written(), call.validity);
  made.group = group;
  rows[made.id] = made;
  if (auto error = end(call, true)) return fail(*std::move(error));
  return made.id;
}

Result<void> FakeKisi::change(RoleAssignmentId row, const Validity& validity) {
  const Call call{.verb = "change", .row = row, .validity = validity};
  if (auto error = begin(call)) return fail(*std::move(error));
  const auto found = rows.find(row);
  const bool works = found != rows.end() && switches.patch == KisiSwitches::Patch::works;
  if (works) found->second.validity = validity;
  if (auto error = end(call, works)) return fail(*std::move(error));
  if (found == rows.end()) return fail(Error{Category::not_found, "HTTP 404", 404});
  if (switches.patch == KisiSwitches::Patch::refused) return fail(Error{Category::rejected, "HTTP 422", 422});
  return {};
}

Result<void> FakeKisi::revoke(RoleAssignmentId row) {
  const Call call{.verb = "revoke", .row = row};
  if (auto error = begin(call)) return fail(*std::move(error));
  const bool was_there = rows.erase(row) > 0;
  if (auto error = end(call, was_there)) return fail(*std::move(error));
  return {};
}

Member& FakeGlofox::find(std::string_view email) {
  const auto found =
      std::ranges::find_if(members, [&](const Member& entry) { return entry.email.person() == key(email); });
  if (found == members.end()) throw std::out_of_range(std::string(email));
  return *found;
}

void FakeGlofox::remove(std::string_view email) {
  const MemberId id = find(email).id;
  std::erase_if(members, [&](const Member& entry) { return entry.id == id; });
}

Result<reconcile::RosterSnapshot> FakeGlofox::read_roster() {
  if (outage) return fail(*outage);
  Roster roster;
  for (const Member& entry : members) {
    if (!entry.active || unlisted.contains(entry.id)) continue;
    Member listed = entry;
    if (const auto shown = thin.find(entry.id); shown != thin.end()) listed.membership = shown->second;
    static_cast<void>(roster.add(listed));
  }
  if (listing_fault)
    return reconcile::RosterSnapshot{branch, Partial<Roster>(std::move(roster), *listing_fault)};
  return reconcile::RosterSnapshot{branch, whole(std::move(roster))};
}

std::vector<Result<std::optional<Member>>> FakeGlofox::read_members(std::span<const MemberId> ids) {
  std::vector<Result<std::optional<Member>>> answers;
  for (const MemberId& id : ids) {
    ++single_reads;
    const auto broken = member_faults.find(id);
    const auto found = std::ranges::find(members, id, &Member::id);
    if (broken != member_faults.end()) {
      answers.push_back(fail(broken->second));
    } else if (found == members.end()) {
      answers.push_back(std::optional<Member>());
    } else {
      answers.push_back(std::optional(*found));
    }
  }
  return answers;
}

Result<std::vector<Member>> FakeGlofox::find_members(const PersonKey& person) {
  ++searches;
  if (const auto broken = search_faults.find(person); broken != search_faults.end())
    return fail(broken->second);
  std::vector<Member> found;
  for (const Member& entry : members) {
    if (entry.email.person() == person) found.push_back(entry);
  }
  return found;
}

Result<Catalogue> FakeGlofox::read_catalogue() {
  ++catalogue_reads;
  return catalogue;
}

Result<std::vector<Booking>> FakeGlofox::read_bookings_of(MemberId member, const Window& span) {
  ++booking_reads;
  if (const auto broken = booking_faults.find(member); broken != booking_faults.end())
    return fail(broken->second);
  std::vector<Booking> found;
  for (const Booking& entry : bookings[member]) {
    if (span.contains(entry.start)) found.push_back(entry);
  }
  return found;
}

Result<reconcile::BookingSnapshot> FakeGlofox::read_bookings(const Window& span, BookingStatus status) {
  ++booking_lists;
  if (outage) return fail(*outage);
  std::vector<Booking> found;
  for (const auto& [id, list] : bookings) {
    for (const Booking& entry : list) {
      if (entry.status == status && span.contains(entry.start) && !unlisted_bookings.contains(entry.id))
        found.push_back(entry);
    }
  }
  Reading<std::vector<Booking>> reading = whole(found);
  if (booking_listing_fault)
    reading = Partial<std::vector<Booking>>(std::move(found), *booking_listing_fault);
  return reconcile::BookingSnapshot{branch, std::move(reading), unreadable, false};
}

Result<reconcile::PeopleReading> FakeGlofox::read_people(std::span<const MemberId> ids) {
  reconcile::PeopleReading reading;
  if (ids.empty()) return reading;
  if (lists_people) {
    GK_TRY_ASSIGN(auto snapshot, read_roster());
    reading.list = std::move(snapshot.roster);
  }
  const auto answers = read_members(ids);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!answers[i]) {
      if (answers[i].error().category == Category::auth) return fail(answers[i].error());
      reading.unread.emplace(ids[i], answers[i].error());
    } else if (*answers[i]) {
      reading.people.emplace(ids[i], **answers[i]);
    }
  }
  return reading;
}

Result<std::map<ClassId, GymClass>> FakeGlofox::read_classes(const std::set<ClassId>& ids, const Window&) {
  ++event_reads;
  std::map<ClassId, GymClass> found;
  for (const ClassId& id : ids) {
    if (const auto known = classes.find(id); known != classes.end()) found.insert(*known);
  }
  return found;
}

reconcile::IntegrationReport InMemoryGym::sync() {
  const reconcile::PassContext context{glofox, kisi, clock, stop, clock.now(), dry_run, deadline, {}};
  return reconcile::sync_members(job, context);
}

reconcile::IntegrationReport InMemoryGym::sync_bookings() {
  const reconcile::PassContext context{glofox, kisi, clock, stop, clock.now(), dry_run, deadline, {}};
  return reconcile::sync_bookings(job, context);
}

void InMemoryGym::add_settled(unsigned number, std::string_view email) {
  glofox.members.push_back(member(number, email));
  kisi.add_row(email);
  User& user = kisi.users.at(kisi.add_user(email));
  user.metadata[std::string(k_metadata_sync)] = quoted(k_metadata_version);
  user.metadata[std::string(k_metadata_member)] = quoted(member_id(number).text());
  user.metadata[std::string(k_metadata_branch)] = quoted(k_branch.value());
}

reconcile::Job InMemoryGym::default_job() {
  reconcile::Job job;
  job.name = "riverside";
  job.location = k_branch;
  job.group = k_group;
  return job;
}

}  // namespace gk::test
