#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "config/node.hpp"
#include "config/rules.hpp"
#include "unit/config/samples.hpp"

namespace gk::config::test::schema_test {

namespace {

/// docs/config.schema.json and the parser's table, walked side by side.
class Comparison {
 public:
  explicit Comparison(const Node& schema) : root_(schema) {}

  void compare(const Node& node, const Rule& rule, const std::string& path) {
    INFO(path);
    const Node& schema = resolve(node);
    if (rule.nullable) return compare_nullable(schema, rule, path);
    switch (rule.kind) {
      case RuleKind::object:
        return compare_object(schema, rule, path);
      case RuleKind::list:
        return compare_list(schema, rule, path);
      case RuleKind::boolean:
        return check_type(schema, "boolean");
      case RuleKind::integer:
        return check_type(schema, "integer"), compare_range(schema, rule);
      case RuleKind::number:
        return check_type(schema, "number"), compare_range(schema, rule);
      case RuleKind::text:
        return check_type(schema, "string"), check_not_empty(schema);
      case RuleKind::word:
        return compare_words(schema, rule);
      case RuleKind::any_or_list:
        return compare_any_or_list(schema, rule, path);
      case RuleKind::duration:
        return check_reference(node, "duration");
      case RuleKind::email:
        return check_reference(node, "email");
      case RuleKind::glofox_id:
        return check_reference(node, "glofox_id");
      case RuleKind::base_url:
        return check_reference(node, "base_url");
      case RuleKind::absolute_path:
        return check_type(schema, "string");
      case RuleKind::secret:
        return check_reference(node, "secret");
    }
  }

  [[nodiscard]] const Node& definition(const std::string& name) const {
    const Node* found = root_.find("$defs")->find(name);
    REQUIRE(found != nullptr);
    return *found;
  }

 private:
  const Node& resolve(const Node& node) const {
    const Node* reference = node.find("$ref");
    return reference == nullptr ? node
                                : definition(reference->text.substr(std::string_view("#/$defs/").size()));
  }

  static const Node& member(const Node& node, std::string_view key) {
    const Node* found = node.find(key);
    INFO(key);
    REQUIRE(found != nullptr);
    return *found;
  }

  static void check_type(const Node& schema, std::string_view type) {
    CHECK(member(schema, "type").text == type);
  }
  static void check_not_empty(const Node& schema) { CHECK(member(schema, "minLength").integer == 1); }
  static void check_reference(const Node& node, const std::string& name) {
    CHECK(member(node, "$ref").text == "#/$defs/" + name);
  }

  static void compare_range(const Node& schema, const Rule& rule) {
    CHECK(member(schema, "minimum").real == rule.min);
    CHECK(member(schema, "maximum").real == rule.max);
  }

  static void compare_words(const Node& schema, const Rule& rule) {
    std::vector<std::string_view> words;
    for (const Node& word : member(schema, "enum").children) words.emplace_back(word.text);
    CHECK(words == rule.words);
  }

  void compare_nullable(const Node& schema, Rule rule, const std::string& path) {
    const Node& forms = member(schema, "oneOf");
    REQUIRE(forms.children.size() == 2);
    check_type(forms.children[0], "null");
    rule.nullable = false;
    compare(forms.children[1], rule, path);
  }

  void compare_any_or_list(const Node& schema, const Rule& rule, const std::string& path) {
    const Node& forms = member(schema, "oneOf");
    REQUIRE(forms.children.size() == 2);
    CHECK(member(forms.children[0], "const").text == "any");
    compare_list(forms.children[1], rule, path);
  }

  void compare_list(const Node& schema, const Rule& rule, const std::string& path) {
    check_type(schema, "array");
    const Node* least = schema.find("minItems");
    CHECK((least != nullptr) == !rule.if_empty.empty());
    compare(member(schema, "items"), rule.item.front(), path + "[]");
  }

  void compare_object(const Node& schema, const Rule& rule, const std::string& path) {
    check_type(schema, "object");
    CHECK_FALSE(member(schema, "additionalProperties").boolean);
    std::set<std::string_view> known;
    std::set<std::string_view> required;
    for (const Key& key : rule.keys) {
      known.insert(key.name);
      if (key.required) required.insert(key.name);
      compare(member(member(schema, "properties"), key.name), key.rule, child_path(path, key.name));
    }
    for (const Node& property : member(schema, "properties").children) {
      INFO(property.key << " is in the schema, but unknown to the parser");
      CHECK(known.contains(property.key));
    }
    std::set<std::string_view> promised;
    if (const Node* list = schema.find("required")) {
      for (const Node& name : list->children) promised.insert(name.text);
    }
    CHECK(promised == required);
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

/// A schema's default as it would stand in the file; "" when there is none.
std::string default_of(const Node& schema) {
  const Node* value = schema.find("default");
  if (value == nullptr) return "";
  switch (value->kind) {
    case NodeKind::null:
      return "null";
    case NodeKind::boolean:
      return value->boolean ? "true" : "false";
    case NodeKind::integer:
    case NodeKind::real:
      return std::to_string(value->integer);
    case NodeKind::string:
      return "\"" + value->text + "\"";
    case NodeKind::array: {
      std::string list;
      for (const Node& item : value->children) list += (list.empty() ? "\"" : ", \"") + item.text + "\"";
      return "[" + list + "]";
    }
    case NodeKind::object:
      break;
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
  Comparison(schema).compare(schema, document_rule(), "$");
}

TEST_CASE("The JSON Schema and the parser know the same forms of a secret") {
  const Node schema = read_schema();
  const Node& secret = Comparison(schema).definition("secret");
  CHECK_FALSE(secret.find("additionalProperties")->boolean);
  CHECK(secret.find("maxProperties")->integer == 1);
  std::vector<std::string_view> forms;
  for (const Node& form : secret.find("properties")->children) forms.emplace_back(form.key);
  CHECK(std::ranges::equal(forms, k_secret_forms));
}

TEST_CASE("The JSON Schema limits the rates as the parser does") {
  const Node schema = read_schema();
  const Comparison comparison(schema);
  const auto limit = [&](const char* service, const char* key) {
    return comparison.definition(service).find("else")->find("properties")->find(key)->find("maximum")->real;
  };
  CHECK(limit("kisi", "requests_per_second") == k_max_kisi_rate);
  CHECK(limit("glofox", "requests_per_second") == k_max_glofox_rate);
  CHECK(limit("glofox", "burst") == k_max_glofox_burst);
}

TEST_CASE("The defaults of the JSON Schema are those of the parser") {
  const Node schema = read_schema();
  const Comparison comparison(schema);
  const std::string written = edited(
      edited(with_keys(defaults_of(comparison.definition("integration"))), "{ \"env\": \"KISI_KEY\" } }",
             "{ \"env\": \"KISI_KEY\" }, " + defaults_of(comparison.definition("kisi")) + " }"),
      "\"GLOFOX_TOKEN\" } }", "\"GLOFOX_TOKEN\" }, " + defaults_of(comparison.definition("glofox")) + " }");
  const Parsed explicitly = parse(written);
  const Parsed implied = parse(k_minimal);
  CHECK(printed(explicitly.faults).empty());
  REQUIRE(explicitly.config.has_value());
  REQUIRE(implied.config.has_value());
  CHECK(dump(*explicitly.config) == dump(*implied.config));
}

}  // namespace gk::config::test::schema_test
