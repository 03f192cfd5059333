#pragma once

#include "http.hpp"
#include "paging.hpp"
#include "switches.hpp"
#include "time.hpp"
#include "world.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gk_sandbox {

/// The Kisi REST API (docs/kisi-api.md), answered from the world and as strict as it is documented.
class KisiApi {
 public:
  KisiApi(World& world, const Switches& switches, const Clock& clock)
      : world_(world), switches_(switches), clock_(clock) {}

  /// Takes the world's lock; `tricks` comes from a scripted fault.
  [[nodiscard]] Reply answer(const Call& call, const ListTricks& tricks);

 private:
  struct Page {
    std::size_t offset = 0;
    std::size_t limit = 0;
    std::optional<Reply> refusal;
  };
  struct EventSet {
    std::string filters;  ///< The echoed part of the answer.
    std::vector<std::string> events;
    std::int64_t polls_left = 0;
    Epoch created = 0;
  };
  enum class Missing { person, other };
  /// The body of a write without its wrapper, or why it is refused.
  struct Body {
    std::optional<Document> document;
    const Value* fields = nullptr;
    std::optional<Reply> refusal;
  };

  Reply route(const Call& call, const ListTricks& tricks);
  [[nodiscard]] bool authorized(const Call& call) const;
  [[nodiscard]] Page page_of(const Call& call, std::size_t standard, std::size_t most) const;
  [[nodiscard]] Body body_of(const Call& call, const char* wrapper) const;
  [[nodiscard]] Reply missing(Missing what) const;
  void add_range(Reply& reply, const Page& page, const Slice& slice) const;
  [[nodiscard]] Reply table_list(const Call& call, const ListTricks& tricks, const Table& table,
                                 std::size_t standard, const std::function<bool(const Value&)>& keep,
                                 bool sorted_by_name) const;
  [[nodiscard]] Reply table_row(const Table& table, const std::string& id) const;
  [[nodiscard]] std::int64_t id_of(const std::string& text) const;

  Reply users(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks);
  Reply list_users(const Call& call, const ListTricks& tricks);
  [[nodiscard]] ViewCache<KisiUser>::View select_users(const Call& call);
  [[nodiscard]] std::int64_t newest_visible_user() const;
  Reply create_user(const Call& call, const char* wrapper);
  Reply patch_user(std::int64_t id, const Call& call, const char* wrapper);
  Reply delete_user(std::int64_t id);
  Reply members(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks);
  void remove_first_user(const KisiUser& user);

  Reply role_assignments(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks);
  Reply list_assignments(const Call& call, const ListTricks& tricks);
  [[nodiscard]] ViewCache<Assignment>::View select_assignments(const Call& call, Epoch now);
  Reply create_assignment(const Call& call);
  Reply patch_assignment(std::int64_t id, const Call& call);
  [[nodiscard]] bool end_inclusive() const { return switches_.is("window_end", "inclusive"); }
  void insert_foreign_row(const Call& call);

  Reply groups(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks);
  [[nodiscard]] std::string group_row(const std::string& row);
  Reply write_group(const Call& call, std::int64_t id);
  Reply group_locks(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks);
  Reply locks(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks);
  Reply integrations(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks);
  Reply write_integration(const Call& call, std::int64_t id);
  Reply roles(const std::vector<std::string>& path) const;
  Reply logins(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks);
  Reply organization(const std::vector<std::string>& path) const;
  Reply who_am_i() const;

  Reply event_sets(const Call& call, const std::vector<std::string>& path);
  Reply create_event_set(const Call& call);
  Reply show_event_set(std::int64_t id, EventSet& set, const Call& call, bool poll);

  World& world_;
  const Switches& switches_;
  const Clock& clock_;
  std::map<std::int64_t, EventSet> event_sets_;
  std::int64_t last_event_set_ = 5500916;
  std::optional<std::chrono::steady_clock::time_point> last_event_set_post_;
};

[[nodiscard]] Reply kisi_error(int status, std::string_view text, std::string_view code);
/// 422 with `{"errors":{field:[message]}}` (kisi-api 4.1).
[[nodiscard]] Reply kisi_invalid(std::string_view field, std::string_view message);
[[nodiscard]] Reply kisi_ok(std::string body);
[[nodiscard]] Reply kisi_done();
/// `a,b,c` as numbers; an empty filter matches nothing.
[[nodiscard]] std::vector<std::int64_t> parse_ids(std::string_view text);

}  // namespace gk_sandbox
