#pragma once

#include "kisi/account.hpp"
#include "kisi/api.hpp"
#include "reconcile/ports.hpp"
#include "util/clock.hpp"
#include "util/log.hpp"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace gk::kisi {

/// Kisi as the reconciler sees it. One request at a time; every answer is checked again after the service's
/// own filtering (kisi-api 7.1). Errors: auth for 401 everywhere and for 403 on the account itself; config
/// for an id that Kisi does not know or does not show to the key's user; protocol for answers that cannot be
/// used. A write whose answer cannot be used, or never came, has `outcome_unknown`.
class KisiClient final : public reconcile::AccessControl {
 public:
  KisiClient(http::Transport& transport, Clock& clock, Log& log);

  /// 2 + ceil(rows / 250) requests, the first of them once in the client's life; one more per 50 rows without
  /// an e-mail. More than 20,250 rows are a protocol error: Kisi lists no more (kisi-api 3.1).
  [[nodiscard]] Result<reconcile::GroupSnapshot> read_group(GroupId group) override;
  /// An error unless the list is whole.
  [[nodiscard]] Result<std::vector<RoleAssignment>> read_rows_of(UserId user, GroupId group) override;
  [[nodiscard]] Result<RoleAssignment> read_row(RoleAssignmentId row) override;

  [[nodiscard]] Result<std::optional<User>> find_user(const PersonKey& person) override;
  [[nodiscard]] Result<std::optional<User>> search_user(const PersonKey& person) override;
  /// Above 20,100 users always false: Kisi lists no more.
  [[nodiscard]] Result<bool> list_users(std::size_t max_requests,
                                        const std::function<void(const User&)>& on_user) override;
  /// One request per 50 ids.
  [[nodiscard]] Result<std::vector<User>> read_users(std::span<const UserId> ids) override;

  /// conflict: a user with this e-mail exists, also when Kisi says so with 422 (kisi-api 5.2).
  [[nodiscard]] Result<User> create_user(const NewUser& user) override;
  /// Sends nothing when our keys are set already. After the first change the user is read again: whether Kisi
  /// keeps foreign keys is unknown (kisi-api 5.6), and if it does not, this and every further call fails
  /// without sending.
  [[nodiscard]] Result<void> merge_metadata(const User& user, MemberId member,
                                            const BranchId& branch) override;
  /// conflict: the user has a row in the group already. not_found says whether the user or the group is gone.
  [[nodiscard]] Result<RoleAssignmentId> grant(UserId user, GroupId group, const Validity& validity) override;
  [[nodiscard]] Result<RoleAssignmentId> regrant(UserId user, GroupId group,
                                                 const Validity& validity) override;
  [[nodiscard]] Result<void> change(RoleAssignmentId row, const Validity& validity) override;
  [[nodiscard]] Result<void> revoke(RoleAssignmentId row) override;

  /// The user behind the key, read once in the client's life.
  [[nodiscard]] Result<Self> read_self();
  /// What read_self() brought; nothing before it.
  [[nodiscard]] const std::optional<Self>& known_self() const { return self_; }
  /// The rest of the account, for the checks of validate-config.
  [[nodiscard]] Account& account() { return account_; }
  /// Endpoints that answered with Deprecation or Sunset, each once.
  [[nodiscard]] std::vector<Deprecation> deprecations() const { return api_.deprecations(); }

 private:
  [[nodiscard]] Result<RoleAssignmentId> send_grant(UserId user, GroupId group, const Validity& validity,
                                                    bool must_follow);
  [[nodiscard]] Result<Group> fetch_group(GroupId group);
  [[nodiscard]] Result<User> fetch_user(UserId user);
  [[nodiscard]] Result<std::optional<User>> look_up(const PersonKey& person, std::string_view filter);
  [[nodiscard]] Result<void> complete_emails(std::vector<RoleAssignment>& rows);
  [[nodiscard]] Error explain_missing(UserId user, Error refusal);

  Api api_;
  Clock& clock_;
  Log& log_;
  Account account_;
  std::optional<Self> self_;
  bool metadata_proven_ = false;         ///< one change was read back and was right
  std::optional<Error> metadata_fault_;  ///< it was wrong: no further change is sent
};

}  // namespace gk::kisi
