#include "glofox/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "domain/class_length.hpp"
#include "glofox/dates.hpp"
#include "json/field_position.hpp"
#include "util/text.hpp"

namespace gk::glofox {

namespace {

using json::Kind;
using json::Scalar;

/// All from membership.type on lie inside the membership object.
constexpr std::array<std::string_view, 31> k_member_fields = {"_id",
                                                              "id",
                                                              "name",
                                                              "first_name",
                                                              "last_name",
                                                              "email",
                                                              "account_email",
                                                              "contact_email",
                                                              "role",
                                                              "use_parent_email",
                                                              "parent_id",
                                                              "active",
                                                              "branch_id",
                                                              "branch_id.0",
                                                              "branch_id.1",
                                                              "branch_id.2",
                                                              "branch_id.3",
                                                              "membership",
                                                              "membership.0",
                                                              "membership.type",
                                                              "membership.status",
                                                              "membership.start_date",
                                                              "membership.start_date.sec",
                                                              "membership.expiry_date",
                                                              "membership.expiry_date.sec",
                                                              "membership._id",
                                                              "membership.membership_name",
                                                              "membership.plan_name",
                                                              "membership.membership_plan_name",
                                                              "membership.plan_code",
                                                              "membership.user_membership_id"};
consteval std::size_t of_member(std::string_view path) { return json::position_of(path, k_member_fields); }

constexpr std::array<std::string_view, 16> k_booking_fields = {
    "_id",         "id",          "user_id",        "branch_id",   "branch_id.0",
    "branch_id.1", "branch_id.2", "branch_id.3",    "event_id",    "status",
    "attended",    "time_start",  "time_start.sec", "time_finish", "time_finish.sec",
    "duration"};
consteval std::size_t of_booking(std::string_view path) { return json::position_of(path, k_booking_fields); }

constexpr std::size_t k_branch_elements = 4;
constexpr std::size_t k_longest_word = 60;  // of an unlisted type or status, for the report

/// The text of a string, else "".
std::string_view text_of(const Scalar& value) {
  return value.kind == Kind::string ? value.text : std::string_view();
}

bool is_blank(const Scalar& value) { return trim(text_of(value)).empty(); }

/// Trimmed, and runs of white space become one space: people type names (glofox-api 3).
void assign_tidy(std::string& out, std::string_view text) {
  out.clear();
  bool pending_space = false;
  for (text = trim(text); !text.empty(); text.remove_prefix(1)) {
    const char c = text.front();
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      pending_space = true;
      continue;
    }
    if (pending_space) out.push_back(' ');
    pending_space = false;
    out.push_back(c);
  }
}

std::string tidy(std::string_view text) {
  std::string out;
  assign_tidy(out, text);
  return out;
}

/// Codes are numbers in the catalogue and strings elsewhere (glofox-api 3): compared as strings.
void assign_code(std::string& out, const Scalar& value) {
  if (value.kind == Kind::string) return assign_tidy(out, value.text);
  const auto number = value.as_integer();
  out = number ? std::to_string(*number) : std::string();
}

std::optional<bool> flag_of(const Scalar& value) {
  if (const auto flag = value.as_bool()) return flag;
  if (const auto number = value.as_integer()) return *number != 0;
  if (value.kind != Kind::string) return std::nullopt;
  const std::string word = ascii_lower(trim(value.text));
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

/// Whether a row says that it belongs to another branch: `branch_id` is a string, or an array in v3 rows
/// (glofox-api 4.2). An array that is too long to be read whole gets the benefit of the doubt: the list was
/// asked for this branch.
bool is_other_branch(std::span<const Scalar> branch, std::string_view ours) {
  const auto is_ours = [&](const Scalar& value) {
    const std::string_view text = trim(text_of(value));
    return text == ours || ascii_lower(text) == ours;
  };
  if (branch[0].kind == Kind::string) return !is_blank(branch[0]) && !is_ours(branch[0]);
  const auto elements = branch.subspan(1);
  if (branch[0].kind != Kind::array || is_blank(elements.front()) || !is_blank(elements.back())) return false;
  return std::none_of(elements.begin(), elements.end(), is_ours);
}

bool is_child(std::span<const Scalar> row) {
  return flag_of(row[of_member("use_parent_email")]).value_or(false) ||
         !is_blank(row[of_member("parent_id")]) ||
         ascii_lower(trim(text_of(row[of_member("role")]))) == "child";
}

std::string_view email_of(std::span<const Scalar> row) {
  if (!is_blank(row[of_member("email")]) || is_child(row)) return text_of(row[of_member("email")]);
  return is_blank(row[of_member("account_email")]) ? text_of(row[of_member("contact_email")])
                                                   : text_of(row[of_member("account_email")]);
}

void assign_name(std::string& out, std::span<const Scalar> row) {
  assign_tidy(out, text_of(row[of_member("name")]));
  if (!out.empty()) return;
  assign_tidy(
      out, fmt::format("{} {}", text_of(row[of_member("first_name")]), text_of(row[of_member("last_name")])));
}

/// Whether there is a membership object with anything in it; of the object itself only the kind is known.
bool has_membership(std::span<const Scalar> row) {
  const Scalar& membership = row[of_member("membership")];
  switch (membership.kind) {
    case Kind::missing:
    case Kind::null: return false;
    case Kind::string: return !is_blank(membership);
    case Kind::boolean: return membership.boolean;
    case Kind::array: return row[of_member("membership.0")].kind != Kind::missing;
    case Kind::integer:
    case Kind::real: return true;
    case Kind::object: break;
  }
  return std::any_of(row.begin() + of_member("membership.type"), row.end(), [](const Scalar& field) {
    return field.kind != Kind::missing && field.kind != Kind::null;
  });
}

std::string_view word_of(const Scalar& value) { return trim(text_of(value)).substr(0, k_longest_word); }

void decode_type_and_status(std::span<const Scalar> row, Membership& membership) {
  membership.type = parse_membership_type(text_of(row[of_member("membership.type")]));
  if (membership.type == MembershipType::unknown)
    membership.unknown_type = word_of(row[of_member("membership.type")]);
  const std::string_view status = word_of(row[of_member("membership.status")]);
  if (status.empty()) return;
  membership.status = parse_membership_status(status);
  if (membership.status == MembershipStatus::unknown) membership.unknown_status = status;
}

/// Whether a value is meant as a date: not absent, null, blank, zero, or an empty object or array.
bool says_something(const Scalar& value) {
  switch (value.kind) {
    case json::Kind::string: {
      const std::string_view text = trim(value.text);
      return text.find_first_not_of("0-: ") != std::string_view::npos;
    }
    case json::Kind::integer: return value.integer > 0;
    case json::Kind::real: return value.real > 0;
    case json::Kind::object: return true;
    default: return false;
  }
}

void decode_membership(std::span<const Scalar> row, const BranchZone& branch, Membership& membership) {
  membership.type = MembershipType::none;
  membership.status = MembershipStatus::missing;
  membership.unknown_type.clear();
  membership.unknown_status.clear();
  membership.start = to_instant(
      parse_when(row[of_member("membership.start_date")], row[of_member("membership.start_date.sec")]),
      branch.zone);
  membership.expiry = to_instant(
      parse_when(row[of_member("membership.expiry_date")], row[of_member("membership.expiry_date.sec")]),
      branch.zone, Fold::latest);
  membership.unreadable_date =
      (!membership.start && says_something(row[of_member("membership.start_date")])) ||
      (!membership.expiry && says_something(row[of_member("membership.expiry_date")]));
  assign_code(membership.plan.membership_id, row[of_member("membership._id")]);
  assign_tidy(membership.plan.membership_name, text_of(row[of_member("membership.membership_name")]));
  const Scalar& plan = is_blank(row[of_member("membership.plan_name")])
                           ? row[of_member("membership.membership_plan_name")]
                           : row[of_member("membership.plan_name")];
  assign_tidy(membership.plan.plan_name, text_of(plan));
  assign_code(membership.plan.plan_code, row[of_member("membership.plan_code")]);
  if (has_membership(row)) decode_type_and_status(row, membership);
}

std::optional<MemberId> id_of(const Scalar& id, const Scalar& plain_id) {
  const auto parsed = MemberId::parse(trim(text_of(id)));
  return parsed ? parsed : MemberId::parse(trim(text_of(plain_id)));
}

std::optional<std::chrono::seconds> duration_of(const Scalar& value) {
  const double minutes =
      value.kind == Kind::real ? value.real : static_cast<double>(value.as_integer().value_or(0));
  if (!(minutes > 0) || minutes * 60 > static_cast<double>(k_longest_class.count())) return std::nullopt;
  return std::chrono::seconds{static_cast<std::int64_t>(std::ceil(minutes * 60))};
}

/// Nothing when the row does not say when the class ends.
std::optional<Instant> end_of(std::span<const Scalar> row, Instant start, const BranchZone& branch) {
  const auto finish =
      to_instant(parse_when(row[of_booking("time_finish")], row[of_booking("time_finish.sec")]), branch.zone,
                 Fold::latest);
  if (finish && *finish > start && *finish - start <= k_longest_class) return finish;
  if (const auto duration = duration_of(row[of_booking("duration")])) return start + *duration;
  return std::nullopt;
}

std::string lower_id(const Scalar& value) { return ascii_lower(trim(text_of(value))); }

}  // namespace

std::span<const std::string_view> member_fields() { return k_member_fields; }

bool decode_member(std::span<const Scalar> row, const BranchZone& branch, Member& member) {
  const auto id = id_of(row[of_member("_id")], row[of_member("id")]);
  if (!id) return false;
  member.id = *id;
  member.email.assign(email_of(row));
  assign_name(member.name, row);
  member.active = flag_of(row[of_member("active")]).value_or(true);
  member.other_branch =
      is_other_branch(row.subspan(of_member("branch_id"), 1 + k_branch_elements), branch.id);
  decode_membership(row, branch, member.membership);
  return true;
}

std::optional<Member> decode_member(const json::View& object, const BranchZone& branch) {
  Member member;
  if (!decode_member(json::pick(object, k_member_fields), branch, member)) return std::nullopt;
  return member;
}

std::span<const std::string_view> booking_fields() { return k_booking_fields; }

BookingRow decode_booking(std::span<const Scalar> row, const BranchZone& branch) {
  BookingRow booking;
  if (const auto id = id_of(row[of_booking("_id")], row[of_booking("id")]))
    booking.id = BookingId(id->text());
  booking.member = MemberId::parse(trim(text_of(row[of_booking("user_id")])));
  booking.other_branch =
      is_other_branch(row.subspan(of_booking("branch_id"), 1 + k_branch_elements), branch.id);
  if (std::string id = lower_id(row[of_booking("event_id")]); is_glofox_id(id))
    booking.class_id = ClassId(std::move(id));
  booking.status = parse_booking_status(text_of(row[of_booking("status")]));
  booking.attended = flag_of(row[of_booking("attended")]).value_or(false);
  booking.start =
      to_instant(parse_when(row[of_booking("time_start")], row[of_booking("time_start.sec")]), branch.zone);
  if (!booking.start) return booking;
  constexpr std::chrono::hours k_default{1};
  booking.end = end_of(row, *booking.start, branch);
  booking.end_known = booking.end.has_value();
  if (!booking.end) booking.end = *booking.start + k_default;
  return booking;
}

std::optional<GymClass> decode_class(const json::View& object) {
  static constexpr std::array<std::string_view, 4> k_fields = {"_id", "id", "duration", "is_online"};
  const auto row = json::pick(object, k_fields);
  const auto id = id_of(row[0], row[1]);
  if (!id) return std::nullopt;
  return GymClass{ClassId(id->text()), duration_of(row[2]), flag_of(row[3]).value_or(false)};
}

std::optional<Branch> decode_branch(const json::View& object) {
  static constexpr std::array<std::string_view, 5> k_fields = {"_id", "id", "name", "address.timezone_id",
                                                               "address.timezone_name"};
  const auto row = json::pick(object, k_fields);
  const auto id = id_of(row[0], row[1]);
  if (!id) return std::nullopt;
  const Scalar& zone = is_blank(row[3]) ? row[4] : row[3];
  return Branch{BranchId(id->text()), tidy(text_of(row[2])), std::string(trim(text_of(zone)))};
}

bool decode_plans(const json::View& membership, Catalogue& catalogue) {
  static constexpr std::array<std::string_view, 3> k_fields = {"_id", "id", "name"};
  static constexpr std::array<std::string_view, 2> k_plan_fields = {"name", "code"};
  const auto row = json::pick(membership, k_fields);
  const auto id = id_of(row[0], row[1]);
  if (!id) return false;
  PlanNames names;
  names.membership_id = id->text();
  names.membership_name = tidy(text_of(row[2]));
  const json::View plans = membership["plans"];
  for (std::size_t i = 0; plans.kind() == Kind::array && i < plans.size(); ++i) {
    const auto plan = json::pick(plans.at(i), k_plan_fields);
    assign_tidy(names.plan_name, text_of(plan[0]));
    assign_code(names.plan_code, plan[1]);
    catalogue.push_back(names);
  }
  if (plans.kind() != Kind::array || plans.size() == 0) catalogue.push_back(std::move(names));
  return true;
}

json::View unwrap(const json::View& root) {
  const json::View inner = root["data"];
  const bool bare = root["_id"].exists() || root["id"].exists() || inner.kind() != Kind::object;
  return bare ? root : inner;
}

}  // namespace gk::glofox
