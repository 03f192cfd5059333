#pragma once

#include <string_view>

namespace gk::reconcile {

/// How Glofox's list could be wrong although its pages add up: simulations show what the limits do.
enum class Damage {
  empty,    ///< nobody is listed
  half,     ///< every second person is missing
  stale,    ///< a copy of two months ago: whoever joined since is missing, whoever renewed since has expired
  garbled,  ///< of every three people one has an unknown status and one an unusable e-mail
};

/// "empty", "half": as typed and printed.
[[nodiscard]] constexpr std::string_view damage_name(Damage damage) {
  switch (damage) {
    case Damage::empty: return "empty";
    case Damage::half: return "half";
    case Damage::stale: return "stale";
    case Damage::garbled: return "garbled";
  }
  return "empty";
}

}  // namespace gk::reconcile
