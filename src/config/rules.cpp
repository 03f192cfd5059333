#include "config/rules.hpp"

namespace gk::config {

namespace {

constexpr double k_day = 24 * 60 * 60;
constexpr double k_max_loopback_rate = 100'000;
constexpr double k_min_rate = 0.01;  // slower, the waiting times stop making sense (and overflow)
constexpr double k_max_id = 9e15;    // whole numbers stay exact in every JSON library
constexpr double k_max_people = 1'000'000;

Rule plain(RuleKind kind) {
  Rule rule;
  rule.kind = kind;
  return rule;
}

Rule object(std::vector<Key> keys) {
  Rule rule = plain(RuleKind::object);
  rule.keys = std::move(keys);
  return rule;
}

Rule ranged(RuleKind kind, double min, double max) {
  Rule rule = plain(kind);
  rule.min = min;
  rule.max = max;
  return rule;
}

Rule word(std::vector<std::string_view> words) {
  Rule rule = plain(RuleKind::word);
  rule.words = std::move(words);
  return rule;
}

Rule list(Rule item, std::string_view if_empty = "", RuleKind kind = RuleKind::list) {
  Rule rule = plain(kind);
  rule.item.push_back(std::move(item));
  rule.if_empty = if_empty;
  return rule;
}

Rule id() {
  return ranged(RuleKind::integer, 1, k_max_id);
}

Rule duration(double min, double max) {
  return ranged(RuleKind::duration, min, max);
}

Rule nullable(Rule rule) {
  rule.nullable = true;
  return rule;
}

Rule kisi() {
  return object({
      {"base_url", plain(RuleKind::base_url)},
      {"api_key", plain(RuleKind::secret), true},
      {"requests_per_second", ranged(RuleKind::number, k_min_rate, k_max_loopback_rate)},
      {"partner",
       object({{"identifier", plain(RuleKind::text), true}, {"contact", plain(RuleKind::email), true}})},
  });
}

Rule glofox() {
  return object({
      {"base_url", plain(RuleKind::base_url)},
      {"api_key", plain(RuleKind::secret), true},
      {"api_token", plain(RuleKind::secret), true},
      {"requests_per_second", ranged(RuleKind::number, k_min_rate, k_max_loopback_rate)},
      {"burst", ranged(RuleKind::integer, 1, k_max_loopback_rate)},
      {"max_in_flight", ranged(RuleKind::integer, 1, 50)},
  });
}

Rule memberships() {
  constexpr std::string_view k_lock_out = "an empty list would match no membership and lock everybody out";
  return object({
      {"types", list(word({"time", "time_classes", "num_classes", "payg"}), k_lock_out)},
      {"statuses", list(word({"ACTIVE", "FUTURE", "LOCKED", "PAUSED", "CANCELLED", "EXPIRED"}), k_lock_out)},
      {"plans", list(plain(RuleKind::text), k_lock_out, RuleKind::any_or_list)},
      {"expiry_grace", duration(0, 366 * k_day)},
  });
}

Rule users() {
  return object({{"import", word({"eligible", "all"})}, {"send_emails", plain(RuleKind::boolean)}});
}

Rule bookings() {
  return object({
      {"enabled", plain(RuleKind::boolean)},
      {"opens_before", duration(0, k_day)},
      {"closes_after", duration(0, k_day)},
      {"lookahead", duration(0, 31 * k_day)},
      {"group_id", nullable(id())},
  });
}

Rule checkin() {
  return object({
      {"enabled", plain(RuleKind::boolean)},
      {"mode", word({"access", "attendance", "both"})},
      {"opens_before", duration(0, k_day)},
      {"signature_key", plain(RuleKind::secret)},
      {"dedupe_dir", plain(RuleKind::absolute_path)},
      {"debounce", duration(0, k_day)},
      {"max_age", duration(1, 31 * k_day)},
  });
}

Rule limits() {
  const auto brake = [] {
    return object({{"count", ranged(RuleKind::integer, 0, k_max_people)},
                   {"percent", ranged(RuleKind::integer, 0, 100)}});
  };
  return object({
      {"max_users", ranged(RuleKind::integer, 1, k_max_people)},
      {"removals", object({{"absent", brake()}, {"stated", brake()}})},
  });
}

Rule integration() {
  return object({
      {"name", plain(RuleKind::text), true},
      {"enabled", plain(RuleKind::boolean)},
      {"location_id", plain(RuleKind::glofox_id), true},
      {"group_id", id(), true},
      {"former_group_ids", list(id())},
      {"place_id", id()},
      {"glofox", object({{"api_key", plain(RuleKind::secret)}, {"api_token", plain(RuleKind::secret)}})},
      {"memberships", memberships()},
      {"users", users()},
      {"bookings", bookings()},
      {"checkin", checkin()},
      {"limits", limits()},
      {"protected", list(plain(RuleKind::email))},
      {"canaries", list(plain(RuleKind::email))},
  });
}

}  // namespace

const Rule& document_rule() {
  static const Rule k_rule = object({
      {"$schema", plain(RuleKind::text)},  // editors find the schema by it; ignored here
      {"version", ranged(RuleKind::integer, 1, 1), true},
      {"kisi", kisi(), true},
      {"glofox", glofox(), true},
      {"integrations", list(integration(), "without an integration there is nothing to do"), true},
  });
  return k_rule;
}

}  // namespace gk::config
