#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"
#include "domain/person.hpp"
#include "json/document.hpp"
#include "util/result.hpp"
#include "util/time.hpp"

namespace gk::checkin {

/// Larger bodies are refused before anything looks at them.
inline constexpr std::size_t k_max_unlock_bytes = std::size_t{64} << 10U;

/// The one event type that can become a check-in (kisi-api 13.1).
inline constexpr std::string_view k_unlock_type = "lock.unlock";

/// A Kisi event, as far as check-in reads it (kisi-api 13.2, 14.3). Other events than unlocks are read too,
/// but only their `type` counts.
struct Unlock {
  std::string uuid;              ///< 1 to 200 bytes of any content: it is never a file name
  std::string type;              ///< "lock.unlock"
  bool success = false;          ///< false: denied, or the door did not open
  std::string actor_type;        ///< "User", "Guest", ...; empty: nobody
  std::optional<UserId> actor;   ///< only when the actor is a User
  Email email;                   ///< of the actor; webhooks do not carry it
  std::optional<LockId> lock;    ///< nothing when the object is no lock
  std::string lock_name;         ///< as Kisi writes it; may be empty
  std::optional<PlaceId> place;  ///< nothing: the event does not say
  Instant at{};                  ///< of the unlock

  [[nodiscard]] bool is_unlock() const { return type == k_unlock_type && lock.has_value(); }
};

/// Reads one webhook body. Unknown keys are ignored, ids may be strings of digits. Category::protocol when it
/// cannot be used: too large, not JSON, NUL bytes, not one object, or an unlock without uuid, success or
/// time. Pure.
[[nodiscard]] Result<Unlock> parse_unlock(std::string_view body);

/// The same of an event inside an event set.
[[nodiscard]] Result<Unlock> decode_unlock(const json::View& unlock);

}  // namespace gk::checkin
