#include <fmt/format.h>

#include <utility>

#include "domain/person.hpp"
#include "glofox/client.hpp"
#include "glofox/roster_pages.hpp"

namespace gk::glofox {

Listing GlofoxClient::member_listing(RosterPages& pages) const {
  Listing listing = listing_into(pages, "Glofox members", "/2.0/members");
  listing.on_progress = options_.on_progress;
  return listing;
}

Result<reconcile::RosterSnapshot> GlofoxClient::read_roster() {
  GK_TRY(check_branch_id());
  RosterPages pages(branch_zone(), options_.max_pages * k_page_limit);
  const Listing listing = member_listing(pages);
  GK_TRY_ASSIGN(Opening opening, open(listing));
  if (!opening.branch) return fail(std::move(opening.branch).error());
  pages.set_branch(branch_zone());
  GK_TRY_ASSIGN(const ListingTally tally, read_listing(paging(), listing, std::move(opening.page)));
  return reconcile::RosterSnapshot{*std::move(opening.branch), certify(pages.finish(), tally)};
}

Result<std::optional<Member>> GlofoxClient::accept_member(MemberId asked, Result<http::Response> answer) {
  const auto context = [&](Error error) {
    return fail(with_context(fmt::format("Glofox member {}", asked), std::move(error)));
  };
  if (!answer) return context(std::move(answer).error());
  const auto document = read_answer(*answer, Subject::person, branch_);
  if (!document) {
    // Deleted and merged accounts answer success:false, or 404 (glofox-api 4.4).
    if (document.error().category == Category::not_found) return std::optional<Member>();
    return context(document.error());
  }
  auto member = decode_member(unwrap(document->root()), branch_zone());
  if (!member) return context({Category::protocol, "the answer has no valid _id"});
  if (member->id != asked) {
    return context(
        {Category::protocol, fmt::format("the answer is about member {}", member->id), answer->status});
  }
  return member;
}

std::vector<Result<std::optional<Member>>> GlofoxClient::read_members(std::span<const MemberId> ids) {
  constexpr std::size_t k_reads_ahead = 32;  // started and not yet answered
  std::vector<Result<std::optional<Member>>> members(ids.size(), std::optional<Member>());
  std::vector<bool> asked_twice(ids.size());
  std::optional<Error> refused;  // credentials, the deadline or a signal: no point in going on
  std::size_t next = 0;
  const auto start = [&](std::size_t index) {
    transport_.start(index, http::get("/2.0/members/" + ids[index].text(), "/2.0/members/{id}"));
  };
  const auto fill = [&] {
    while (!refused && next < ids.size() && transport_.pending() < k_reads_ahead) start(next++);
  };
  for (fill(); transport_.pending() > 0; fill()) {
    auto completion = next_completion(transport_, clock_);
    if (!completion) {
      refused = std::move(completion).error();
      break;
    }
    const std::size_t index = completion->ticket;
    members[index] = accept_member(ids[index], std::move(completion->result));
    if (members[index]) continue;
    const Error& error = members[index].error();
    if (is_malformed(error) && !asked_twice[index]) {
      asked_twice[index] = true;
      start(index);
    }
    if (ends_run(error) && !refused) refused = error;
  }
  for (; next < ids.size(); ++next) members[next] = fail(refused.value_or(Error{}));
  return members;
}

Result<std::vector<Member>> GlofoxClient::find_members(const PersonKey& person) {
  constexpr int k_max_pages = 5;
  GK_TRY(check_branch_id());
  std::vector<Member> found;
  for (int page = 1; page <= k_max_pages; ++page) {
    const http::Request request =
        http::get(fmt::format("/2.1/branches/{}/users", branch_.value()), "/2.1/branches/{id}/users",
                  {{"filters[email]", person.email()},
                   {"page", std::to_string(page)},
                   {"limit", std::to_string(k_page_limit)}});
    GK_TRY_ASSIGN(const json::Document document,
                  with_context("Glofox search by e-mail", ask(request, Subject::optional)));
    const json::View root = document.root();
    const json::View rows = rows_of(root);
    if (rows.kind() != json::Kind::array) {
      return fail(Category::protocol, "Glofox search by e-mail: the answer has no list of rows");
    }
    bool strangers = false;
    for (const json::View& row : rows.elements()) {
      auto member = decode_member(row, branch_zone());
      if (!member) return fail(Category::protocol, "Glofox search by e-mail: a row has no valid _id");
      const auto key = member->email.person();
      if (key == person) {
        found.push_back(*std::move(member));
      } else {
        strangers = strangers || key.has_value();
      }
    }
    if (strangers && found.empty()) {
      return fail(Category::protocol,
                  "Glofox search by e-mail: the filter was ignored, other people came back");
    }
    if (strangers || rows.size() < k_page_limit || root["has_more"].as_bool() == false) break;
  }
  return found;
}

}  // namespace gk::glofox
