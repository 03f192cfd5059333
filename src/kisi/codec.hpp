#pragma once

#include "domain/row.hpp"
#include "domain/user.hpp"
#include "json/document.hpp"
#include "kisi/listing.hpp"
#include "util/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

/// The wire forms of kisi-api 5, 7 and 9, both ways. Unknown keys are ignored, deprecated ones never
/// required.
namespace gk::kisi {

/// The id in a field; 0 when there is none, or none that is positive.
[[nodiscard]] std::int64_t positive_id(json::View value);

/// The id of a related object: in `<name>_id`, else in `<name>.id`; 0 when neither is there.
[[nodiscard]] std::int64_t related_id(json::View object, std::string_view name);

/// The text in a field; empty when there is none.
[[nodiscard]] std::string text_of(json::View value);

/// One page of rows.
struct RowPage {
  std::vector<RoleAssignment>
      rows;  ///< those of any group; rows of places and of the organization are only counted
  PageRows page;
};

/// Reads a page of GET /role_assignments. Current and old row forms are understood (kisi-api 7). A row that
/// hides which group it belongs to, or whose validity cannot be read, is a fault of the page: taking it as
/// open-ended could open or close a door.
[[nodiscard]] Result<RowPage> decode_row_page(std::string body);

/// Collects the wanted rows while a list of rows is read: each once, and none that a service
/// which ignores its filters adds (kisi-api 7.1).
class RowCollector {
 public:
  explicit RowCollector(std::function<bool(const RoleAssignment&)> is_wanted)
      : is_wanted_(std::move(is_wanted)) {}
  /// For read_listing(); refers to this object.
  [[nodiscard]] TakePage taker() {
    return [this](std::string body, bool first) { return take(std::move(body), first); };
  }
  [[nodiscard]] std::vector<RoleAssignment>& rows() { return rows_; }
  [[nodiscard]] std::size_t unwanted() const { return unwanted_; }

 private:
  [[nodiscard]] Result<PageRows> take(std::string body, bool first);

  std::function<bool(const RoleAssignment&)> is_wanted_;
  std::vector<RoleAssignment> rows_;
  std::unordered_set<RoleAssignmentId> seen_;
  std::size_t unwanted_ = 0;
};

/// One row of a group, as GET /role_assignments/{id} and POST answer. The same reading as a
/// list's.
[[nodiscard]] Result<RoleAssignment> decode_row(std::string_view body);

/// A user (kisi-api 5); an error without a valid id.
[[nodiscard]] Result<User> decode_user(json::View user);
[[nodiscard]] Result<User> decode_user(std::string_view body);

/// One page of GET /users; rows without a valid id are counted as unusable.
struct UserPage {
  std::vector<User> users;
  PageRows page;
};
[[nodiscard]] Result<UserPage> decode_user_page(std::string_view body);

/// GET /user (kisi-api 5.7).
[[nodiscard]] Result<Self> decode_self(json::View user);

/// GET /groups/{id} (kisi-api 9).
[[nodiscard]] Result<Group> decode_group(json::View group);

/// A date-time as Kisi and its older versions write it: RFC 3339, and the other ISO 8601 spellings of a
/// moment (seconds left out, offset without minutes, "UTC"). A time without a zone is none.
[[nodiscard]] std::optional<Instant> parse_moment(std::string_view text);

/// Body of POST /users (kisi-api 5.2): whatever has an unknown default is written out.
[[nodiscard]] std::string encode_new_user(const NewUser& user);

/// Metadata by key, each value as JSON text, as in User::metadata.
using Metadata = std::map<std::string, std::string>;

/// The user's metadata with our keys set; nothing when they are set already. An error (rejected) when Kisi's
/// limit of 50 keys leaves no room (kisi-api 5.6).
[[nodiscard]] Result<std::optional<Metadata>> merged_metadata(const User& user, MemberId member,
                                                              const BranchId& branch);

/// Body of PATCH /users/{id} that sends the whole map.
[[nodiscard]] std::string encode_metadata(const Metadata& metadata);

/// Body of POST /role_assignments, current form (kisi-api 7.2): both bounds in UTC or null, never a mail.
[[nodiscard]] std::string encode_grant(UserId user, GroupId group, const Validity& validity);

/// Body of PATCH /role_assignments/{id}: both bounds, null for none. `notify` stays out: the published PATCH
/// schema gives that key the type of a date (kisi-api 7.4), and rows are created silent.
[[nodiscard]] std::string encode_change(const Validity& validity);

}  // namespace gk::kisi
