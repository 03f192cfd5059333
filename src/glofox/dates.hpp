#pragma once

#include <optional>
#include <variant>

#include "domain/zone.hpp"
#include "json/row_stream.hpp"
#include "util/time.hpp"

namespace gk::glofox {

/// A time as Glofox writes it: nothing, a moment, or the branch's wall clock, which is no moment until a zone
/// says so. The two are different types, so that they cannot be mixed up.
using When = std::variant<std::monostate, Instant, LocalTime>;

/// The one date parser (glofox-api 3). Moments: epoch seconds as integer, float or digits in a string,
/// milliseconds (beyond 1e11), {"sec","usec"} whose `sec` comes as the second argument, ISO 8601 with Z or
/// offset. Wall clock: "YYYY-MM-DD HH:MM:SS", the same with a T or without seconds, and "YYYY-MM-DD"
/// (midnight). Nothing: null, "", zero and below, years past 9999, anything else.
[[nodiscard]] When parse_when(const json::Scalar& value, const json::Scalar& sec = {});

/// Which of two moments a wall clock means when clocks go back (glofox-api 5.1).
enum class Fold { earliest, latest };

/// The moment; a wall clock needs the zone and is nothing without it, never UTC.
[[nodiscard]] std::optional<Instant> to_instant(const When& when, const Zone* zone,
                                                Fold fold = Fold::earliest);

}  // namespace gk::glofox
