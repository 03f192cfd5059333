#include "checkin/kisi_lookups.hpp"

namespace gk::checkin {

namespace {

/// The kept answer, or a new one that is kept.
template <class Key, class Value, class Ask>
Result<Value> kept(std::map<Key, Value>& answers, const Key& key, const Ask& ask) {
  if (const auto found = answers.find(key); found != answers.end()) return found->second;
  Result<Value> answer = ask(key);
  if (answer) answers.emplace(key, *answer);
  return answer;
}

}  // namespace

Result<UserId> KisiLookups::own_user() {
  if (!own_user_ && memory_.recall) own_user_ = memory_.recall();
  if (!own_user_) GK_TRY(refresh_own_user());
  return *own_user_;
}

Result<void> KisiLookups::refresh_own_user() {
  GK_TRY_ASSIGN(own_user_, kisi_.read_own_user());
  if (memory_.remember) memory_.remember(*own_user_);
  return {};
}

Result<std::optional<Door>> KisiLookups::door(LockId lock) {
  return kept(doors_, lock, [this](LockId id) { return kisi_.read_door(id); });
}

Result<std::optional<User>> KisiLookups::user(UserId user) {
  return kept(users_, user, [this](UserId id) { return kisi_.read_user(id); });
}

Result<std::vector<RoleAssignment>> KisiLookups::rows_of(UserId user) {
  return kept(rows_, user, [this](UserId id) { return kisi_.read_rows_of(id); });
}

}  // namespace gk::checkin
