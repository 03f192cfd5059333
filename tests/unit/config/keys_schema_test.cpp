#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

#include "config/keys.hpp"
#include "config/tree.hpp"
#include "unit/config/samples.hpp"

namespace gk::config::test::keys_schema_test {

namespace {

using Path = std::vector<std::string>;

std::string text_of(const Node& node) {
  std::string text;
  switch (node.kind) {
    case NodeKind::null: return "null";
    case NodeKind::boolean: return node.boolean ? "true" : "false";
    case NodeKind::integer: return fmt::format("{}", node.integer);
    case NodeKind::real: return fmt::format("{}", node.real);
    case NodeKind::string: return "\"" + node.text + "\"";
    case NodeKind::array:
      for (const Node& item : node.children) text += (text.empty() ? "" : ", ") + text_of(item);
      return "[" + text + "]";
    case NodeKind::object:
      for (const Node& member : node.children)
        text += (text.empty() ? "\"" : ", \"") + member.key + "\": " + text_of(member);
      return "{" + text + "}";
  }
  return text;
}

Node node_of(const std::string& json) {
  Tree tree = parse_tree(json);
  REQUIRE(tree.root.has_value());
  return *std::move(tree.root);
}

/// A document on loopback addresses, so that the rates' outermost limits hold, and ready for check-in.
std::string document() {
  return edited(
      edited(with_keys(R"("place_id": 1)"), R"("kisi": {)", R"("kisi": { "base_url": "http://[::1]", )"),
      R"("glofox": {)", R"("glofox": { "base_url": "http://[::1]", )");
}

/// Whether the parser takes the document with `json` at the path; an empty `json` takes the key out.
Parsed parsed_with(const Path& path, const std::string& json) {
  Node root = node_of(document());
  Node* at = &root;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == "[]") {
      at = &at->children.front();
      continue;
    }
    const auto found = std::ranges::find(at->children, path[i], &Node::key);
    if (i + 1 == path.size() && json.empty()) {
      if (found != at->children.end()) at->children.erase(found);
      return parse(text_of(root));
    }
    if (found != at->children.end()) {
      at = &*found;
      continue;
    }
    Node& added = at->children.emplace_back();
    added.kind = NodeKind::object;
    added.key = path[i];
    at = &added;
  }
  std::string key = at->key;
  *at = node_of(json);
  at->key = std::move(key);
  return parse(text_of(root));
}

/// Asks the parser about everything that docs/config.schema.json says.
class Comparison {
 public:
  explicit Comparison(const Node& schema) : root_(schema) {}

  void compare(const Node& node, const Path& path) const {
    INFO(fmt::format("$.{}", fmt::join(path, ".")));
    const Node& schema = resolve(node);
    if (schema.find("properties") != nullptr) compare_object(schema, path);
    if (const Node* items = schema.find("items")) compare_items(schema, *items, path);
    if (const Node* forms = schema.find("oneOf")) {
      for (const Node& form : forms->children) compare(form, path);
    }
    if (const Node* words = schema.find("enum")) {
      for (const Node& word : words->children) accept(path, text_of(word));
      refuse(path, R"("zzzzzzzz")");
    }
    if (const Node* word = schema.find("const")) accept(path, text_of(*word));
    compare_range(schema, path);
    const Node* type = schema.find("type");
    if (type != nullptr && type->text == "boolean") accept(path, "true"), refuse(path, R"("true")");
    if (type != nullptr && type->text == "string") refuse(path, "5"), refuse(path, R"(" ")");
    if (node.find("$ref") != nullptr) compare_reference(node.find("$ref")->text, path);
  }

  [[nodiscard]] const Node& definition(const std::string& name) const {
    const Node* found = root_.find("$defs")->find(name);
    REQUIRE(found != nullptr);
    return *found;
  }

  [[nodiscard]] const Node& resolve(const Node& node) const {
    const Node* reference = node.find("$ref");
    return reference == nullptr ? node
                                : definition(reference->text.substr(std::string_view("#/$defs/").size()));
  }

 private:
  static void accept(const Path& path, const std::string& json) {
    INFO("must be accepted: " << json);
    CHECK(printed(parsed_with(path, json).faults).empty());
  }
  static void refuse(const Path& path, const std::string& json) {
    INFO("must be refused: " << json);
    CHECK_FALSE(parsed_with(path, json).faults.empty());
  }

  static void compare_range(const Node& schema, const Path& path) {
    const Node* min = schema.find("minimum");
    const Node* max = schema.find("maximum");
    CHECK((min == nullptr) == (max == nullptr));
    if (min == nullptr || max == nullptr) return;
    accept(path, text_of(*min));
    accept(path, text_of(*max));
    refuse(path, fmt::format("{}", min->kind == NodeKind::integer ? min->real - 1 : min->real / 2));
    refuse(path, fmt::format("{}", max->integer + 1));
    const bool whole = schema.find("type")->text == "integer";
    whole ? refuse(path, "1.5") : accept(path, "1.5");
  }

  static void compare_reference(const std::string& reference, const Path& path) {
    const std::map<std::string, std::pair<std::string, std::string>> k_samples{
        {"#/$defs/duration", {"\"1h\"", "\"1\""}},
        {"#/$defs/email", {"\"a@example.com\"", "\"a\""}},
        {"#/$defs/glofox_id", {"\"64b0c0ffee00000000000b0F\"", "\"64b0\""}},
        {"#/$defs/base_url", {"\"https://example.com\"", "\"example.com\""}},
        {"#/$defs/id", {"7", "\"7\""}},
        {"#/$defs/secret", {R"({ "env": "A_KEY" })", "\"a secret\""}}};
    REQUIRE(k_samples.contains(reference));
    accept(path, k_samples.at(reference).first);
    refuse(path, k_samples.at(reference).second);
  }

  void compare_items(const Node& schema, const Node& items, const Path& path) const {
    const Node* least = schema.find("minItems");
    least == nullptr ? accept(path, "[]") : refuse(path, "[]");
    if (items.find("properties") != nullptr) {
      Path inner = path;
      inner.emplace_back("[]");
      return compare(items, inner);
    }
    refuse(path, "[null]");
    if (const Node* words = items.find("enum")) accept(path, text_of(*words));
  }

  void compare_object(const Node& schema, const Path& path) const {
    CHECK_FALSE(schema.find("additionalProperties")->boolean);
    const std::vector<Node>& properties = schema.find("properties")->children;
    Path inner = path;
    inner.emplace_back("zzzzzzzz");
    std::vector<std::string> names;
    for (const Node& property : properties) names.push_back(property.key);
    bool told = false;
    for (const Fault& fault : parsed_with(inner, "1").faults)
      told = told || fault.suggestion == fmt::format("known here: {}", fmt::join(names, ", "));
    CHECK(told);
    for (const Node& property : properties) {
      inner.back() = property.key;
      const Node* required = schema.find("required");
      const bool needed =
          required != nullptr && std::ranges::count(required->children, property.key, &Node::text) > 0;
      bool missed = false;
      for (const Fault& fault : parsed_with(inner, "").faults)
        missed = missed || (fault.message == "is missing" && fault.where.path.ends_with("." + property.key));
      CHECK(missed == needed);
      if (path.empty() || path.back() != "partner") compare(property, inner);
    }
  }

  const Node& root_;
};

Node read_schema() {
  std::ifstream file(std::string(GK_FIXTURES) + "/../../docs/config.schema.json");
  REQUIRE(file.good());
  Tree tree = parse_tree(std::string(std::istreambuf_iterator<char>(file), {}));
  REQUIRE(tree.root.has_value());
  return *std::move(tree.root);
}

/// The schema of a service, or of an integration.
const Node& object_of(const Node& schema, std::string_view name) {
  const Node& properties = *schema.find("properties");
  return name == "integration" ? *properties.find("integrations")->find("items") : *properties.find(name);
}

/// A schema's default as it would stand in the file; "" when there is none.
std::string default_of(const Node& schema) {
  const Node* value = schema.find("default");
  if (value == nullptr) return "";
  switch (value->kind) {
    case NodeKind::null: return "null";
    case NodeKind::boolean: return value->boolean ? "true" : "false";
    case NodeKind::integer:
    case NodeKind::real: return std::to_string(value->integer);
    case NodeKind::string: return "\"" + value->text + "\"";
    case NodeKind::array: {
      std::string list;
      for (const Node& item : value->children) list += (list.empty() ? "\"" : ", \"") + item.text + "\"";
      return "[" + list + "]";
    }
    case NodeKind::object: break;
  }
  return "";
}

/// `"key": default` for every property that has one, nested objects included.
std::string defaults_of(const Node& object) {
  std::string text;
  for (const Node& property : object.find("properties")->children) {
    std::string value = default_of(property);
    if (property.find("properties") != nullptr) value = "{" + defaults_of(property) + "}";
    if (value.empty() || property.key == "glofox" || property.key == "partner") continue;
    text += (text.empty() ? "\"" : ", \"") + property.key + "\": " + value;
  }
  return text;
}

}  // namespace

TEST_CASE("The JSON Schema and the parser know the same keys, types, words, ranges and required keys") {
  const Node schema = read_schema();
  Comparison(schema).compare(schema, {});
  for (const char* json : {R"({ "identifier": "a" })", R"({ "contact": "a@example.com" })",
                           R"({ "identifier": "a", "contact": "a" })"})
    CHECK_FALSE(parsed_with({"kisi", "partner"}, json).faults.empty());
  CHECK(parsed_with({"kisi", "partner"}, R"({ "identifier": "a", "contact": "a@example.com" })")
            .faults.empty());
}

TEST_CASE("The JSON Schema and the parser know the same forms of a secret") {
  const Node schema = read_schema();
  const Node& secret = Comparison(schema).definition("secret");
  CHECK_FALSE(secret.find("additionalProperties")->boolean);
  CHECK(secret.find("maxProperties")->integer == 1);
  std::vector<std::string_view> forms;
  for (const Node& form : secret.find("properties")->children) forms.emplace_back(form.key);
  CHECK(forms == std::vector<std::string_view>{"file", "env", "credential"});
  for (const std::string_view form : forms) {
    const Parsed parsed = parsed_with({"kisi", "api_key"}, fmt::format(R"({{ "{}": "a_key" }})", form));
    CHECK(printed(parsed.faults).empty());
  }
}

TEST_CASE("The JSON Schema limits the rates as the parser does") {
  const Node schema = read_schema();
  const auto limit = [&](const char* service, const char* key) {
    return object_of(schema, service).find("else")->find("properties")->find(key)->find("maximum")->real;
  };
  CHECK(limit("kisi", "requests_per_second") == k_max_kisi_rate);
  CHECK(limit("glofox", "requests_per_second") == k_max_glofox_rate);
  CHECK(limit("glofox", "burst") == k_max_glofox_burst);
}

TEST_CASE("The defaults of the JSON Schema are those of the parser") {
  const Node schema = read_schema();
  const std::string written = edited(
      edited(with_keys(defaults_of(object_of(schema, "integration"))), "{ \"env\": \"KISI_KEY\" } }",
             "{ \"env\": \"KISI_KEY\" }, " + defaults_of(object_of(schema, "kisi")) + " }"),
      "\"GLOFOX_TOKEN\" } }", "\"GLOFOX_TOKEN\" }, " + defaults_of(object_of(schema, "glofox")) + " }");
  const Parsed explicitly = parse(written);
  const Parsed implied = parse(k_minimal);
  CHECK(printed(explicitly.faults).empty());
  REQUIRE(explicitly.config.has_value());
  REQUIRE(implied.config.has_value());
  CHECK(dump(*explicitly.config) == dump(*implied.config));
}

}  // namespace gk::config::test::keys_schema_test
