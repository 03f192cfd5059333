#pragma once

#include "json.hpp"
#include "time.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gk_sandbox {

/// Remembers filtered and sorted views until the collection changes, so that page 80 costs no more than
/// page 1.
template <class Row>
class ViewCache {
 public:
  using View = std::vector<const Row*>;

  template <class Build>
  const View& get(const std::string& key, std::uint64_t version, const Build& build) {
    constexpr std::size_t k_most_views = 16;
    if (version != version_ || views_.size() >= k_most_views) {
      views_.clear();
      version_ = version;
    }
    const auto found = views_.find(key);
    return found != views_.end() ? found->second : views_.emplace(key, build()).first->second;
  }

 private:
  std::uint64_t version_ = 0;
  std::map<std::string, View> views_;
};

/// One Glofox person. `row` is the truth and is served unchanged; the rest is read from it.
struct Person {
  std::string id;
  std::string row;
  std::string email;  ///< Folded and trimmed.
  std::string branch;
  std::string origin_branch;
  std::string parent;
  Epoch created = 0;
  Epoch modified = 0;
  bool active = true;
};

struct Booking {
  std::string id;
  std::string row;  ///< Style B with wall clock (glofox-api 5.1).
  std::string user_id;
  std::string branch;
  std::string status;
  std::string event_id;
  std::string type;
  Epoch start = 0;
  Epoch finish = 0;
  Epoch created = 0;
  Epoch modified = 0;
  bool attended = false;
};

struct Branch {
  std::string id;
  std::string row;
  std::string zone;
};

struct KisiUser {
  std::int64_t id = 0;
  std::string row;
  std::string email;  ///< Folded and trimmed.
  std::string exact_email;
  std::string name;
  std::string search_text;  ///< Folded e-mail, name and notes.
};

struct Assignment {
  std::int64_t id = 0;
  std::string row;
  std::string role_id;
  std::string assignee_type;
  std::string applies_to_type;
  std::string email;
  std::string user_name;
  std::string created_by_type;
  std::int64_t assignee_id = 0;
  std::int64_t applies_to_id = 0;
  std::int64_t created_by_id = 0;
  std::optional<Epoch> valid_from;
  std::optional<Epoch> valid_until;

  [[nodiscard]] bool in_window(Epoch now, bool end_inclusive) const;
  [[nodiscard]] bool expired(Epoch now, bool end_inclusive) const;
};

/// Fixed points of the made-up installation: credentials and the ids that a configuration names.
struct Installation {
  std::string kisi_key;
  std::string glofox_key;
  std::string glofox_token;
  std::string webhook_key;
  std::string namespace_name = "exampleboxing";
  std::string branch_id;
  std::vector<std::string> scope;  ///< Branches that the Glofox key may see.
  std::int64_t organization_id = 3981;
  std::int64_t owner_id = 6999999;
  std::int64_t key_user_id = 7000001;
  std::int64_t group_id = 45510;
  std::int64_t place_id = 22801;
};

using Table = std::map<std::int64_t, std::string>;

/// Everything that both services know. Every member needs `mutex` held; nothing sleeps while holding it.
class World {
 public:
  std::mutex mutex;
  Installation installation;

  std::map<std::string, Person> people;
  std::map<std::string, Booking> bookings;
  std::map<std::string, Branch> branches;
  std::map<std::string, std::string> events;
  std::map<std::string, std::vector<std::string>> credits;  ///< By user id.
  std::vector<std::string> memberships;
  std::vector<std::string> staff;
  std::vector<std::string> accesses;

  std::map<std::int64_t, KisiUser> users;
  std::map<std::int64_t, Assignment> assignments;
  Table groups;
  Table places;
  Table locks;
  Table group_locks;
  Table integrations;
  Table logins;
  std::vector<std::string> roles;
  std::vector<std::string> unlocks;  ///< Kisi events.
  std::string organization;

  ViewCache<Person> people_views;
  ViewCache<Booking> booking_views;
  ViewCache<KisiUser> user_views;
  ViewCache<Assignment> assignment_views;

  /// Adds or replaces; reads the indices from the row. With an empty `_id` it does nothing and returns null.
  const Person* put_person(const Value& row);
  void put_person(Person person);
  bool erase_person(const std::string& id);
  [[nodiscard]] std::vector<const Person*> people_with_email(const std::string& folded) const;

  const Booking* put_booking(const Value& row);
  bool erase_booking(const std::string& id);
  [[nodiscard]] std::vector<const Booking*> bookings_of(const std::string& user_id) const;
  void mark_attended(const std::string& id, Epoch now);

  const KisiUser& put_user(const Value& row);
  void put_user(KisiUser user);
  void erase_user(std::int64_t id);
  [[nodiscard]] std::vector<const KisiUser*> users_with_email(const std::string& folded) const;

  const Assignment& put_assignment(const Value& row);
  void put_assignment(Assignment assignment);
  bool erase_assignment(std::int64_t id);
  [[nodiscard]] std::vector<const Assignment*> assignments_of(std::int64_t user_id) const;

  [[nodiscard]] std::int64_t next_user_id() const {
    return users.empty() ? 7710342 : users.rbegin()->first + 1;
  }
  [[nodiscard]] std::int64_t next_assignment_id();
  /// A fresh Glofox id: eight digits of time, sixteen of a counter (glofox-api 3).
  [[nodiscard]] std::string next_object_id(Epoch now);

  [[nodiscard]] const Zone& zone_of(const std::string& branch_id);

  std::uint64_t people_version = 1;
  std::uint64_t booking_version = 1;
  std::uint64_t user_version = 1;
  std::uint64_t assignment_version = 1;

  /// Forgets everything; the installation stays.
  void clear();

 private:
  std::unordered_multimap<std::string, const Person*> people_by_email_;
  std::unordered_multimap<std::string, const Booking*> bookings_by_user_;
  std::unordered_multimap<std::string, const KisiUser*> users_by_email_;
  std::unordered_multimap<std::int64_t, const Assignment*> assignments_by_user_;
  std::map<std::string, Zone> zones_;
  std::int64_t last_assignment_id_ = 9920016;
  std::uint64_t object_ids_ = 0;
};

/// The key that joins people with users: trimmed and folded.
[[nodiscard]] std::string email_key(std::string_view email);

}  // namespace gk_sandbox
