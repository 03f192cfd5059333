#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gk {

/// How people are joined across both services: the e-mail, trimmed and lower-cased (contract 5).
class PersonKey {
 public:
  /// Nothing when the text is no e-mail address: it needs one '@' with something on both sides, no white
  /// space, no control characters, well-formed UTF-8, at most 254 bytes. Only A-Z are folded: folding more
  /// could merge two people.
  [[nodiscard]] static std::optional<PersonKey> from_email(std::string_view email);
  [[nodiscard]] const std::string& email() const { return email_; }
  friend auto operator<=>(const PersonKey&, const PersonKey&) = default;

 private:
  explicit PersonKey(std::string email) : email_(std::move(email)) {}
  std::string email_;
};

}  // namespace gk

template <>
struct std::hash<gk::PersonKey> {
  std::size_t operator()(const gk::PersonKey& key) const noexcept {
    return std::hash<std::string>{}(key.email());
  }
};
