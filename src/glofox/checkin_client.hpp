#pragma once

#include "checkin/ports.hpp"
#include "glofox/client.hpp"

namespace gk::glofox {

/// What check-in asks and tells one Glofox location about one unlock (glofox-api 8). Reads and their errors
/// as of GlofoxClient. Writes are sent once: after a 5xx, a broken connection or an answer that cannot be
/// read they fail with `outcome_unknown`; auth for 401; forbidden for 403; rejected for any other refusal.
class CheckinClient final : public checkin::GlofoxCheckin {
 public:
  CheckinClient(http::Transport& transport, GlofoxClient& client, BranchId branch)
      : transport_(transport), client_(client), branch_(std::move(branch)) {}

  [[nodiscard]] Result<std::vector<Member>> find_members(const PersonKey& person) override;
  [[nodiscard]] Result<std::optional<Member>> read_member(MemberId member) override;
  [[nodiscard]] Result<std::vector<Booking>> read_bookings_of(MemberId member, const Window& span) override;
  [[nodiscard]] Result<checkin::EntryReceipt> record_entry(const checkin::Entry& entry) override;
  [[nodiscard]] Result<bool> mark_attended(const BookingId& booking) override;

 private:
  [[nodiscard]] Result<json::Document> write(std::string path, std::string body);

  http::Transport& transport_;
  GlofoxClient& client_;
  BranchId branch_;
};

}  // namespace gk::glofox
