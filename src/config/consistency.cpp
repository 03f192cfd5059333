#include "config/consistency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>

#include "config/keys.hpp"
#include "util/text.hpp"
#include "util/time.hpp"
#include "util/url.hpp"

namespace gk::config {

namespace {

/// The value of nested members, or nullptr.
const Node* find(const Node& node, std::initializer_list<std::string_view> keys) {
  const Node* at = &node;
  for (const std::string_view key : keys) {
    if (at != nullptr) at = at->find(key);
  }
  return at;
}

bool is_true(const Node* node) { return node != nullptr && node->kind == NodeKind::boolean && node->boolean; }

std::optional<std::int64_t> integer_of(const Node* node) {
  if (node == nullptr || node->kind != NodeKind::integer) return std::nullopt;
  return node->integer;
}

/// An integration and what messages call it.
struct IntegrationNode {
  const Node* node;
  std::string path;   ///< "$.integrations[1]"
  std::string label;  ///< its name, or its path when it has none
};

std::vector<IntegrationNode> entries_of(const Node& root) {
  std::vector<IntegrationNode> entries;
  const Node* list = root.find("integrations");
  if (list == nullptr || list->kind != NodeKind::array) return entries;
  for (std::size_t i = 0; i < list->children.size(); ++i) {
    const Node& node = list->children[i];
    if (node.kind != NodeKind::object) continue;
    std::string path = child_path("$.integrations", i);
    const Node* name = node.find("name");
    std::string label = name != nullptr && name->kind == NodeKind::string
                            ? fmt::format("\"{}\"", printable(name->text, 64))
                            : path;
    entries.push_back({&node, std::move(path), std::move(label)});
  }
  return entries;
}

/// Where an integration writes: its group, and the one for bookings if that is another.
struct GroupUse {
  const IntegrationNode* entry;
  const Node* node;
  std::string path;
};

class CrossChecker {
 public:
  CrossChecker(const Node& root, std::vector<Fault>& faults, std::vector<Fault>& warnings)
      : root_(root), entries_(entries_of(root)), faults_(faults), warnings_(warnings) {}

  void check() {
    check_rate("kisi", "requests_per_second", k_max_kisi_rate);
    check_rate("glofox", "requests_per_second", k_max_glofox_rate);
    check_rate("glofox", "burst", k_max_glofox_burst);
    check_names();
    check_targets();
    check_former_groups();
    for (const IntegrationNode& entry : entries_) {
      check_checkin(entry);
      warn_about_bookings(entry);
      warn_about_memberships(entry);
      warn_about_limits(entry);
      for (const std::string_view key : {"protected", "canaries"})
        warn_about_repeats(entry.node->find(key), child_path(entry.path, key));
    }
    warn_when_all_disabled();
  }

 private:
  void fault(const Node& node, std::string path, std::string message, std::string suggestion) {
    faults_.push_back(fault_at(node, std::move(path), std::move(message), std::move(suggestion)));
  }
  void warn(const Node& node, std::string path, std::string message, std::string suggestion = "") {
    warnings_.push_back(fault_at(node, std::move(path), std::move(message), std::move(suggestion)));
  }

  /// The services' own limits; a rehearsal against a loopback address may go faster.
  void check_rate(std::string_view service, std::string_view key, double max) {
    const Node* value = find(root_, {service, key});
    if (value == nullptr || (value->kind != NodeKind::integer && value->kind != NodeKind::real)) return;
    const Node* url = find(root_, {service, "base_url"});
    if (url != nullptr && url->kind == NodeKind::string && is_loopback_url(url->text)) return;
    // Beyond the table's own maximum the value has its fault already.
    if (value->real <= max || value->real > k_max_loopback_rate) return;
    fault(*value, child_path(child_path("$", service), key),
          fmt::format("must not be above {:.0f}, found {}", max, value->real),
          fmt::format("the service refuses more; up to {:.0f} only with a base_url on a loopback address",
                      k_max_loopback_rate));
  }

  void check_names() {
    std::map<std::string, const IntegrationNode*> seen;
    for (const IntegrationNode& entry : entries_) {
      const Node* name = entry.node->find("name");
      if (name == nullptr || name->kind != NodeKind::string) continue;
      const std::string path = child_path(entry.path, "name");
      if (const auto trimmed = trim(name->text).size(); trimmed > 0 && trimmed != name->text.size())
        fault(*name, path, "must not start or end with a space", "");
      const auto place = seen.try_emplace(name->text, &entry);
      if (place.second) continue;
      fault(*name, path, fmt::format("{} is also the name of {}", entry.label, place.first->second->path),
            "--integration and the report tell integrations apart by name");
    }
  }

  /// Each integration removes every row of ours that it does not expect, so no group can have two of them.
  void check_targets() {
    for (const IntegrationNode& entry : entries_) {
      const Node* group = entry.node->find("group_id");
      const auto own = integer_of(group);
      if (own) add_use(*own, {&entry, group, child_path(entry.path, "group_id")});
      const Node* bookings = find(*entry.node, {"bookings", "group_id"});
      const auto separate = integer_of(bookings);
      if (separate && separate != own) {
        add_use(*separate, {&entry, bookings, child_path(child_path(entry.path, "bookings"), "group_id")});
      }
    }
  }

  void add_use(std::int64_t group, GroupUse use) {
    const auto place = uses_.try_emplace(group, use);
    if (place.second) return;
    const GroupUse& first = place.first->second;
    fault(*use.node, use.path,
          fmt::format(
              "group {} is also {} (integration {}): each of the two would remove the people of the other",
              group, first.path, first.entry->label),
          "give every integration a Kisi group of its own; a door may be opened by several groups");
  }

  void check_former_groups() {
    std::map<std::int64_t, std::string> seen;
    for (const IntegrationNode& entry : entries_) {
      const Node* list = entry.node->find("former_group_ids");
      if (list == nullptr || list->kind != NodeKind::array) continue;
      const std::string list_path = child_path(entry.path, "former_group_ids");
      for (std::size_t i = 0; i < list->children.size(); ++i) {
        const auto group = integer_of(&list->children[i]);
        if (group) check_former_group(entry, list->children[i], *group, child_path(list_path, i), seen);
      }
    }
  }

  void check_former_group(const IntegrationNode& entry, const Node& node, std::int64_t group,
                          const std::string& path, std::map<std::int64_t, std::string>& seen) {
    if (const auto use = uses_.find(group); use != uses_.end()) {
      const bool own = use->second.entry == &entry;
      fault(node, path,
            fmt::format("group {} is in use: it is {} (integration {}); cleaning it would remove {}", group,
                        use->second.path, use->second.entry->label,
                        own ? "the people who have just been added" : "that integration's people"),
            "list only groups that no integration fills any more");
      return;
    }
    const auto place = seen.try_emplace(group, path);
    if (place.second) return;
    fault(node, path, fmt::format("group {} is listed already at {}", group, place.first->second),
          "let one integration clean it: the one whose people were in it");
  }

  void check_checkin(const IntegrationNode& entry) {
    const Node* enabled = find(*entry.node, {"checkin", "enabled"});
    if (!is_true(enabled) || entry.node->find("place_id") != nullptr) return;
    fault(*enabled, child_path(child_path(entry.path, "checkin"), "enabled"),
          "check-in needs place_id: it says which doors belong to this location",
          fmt::format("add \"place_id\" to {}", entry.path));
  }

  void warn_about_bookings(const IntegrationNode& entry) {
    constexpr std::chrono::minutes k_cycle{15};
    const Node* lookahead = find(*entry.node, {"bookings", "lookahead"});
    if (lookahead == nullptr || lookahead->kind != NodeKind::string) return;
    const auto duration = parse_duration(lookahead->text);
    if (!duration || *duration >= k_cycle) return;
    warn(*lookahead, child_path(child_path(entry.path, "bookings"), "lookahead"),
         "is shorter than the cycle of 15m: windows would be written after they have begun",
         "use 1h or more");
  }

  void warn_about_memberships(const IntegrationNode& entry) {
    for (const std::string_view key : {"types", "statuses", "plans"}) {
      const std::string path = child_path(child_path(entry.path, "memberships"), key);
      warn_about_repeats(find(*entry.node, {"memberships", key}), path);
    }
    const Node* statuses = find(*entry.node, {"memberships", "statuses"});
    if (statuses == nullptr || statuses->kind != NodeKind::array) return;
    for (std::size_t i = 0; i < statuses->children.size(); ++i) {
      const Node& status = statuses->children[i];
      if (status.text != "CANCELLED" && status.text != "EXPIRED") continue;
      warn(status, child_path(child_path(child_path(entry.path, "memberships"), "statuses"), i),
           fmt::format("people whose membership is {} would keep access", status.text));
    }
  }

  void warn_about_limits(const IntegrationNode& entry) {
    constexpr std::int64_t k_all = 100;
    for (const std::string_view brake : {"absent", "stated"}) {
      const Node* percent = find(*entry.node, {"limits", "removals", brake, "percent"});
      if (integer_of(percent) != k_all) continue;
      warn(*percent, fmt::format("{}.limits.removals.{}.percent", entry.path, brake),
           "100 percent switches this brake off", "use --approve-removals for a single large change");
    }
  }

  void warn_about_repeats(const Node* list, const std::string& path) {
    if (list == nullptr || list->kind != NodeKind::array) return;
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < list->children.size(); ++i) {
      if (list->children[i].kind != NodeKind::string) continue;
      const auto place = seen.try_emplace(fold_name(list->children[i].text), i);
      if (!place.second) {
        warn(list->children[i], child_path(path, i),
             fmt::format("is the same as element {}", place.first->second));
      }
    }
  }

  void warn_when_all_disabled() {
    const auto is_disabled = [](const IntegrationNode& entry) {
      const Node* enabled = entry.node->find("enabled");
      return enabled != nullptr && enabled->kind == NodeKind::boolean && !enabled->boolean;
    };
    if (entries_.empty() || !std::ranges::all_of(entries_, is_disabled)) return;
    warn(*root_.find("integrations"), "$.integrations",
         "every integration is disabled: there is nothing to do");
  }

  const Node& root_;
  std::vector<IntegrationNode> entries_;
  std::map<std::int64_t, GroupUse> uses_;
  std::vector<Fault>& faults_;
  std::vector<Fault>& warnings_;
};

}  // namespace

void check_consistency(const Node& root, std::vector<Fault>& faults, std::vector<Fault>& warnings) {
  CrossChecker(root, faults, warnings).check();
}

}  // namespace gk::config
