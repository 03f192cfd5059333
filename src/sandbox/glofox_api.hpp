#pragma once

#include "http.hpp"
#include "paging.hpp"
#include "switches.hpp"
#include "time.hpp"
#include "world.hpp"

#include <string>
#include <vector>

namespace gk_sandbox {

/// The Glofox API (docs/glofox-api.md), answered from the world and as strict as it is documented.
class GlofoxApi {
 public:
  GlofoxApi(World& world, const Switches& switches, const Clock& clock)
      : world_(world), switches_(switches), clock_(clock) {}

  /// Takes the world's lock; `tricks` comes from a scripted fault.
  [[nodiscard]] Reply answer(const Call& call, const ListTricks& tricks);

 private:
  struct Page {
    std::size_t number = 1;
    std::size_t limit = 50;
    std::optional<Reply> refusal;

    [[nodiscard]] std::size_t offset() const { return (number - 1) * limit; }
  };

  [[nodiscard]] std::optional<Reply> refuse(const Call& call, const std::vector<std::string>& path) const;
  [[nodiscard]] Reply refusal(int status, std::string_view text, std::string_view code) const;
  Reply route(const Call& call, const std::vector<std::string>& path, const ListTricks& tricks);
  [[nodiscard]] Reply wrong_url() const;
  [[nodiscard]] Page page_of(const Call& call, const ListTricks& tricks, std::size_t standard = 50) const;
  [[nodiscard]] Page page_of_body(const Value& body, const ListTricks& tricks) const;
  /// Style A (glofox-api 2); `extra` is put in as further members of the envelope.
  [[nodiscard]] Reply style_a(const std::string& rows, const Page& page, const Slice& slice,
                              std::string_view extra = {}) const;
  [[nodiscard]] Reply style_a(const std::vector<std::string>& rows, const Page& page,
                              const ListTricks& tricks, std::string_view extra = {}) const;
  [[nodiscard]] Reply single(const std::string& row) const;

  Reply list_members(const Call& call, const ListTricks& tricks);
  [[nodiscard]] ViewCache<Person>::View select_members(const Call& call, const std::string& branch);
  Reply show_member(const std::string& id) const;
  Reply branch_users(const Call& call, const ListTricks& tricks) const;
  Reply search_members(const Call& call, const ListTricks& tricks) const;
  Reply linked_accounts(const std::string& id) const;
  Reply list_staff(const Call& call, const ListTricks& tricks) const;
  Reply list_memberships(const Call& call, const ListTricks& tricks) const;
  Reply list_locations(const Call& call, const ListTricks& tricks) const;
  Reply list_credits(const Call& call, const ListTricks& tricks) const;

  Reply branch_bookings(const Call& call, const std::string& branch, const ListTricks& tricks);
  [[nodiscard]] ViewCache<Booking>::View select_bookings(const Call& call, const std::string& branch);
  Reply person_bookings(const Call& call, const ListTricks& tricks);
  Reply list_events(const Call& call, const ListTricks& tricks) const;
  Reply show_event(const std::string& id) const;

  Reply record_access(const Call& call);
  Reply mark_attendance(const Call& call);

  [[nodiscard]] std::string branch_of(const Call& call) const { return call.header("x-glofox-branch-id"); }

  World& world_;
  const Switches& switches_;
  const Clock& clock_;
};

[[nodiscard]] Reply glofox_ok(std::string body);
/// The error shape of 2.x routes (glofox-api 1.4).
[[nodiscard]] Reply glofox_error(int status, std::string_view text, std::string_view code);

}  // namespace gk_sandbox
