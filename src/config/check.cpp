#include "config/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "config/url.hpp"
#include "domain/ids.hpp"
#include "domain/person.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

namespace gk::config {

namespace {

constexpr std::size_t k_shown = 60;  ///< bytes of a wrong value that a message repeats

constexpr std::string_view k_secret_help =
    R"(write { "file": "/path" }, { "env": "VARIABLE" } or { "credential": "name" })";

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string quoted(std::string_view text) {
  return fmt::format("\"{}\"", printable(text, k_shown));
}

std::string join(const std::vector<std::string_view>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

/// What a rule expects, as the message says it.
std::string_view expected(RuleKind kind) {
  switch (kind) {
    case RuleKind::object:
      return "an object";
    case RuleKind::list:
      return "a list";
    case RuleKind::boolean:
      return "true or false";
    case RuleKind::integer:
      return "a whole number";
    case RuleKind::number:
      return "a number";
    case RuleKind::text:
    case RuleKind::word:
      return "a string";
    case RuleKind::any_or_list:
      return "\"any\" or a list";
    case RuleKind::duration:
      return "a duration such as \"15m\"";
    case RuleKind::email:
      return "an e-mail address";
    case RuleKind::glofox_id:
      return "a string of 24 hex digits";
    case RuleKind::base_url:
      return "a URL";
    case RuleKind::absolute_path:
      return "an absolute path";
    case RuleKind::secret:
      return "an object that says where the secret is";
  }
  return "something else";
}

bool kind_fits(RuleKind rule, const Node& node) {
  switch (rule) {
    case RuleKind::object:
    case RuleKind::secret:
      return node.kind == NodeKind::object;
    case RuleKind::list:
      return node.kind == NodeKind::array;
    case RuleKind::boolean:
      return node.kind == NodeKind::boolean;
    case RuleKind::integer:
      return node.kind == NodeKind::integer;
    case RuleKind::number:
      return node.kind == NodeKind::integer || node.kind == NodeKind::real;
    case RuleKind::any_or_list:
      return node.kind == NodeKind::array || node.kind == NodeKind::string;
    case RuleKind::text:
    case RuleKind::word:
    case RuleKind::duration:
    case RuleKind::email:
    case RuleKind::glofox_id:
    case RuleKind::base_url:
    case RuleKind::absolute_path:
      return node.kind == NodeKind::string;
  }
  return false;
}

/// One pass over the tree.
class Checker {
 public:
  explicit Checker(std::vector<Fault>& faults) : faults_(faults) {}

  void check(const Node& node, const Rule& rule, const std::string& path) {
    if (rule.nullable && node.kind == NodeKind::null) return;
    if (!kind_fits(rule.kind, node)) return wrong_kind(node, rule, path);
    if (node.kind == NodeKind::string && has_control_character(node.text)) {
      return add(node, path, "must not contain control characters");
    }
    switch (rule.kind) {
      case RuleKind::object:
        return check_object(node, rule, path);
      case RuleKind::list:
        return check_list(node, rule, path);
      case RuleKind::boolean:
        return;
      case RuleKind::integer:
      case RuleKind::number:
        return check_range(node, rule, path);
      case RuleKind::text:
        return check_text(node, path);
      case RuleKind::word:
        return check_word(node, rule.words, path);
      case RuleKind::any_or_list:
        return node.kind == NodeKind::array ? check_list(node, rule, path) : check_any(node, path);
      case RuleKind::duration:
        return check_duration(node, rule, path);
      case RuleKind::email:
        return check_email(node, path);
      case RuleKind::glofox_id:
        return check_glofox_id(node, path);
      case RuleKind::base_url:
        return check_url(node, path);
      case RuleKind::absolute_path:
        return check_path(node, path);
      case RuleKind::secret:
        return check_secret(node, path);
    }
  }

 private:
  void add(const Node& node, const std::string& path, std::string message, std::string suggestion = "") {
    faults_.push_back(fault_at(node, path, std::move(message), std::move(suggestion)));
  }

  void wrong_kind(const Node& node, const Rule& rule, const std::string& path) {
    std::string suggestion;
    if (rule.kind == RuleKind::secret) {
      // The value may be the secret itself: never repeated.
      suggestion = fmt::format("{}; the secret itself must not stand in this file", k_secret_help);
    } else if (node.kind == NodeKind::null) {
      suggestion = "leave an optional key out to get its default";
    } else if (node.kind == NodeKind::string &&
               (rule.kind == RuleKind::integer || rule.kind == RuleKind::number ||
                rule.kind == RuleKind::boolean)) {
      suggestion = "write it without quotes";
    } else if (rule.kind == RuleKind::duration) {
      suggestion = R"(write a number and a unit in quotes: "90s", "15m", "1h" or "2d")";
    } else if (rule.kind == RuleKind::list && node.kind != NodeKind::object) {
      suggestion = "write it in square brackets";
    }
    const std::string found =
        node.kind == NodeKind::real ? fmt::format("{}", node.real) : std::string(kind_name(node.kind));
    add(node, path, fmt::format("expected {}, found {}", expected(rule.kind), found), std::move(suggestion));
  }

  void check_object(const Node& node, const Rule& rule, const std::string& path) {
    std::vector<std::string_view> names;
    for (const Key& key : rule.keys) names.push_back(key.name);
    std::map<std::string_view, const Node*> seen;
    for (const Node& child : node.children) {
      const std::string where = child_path(path, child.key);
      const auto place = seen.try_emplace(child.key, &child);
      if (!place.second) duplicate_key(child, *place.first->second, where);
      const auto key = std::ranges::find(rule.keys, std::string_view(child.key), &Key::name);
      if (key == rule.keys.end()) {
        unknown_key(child, names, where);
      } else {
        check(child, key->rule, where);
      }
    }
    for (const Key& key : rule.keys) {
      if (!key.required || seen.contains(key.name)) continue;
      add(node, child_path(path, key.name), "is missing",
          key.rule.kind == RuleKind::secret ? std::string(k_secret_help)
                                            : fmt::format("\"{}\" is required in this object", key.name));
    }
  }

  void duplicate_key(const Node& child, const Node& first, const std::string& path) {
    faults_.push_back({{child.key_at.line, child.key_at.column, path},
                       fmt::format("the key is there already, in line {}", first.key_at.line),
                       "keep one of the two"});
  }

  void unknown_key(const Node& child, const std::vector<std::string_view>& names, const std::string& path) {
    const std::string_view close = closest_word(child.key, names);
    faults_.push_back({{child.key_at.line, child.key_at.column, path},
                       fmt::format("unknown key {}", quoted(child.key)),
                       close.empty() ? fmt::format("known here: {}", join(names))
                                     : fmt::format("did you mean \"{}\"?", close)});
  }

  void check_list(const Node& node, const Rule& rule, const std::string& path) {
    if (node.children.empty() && !rule.if_empty.empty()) {
      add(node, path, fmt::format("must not be empty: {}", rule.if_empty),
          rule.kind == RuleKind::any_or_list ? "write \"any\", or leave the key out, to accept every plan"
          : rule.item.front().kind == RuleKind::word ? "leave the key out to get the default"
                                                     : "");
    }
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      check(node.children[i], rule.item.front(), child_path(path, i));
    }
  }

  void check_range(const Node& node, const Rule& rule, const std::string& path) {
    if (node.real >= rule.min && node.real <= rule.max) return;
    const std::string found =
        node.kind == NodeKind::integer ? fmt::format("{}", node.integer) : fmt::format("{}", node.real);
    if (rule.min == rule.max) {
      return add(node, path, fmt::format("must be {:.0f}, found {}", rule.min, found));
    }
    const bool low = node.real < rule.min;
    add(node, path,
        fmt::format("must be at {} {}, found {}", low ? "least" : "most", low ? rule.min : rule.max, found));
  }

  void check_text(const Node& node, const std::string& path) {
    constexpr std::size_t k_max_text = 1000;
    if (trim(node.text).empty()) add(node, path, "must not be empty");
    if (node.text.size() > k_max_text)
      add(node, path, fmt::format("must not be longer than {} bytes", k_max_text));
  }

  void check_word(const Node& node, const std::vector<std::string_view>& words, const std::string& path) {
    if (std::ranges::find(words, std::string_view(node.text)) != words.end()) return;
    const std::string_view close = closest_word(node.text, words);
    add(node, path, fmt::format("must be one of {}; found {}", join(words), quoted(node.text)),
        close.empty() ? "" : fmt::format("did you mean \"{}\"?", close));
  }

  void check_any(const Node& node, const std::string& path) {
    if (node.text == "any") return;
    add(node, path, fmt::format("must be \"any\" or a list, found {}", quoted(node.text)),
        ascii_lower(trim(node.text)) == "any" ? "did you mean \"any\"?"
                                              : "write a single plan in square brackets, too");
  }

  void check_duration(const Node& node, const Rule& rule, const std::string& path) {
    const auto duration = parse_duration(node.text);
    if (!duration) {
      return add(node, path, fmt::format("{} is not a duration", quoted(node.text)),
                 "write a number and a unit: 90s, 15m, 1h or 2d");
    }
    const auto seconds = static_cast<double>(duration->count());
    if (seconds >= rule.min && seconds <= rule.max) return;
    const auto text = [](double value) { return format_duration(std::chrono::seconds{std::llround(value)}); };
    add(node, path,
        fmt::format("must be between {} and {}, found {}", text(rule.min), text(rule.max), node.text));
  }

  void check_email(const Node& node, const std::string& path) {
    if (PersonKey::from_email(node.text)) return;
    add(node, path, fmt::format("{} is not an e-mail address", quoted(node.text)),
        "write it as name@example.com");
  }

  void check_glofox_id(const Node& node, const std::string& path) {
    if (is_glofox_id(ascii_lower(node.text))) return;
    add(node, path,
        fmt::format("must be 24 hex digits, found {} ({} characters)", quoted(node.text), node.text.size()),
        "Glofox calls it location id, branch id or studio id");
  }

  void check_url(const Node& node, const std::string& path) {
    if (const BaseUrl url = check_base_url(node.text); !url.fault.empty()) add(node, path, url.fault);
  }

  void check_path(const Node& node, const std::string& path) {
    if (node.text.starts_with('/')) return;
    add(node, path, fmt::format("must be an absolute path, found {}", quoted(node.text)),
        "cron and a terminal start in different directories");
  }

  void check_secret(const Node& node, const std::string& path) {
    const std::vector<std::string_view> forms(k_secret_forms.begin(), k_secret_forms.end());
    Rule text;
    text.kind = RuleKind::text;
    Rule rule;
    for (const std::string_view form : forms) rule.keys.push_back({form, text});
    check_object(node, rule, path);
    const auto known = std::ranges::count_if(node.children, [&](const Node& child) {
      return std::ranges::find(forms, std::string_view(child.key)) != forms.end();
    });
    const bool misspelt = known == 0 && !node.children.empty();  // said already
    if (known != 1 && !misspelt) {
      add(node, path, "a secret needs exactly one of file, env and credential", std::string(k_secret_help));
    }
    // The names are not repeated below: somebody may have pasted the secret where its name belongs.
    const Node* env = node.find("env");
    if (env != nullptr && env->kind == NodeKind::string && !is_variable_name(env->text)) {
      add(*env, child_path(path, "env"), "is not the name of an environment variable",
          "letters, digits and underscores; the secret itself must not stand in this file");
    }
    const Node* credential = node.find("credential");
    if (credential != nullptr && credential->kind == NodeKind::string &&
        (credential->text.find('/') != std::string::npos || credential->text.starts_with('.'))) {
      add(*credential, child_path(path, "credential"), "must be the name of a credential, not a path",
          "use the name that stands before the colon in LoadCredential=");
    }
  }

  static bool is_variable_name(std::string_view text) {
    const auto is_allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !text.empty() && !(text.front() >= '0' && text.front() <= '9') &&
           std::ranges::all_of(text, is_allowed);
  }

  std::vector<Fault>& faults_;
};

}  // namespace

void check_value(const Node& node, const Rule& rule, const std::string& path, std::vector<Fault>& faults) {
  Checker(faults).check(node, rule, path);
}

std::string_view closest_word(std::string_view typed, const std::vector<std::string_view>& words) {
  constexpr std::size_t k_longest = 64;  // nobody means a word by more than that
  if (typed.size() > k_longest) return "";
  const std::string folded = ascii_lower(trim(typed));
  std::string_view best;
  std::size_t best_distance = 0;
  for (const std::string_view word : words) {
    const std::size_t distance = edit_distance(folded, ascii_lower(word));
    const std::size_t allowed = std::max<std::size_t>(1, std::min(folded.size(), word.size()) / 3);
    if (distance > allowed || (!best.empty() && distance >= best_distance)) continue;
    best = word;
    best_distance = distance;
  }
  if (!best.empty() || folded.size() < 4) return best;
  const auto part = std::ranges::find_if(
      words, [&](std::string_view word) { return ascii_lower(word).find(folded) != std::string::npos; });
  return part == words.end() ? "" : *part;
}

Fault fault_at(const Node& node, std::string path, std::string message, std::string suggestion) {
  return {{node.at.line, node.at.column, std::move(path)}, std::move(message), std::move(suggestion)};
}

}  // namespace gk::config
