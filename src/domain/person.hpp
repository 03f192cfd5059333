#pragma once

#include <fmt/format.h>

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
  friend class Email;
  friend class Roster;
  explicit PersonKey(std::string email) : email_(std::move(email)) {}
  [[nodiscard]] static PersonKey of_address(std::string_view address);  ///< that was checked before
  std::string email_;
};

/// An e-mail as a service or an operator wrote it, checked once, where it comes in, for whether it names a
/// person. Its text is only for people to read.
class Email {
 public:
  Email() = default;
  // Implicit: the text is all there is to it.
  Email(std::string as_written);
  Email(std::string_view as_written) : Email(std::string(as_written)) {}
  Email(const char* as_written) : Email(std::string(as_written)) {}
  /// Keeps the memory of the text that was there.
  void assign(std::string_view as_written);

  /// Nothing when it is no e-mail address.
  [[nodiscard]] std::optional<PersonKey> person() const;
  [[nodiscard]] const std::string& as_written() const { return as_written_; }
  [[nodiscard]] bool empty() const { return as_written_.empty(); }
  friend bool operator==(const Email&, const Email&) = default;

 private:
  friend class Roster;
  std::string as_written_;
  bool is_address_ = false;
};

}  // namespace gk

template <>
struct std::hash<gk::PersonKey> {
  std::size_t operator()(const gk::PersonKey& key) const noexcept {
    return std::hash<std::string>{}(key.email());
  }
};

template <>
struct fmt::formatter<gk::Email> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const gk::Email& email, Context& context) const {
    return fmt::formatter<std::string_view>::format(email.as_written(), context);
  }
};
