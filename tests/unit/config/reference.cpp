#include "unit/config/reference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/keys.hpp"

namespace gk::config::test {

namespace {

constexpr std::string_view k_definitions = R"json(  "$defs": {
    "id": { "type": "integer", "minimum": 1, "maximum": 9000000000000000 },
    "glofox_id": { "type": "string", "pattern": "^[0-9a-fA-F]{24}$" },
    "email": { "type": "string", "pattern": "^\\s*[^@\\s]+@[^@\\s]+\\s*$", "maxLength": 254 },
    "duration": { "type": "string", "pattern": "^[0-9]+[smhd]$" },
    "base_url": { "type": "string", "pattern": "^[hH][tT][tT][pP][sS]?://[^@?#\\s]+$" },
    "loopback_url": { "pattern": "^[hH][tT][tT][pP][sS]?://([lL][oO][cC][aA][lL][hH][oO][sS][tT]|127(\\.[0-9]{1,3}){3}|\\[::1\\])(:[0-9]+)?(/|$)" },
    "secret": {
      "description": "Where a secret is; the secret itself must not be in the file",
      "type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
      "properties": {
        "file": { "description": "A file that others cannot read; a relative name counts from the directory of the configuration", "type": "string", "minLength": 1, "maxLength": 1000 },
        "env": { "description": "An environment variable", "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" },
        "credential": { "description": "A credential of systemd (LoadCredential=)", "type": "string", "pattern": "^[^./][^/]*$" }
      }
    }
  }
)json";

constexpr std::string_view k_checkin_needs_place =
    R"("if": { "required": ["checkin"], "properties": { "checkin": { "required": ["enabled"], "properties": { "enabled": { "const": true } } } } },
INDENT"then": { "required": ["place_id"] })";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return out;
}

std::string object_members(const std::vector<KeyInfo>& keys, const std::string& indent);

/// `"name": { ... }`.
std::string property(const KeyInfo& key, const std::string& indent) {
  const Shape& shape = key.shape;
  std::string text = fmt::format(R"("{}": {{ "description": "{}")", escaped(key.name), escaped(key.meaning));
  if (shape.keys.empty()) {
    text += ", " + shape.schema;
    if (!key.standard.empty()) text += R"(, "default": )" + key.standard;
    return text + " }";
  }
  const std::string inner = indent + "  ";
  if (!shape.list_of_objects)
    return text + ",\n" + inner + object_members(shape.keys, inner) + "\n" + indent + "}";
  return fmt::format("{},\n{}\"type\": \"array\", \"minItems\": 1,\n{}\"items\": {{\n{}  {}\n{}}}\n{}}}",
                     text, inner, inner, inner, object_members(shape.keys, inner + "  "), inner, indent);
}

std::string object_members(const std::vector<KeyInfo>& keys, const std::string& indent) {
  std::string properties, required, live;
  bool has_checkin = false;
  for (const KeyInfo& key : keys) {
    if (!properties.empty()) properties += ",\n";
    properties += indent + "  " + property(key, indent + "  ");
    if (key.required) required += fmt::format("{}\"{}\"", required.empty() ? "" : ", ", key.name);
    if (key.shape.live_max) {
      live += fmt::format(R"({}"{}": {{ "maximum": {:.0f} }})", live.empty() ? "" : ", ", key.name,
                          *key.shape.live_max);
    }
    has_checkin = has_checkin || key.name == "checkin";
  }
  std::string text = R"("type": "object", "additionalProperties": false,)";
  if (!required.empty()) text += fmt::format("\n{}\"required\": [{}],", indent, required);
  text += fmt::format("\n{}\"properties\": {{\n{}\n{}}}", indent, properties, indent);
  if (!live.empty()) {
    text += fmt::format(
        ",\n{}\"if\": {{ \"required\": [\"base_url\"], \"properties\": {{ \"base_url\": {{ \"$ref\": "
        "\"#/$defs/loopback_url\" }} }} }},\n{}\"else\": {{ \"properties\": {{ {} }} }}",
        indent, indent, live);
  }
  if (has_checkin) {
    std::string rule(k_checkin_needs_place);
    rule.replace(rule.find("INDENT"), 6, indent);
    text += ",\n" + indent + rule;
  }
  return text;
}

/// The keys of the object at `path`; nullptr when there is none.
const std::vector<KeyInfo>* keys_at(std::string_view path) {
  const std::vector<KeyInfo>* keys = &document_keys().keys;
  while (keys != nullptr && path != "$" && !path.empty()) {
    const std::string_view step = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), step.size() + 1));
    const std::string_view name = step.substr(0, step.find('['));
    const auto found = std::ranges::find(*keys, name, &KeyInfo::name);
    keys = found == keys->end() ? nullptr : &found->shape.keys;
  }
  return keys;
}

std::string marker(std::string_view path) { return fmt::format("<!-- keys: {} -->\n", path); }

std::string row_of(const KeyInfo& key, std::string_view name) {
  const std::string standard = key.required           ? "required"
                               : key.standard.empty() ? "-"
                                                      : fmt::format("`{}`", key.standard);
  return fmt::format("| `{}` | {} | {} | {} |\n", name, key.shape.words, standard, key.meaning);
}

void add_rows(std::string& table, std::string_view markdown, const std::vector<KeyInfo>& keys,
              const std::string& path, const std::string& prefix) {
  for (const KeyInfo& key : keys) {
    const std::string name = prefix + std::string(key.name);
    const std::string place =
        (path == "$" ? "" : path + ".") + std::string(key.name) + (key.shape.list_of_objects ? "[]" : "");
    if (!key.shape.keys.empty() && markdown.find(marker(place)) == std::string_view::npos) {
      // An object that may be left out, with keys that may not: its own row says so.
      if (!key.required && std::ranges::any_of(key.shape.keys, &KeyInfo::required))
        table += row_of(key, name);
      add_rows(table, markdown, key.shape.keys, place, name + ".");
      continue;
    }
    table += row_of(key, name);
  }
}

}  // namespace

std::string json_schema() {
  return fmt::format(R"({{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "glofox-kisi configuration, version 1",
  "description": "See docs/configuration.md. The program itself also accepts // and /* */ comments and trailing commas.",
  {},
{}}}
)",
                     object_members(document_keys().keys, "  "), k_definitions);
}

std::string with_key_tables(std::string_view markdown) {
  constexpr std::string_view k_start = "<!-- keys: ";
  std::string out;
  std::string_view rest = markdown;
  for (std::size_t at = rest.find(k_start); at != std::string_view::npos; at = rest.find(k_start)) {
    const std::size_t end = rest.find('\n', at) + 1;
    const std::string path(rest.substr(at + k_start.size(), rest.find(" -->", at) - at - k_start.size()));
    out += rest.substr(0, end);
    rest.remove_prefix(end);
    while (rest.starts_with('|')) rest.remove_prefix(rest.find('\n') + 1);
    out += "| Key | Kind | Default | Meaning |\n|---|---|---|---|\n";
    if (const auto* keys = keys_at(path)) add_rows(out, markdown, *keys, path, "");
  }
  return out += rest;
}

}  // namespace gk::config::test
