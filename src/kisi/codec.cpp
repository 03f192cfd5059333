#include "kisi/codec.hpp"

#include "json/field_position.hpp"
#include "json/row_stream.hpp"
#include "kisi/errors.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <utility>

namespace gk::kisi {

namespace {

constexpr std::array<std::string_view, 23> k_row_fields = {"id",
                                                           "role_id",
                                                           "applies_to_type",
                                                           "applies_to_id",
                                                           "group_id",
                                                           "group.id",
                                                           "place_id",
                                                           "organization_id",
                                                           "assignee_type",
                                                           "assignee_id",
                                                           "user_id",
                                                           "user.id",
                                                           "assignee_team_id",
                                                           "guest_id",
                                                           "assignee.email",
                                                           "assignee.name",
                                                           "user.email",
                                                           "user.name",
                                                           "created_by_type",
                                                           "created_by_id",
                                                           "issued_by_id",
                                                           "valid_from",
                                                           "valid_until"};
consteval std::size_t field(std::string_view path) { return json::position_of(path, k_row_fields); }

const json::PageSchema& row_schema() {
  static const json::PageSchema schema("", k_row_fields, {});
  return schema;
}

using Fields = std::span<const json::Scalar>;

/// A positive id, or 0.
std::int64_t id_of(const json::Scalar& field) {
  const auto id = field.as_integer();
  return id && *id > 0 ? *id : 0;
}

std::int64_t first_id(Fields row, std::initializer_list<std::size_t> fields) {
  for (const std::size_t at : fields) {
    if (const auto id = id_of(row[at]); id != 0) return id;
  }
  return 0;
}

std::string first_text(Fields row, std::initializer_list<std::size_t> fields) {
  for (const std::size_t at : fields) {
    const auto text = row[at].as_string();
    if (text && !text->empty()) return std::string(*text);
  }
  return {};
}

/// What a row applies to: a group, something else, or unknown. Ids are per type: a place and a group may have
/// the same.
struct AppliesTo {
  std::int64_t group = 0;
  bool elsewhere = false;
};

AppliesTo applies_to(Fields row) {
  const auto type = row[field("applies_to_type")].as_string();
  if (type && *type != "Group") return {0, true};
  AppliesTo target;
  if (type) target.group = id_of(row[field("applies_to_id")]);
  if (target.group == 0) target.group = first_id(row, {field("group_id"), field("group.id")});
  target.elsewhere = target.group == 0 && first_id(row, {field("place_id"), field("organization_id")}) != 0;
  return target;
}

void read_assignee(Fields row, RoleAssignment& out) {
  const auto type = row[field("assignee_type")].as_string();
  if (type == "Team" || (!type && id_of(row[field("assignee_team_id")]) != 0)) {
    out.assignee = Assignee::team;
  } else if (type == "Guest" || (!type && id_of(row[field("guest_id")]) != 0)) {
    out.assignee = Assignee::guest;
  } else if (!type || type == "User") {
    std::int64_t user = type ? id_of(row[field("assignee_id")]) : 0;
    if (user == 0) user = first_id(row, {field("user_id"), field("user.id")});
    out.user = UserId(user);
    out.assignee = user != 0 ? Assignee::user : Assignee::unknown;
  }
  out.email = first_text(row, {field("assignee.email"), field("user.email")});
  out.name = first_text(row, {field("assignee.name"), field("user.name")});
}

/// The deprecated issued_by_id counts only where the current keys are absent: an explicit null means "creator
/// unknown".
void read_creator(Fields row, RoleAssignment& out) {
  const json::Scalar& type = row[field("created_by_type")];
  if (type.kind == json::Kind::missing) {
    out.creator = UserId(id_of(row[field("issued_by_id")]));
    out.created_by = out.creator.value() != 0 ? Creator::user : Creator::none;
  } else if (type.as_string() == "User") {
    out.created_by = Creator::user;
    out.creator = UserId(first_id(row, {field("created_by_id"), field("issued_by_id")}));
  } else if (type.as_string() == "MarketplaceInstallation") {
    out.created_by = Creator::marketplace_installation;
  } else {
    out.created_by = type.kind == json::Kind::null ? Creator::none : Creator::unknown;
  }
}

/// False when the bound is there but cannot be read.
bool read_bound(const json::Scalar& field, std::optional<Instant>& bound) {
  if (field.kind == json::Kind::missing || field.kind == json::Kind::null) return true;
  const auto text = field.as_string();
  if (text) bound = parse_moment(*text);
  return bound.has_value();
}

void take_row(Fields fields, RowPage& out) {
  const std::int64_t id = id_of(fields[field("id")]);
  if (id == 0) {
    ++out.page.unusable;
    return;
  }
  out.page.ids.push_back(id);
  const AppliesTo target = applies_to(fields);
  if (target.elsewhere) return;
  const auto fault = [&out, id](std::string_view what) {
    if (!out.page.fault) out.page.fault = unusable(fmt::format("row {} {}", id, what));
  };
  if (target.group == 0) return fault("does not say which group it belongs to");
  RoleAssignment row;
  row.id = RoleAssignmentId(id);
  row.group = GroupId(target.group);
  row.role = first_text(fields, {field("role_id")});
  read_assignee(fields, row);
  read_creator(fields, row);
  const bool readable = read_bound(fields[field("valid_from")], row.validity.from) &&
                        read_bound(fields[field("valid_until")], row.validity.until);
  if (!readable) return fault("has a start or end that is not a time with a zone");
  out.rows.push_back(std::move(row));
}

}  // namespace

std::int64_t positive_id(json::View value) {
  const auto id = value.as_integer();
  return id && *id > 0 ? *id : 0;
}

std::int64_t related_id(json::View object, std::string_view name) {
  const std::int64_t id = positive_id(object[fmt::format("{}_id", name)]);
  return id != 0 ? id : positive_id(object[name]["id"]);
}

std::string text_of(json::View value) { return std::string(value.as_string().value_or("")); }

std::optional<Instant> parse_moment(std::string_view text) {
  constexpr std::size_t k_minutes_end = std::string_view("2026-03-01T08:30").size();
  std::string spelled(trim(text));
  if (spelled.ends_with("UTC")) spelled = std::string(trim(spelled.substr(0, spelled.size() - 3))) + "Z";
  if (spelled.size() > k_minutes_end && spelled[k_minutes_end] != ':') spelled.insert(k_minutes_end, ":00");
  const std::size_t sign = spelled.find_last_of("+-");
  if (sign != std::string::npos && sign > k_minutes_end && spelled.size() - sign == 3) spelled += ":00";
  const auto instant = parse_rfc3339(spelled);
  return instant ? std::optional<Instant>(*instant) : std::nullopt;
}

Result<RowPage> decode_row_page(std::string body) {
  RowPage out;
  const auto take = [&out](Fields row) { take_row(row, out); };
  GK_TRY_ASSIGN(const json::PageEnvelope envelope, json::read_page(body, row_schema(), take));
  if (!envelope.has_rows) return fail(unusable("the answer is not a list of rows"));
  out.page.unusable += envelope.odd_rows;
  return out;
}

Result<PageRows> RowCollector::take(std::string body, bool first) {
  if (first) {
    rows_.clear();
    seen_.clear();
    unwanted_ = 0;
  }
  GK_TRY_ASSIGN(RowPage page, decode_row_page(std::move(body)));
  for (RoleAssignment& row : page.rows) {
    if (!is_wanted_(row)) {
      ++unwanted_;
    } else if (seen_.insert(row.id).second) {
      rows_.push_back(std::move(row));
    }
  }
  return std::move(page.page);
}

Result<RoleAssignment> decode_row(std::string_view body) {
  // Read as a list of one, so that rows are decoded in one place.
  GK_TRY_ASSIGN(RowPage one, decode_row_page(fmt::format("[{}]", body)));
  if (one.page.fault) return fail(*std::move(one.page.fault));
  if (one.page.count() != 1 || one.rows.size() != 1)
    return fail(unusable("the answer is not a row of a group"));
  return std::move(one.rows.front());
}

Result<User> decode_user(json::View user) {
  User out;
  out.id = UserId(positive_id(user["id"]));
  if (out.id.value() == 0) return fail(unusable("the answer is not a user: it has no id"));
  out.email = text_of(user["email"]);
  out.name = text_of(user["name"]);
  const json::View metadata = user["metadata"];
  for (const auto key : metadata.keys()) out.metadata.emplace(std::string(key), metadata[key].dump());
  return out;
}

Result<User> decode_user(std::string_view body) {
  GK_TRY_ASSIGN(const json::Document document, json::Document::parse(body));
  return decode_user(document.root());
}

Result<UserPage> decode_user_page(std::string_view body) {
  GK_TRY_ASSIGN(const json::Document document, json::Document::parse(body));
  const json::View list = document.root();
  if (list.kind() != json::Kind::array) return fail(unusable("the answer is not a list of users"));
  UserPage out;
  for (const json::View row : list.elements()) {
    auto user = decode_user(row);
    if (!user) {
      ++out.page.unusable;
      continue;
    }
    out.page.ids.push_back(user->id.value());
    out.users.push_back(*std::move(user));
  }
  return out;
}

Result<Self> decode_self(json::View user) {
  Self self;
  self.id = UserId(positive_id(user["id"]));
  if (self.id.value() == 0) return fail(unusable("the answer does not say which user the key belongs to"));
  self.email = text_of(user["email"]);
  self.organization = related_id(user, "organization");
  self.organization_name = text_of(user["organization"]["name"]);
  return self;
}

Result<Group> decode_group(json::View group) {
  Group out;
  out.id = GroupId(positive_id(group["id"]));
  if (out.id.value() == 0) return fail(unusable("the answer is not a group: it has no id"));
  out.name = text_of(group["name"]);
  if (const std::int64_t place = related_id(group, "place"); place != 0) out.place = PlaceId(place);
  out.users_count = group["users_count"].as_integer().value_or(0);
  return out;
}

}  // namespace gk::kisi
