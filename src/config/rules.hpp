#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace gk::config {

/// What a value of the file may be.
enum class RuleKind {
  object,
  list,
  boolean,
  integer,
  number,
  text,         ///< any string that is not empty and holds no control characters
  word,         ///< one of Rule::words
  any_or_list,  ///< "any", or a list of texts
  duration,     ///< "15m"; min and max in seconds
  email,
  glofox_id,  ///< 24 hex digits
  base_url,   ///< see check_base_url()
  absolute_path,
  secret,  ///< an object with exactly one of k_secret_forms
};

struct Key;

/// The rule for one value. The parser and the test of docs/config.schema.json both read it.
struct Rule {
  RuleKind kind = RuleKind::object;
  double min = 0;  ///< integer and number: the value; duration: seconds
  double max = 0;
  std::vector<std::string_view> words;
  std::vector<Key> keys;      ///< object
  std::vector<Rule> item;     ///< list and any_or_list: one rule for all elements
  std::string_view if_empty;  ///< list and any_or_list: why it must not be empty; "" when it may
  bool nullable = false;
};

/// A key of an object.
struct Key {
  std::string_view name;
  Rule rule;
  bool required = false;
};

/// The forms of a secret.
inline constexpr std::array<std::string_view, 3> k_secret_forms{"file", "env", "credential"};

/// Limits that hold unless the base_url is a loopback address; there Rule::max holds.
inline constexpr double k_max_kisi_rate = 5;
inline constexpr double k_max_glofox_rate = 10;
inline constexpr double k_max_glofox_burst = 1000;

/// The rule for the whole file.
[[nodiscard]] const Rule& document_rule();

}  // namespace gk::config
