#pragma once

#include <optional>
#include <vector>

#include "util/time.hpp"

namespace gk {

/// A half-open stretch of time [from, until) with from < until.
class Window {
 public:
  /// Nothing unless from < until.
  [[nodiscard]] static std::optional<Window> make(Instant from, Instant until);
  [[nodiscard]] Instant from() const { return from_; }
  [[nodiscard]] Instant until() const { return until_; }
  [[nodiscard]] bool contains(Instant instant) const { return from_ <= instant && instant < until_; }
  friend auto operator<=>(const Window&, const Window&) = default;

 private:
  Window(Instant from, Instant until) : from_(from), until_(until) {}
  Instant from_, until_;
};

/// The same time as fewest windows, sorted: overlapping and touching ones become one.
[[nodiscard]] std::vector<Window> merge(std::vector<Window> windows);

/// When a row opens the door; absent bounds are open (kisi-api 7).
struct Validity {
  std::optional<Instant> from, until;

  [[nodiscard]] static Validity open_ended() { return {}; }
  [[nodiscard]] static Validity of(const Window& window) { return {window.from(), window.until()}; }
  /// No end: a membership's row. Rows with an end belong to bookings (contract 6).
  [[nodiscard]] bool is_open_ended() const { return !until; }
  [[nodiscard]] bool is_active(Instant now) const {
    return (!from || *from <= now) && (!until || *until > now);
  }
  [[nodiscard]] bool has_ended(Instant now) const { return until && *until <= now; }
  /// Whether everything from `now` on that `inner` opens is open here too.
  [[nodiscard]] bool covers(const Validity& inner, Instant now) const;
  friend bool operator==(const Validity&, const Validity&) = default;
};

}  // namespace gk
