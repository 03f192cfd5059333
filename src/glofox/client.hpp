#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "domain/ids.hpp"
#include "domain/zone.hpp"
#include "glofox/booking_pages.hpp"
#include "glofox/decode.hpp"
#include "glofox/errors.hpp"
#include "glofox/paging.hpp"
#include "glofox/roster_pages.hpp"
#include "http/transport.hpp"
#include "json/document.hpp"
#include "reconcile/ports.hpp"
#include "util/clock.hpp"
#include "util/log.hpp"
#include "util/result.hpp"

namespace gk::glofox {

struct ClientOptions {
  std::size_t max_pages = 2000;  ///< of one list; at 100 rows each
  /// A list of bookings that declares more is read class by class if that takes fewer requests
  /// (glofox-api 5.1).
  std::size_t booking_page_budget = 50;
  /// Told while the member list is read, on the thread that reads it; may be empty.
  std::function<void(std::size_t pages_read, std::size_t pages)> on_progress;
};

/// One Glofox location over the partner API. Base URL, credentials and the branch header belong to the
/// transport. Not for two threads at once; nothing is pending on the transport between calls.
class GlofoxClient final : public reconcile::RosterSource {
 public:
  GlofoxClient(http::Transport& transport, BranchId branch, Clock& clock, Log& log,
               ClientOptions options = {});

  /// 1 + ceil(N/100) requests for N people, at least 2. The branch and page 1 are asked for at the same time.
  [[nodiscard]] Result<reconcile::RosterSnapshot> read_roster() override;
  [[nodiscard]] std::vector<Result<std::optional<Member>>> read_members(
      std::span<const MemberId> ids) override;
  /// Category::protocol when Glofox ignored the filter and the person was not among those that came
  /// (glofox-api 4.5).
  [[nodiscard]] Result<std::vector<Member>> find_members(const PersonKey& person) override;
  [[nodiscard]] Result<Catalogue> read_catalogue() override;
  [[nodiscard]] Result<std::vector<Booking>> read_bookings_of(MemberId member, const Window& span) override;
  /// 1 + ceil(B/100) requests for B bookings in the span, at least 2; the branch and page 1 at the same time.
  [[nodiscard]] Result<reconcile::BookingSnapshot> read_bookings(const Window& span,
                                                                 BookingStatus status) override;
  /// One person: one request. Several: page 1 of the member list, then the rest of it or the people who are
  /// missing one by one, whichever is fewer; never more than the list takes.
  [[nodiscard]] Result<reconcile::PeopleReading> read_people(std::span<const MemberId> ids) override;
  [[nodiscard]] Result<std::map<ClassId, GymClass>> read_classes(const std::set<ClassId>& ids,
                                                                 const Window& span) override;

  /// GET /2.0/branches/{id} (glofox-api 9.1). Category::config when Glofox does not know the location or does
  /// not show it.
  [[nodiscard]] Result<Branch> read_branch();
  /// The cheapest call that proves key, token and location at once (glofox-api 9.3): how many people the
  /// location has, if Glofox says so.
  [[nodiscard]] Result<std::optional<std::size_t>> check_members_access();
  /// The locations that the key may read (glofox-api 9.2), to help with a mistyped id. Many keys may not ask:
  /// Category::forbidden.
  [[nodiscard]] Result<std::vector<Branch>> read_allowed_branches();

 private:
  [[nodiscard]] PagingContext paging() { return {transport_, clock_, log_, branch_}; }
  [[nodiscard]] BranchZone branch_zone() const { return {branch_.value(), zone_ ? &*zone_ : nullptr}; }
  /// The branch's id must be fit for a path.
  [[nodiscard]] Result<void> check_branch_id() const;
  [[nodiscard]] http::Request branch_request() const;
  /// One request; a malformed body is asked for once more.
  [[nodiscard]] Result<json::Document> ask(const http::Request& request, Subject subject);
  [[nodiscard]] Result<Branch> accept_branch(const json::Document& document);
  [[nodiscard]] Result<Branch> accept_branch(Result<http::Response> answer);
  /// The branch and page 1 of a list, asked for at the same time. The branch is the error that says more.
  struct Opening {
    Result<Branch> branch;
    Result<http::Response> page;
  };
  [[nodiscard]] Result<Opening> open(const Listing& listing);
  /// A list whose pages go into `pages`.
  template <class Pages>
  [[nodiscard]] Listing listing_into(Pages& pages, std::string what, std::string path) const {
    Listing listing;
    listing.what = std::move(what);
    listing.path = listing.endpoint = std::move(path);
    listing.max_pages = options_.max_pages;
    listing.begin = [&pages] { pages.begin(); };
    listing.take = [&pages](int http_status, std::string& body) { return pages.take(http_status, body); };
    return listing;
  }
  [[nodiscard]] Listing member_listing(RosterPages& pages) const;
  [[nodiscard]] Listing booking_listing(BookingPages& pages, std::string what) const;
  [[nodiscard]] static std::size_t declared_pages(BookingPages& pages, const http::Response& first);
  [[nodiscard]] Result<std::optional<Reading<std::vector<Booking>>>> read_bookings_by_class(
      const Window& span, std::size_t pages_of_list);
  [[nodiscard]] Result<void> read_people_of_list(const std::set<MemberId>& wanted,
                                                 reconcile::PeopleReading& reading);
  [[nodiscard]] Result<Reading<std::vector<GymClass>>> list_classes(const Window& span);
  [[nodiscard]] Result<std::optional<GymClass>> read_class(const ClassId& id);
  [[nodiscard]] Result<std::optional<Member>> accept_member(MemberId asked, Result<http::Response> answer);

  http::Transport& transport_;
  BranchId branch_;
  Clock& clock_;
  Log& log_;
  ClientOptions options_;
  std::optional<Zone> zone_;  ///< of the branch, once it was read
};

}  // namespace gk::glofox
