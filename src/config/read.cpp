#include "config/read.hpp"

#include <utility>

#include "config/rules.hpp"
#include "config/url.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

namespace gk::config {

namespace {

// The checks ran before, so nothing here can fail: an absent key leaves the default alone, and wrong values
// do not come.

void read(const Node* node, bool& out) {
  if (node != nullptr) out = node->boolean;
}

void read(const Node* node, double& out) {
  if (node != nullptr) out = node->real;
}

void read(const Node* node, std::string& out) {
  if (node != nullptr) out = node->text;
}

void read(const Node* node, std::chrono::seconds& out) {
  if (node != nullptr) out = parse_duration(node->text).value_or(out);
}

template <class Number>
void read_integer(const Node* node, Number& out) {
  if (node != nullptr) out = static_cast<Number>(node->integer);
}

/// A member of a member; nullptr when either is absent.
const Node* find(const Node* node, std::string_view key) {
  return node == nullptr ? nullptr : node->find(key);
}

void read_url(const Node* node, std::string& out) {
  if (node != nullptr) out = check_base_url(node->text).text;
}

SecretSetting read_secret(const Node& node, const std::string& path) {
  SecretSetting setting;
  for (const auto& [key, kind] :
       {std::pair{k_secret_forms[0], SecretKind::file}, std::pair{k_secret_forms[1], SecretKind::env},
        std::pair{k_secret_forms[2], SecretKind::credential}}) {
    const Node* name = node.find(key);
    if (name == nullptr) continue;
    setting.source = {kind, name->text, {name->at.line, name->at.column, child_path(path, key)}};
  }
  return setting;
}

void read_secret(const Node* node, const std::string& path, std::optional<SecretSetting>& out) {
  if (node != nullptr) out = read_secret(*node, path);
}

std::vector<PersonKey> read_people(const Node* node) {
  std::vector<PersonKey> people;
  if (node == nullptr) return people;
  for (const Node& child : node->children) {
    if (auto person = PersonKey::from_email(child.text)) people.push_back(*std::move(person));
  }
  return people;
}

KisiSettings read_kisi(const Node& node) {
  KisiSettings kisi;
  read_url(node.find("base_url"), kisi.base_url);
  kisi.api_key = read_secret(*node.find("api_key"), "$.kisi.api_key");
  read(node.find("requests_per_second"), kisi.requests_per_second);
  if (const Node* partner = node.find("partner")) {
    kisi.partner.emplace();
    read(partner->find("identifier"), kisi.partner->identifier);
    read(partner->find("contact"), kisi.partner->contact);
  }
  return kisi;
}

GlofoxSettings read_glofox(const Node& node) {
  GlofoxSettings glofox;
  read_url(node.find("base_url"), glofox.base_url);
  glofox.api_key = read_secret(*node.find("api_key"), "$.glofox.api_key");
  glofox.api_token = read_secret(*node.find("api_token"), "$.glofox.api_token");
  read(node.find("requests_per_second"), glofox.requests_per_second);
  read_integer(node.find("burst"), glofox.burst);
  read_integer(node.find("max_in_flight"), glofox.max_in_flight);
  return glofox;
}

MembershipRules read_memberships(const Node* node) {
  MembershipRules rules;
  if (const Node* types = find(node, "types")) {
    rules.types.clear();
    for (const Node& type : types->children) rules.types.push_back(parse_membership_type(type.text));
  }
  if (const Node* statuses = find(node, "statuses")) {
    rules.statuses.clear();
    for (const Node& status : statuses->children)
      rules.statuses.push_back(parse_membership_status(status.text));
  }
  if (const Node* plans = find(node, "plans"); plans != nullptr && plans->kind == NodeKind::array) {
    std::vector<std::string> entries;
    for (const Node& plan : plans->children) entries.push_back(plan.text);
    rules.plans = PlanFilter::of(entries);
  }
  read(find(node, "expiry_grace"), rules.expiry_grace);
  return rules;
}

UserRules read_users(const Node* node) {
  UserRules rules;
  if (const Node* word = find(node, "import")) rules.import_all = word->text == "all";
  read(find(node, "send_emails"), rules.send_emails);
  return rules;
}

BookingRules read_bookings(const Node* node, GroupId own_group) {
  BookingRules rules;
  read(find(node, "enabled"), rules.enabled);
  read(find(node, "opens_before"), rules.opens_before);
  read(find(node, "closes_after"), rules.closes_after);
  read(find(node, "lookahead"), rules.lookahead);
  const Node* group = find(node, "group_id");
  if (group != nullptr && group->kind == NodeKind::integer && GroupId{group->integer} != own_group) {
    rules.group = GroupId{group->integer};
  }
  return rules;
}

CheckinRules read_checkin(const Node* node) {
  CheckinRules rules;
  read(find(node, "enabled"), rules.enabled);
  if (const Node* mode = find(node, "mode")) {
    rules.mode = mode->text == "access"       ? CheckinMode::access
                 : mode->text == "attendance" ? CheckinMode::attendance
                                              : CheckinMode::both;
  }
  read(find(node, "opens_before"), rules.opens_before);
  if (const Node* directory = find(node, "dedupe_dir")) rules.dedupe_dir = directory->text;
  read(find(node, "debounce"), rules.debounce);
  read(find(node, "max_age"), rules.max_age);
  return rules;
}

void read_brake(const Node* node, BrakeLimit& limit) {
  read_integer(find(node, "count"), limit.count);
  read_integer(find(node, "percent"), limit.percent);
}

Limits read_limits(const Node* node) {
  Limits limits;
  read_integer(find(node, "max_users"), limits.max_users);
  const Node* removals = find(node, "removals");
  read_brake(find(removals, "absent"), limits.absent);
  read_brake(find(removals, "stated"), limits.stated);
  return limits;
}

Integration read_integration(const Node& node, const std::string& path) {
  Integration integration;
  read(node.find("name"), integration.name);
  read(node.find("enabled"), integration.enabled);
  integration.location = BranchId{ascii_lower(node.find("location_id")->text)};
  integration.group = GroupId{node.find("group_id")->integer};
  if (const Node* groups = node.find("former_group_ids")) {
    for (const Node& group : groups->children) integration.former_groups.emplace_back(group.integer);
  }
  if (const Node* place = node.find("place_id")) integration.place = PlaceId{place->integer};
  const Node* glofox = node.find("glofox");
  const std::string glofox_path = child_path(path, "glofox");
  read_secret(find(glofox, "api_key"), child_path(glofox_path, "api_key"), integration.glofox.api_key);
  read_secret(find(glofox, "api_token"), child_path(glofox_path, "api_token"), integration.glofox.api_token);
  integration.memberships = read_memberships(node.find("memberships"));
  integration.users = read_users(node.find("users"));
  integration.bookings = read_bookings(node.find("bookings"), integration.group);
  const Node* checkin = node.find("checkin");
  integration.checkin = read_checkin(checkin);
  read_secret(find(checkin, "signature_key"), child_path(child_path(path, "checkin"), "signature_key"),
              integration.signature_key);
  integration.limits = read_limits(node.find("limits"));
  const std::vector<PersonKey> people = read_people(node.find("protected"));
  integration.protected_people = {people.begin(), people.end()};
  integration.canaries = read_people(node.find("canaries"));
  return integration;
}

}  // namespace

Config read_config(const Node& root) {
  Config config;
  config.kisi = read_kisi(*root.find("kisi"));
  config.glofox = read_glofox(*root.find("glofox"));
  const std::vector<Node>& integrations = root.find("integrations")->children;
  for (std::size_t i = 0; i < integrations.size(); ++i) {
    config.integrations.push_back(read_integration(integrations[i], child_path("$.integrations", i)));
  }
  return config;
}

}  // namespace gk::config
