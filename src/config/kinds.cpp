#include "config/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "util/text.hpp"
#include "util/time.hpp"
#include "util/url.hpp"

namespace gk::config {

namespace {

constexpr std::size_t k_shown = 60;  ///< bytes of a wrong value that a message repeats
constexpr std::string_view k_secret_help =
    R"(write { "file": "/path" }, { "env": "VARIABLE" } or { "credential": "name" })";

/// What the file must have, as messages say it.
struct Form {
  std::string_view name;
  std::array<NodeKind, 2> fits;
  std::string_view hint{};         ///< for any other value
  std::string_view string_hint{};  ///< for a string
};

constexpr std::string_view k_no_quotes = "write it without quotes";
constexpr Form k_object{"an object", {NodeKind::object, NodeKind::object}};
constexpr Form k_list{"a list", {NodeKind::array, NodeKind::array}};
constexpr Form k_boolean{"true or false", {NodeKind::boolean, NodeKind::boolean}, "", k_no_quotes};
constexpr Form k_integer{"a whole number", {NodeKind::integer, NodeKind::integer}, "", k_no_quotes};
constexpr Form k_number{"a number", {NodeKind::integer, NodeKind::real}, "", k_no_quotes};
constexpr Form k_string{"a string", {NodeKind::string, NodeKind::string}};
constexpr Form k_any_or_list{"\"any\" or a list", {NodeKind::string, NodeKind::array}};
constexpr Form k_duration{"a duration such as \"15m\"",
                          {NodeKind::string, NodeKind::string},
                          R"(write a number and a unit in quotes: "90s", "15m", "1h" or "2d")"};
constexpr Form k_email{"an e-mail address", {NodeKind::string, NodeKind::string}};
constexpr Form k_glofox_id{"a string of 24 hex digits", {NodeKind::string, NodeKind::string}};
constexpr Form k_url{"a URL", {NodeKind::string, NodeKind::string}};
constexpr Form k_path{"an absolute path", {NodeKind::string, NodeKind::string}};
constexpr Form k_secret{"an object that says where the secret is", {NodeKind::object, NodeKind::object}};

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", printable(text, k_shown)); }

bool complain(Faults& faults, const Node& node, const std::string& path, std::string message,
              std::string suggestion = "") {
  faults.push_back(fault_at(node, path, std::move(message), std::move(suggestion)));
  return false;
}

std::string hint_for(const Form& form, const Node& node) {
  // The value may be the secret itself: never repeated.
  if (form.name == k_secret.name)
    return fmt::format("{}; the secret itself must not be in this file", k_secret_help);
  if (node.kind == NodeKind::null) return "leave an optional key out to get its default";
  if (form.name == k_list.name && node.kind != NodeKind::object) return "write it in square brackets";
  return std::string(node.kind == NodeKind::string && form.hint.empty() ? form.string_hint : form.hint);
}

/// Whether the value has the form at all.
bool check_form(const Node& node, const std::string& path, const Form& form, Faults& faults) {
  if (std::ranges::find(form.fits, node.kind) == form.fits.end()) {
    const std::string found =
        node.kind == NodeKind::real ? fmt::format("{}", node.real) : std::string(kind_name(node.kind));
    return complain(faults, node, path, fmt::format("expected {}, found {}", form.name, found),
                    hint_for(form, node));
  }
  if (node.kind == NodeKind::string && has_control_character(node.text))
    return complain(faults, node, path, "must not contain control characters");
  return true;
}

/// A kind of string: `read` gets a node that has the form.
template <class T, class Read>
Kind<T> string_kind(const Form& form, Shape shape, Read read) {
  Kind<T> kind;
  kind.shape = std::move(shape);
  kind.read = [&form, read](const Node& node, const std::string& path, Faults& faults) {
    return check_form(node, path, form, faults) ? read(node, path, faults) : std::optional<T>();
  };
  return kind;
}

std::string in_quotes(const std::string& text) { return "\"" + text + "\""; }

/// With a comma between thousands.
std::string grouped(double value) {
  std::string text = value < 1 ? fmt::format("{}", value) : fmt::format("{:.0f}", value);
  for (std::size_t at = std::min(text.find('.'), text.size()); at > 3; text.insert(at, ",")) at -= 3;
  return text;
}

Shape range_shape(std::string_view words, std::string_view type, const Range& range) {
  if (range.min == range.max) {
    return {.words = grouped(range.min), .schema = fmt::format(R"("const": {:.0f})", range.min)};
  }
  return {
      .words =
          fmt::format("{}, {} to {}", words, grouped(range.min), grouped(range.live_max.value_or(range.max))),
      .schema = fmt::format(R"("type": "{}", "minimum": {}, "maximum": {:.0f})", type, range.min, range.max),
      .live_max = range.live_max};
}

bool check_range(const Node& node, const std::string& path, const Range& range, Faults& faults) {
  if (node.real >= range.min && node.real <= range.max) return true;
  const std::string found =
      node.kind == NodeKind::integer ? fmt::format("{}", node.integer) : fmt::format("{}", node.real);
  if (range.min == range.max)
    return complain(faults, node, path, fmt::format("must be {:.0f}, found {}", range.min, found));
  const auto [word, limit] =
      node.real < range.min ? std::pair("least", range.min) : std::pair("most", range.max);
  return complain(faults, node, path, fmt::format("must be at {} {}, found {}", word, limit, found));
}

template <class T>
Kind<T> number_kind(const Form& form, T Node::*value, std::string_view words, std::string_view type,
                    const Range& range) {
  return {[=, &form](const Node& node, const std::string& path, Faults& faults) {
            const bool good = check_form(node, path, form, faults) && check_range(node, path, range, faults);
            return good ? std::optional(node.*value) : std::nullopt;
          },
          [](const T& number) { return fmt::format("{}", number); }, range_shape(words, type, range)};
}

/// The forms of a secret.
struct SecretForms {
  std::optional<SecretSource> file, env, credential;
};

/// Where a secret is: its name, and the place of the name in the file.
Kind<std::optional<SecretSource>> source(SecretKind form) {
  return optional(string_kind<SecretSource>(
      k_string, {}, [form](const Node& node, const std::string& path, Faults& faults) {
        auto name = text().read(node, path, faults);
        return name
                   ? std::optional(SecretSource{form, *std::move(name), {node.at.line, node.at.column, path}})
                   : std::nullopt;
      }));
}

bool is_variable_name(std::string_view text) {
  return !text.empty() && !(text.front() >= '0' && text.front() <= '9') &&
         ascii_lower(text).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

/// The names are not repeated here: somebody may have pasted the secret where its name belongs.
void check_secret_names(const Node& node, const std::string& path, Faults& faults) {
  const Node* env = node.find("env");
  if (env != nullptr && env->kind == NodeKind::string && !is_variable_name(env->text)) {
    complain(faults, *env, child_path(path, "env"), "is not the name of an environment variable",
             "letters, digits and underscores; the secret itself must not be in this file");
  }
  const Node* credential = node.find("credential");
  if (credential != nullptr && credential->kind == NodeKind::string &&
      (credential->text.find('/') != std::string::npos || credential->text.starts_with('.'))) {
    complain(faults, *credential, child_path(path, "credential"),
             "must be the name of a credential, not a path",
             "use the name before the colon in LoadCredential=");
  }
}

std::optional<SecretSetting> read_secret(const Node& node, const std::string& path, Faults& faults) {
  static const Table<SecretForms> k_forms{
      {"file", &SecretForms::file, source(SecretKind::file), ""},
      {"env", &SecretForms::env, source(SecretKind::env), ""},
      {"credential", &SecretForms::credential, source(SecretKind::credential), ""}};
  SecretForms forms;
  k_forms.read(forms, node, path, faults);
  const auto known = std::ranges::count_if(node.children, [](const Node& child) {
    return std::ranges::count(k_forms.keys, child.key, &KeyInfo::name);
  });
  const bool misspelt = known == 0 && !node.children.empty();  // said already
  if (known != 1 && !misspelt) {
    complain(faults, node, path, "a secret needs exactly one of file, env and credential",
             std::string(k_secret_help));
  }
  check_secret_names(node, path, faults);
  for (auto* form : {&forms.file, &forms.env, &forms.credential}) {
    if (*form) return SecretSetting{**form, {}};
  }
  return std::nullopt;
}

}  // namespace

Fault fault_at(const Node& node, std::string path, std::string message, std::string suggestion) {
  return {{node.at.line, node.at.column, std::move(path)}, std::move(message), std::move(suggestion)};
}

void read_object(const Node& node, const std::string& path, const std::vector<KeyInfo>& keys, Faults& faults,
                 const std::function<void(std::size_t index, const Node&, const std::string& path)>& read) {
  if (!check_form(node, path, k_object, faults)) return;
  std::vector<std::string_view> names;
  for (const KeyInfo& key : keys) names.push_back(key.name);
  std::map<std::string_view, const Node*> seen;
  for (const Node& child : node.children) {
    const std::string where = child_path(path, child.key);
    const Spot at_key{child.key_at.line, child.key_at.column, where};
    const auto place = seen.try_emplace(child.key, &child);
    if (!place.second) {
      faults.push_back({at_key,
                        fmt::format("the key is already on line {}", place.first->second->key_at.line),
                        "keep one of the two"});
    }
    const auto known = std::ranges::find(names, std::string_view(child.key));
    if (known != names.end()) {
      read(static_cast<std::size_t>(known - names.begin()), child, where);
      continue;
    }
    const std::string_view close = closest_word(child.key, names);
    faults.push_back({at_key, fmt::format("unknown key {}", quoted(child.key)),
                      close.empty() ? fmt::format("known here: {}", fmt::join(names, ", "))
                                    : fmt::format("did you mean \"{}\"?", close)});
  }
  for (const KeyInfo& key : keys) {
    if (!key.required || seen.contains(key.name)) continue;
    complain(faults, node, child_path(path, key.name), "is missing",
             key.shape.words == "secret" ? std::string(k_secret_help)
                                         : fmt::format("\"{}\" is required in this object", key.name));
  }
}

bool check_list(const Node& node, const std::string& path, const ListRules& rules, Faults& faults) {
  if (!check_form(node, path, k_list, faults)) return false;
  if (node.children.empty() && !rules.if_empty.empty()) {
    complain(faults, node, path, fmt::format("must not be empty: {}", rules.if_empty),
             std::string(rules.instead));
  }
  return true;
}

Shape list_shape(Shape item, const ListRules& rules) {
  if (!item.keys.empty()) return {.words = "list", .keys = std::move(item.keys), .list_of_objects = true};
  return {.words = fmt::format("list of {}{}", item.words, item.words.ends_with('`') ? "" : "s"),
          .schema = fmt::format(R"("type": "array"{}, "items": {{ {} }})",
                                rules.if_empty.empty() ? "" : R"(, "minItems": 1)", item.schema)};
}

std::optional<std::size_t> read_word(const Node& node, const std::string& path,
                                     const std::vector<std::string_view>& words, Faults& faults) {
  if (!check_form(node, path, k_string, faults)) return std::nullopt;
  const auto found = std::ranges::find(words, std::string_view(node.text));
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  const std::string_view close = closest_word(node.text, words);
  complain(faults, node, path,
           fmt::format("must be one of {}; found {}", fmt::join(words, ", "), quoted(node.text)),
           close.empty() ? "" : fmt::format("did you mean \"{}\"?", close));
  return std::nullopt;
}

Shape word_shape(const std::vector<std::string_view>& words) {
  return {.words = fmt::format("`\"{}\"`", fmt::join(words, "\"`, `\"")),
          .schema = fmt::format(R"("enum": ["{}"])", fmt::join(words, R"(", ")"))};
}

Kind<bool> boolean() {
  return {[](const Node& node, const std::string& path, Faults& faults) {
            return check_form(node, path, k_boolean, faults) ? std::optional(node.boolean) : std::nullopt;
          },
          [](bool value) { return std::string(value ? "true" : "false"); },
          {.words = "true, false", .schema = R"("type": "boolean")"}};
}

Kind<double> number(Range range) {
  return number_kind<double>(k_number, &Node::real, "number", "number", range);
}

Kind<std::int64_t> whole_number(Range range) {
  return number_kind<std::int64_t>(k_integer, &Node::integer, "whole number", "integer", range);
}

Kind<std::string> text(std::size_t max) {
  return string_kind<std::string>(
      k_string,
      {.words = max == k_max_text ? "text" : fmt::format("text, up to {} bytes", max),
       .schema = fmt::format(R"("type": "string", "minLength": 1, "maxLength": {})", max)},
      [max](const Node& node, const std::string& path, Faults& faults) {
        if (trim(node.text).empty()) complain(faults, node, path, "must not be empty");
        if (node.text.size() > max)
          complain(faults, node, path, fmt::format("must not be longer than {} bytes", max));
        return std::optional(node.text);
      });
}

Kind<std::chrono::seconds> duration(std::chrono::seconds min, std::chrono::seconds max) {
  const std::string from = format_duration(min);
  const std::string to = format_duration(max);
  auto kind = string_kind<std::chrono::seconds>(
      k_duration,
      {.words = fmt::format("duration, {} to {}", from, to), .schema = R"("$ref": "#/$defs/duration")"},
      [=](const Node& node, const std::string& path, Faults& faults) {
        const auto value = parse_duration(node.text);
        std::optional<std::chrono::seconds> good;
        if (!value) {
          complain(faults, node, path, fmt::format("{} is not a duration", quoted(node.text)),
                   "write a number and a unit: 90s, 15m, 1h or 2d");
        } else if (*value < min || *value > max) {
          complain(faults, node, path,
                   fmt::format("must be between {} and {}, found {}", from, to, node.text));
        } else {
          good = *value;
        }
        return good;
      });
  kind.write = [](std::chrono::seconds value) { return in_quotes(format_duration(value)); };
  return kind;
}

Kind<std::string> email_text() {
  return string_kind<std::string>(
      k_email, {.words = "e-mail", .schema = R"("$ref": "#/$defs/email")"},
      [](const Node& node, const std::string& path, Faults& faults) -> std::optional<std::string> {
        if (PersonKey::from_email(node.text)) return node.text;
        complain(faults, node, path, fmt::format("{} is not an e-mail address", quoted(node.text)),
                 "write it as name@example.com");
        return std::nullopt;
      });
}

Kind<PersonKey> email() {
  return as<PersonKey>(
      email_text(), [](const std::string& text) { return PersonKey::from_email(text).value(); },
      [](const PersonKey& person) { return person.email(); });
}

Kind<BranchId> glofox_id() {
  return string_kind<BranchId>(k_glofox_id,
                               {.words = "Glofox id", .schema = R"("$ref": "#/$defs/glofox_id")"},
                               [](const Node& node, const std::string& path, Faults& faults) {
                                 const std::string id = ascii_lower(node.text);
                                 if (is_glofox_id(id)) return std::optional(BranchId{id});
                                 complain(faults, node, path,
                                          fmt::format("must be 24 hex digits, found {} ({} characters)",
                                                      quoted(node.text), node.text.size()),
                                          "Glofox calls it location id, branch id or studio id");
                                 return std::optional<BranchId>();
                               });
}

Kind<std::string> base_url() {
  auto kind = string_kind<std::string>(
      k_url, {.words = "URL", .schema = R"("$ref": "#/$defs/base_url")"},
      [](const Node& node, const std::string& path, Faults& faults) -> std::optional<std::string> {
        auto url = parse_base_url(node.text);
        if (url) return std::move(url->url);
        complain(faults, node, path, std::move(url.error().message));
        return std::nullopt;
      });
  kind.write = in_quotes;
  return kind;
}

Kind<std::string> absolute_path() {
  return string_kind<std::string>(
      k_path, {.words = "absolute path", .schema = R"("type": "string", "pattern": "^/")"},
      [](const Node& node, const std::string& path, Faults& faults) {
        if (!node.text.starts_with('/')) {
          complain(faults, node, path, fmt::format("must be an absolute path, found {}", quoted(node.text)),
                   "cron and a terminal start in different directories");
        }
        return std::optional(node.text);
      });
}

Kind<SecretSetting> secret() {
  return string_kind<SecretSetting>(k_secret, {.words = "secret", .schema = R"("$ref": "#/$defs/secret")"},
                                    read_secret);
}

Kind<PlanFilter> any_or_texts(ListRules rules) {
  Kind<std::vector<std::string>> texts = list<std::vector<std::string>>(text(), rules);
  Kind<PlanFilter> kind = string_kind<PlanFilter>(
      k_any_or_list,
      {.words = "`\"any\"` or a list of texts",
       .schema = fmt::format(R"("oneOf": [{{ "const": "any" }}, {{ {} }}])", texts.shape.schema)},
      [read = texts.read](const Node& node, const std::string& path,
                          Faults& faults) -> std::optional<PlanFilter> {
        if (node.kind == NodeKind::array) {
          const auto entries = read(node, path, faults);
          return entries ? std::optional(PlanFilter::of(*entries)) : std::nullopt;
        }
        if (node.text == "any") return PlanFilter::any();
        complain(faults, node, path, fmt::format("must be \"any\" or a list, found {}", quoted(node.text)),
                 ascii_lower(trim(node.text)) == "any" ? "did you mean \"any\"?"
                                                       : "write a single plan in square brackets, too");
        return std::nullopt;
      });
  kind.write = [](const PlanFilter&) { return std::string("\"any\""); };
  return kind;
}

}  // namespace gk::config
