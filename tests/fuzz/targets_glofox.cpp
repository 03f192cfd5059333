#include <array>

#include "fuzz/targets.hpp"
#include "glofox/dates.hpp"
#include "glofox/decode.hpp"
#include "glofox/errors.hpp"
#include "glofox/paging.hpp"
#include "json/row_stream.hpp"

namespace gk::fuzz {

namespace {

constexpr std::string_view k_branch = "64b0c0ffee00000000000b01";

const Zone& zone() {
  static const Zone k_zone = Zone::locate("Europe/Dublin").value();
  return k_zone;
}

glofox::BranchZone place() { return {k_branch, &zone()}; }

void check_member(const Member& member) {
  const Membership& membership = member.membership;
  require((membership.type == MembershipType::unknown) || membership.unknown_type.empty(),
          "only an unknown type carries its word");
  require(membership.type != MembershipType::none || membership.status == MembershipStatus::missing,
          "nobody without a membership has a status");
}

void members_page(std::string_view bytes) {
  static const json::PageSchema k_schema("data", glofox::member_fields(), glofox::envelope_fields());
  std::string page(bytes);
  Roster roster;
  std::size_t rows = 0;
  Member member;
  const auto envelope = json::read_page(page, k_schema, [&](std::span<const json::Scalar> row) {
    ++rows;
    if (!glofox::decode_member(row, place(), member)) return;
    check_member(member);
    static_cast<void>(roster.add(member));
  });
  if (!envelope) return;
  require(envelope->rows == rows, "the envelope counts the rows");
  require(roster.size() <= rows, "no person comes from nowhere");
  glofox::PageContent content;
  glofox::describe_page(200, envelope->fields, content);
}

void bookings_page(std::string_view bytes) {
  static const json::PageSchema k_schema("data", glofox::booking_fields(), glofox::envelope_fields());
  std::string page(bytes);
  static_cast<void>(json::read_page(page, k_schema, [&](std::span<const json::Scalar> row) {
    const glofox::BookingRow booking = glofox::decode_booking(row, place());
    require(booking.start.has_value() == booking.end.has_value(), "a start has an end");
    if (booking.start) require(*booking.start < *booking.end, "the end comes later");
  }));
}

void single_member(std::string_view bytes) {
  const auto document = json::Document::parse(bytes);
  if (!document) return;
  if (const auto member = glofox::decode_member(glofox::unwrap(document->root()), place()))
    check_member(*member);
}

void branch(std::string_view bytes) {
  const auto document = json::Document::parse(bytes);
  if (!document) return;
  const auto read = glofox::decode_branch(glofox::unwrap(document->root()));
  if (read) require(is_glofox_id(read->id.value()), "a branch has a valid id");
}

void catalogue(std::string_view bytes) {
  const auto document = json::Document::parse(bytes);
  if (!document) return;
  Catalogue plans;
  const json::View rows = document->root()["data"];
  for (std::size_t i = 0; i < rows.size(); ++i) static_cast<void>(glofox::decode_plans(rows.at(i), plans));
}

/// The first byte chooses the status.
void refusal(std::string_view bytes) {
  if (bytes.empty()) return;
  constexpr std::array k_statuses{200, 400, 401, 403, 404, 422, 429, 500, 503, 302};
  http::Response response;
  response.status = k_statuses[static_cast<unsigned char>(bytes.front()) % k_statuses.size()];
  response.body = bytes.substr(1);
  const BranchId location{std::string(k_branch)};
  for (const auto subject : {glofox::Subject::branch, glofox::Subject::list, glofox::Subject::person}) {
    const auto answer = glofox::read_answer(response, subject, location);
    require(answer || !answer.error().message.empty(), "an error says something");
    require(glofox::is_success(response.status) || !answer, "a refusal is no answer");
  }
}

void date(std::string_view bytes) {
  json::Scalar text;
  text.kind = json::Kind::string;
  text.text = bytes;
  for (const glofox::Fold fold : {glofox::Fold::earliest, glofox::Fold::latest}) {
    const glofox::When when = glofox::parse_when(text);
    static_cast<void>(glofox::to_instant(when, &zone(), fold));
    const bool wall_clock = std::holds_alternative<LocalTime>(when);
    require(!wall_clock || !glofox::to_instant(when, nullptr, fold), "no wall clock without a zone");
  }
}

constexpr std::array k_targets{
    Target{"glofox_members", members_page},
    Target{"glofox_bookings", bookings_page},
    Target{"glofox_member", single_member},
    Target{"glofox_branch", branch},
    Target{"glofox_catalogue", catalogue},
    Target{"glofox_refusal", refusal},
    Target{"glofox_date", date},
};

}  // namespace

std::span<const Target> glofox_targets() { return k_targets; }

}  // namespace gk::fuzz
