#include "glofox/client.hpp"

#include <fmt/format.h>

#include <utility>

#include "json/writer.hpp"
#include "util/text.hpp"

namespace gk::glofox {

GlofoxClient::GlofoxClient(http::Transport& transport, BranchId branch, Clock& clock, Log& log,
                           ClientOptions options)
    : transport_(transport),
      branch_(std::move(branch)),
      clock_(clock),
      log_(log),
      options_(std::move(options)) {}

Result<void> GlofoxClient::check_branch_id() const {
  if (is_glofox_id(branch_.value())) return {};
  return fail(Category::config,
              fmt::format("location_id '{}' is not a Glofox id: an id has 24 characters, 0-9 and a-f",
                          printable(branch_.value(), 60)));
}

Result<json::Document> GlofoxClient::ask(const http::Request& request, Subject subject) {
  for (int tries = 1;; ++tries) {
    GK_TRY_ASSIGN(const http::Response response, http::send(transport_, request));
    auto document = read_answer(response, subject, branch_);
    if (document || !is_malformed(document.error()) || tries == 2) return document;
  }
}

http::Request GlofoxClient::branch_request() const {
  return http::get("/2.0/branches/" + branch_.value(), "/2.0/branches/{id}");
}

Result<Branch> GlofoxClient::read_branch() {
  GK_TRY(check_branch_id());
  GK_TRY_ASSIGN(const json::Document document,
                with_context("Glofox location", ask(branch_request(), Subject::branch)));
  return accept_branch(document);
}

Result<Branch> GlofoxClient::accept_branch(Result<http::Response> answer) {
  if (!answer) return fail(with_context("Glofox location", std::move(answer).error()));
  auto document = read_answer(*answer, Subject::branch, branch_);
  if (!document && is_malformed(document.error())) return read_branch();
  if (!document) return fail(with_context("Glofox location", std::move(document).error()));
  return accept_branch(*document);
}

Result<Branch> GlofoxClient::accept_branch(const json::Document& document) {
  auto branch = decode_branch(unwrap(document.root()));
  if (!branch) return fail(Category::protocol, "Glofox location: the answer has no valid _id");
  if (branch->id != branch_) {
    return fail(Category::config, fmt::format("Glofox location: asked for {}, got {}; check location_id",
                                              branch_.value(), branch->id.value()));
  }
  // An unknown zone is reported by the code that needs one. Here it only decodes times that rarely come.
  zone_.reset();
  if (auto zone = Zone::locate(branch->time_zone)) zone_ = *zone;
  return *std::move(branch);
}

Result<GlofoxClient::Opening> GlofoxClient::open(const Listing& listing) {
  constexpr http::Ticket k_branch = 0;
  constexpr http::Ticket k_page = 1;
  transport_.start(k_branch, branch_request());
  transport_.start(k_page, page_request(listing, 1));
  Result<http::Response> branch = fail(Category::internal, "no answer about the location came");
  Result<http::Response> page = fail(Category::internal, "no answer to page 1 came");
  while (transport_.pending() > 0) {
    GK_TRY_ASSIGN(http::Completion completion, next_completion(transport_, clock_));
    (completion.ticket == k_branch ? branch : page) = std::move(completion.result);
  }
  Opening opening{accept_branch(std::move(branch)), std::move(page)};
  // Of two failures, keep the one that says more: wrong credentials explain everything else.
  const bool refused = opening.page && opening.page->status == 401;
  if (!opening.branch && opening.branch.error().category != Category::auth && refused)
    opening.branch = fail(refusal_error(read_refusal(*opening.page), Subject::list, BranchId()));
  return opening;
}

Result<std::optional<std::size_t>> GlofoxClient::check_members_access() {
  GK_TRY(check_branch_id());
  const http::Request request = http::get("/2.0/members", "/2.0/members", {{"limit", "1"}});
  // A refusal here is about the location, not about one page of a list.
  GK_TRY_ASSIGN(const json::Document document, with_context("Glofox members", ask(request, Subject::branch)));
  if (rows_of(document.root()).kind() != json::Kind::array) {
    return fail(Category::protocol, "Glofox members: the answer has no list of rows");
  }
  PageContent content;
  describe_page(200, json::pick(document.root(), envelope_fields()), content);
  return content.total;
}

Result<std::vector<Branch>> GlofoxClient::read_allowed_branches() {
  constexpr int k_max_pages = 10;
  std::vector<Branch> branches;
  for (int page = 1; page <= k_max_pages; ++page) {
    json::Writer body;
    body.begin_object().member("page", page).member("limit", static_cast<int>(k_page_limit)).end_object();
    http::Request request;
    request.method = http::Method::post;  // a search, nothing is written
    request.path = request.endpoint = "/v3.0/locations/retrieve";
    request.body = body.take();
    GK_TRY_ASSIGN(const json::Document document,
                  with_context("Glofox locations", ask(request, Subject::optional)));
    const json::View rows = document.root()["data"];
    if (rows.kind() == json::Kind::object) {
      if (auto branch = decode_branch(rows)) branches.push_back(*std::move(branch));
      return branches;
    }
    for (const json::View& row : rows.elements()) {
      if (auto branch = decode_branch(row)) branches.push_back(*std::move(branch));
    }
    if (rows.size() == 0 || document.root()["has_more"].as_bool() != true) break;
  }
  return branches;
}

}  // namespace gk::glofox
