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
  listing.take = [&](int http_status, std::string& body) -> Result<PageFacts> {
    GK_TRY_ASSIGN(const json::Document document, json::Document::parse(body));
    const json::View root = document.root();
    const json::View rows = root.kind() == json::Kind::array ? root : root["data"];
    PageFacts facts;
    describe_page(http_status, json::pick(root, envelope_fields()), facts);
    facts.has_rows = rows.kind() == json::Kind::array;
    for (std::size_t i = 0; facts.has_rows && i < rows.size(); ++i) {
      Catalogue plans;
      if (!decode_plans(rows.at(i), plans)) {
        ++facts.unusable;
      } else if (!memberships.insert(plans.front().membership_id).second) {
        ++facts.repeated;
      } else {
        ++facts.fresh;
        catalogue.insert(catalogue.end(), plans.begin(), plans.end());
      }
    }
    return facts;
  };
  GK_TRY_ASSIGN(const ListingTally tally, read_listing(paging(), listing));
  if (auto reason = incompleteness(tally)) return fail(with_context(listing.what, *std::move(reason)));
  return catalogue;
}

}  // namespace gk::glofox
