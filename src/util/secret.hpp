#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace gk {

/// A credential. It has no formatter, no operator<<, no comparison and no conversion: the one way out is
/// reveal(), which only the transport and the HMAC call. The bytes are wiped on destruction.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      value_ = other.value_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      value_ = std::move(other.value_);
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  /// All of the buffer, not only what is in use: a moved-from short string keeps its bytes.
  void wipe() noexcept {
    value_.resize(value_.capacity());
    for (volatile char* at = value_.data(); at != value_.data() + value_.size(); ++at) *at = '\0';
    value_.clear();
  }
  std::string value_;
};

}  // namespace gk
