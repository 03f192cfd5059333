#include <set>
#include <utility>

#include "glofox/client.hpp"

namespace gk::glofox {

Result<Catalogue> GlofoxClient::read_catalogue() {
  GK_TRY(check_branch_id());
  Catalogue catalogue;
  std::set<std::string> memberships;
  Listing listing;
  listing.what = "Glofox catalogue";
  listing.path = listing.endpoint = "/2.0/memberships";
  listing.query = {{"private", "any"}};  // else hidden plans are missing (glofox-api 4.6)
  listing.max_pages = options_.max_pages;
  listing.begin = [&] {
    catalogue.clear();
    memberships.clear();
  };
  const auto take_row = [&](const json::View& row) {
    Catalogue plans;
    if (!decode_plans(row, plans)) return RowKind::unusable;
    if (!memberships.insert(plans.front().membership_id).second) return RowKind::repeated;
    catalogue.insert(catalogue.end(), plans.begin(), plans.end());
    return RowKind::fresh;
  };
  listing.take = [&](int http_status, std::string& body) {
    return read_short_page(http_status, body, take_row);
  };
  GK_TRY_ASSIGN(const ListingTally tally, read_listing(paging(), listing));
  if (auto reason = incompleteness(tally)) return fail(with_context(listing.what, *std::move(reason)));
  return catalogue;
}

}  // namespace gk::glofox
