#include "config/keys.hpp"

namespace gk::config {

namespace {

using namespace std::chrono_literals;

constexpr auto k_day = 24h;
constexpr double k_min_rate = 0.01;  // slower, the waiting times stop making sense (and overflow)
constexpr double k_max_people = 1'000'000;
constexpr std::string_view k_lock_out = "an empty list would match no membership and lock everybody out";
constexpr ListRules k_words{k_lock_out, "leave the key out to get the default"};
constexpr ListRules k_plans{k_lock_out, "write \"any\", or leave the key out, to accept every plan"};

Table<KisiSettings> kisi_keys() {
  const Table<Partner> partner{
      {"identifier", &Partner::identifier, text(), "The header X-Kisi-Integration-Identifier",
       Need::required},
      {"contact", &Partner::contact, email_text(), "The header X-Kisi-Integration-Contact", Need::required},
  };
  return {
      {"base_url", &KisiSettings::base_url, base_url(),
       "The API. Change it only for tests against a sandbox"},
      {"api_key", &KisiSettings::api_key, secret(),
       "The key decides which rows count as ours: those that its user made. Keep one user for this purpose, "
       "and keep it when you renew the key",
       Need::required},
      {"requests_per_second", &KisiSettings::requests_per_second,
       number({k_min_rate, k_max_loopback_rate, k_max_kisi_rate}),
       "Never exceeded in any window of one second. Kisi refuses more than 5"},
      {"partner", &KisiSettings::partner, optional(object(partner)),
       "Headers that Kisi asks integration partners to send. Give both or none"},
  };
}

Table<GlofoxSettings> glofox_keys() {
  return {
      {"base_url", &GlofoxSettings::base_url, base_url(),
       "The API. Change it only for tests against a sandbox"},
      {"api_key", &GlofoxSettings::api_key, secret(), "The integrator's credentials: the header x-api-key",
       Need::required},
      {"api_token", &GlofoxSettings::api_token, secret(),
       "The integrator's credentials: the header x-glofox-api-token", Need::required},
      {"requests_per_second", &GlofoxSettings::requests_per_second,
       number({k_min_rate, k_max_loopback_rate, k_max_glofox_rate}),
       "Refill of the token bucket. Live credentials allow 10, sandbox credentials 3"},
      {"burst", &GlofoxSettings::burst, whole<int>({1, k_max_loopback_rate, k_max_glofox_burst}),
       "Size of the token bucket: this many requests may be sent at once. Live credentials allow 1,000, "
       "sandbox credentials 300"},
      {"max_in_flight", &GlofoxSettings::max_in_flight, whole<std::size_t>({1, 50}),
       "Requests at the same time. More is faster for large locations, and harder on the service"},
  };
}

Table<GlofoxOverrides> override_keys() {
  return {
      {"api_key", &GlofoxOverrides::api_key, optional(secret()),
       "Another key for this location. Default: the top-level `glofox.api_key`"},
      {"api_token", &GlofoxOverrides::api_token, optional(secret()),
       "Another token for this location. Default: the top-level `glofox.api_token`"},
  };
}

Table<MembershipRules> membership_keys() {
  return {
      {"types", &MembershipRules::types,
       list<std::vector<MembershipType>>(word<MembershipType>(k_membership_types), k_words),
       "`membership.type` in Glofox. Credit packs (`num_classes`) and pay-as-you-go (`payg`) get access "
       "through bookings; if you list them here, they can open the door at any time"},
      {"statuses", &MembershipRules::statuses,
       list<std::vector<MembershipStatus>>(word<MembershipStatus>(k_membership_statuses), k_words),
       "`membership.status` in Glofox. `CANCELLED` and `EXPIRED` give a warning"},
      {"plans", &MembershipRules::plans, any_or_texts(k_plans),
       "Names or ids of memberships, names or codes of plans. Case and surrounding spaces don't matter"},
      {"expiry_grace", &MembershipRules::expiry_grace, duration(0s, 366 * k_day),
       "How long access continues after the last local day while Glofox still says `ACTIVE`: renewals are "
       "often booked a little late"},
  };
}

Table<UserRules> user_keys() {
  return {
      {"import", &UserRules::import_all, word<bool>({{"eligible", false}, {"all", true}}),
       "`\"all\"` creates a Kisi user for every Glofox client, with or without access"},
      {"send_emails", &UserRules::send_emails, boolean(),
       "Whether new Kisi users get Kisi's e-mails. `false` makes managed users. Kisi fixes this when it "
       "creates a user; a change here doesn't affect existing users"},
  };
}

Table<BookingRules> booking_keys() {
  return {
      {"enabled", &BookingRules::enabled, boolean(), "`false`: `sync-bookings` does nothing here"},
      {"opens_before", &BookingRules::opens_before, duration(0s, k_day),
       "How long before the class access begins. Class at 15:00: access from 14:00"},
      {"closes_after", &BookingRules::closes_after, duration(0s, k_day),
       "How long after the class access ends. Kisi ends it by itself, even when this program doesn't run"},
      {"lookahead", &BookingRules::lookahead, duration(0s, 31 * k_day),
       "How early a future window is written to Kisi. A longer one survives a longer outage; a shorter one "
       "means fewer changes when people rebook. Under 15m (the cycle) gives a warning"},
      {"group_id", &BookingRules::group, nullable(kisi_id<GroupId>()),
       "A separate group for bookings, for other doors than the members'. `null`, or the integration's own "
       "group: the same group"},
  };
}

Table<Integration> checkin_keys() {
  constexpr auto k_rules = &Integration::checkin;
  return {
      {"enabled", k_rules, &CheckinRules::enabled, boolean(), "Turns check-in on. Needs `place_id`"},
      {"mode", k_rules, &CheckinRules::mode,
       word<CheckinMode>({{"access", CheckinMode::access},
                          {"attendance", CheckinMode::attendance},
                          {"both", CheckinMode::both}}),
       "Record that the person came in, that they attended a booked class, or both"},
      {"opens_before", k_rules, &CheckinRules::opens_before, duration(0s, k_day),
       "How long before the class an unlock counts as attendance"},
      {"signature_key", &Integration::signature_key, optional(secret()),
       "The key of the Kisi webhook. When it is set, `--signature` is required, and an event with a wrong "
       "one is refused (exit 77)"},
      {"dedupe_dir", k_rules, &CheckinRules::dedupe_dir, optional(absolute_path()),
       "A cache of handled events, and of the Kisi user that the key belongs to. Without this key: "
       "`$XDG_STATE_HOME/glofox-kisi/checkins`, else `~/.local/state/glofox-kisi/checkins`. The program "
       "creates it for its own user alone. The hook and cron must share it. Losing it can at most repeat "
       "entries within `max_age`"},
      {"debounce", k_rules, &CheckinRules::debounce, duration(0s, k_day),
       "Unlocks by one person within this time count as one entry"},
      {"max_age", k_rules, &CheckinRules::max_age, duration(1s, 31 * k_day), "Older unlocks are ignored"},
  };
}

Table<Limits> limit_keys() {
  const auto brake = [](std::string_view count, std::string_view percent) {
    return Table<BrakeLimit>{
        {"count", &BrakeLimit::count, whole<std::size_t>({0, k_max_people}), count},
        {"percent", &BrakeLimit::percent, whole<std::size_t>({0, 100}), percent},
    };
  };
  const Table<Limits> removals{
      {"absent", &Limits::absent,
       brake("Brake for people whom Glofox no longer lists: the weakest reason, so the tightest limit",
             "The same, in percent of our rows"),
       "Brake for people whom Glofox no longer lists"},
      {"stated", &Limits::stated,
       brake("Brake for removals that Glofox states: cancelled, expired, paused and so on",
             "The same, in percent of our rows"),
       "Brake for removals that Glofox states"},
  };
  return {
      {"max_users", &Limits::max_users, whole<std::size_t>({1, k_max_people}),
       "If more people would have access, all grants are held (exit 4)"},
      {"removals", removals, "Brakes: up to max(count, percent of our rows) removals pass"},
  };
}

Table<Integration> integration_keys() {
  return {
      {"name", &Integration::name, text(64), "Unique. For `--integration`, reports and logs", Need::required},
      {"enabled", &Integration::enabled, boolean(),
       "`false`: every command skips it; its people keep what they have"},
      {"location_id", &Integration::location, glofox_id(),
       "The location; Glofox also says branch id or studio id", Need::required},
      {"group_id", &Integration::group, kisi_id<GroupId>(),
       "The group that is kept in step. It must be organization-scoped, and no other program may write to it "
       "with the same key",
       Need::required},
      {"former_group_ids", &Integration::former_groups, list<std::vector<GroupId>>(kisi_id<GroupId>()),
       "Groups that this integration used before. Our rows in them are removed once the current group is "
       "filled"},
      {"place_id", &Integration::place, optional(kisi_id<PlaceId>()),
       "The place whose doors count for check-in. Required when `checkin.enabled` is true"},
      {"glofox", &Integration::glofox, override_keys(),
       "Credentials for this location where they differ from the common ones; each can be given alone"},
      {"memberships", &Integration::memberships, membership_keys(), "Who is a member"},
      {"users", &Integration::users, user_keys(), "Who becomes a Kisi user"},
      {"bookings", &Integration::bookings, booking_keys(), "Access around booked classes"},
      {"checkin", checkin_keys(), "Door unlocks become check-ins"},
      {"limits", &Integration::limits, limit_keys(), "When to stop and ask"},
      {"protected", &Integration::protected_people, list<std::set<PersonKey>>(email()),
       "People who are never removed, whatever Glofox says"},
      {"canaries", &Integration::canaries, list<std::vector<PersonKey>>(email()),
       "People who are certainly in Glofox. If one is missing from a complete list, the list is not "
       "trusted and everything is held (exit 4)"},
  };
}

}  // namespace

const Table<Config>& document_keys() {
  static const Table<Config> k_keys{
      {"$schema", text(), "For editors, which find the schema by it; the program ignores it"},
      {"version", whole_number({1, 1}),
       "Version of the file format. Another number is refused, so that an old program refuses a newer file",
       Need::required},
      {"kisi", &Config::kisi, kisi_keys(), "The Kisi organization", Need::required},
      {"glofox", &Config::glofox, glofox_keys(), "Glofox, for all locations without credentials of their own",
       Need::required},
      {"integrations", &Config::integrations,
       list<std::vector<Integration>>(object(integration_keys()),
                                      {"without an integration there is nothing to do"}),
       "Not empty. Each keeps one Kisi group in step with one Glofox location", Need::required},
  };
  return k_keys;
}

}  // namespace gk::config
