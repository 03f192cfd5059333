#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "util/id.hpp"
#include "util/result.hpp"

namespace gk {

using UserId = Id<struct UserIdTag, std::int64_t>;                      ///< Kisi user
using GroupId = Id<struct GroupIdTag, std::int64_t>;                    ///< Kisi group
using PlaceId = Id<struct PlaceIdTag, std::int64_t>;                    ///< Kisi place
using LockId = Id<struct LockIdTag, std::int64_t>;                      ///< Kisi door
using RoleAssignmentId = Id<struct RoleAssignmentIdTag, std::int64_t>;  ///< one row of a Kisi group

using BranchId = Id<struct BranchIdTag, std::string>;    ///< Glofox location, 24 hex
using BookingId = Id<struct BookingIdTag, std::string>;  ///< Glofox booking, 24 hex
using ClassId = Id<struct ClassIdTag, std::string>;      ///< Glofox event, 24 hex

/// A Glofox person, 24 lower-case hex digits, kept in 12 bytes: a gym's whole roster is in memory.
class MemberId {
 public:
  /// Accepts upper case; anything but 24 hex digits is nothing (glofox-api 1.4, 3).
  [[nodiscard]] static std::optional<MemberId> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  /// Spreads well in its low and in its high bits, though ids made one after the other differ little.
  [[nodiscard]] std::uint64_t hash() const {
    // The finalizer of MurmurHash3: every bit of the id reaches every bit of the hash.
    constexpr std::uint64_t k_first = 0xFF51AFD7ED558CCDULL;
    constexpr std::uint64_t k_second = 0xC4CEB9FE1A85EC53ULL;
    std::uint64_t tail = 0;
    std::uint32_t head = 0;
    std::memcpy(&head, bytes_.data(), sizeof head);
    std::memcpy(&tail, bytes_.data() + sizeof head, sizeof tail);
    std::uint64_t mixed = tail ^ (head * k_first);
    mixed = (mixed ^ (mixed >> 33U)) * k_first;
    mixed = (mixed ^ (mixed >> 33U)) * k_second;
    return mixed ^ (mixed >> 33U);
  }
  friend auto operator<=>(const MemberId&, const MemberId&) = default;

 private:
  std::array<std::uint8_t, 12> bytes_{};
};

/// True for exactly 24 lower-case hex digits (glofox-api 1.4: check before putting an id into a path).
[[nodiscard]] bool is_glofox_id(std::string_view text);

}  // namespace gk

template <>
struct std::hash<gk::MemberId> {
  std::size_t operator()(const gk::MemberId& id) const noexcept { return id.hash(); }
};

template <>
struct fmt::formatter<gk::MemberId> : fmt::formatter<std::string> {
  template <class Context>
  auto format(const gk::MemberId& id, Context& context) const {
    return fmt::formatter<std::string>::format(id.text(), context);
  }
};
