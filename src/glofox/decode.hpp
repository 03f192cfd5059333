#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "domain/booking.hpp"
#include "domain/roster.hpp"
#include "domain/zone.hpp"
#include "json/document.hpp"
#include "json/row_stream.hpp"

namespace gk::glofox {

/// The branch whose rows are read, and the zone of its wall clock.
struct BranchZone {
  std::string_view id;         ///< 24 lower-case hex digits
  const Zone* zone = nullptr;  ///< for times that come as wall clock; without it those are nothing
};

/// The fields of a person that the decoder reads, by path (glofox-api 4.2, 4.3): for json::PageSchema and
/// json::pick().
[[nodiscard]] std::span<const std::string_view> member_fields();

/// Decodes one person from member_fields() in that order, whether the row came from the list or from the
/// single-member route. False when there is no valid `_id`; everything else is optional, and a value of the
/// wrong type counts as absent (glofox-api 3).
/// - e-mail: `email`; when that is blank `account_email`, then `contact_email`, but not for children, whose
/// contact is the
///   parent's (glofox-api 4.2, 11).
/// - membership: null, [], "", {} and absent are MembershipType::none; an object without a usable type, or
/// something that is
///   neither, is MembershipType::unknown, which never grants and never removes.
/// - active: false also as 0, "0" and "false"; absent is true.
/// `member` is overwritten whole; it is a parameter so that its strings are used again for the next row.
[[nodiscard]] bool decode_member(std::span<const json::Scalar> row, const BranchZone& branch, Member& member);
[[nodiscard]] std::optional<Member> decode_member(const json::View& object, const BranchZone& branch);

/// The fields of a booking, in both row formats (glofox-api 5.1 and 5.2).
[[nodiscard]] std::span<const std::string_view> booking_fields();

/// One booking row; what could not be read is absent.
struct BookingRow {
  std::optional<BookingId> id;
  std::optional<MemberId> member;
  bool other_branch = false;
  ClassId class_id;
  BookingStatus status = BookingStatus::unknown;
  bool attended = false;
  std::optional<Instant> start, end;  ///< `end` is there whenever `start` is, and later
  bool end_known = false;             ///< the row tells the end; else it is 60 minutes after the start
};

/// Decodes booking_fields(). The end is `time_finish`, else `duration` minutes, else unknown
/// (glofox-api 5.1); an end that is not after the start, or more than a day after it, is ignored.
[[nodiscard]] BookingRow decode_booking(std::span<const json::Scalar> row, const BranchZone& branch);

/// One class, from the list or by id (glofox-api 6). Nothing when it has no valid id.
[[nodiscard]] std::optional<GymClass> decode_class(const json::View& object);

/// GET /2.0/branches/{id}, or one row of the location list (glofox-api 9). Nothing when it has no valid id.
[[nodiscard]] std::optional<Branch> decode_branch(const json::View& object);

/// One membership of the catalogue, a row per plan; a membership without plans gives one row
/// (glofox-api 4.6). False when it has no valid id: nothing is appended then.
[[nodiscard]] bool decode_plans(const json::View& membership, Catalogue& catalogue);

/// The object itself when the service wraps it in {"data": {...}} (glofox-api 2).
[[nodiscard]] json::View unwrap(const json::View& root);

}  // namespace gk::glofox
