#pragma once

#include "checkin/ports.hpp"
#include "kisi/api.hpp"
#include "kisi/client.hpp"

namespace gk::kisi {

/// What check-in asks Kisi about one unlock (kisi-api 5, 7 and 11). Errors as of KisiClient; what Kisi does
/// not know or does not show is nothing, because the id came with an event.
class CheckinClient final : public checkin::KisiCheckin {
 public:
  /// The client shares the transport; it knows the user behind the key and finds users by e-mail.
  CheckinClient(http::Transport& transport, KisiClient& client, Log& log)
      : api_(transport, log), client_(client) {}

  [[nodiscard]] Result<UserId> read_own_user() override;
  [[nodiscard]] Result<std::optional<checkin::Door>> read_door(LockId lock) override;
  [[nodiscard]] Result<std::optional<User>> read_user(UserId user) override;
  [[nodiscard]] Result<std::optional<User>> find_user(const PersonKey& person) override;
  [[nodiscard]] Result<std::vector<RoleAssignment>> read_rows_of(UserId user) override;

 private:
  /// GET of one object; nothing when it is out of sight.
  [[nodiscard]] Result<std::optional<json::Document>> read_one(const std::string& what, std::string path,
                                                               std::string endpoint);
  Api api_;
  KisiClient& client_;
};

}  // namespace gk::kisi
