#include <array>
#include <cstdio>

#include "fuzz/targets.hpp"
#include "kisi/account.hpp"
#include "kisi/codec.hpp"
#include "kisi/errors.hpp"
#include "kisi/listing.hpp"
#include "support/fake_transport.hpp"
#include "util/text.hpp"

namespace gk::fuzz {

namespace {

void users(std::string_view bytes) {
  const auto page = kisi::decode_user_page(bytes);
  if (!page) return;
  require(page->users.size() <= page->page.count(), "no user comes from nowhere");
  for (const User& user : page->users) {
    require(user.id.value() > 0, "a user has an id");
    static_cast<void>(kisi::merged_metadata(user, *MemberId::parse("65aa00000000000000000001"),
                                            BranchId{"64b0c0ffee00000000000b01"}));
  }
}

void rows(std::string_view bytes) {
  const auto page = kisi::decode_row_page(std::string(bytes));
  if (!page) return;
  require(page->rows.size() <= page->page.count(), "no row comes from nowhere");
  for (const RoleAssignment& row : page->rows) require(row.id.value() > 0, "a row has an id");
}

void single_row(std::string_view bytes) {
  const auto row = kisi::decode_row(bytes);
  if (row) require(row->id.value() > 0, "a row has an id");
}

void single_objects(std::string_view bytes) {
  static_cast<void>(kisi::decode_user(bytes));
  const auto document = json::Document::parse(bytes);
  if (!document) return;
  static_cast<void>(kisi::decode_group(document->root()));
  static_cast<void>(kisi::decode_self(document->root()));
}

/// Every question of validate-config gets the same answer.
void account(std::string_view bytes) {
  test::FakeTransport transport;
  transport.on_any([&](const http::Request&) { return test::answer(200, std::string(bytes)); });
  test::ManualClock clock;
  static std::FILE* const sink = std::fopen("/dev/null", "w");
  Log log(sink, LogLevel::error, LogFormat::text, clock);
  kisi::Api api(transport, log);
  kisi::Account asked(api, []() -> Result<Self> { return Self{UserId{1}, "", 1, ""}; });
  static_cast<void>(asked.read_organization());
  static_cast<void>(asked.read_role("group_basic"));
  static_cast<void>(asked.read_place(PlaceId{1}));
  static_cast<void>(asked.read_login());
  static_cast<void>(asked.read_webhook(1));
  static_cast<void>(asked.read_user_count());
  static_cast<void>(asked.read_group_locks(GroupId{1}));
}

/// The first byte chooses the status.
void error_body(std::string_view bytes) {
  if (bytes.empty()) return;
  constexpr std::array k_statuses{400, 401, 403, 404, 409, 422, 429, 500, 503, 302};
  http::Response response;
  response.status = k_statuses[static_cast<unsigned char>(bytes.front()) % k_statuses.size()];
  response.body = bytes.substr(1);
  const std::string text = kisi::error_text(response.body);
  require(!text.empty(), "an error says something");
  require(printable(text, text.size()) == text, "an error is safe to print");
  const Error error = kisi::error_from(response, http::Effect::write);
  static_cast<void>(kisi::is_duplicate(error));
}

void range_header(std::string_view bytes) {
  const kisi::CollectionRange range = kisi::parse_collection_range(bytes);
  kisi::Pager pager(kisi::k_list_limit);
  kisi::PageRows page;
  page.ids = {1, 2, 3};
  const auto next = pager.take(bytes, page);
  const bool more_promised = range.total && *range.total > page.ids.size();
  require(!more_promised || next != kisi::Pager::Next::end || incompleteness(pager.tally()),
          "fewer rows than declared are never taken as whole");
}

void moment(std::string_view bytes) { static_cast<void>(kisi::parse_moment(bytes)); }

constexpr std::array k_targets{
    Target{"kisi_users", users},        Target{"kisi_rows", rows},
    Target{"kisi_row", single_row},     Target{"kisi_objects", single_objects},
    Target{"kisi_account", account},    Target{"kisi_error", error_body},
    Target{"kisi_range", range_header}, Target{"kisi_moment", moment},
};

}  // namespace

std::span<const Target> kisi_targets() { return k_targets; }

}  // namespace gk::fuzz
