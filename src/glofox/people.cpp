#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "glofox/client.hpp"
#include "glofox/roster_pages.hpp"

namespace gk::glofox {

namespace {

constexpr std::size_t k_most_singly = 500;  // single reads of people who are missing in the list

/// Who of `wanted` is in the roster.
void pick(const Roster& roster, const std::set<MemberId>& wanted, std::map<MemberId, Member>& people) {
  for (std::size_t i = 0; i < roster.size(); ++i) {
    if (wanted.contains(roster.id(i))) people.emplace(roster.id(i), roster.member(i));
  }
}

}  // namespace

/// The first page says how long the list is. Reading the rest of it pays off when more people are still
/// missing than it has pages; otherwise they are read one by one.
Result<void> GlofoxClient::read_people_of_list(const std::set<MemberId>& wanted,
                                               reconcile::PeopleReading& reading) {
  RosterPages pages(branch_zone(), options_.max_pages * k_page_limit);
  const Listing listing = member_listing(pages);
  auto first = http::send(transport_, page_request(listing, 1));
  if (first && is_success(first->status)) {
    std::string body = first->body;
    pages.begin();
    const auto content = pages.take(first->status, body);
    const Roster seen = pages.finish();
    if (content && !content->refusal && content->total && content->rows() > 0) {
      const std::size_t others =
          (*content->total - 1) / std::max(content->rows(), content->limit.value_or(0));
      std::map<MemberId, Member> found;
      pick(seen, wanted, found);
      if (others > 0 && wanted.size() - found.size() <= others) {
        reading.people = std::move(found);
        return {};
      }
    }
  }
  GK_TRY_ASSIGN(const ListingTally tally, read_listing(paging(), listing, std::move(first)));
  Roster roster = pages.finish();
  pick(roster, wanted, reading.people);
  reading.list = certify(std::move(roster), tally);
  return {};
}

Result<reconcile::PeopleReading> GlofoxClient::read_people(std::span<const MemberId> ids) {
  reconcile::PeopleReading reading;
  const std::set<MemberId> wanted(ids.begin(), ids.end());
  if (wanted.size() > 1) GK_TRY(read_people_of_list(wanted, reading));

  std::vector<MemberId> missing;
  for (const MemberId& id : wanted) {
    if (reading.people.contains(id)) continue;
    if (missing.size() < k_most_singly) {
      missing.push_back(id);
    } else {
      reading.unread.emplace(
          id, Error{Category::protocol,
                    fmt::format("more than {} people with bookings are missing from the Glofox member list",
                                k_most_singly)});
    }
  }
  auto answers = read_members(missing);
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (!answers[i]) {
      if (ends_run(answers[i].error())) return fail(std::move(answers[i].error()));
      reading.unread.emplace(missing[i], std::move(answers[i].error()));
    } else if (*answers[i]) {
      reading.people.emplace(missing[i], **std::move(answers[i]));
    }
  }
  return reading;
}

}  // namespace gk::glofox
