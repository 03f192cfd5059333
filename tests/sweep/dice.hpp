#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace gk::test {

/// Random numbers that are the same on every machine (splitmix64), so that a printed seed repeats a case.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  /// The dice of case `number` of a sweep: independent of all others.
  Dice(std::uint64_t seed, std::uint64_t number) : state_(seed * k_step + number) {
    state_ = next() ^ (number << 1U);
  }

  std::uint64_t next() {
    std::uint64_t mixed = (state_ += k_step);
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31U);
  }
  /// 0 to `limit` - 1.
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::size_t>(high - low + 1)));
  }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return *(values.begin() + static_cast<std::ptrdiff_t>(below(values.size())));
  }

 private:
  static constexpr std::uint64_t k_step = 0x9E3779B97F4A7C15ULL;
  std::uint64_t state_;
};

}  // namespace gk::test
