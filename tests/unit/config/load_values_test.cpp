#include <catch2/catch.hpp>

#include "unit/config/samples.hpp"

namespace gk::config::test::load_values_test {

using namespace std::chrono_literals;

TEST_CASE("The full example of the contract") {
  const Parsed parsed = parse(read_fixture("full.jsonc"));
  CHECK(printed(parsed.faults).empty());
  CHECK(printed(parsed.warnings).empty());
  REQUIRE(parsed.config.has_value());
  const Config& config = *parsed.config;

  CHECK(config.kisi.base_url == "https://api.kisi.io");
  CHECK(config.kisi.api_key.source.kind == SecretKind::file);
  CHECK(config.kisi.api_key.source.name == "/etc/glofox-kisi/kisi_api_key");
  CHECK(config.kisi.api_key.value.empty());
  CHECK(config.kisi.requests_per_second == 4);
  REQUIRE(config.kisi.partner.has_value());
  CHECK(config.kisi.partner->identifier == "acme");
  CHECK(config.kisi.partner->contact == "Dev.Team@Example.com");
  CHECK(config.glofox.api_key.source.kind == SecretKind::env);
  CHECK(config.glofox.api_token.source.kind == SecretKind::credential);
  CHECK(config.glofox.burst == 100);
  CHECK(config.glofox.max_in_flight == 5);

  REQUIRE(config.integrations.size() == 1);
  const Integration& riverside = config.integrations.front();
  CHECK(riverside.name == "riverside");
  CHECK(riverside.location == BranchId{"64b0c0ffee00000000000b01"});
  CHECK(riverside.group == GroupId{45510});
  CHECK(riverside.place == PlaceId{22801});
  CHECK(riverside.memberships.types == std::vector{MembershipType::time, MembershipType::time_classes});
  CHECK(riverside.memberships.statuses == std::vector{MembershipStatus::active});
  CHECK(riverside.memberships.plans.is_any());
  CHECK(riverside.memberships.expiry_grace == 24h);
  CHECK(riverside.bookings.lookahead == 24h);
  CHECK(riverside.booking_group() == GroupId{45510});
  CHECK(riverside.checkin.mode == CheckinMode::both);
  CHECK(riverside.signature_key.has_value());
  CHECK(riverside.checkin.dedupe_dir == "/var/lib/glofox-kisi/checkins");
  CHECK(riverside.limits.max_users == 5000);
  REQUIRE(riverside.protected_people.size() == 1);
  CHECK(riverside.protected_people.begin()->email() == "owner@example.com");
}

TEST_CASE("The smallest file gets the contract's defaults") {
  const Parsed parsed = parse(k_minimal);
  REQUIRE(parsed.config.has_value());
  CHECK(printed(parsed.warnings).empty());
  const Integration& only = parsed.config->integrations.front();
  CHECK(only.enabled);
  CHECK(!only.users.import_all);
  CHECK(only.users.send_emails);
  CHECK_FALSE(only.bookings.enabled);
  CHECK(only.bookings.opens_before == 1h);
  CHECK(only.bookings.closes_after == 1h);
  CHECK_FALSE(only.checkin.enabled);
  CHECK(only.checkin.debounce == 10min);
  CHECK(only.checkin.max_age == 24h);
  CHECK(only.limits.absent.count == 3);
  CHECK(only.limits.absent.percent == 2);
  CHECK(only.limits.stated.count == 10);
  CHECK(only.limits.stated.percent == 20);
}

TEST_CASE("Values that differ from the defaults arrive") {
  const Parsed parsed = parse(with_keys(R"("enabled": false, "former_group_ids": [1, 2], "place_id": 3,
      "glofox": { "api_token": { "file": "token" } },
      "memberships": { "types": ["payg"], "statuses": ["PAUSED", "LOCKED"], "plans": ["Gold", "P-7"], "expiry_grace": "2d" },
      "users": { "import": "all", "send_emails": false },
      "bookings": { "enabled": true, "opens_before": "30m", "closes_after": "90s", "lookahead": "2h", "group_id": 9 },
      "checkin": { "enabled": true, "mode": "access", "opens_before": "15m", "debounce": "0s", "max_age": "1h" },
      "limits": { "max_users": 7, "removals": { "absent": { "count": 0 }, "stated": { "percent": 50 } } },
      "protected": [" Owner@Example.COM "], "canaries": ["canary@example.com"])"));
  CHECK(printed(parsed.faults).empty());
  REQUIRE(parsed.config.has_value());
  CHECK(dump(*parsed.config) ==
        "kisi https://api.kisi.io 4 env KISI_KEY\n"
        "glofox https://gf-api.aws.glofox.com/prod 8 100 5 env GLOFOX_KEY env GLOFOX_TOKEN\n"
        "riverside 0 64b0c0ffee00000000000b01 45510 former 1 2 place 3 own - file token\n"
        "types payg statuses PAUSED LOCKED plans Gold P-7 grace 172800\n"
        "users 1 0 bookings 1 1800 90 7200 9\n"
        "checkin 1 0 900 - - 0 3600 limits 7 0 2 10 50\n"
        "protected owner@example.com canaries canary@example.com\n");
}

TEST_CASE("What is written differently but means the same") {
  const auto config_of = [](const std::string& text) {
    const Parsed parsed = parse(text);
    CHECK(printed(parsed.faults).empty());
    REQUIRE(parsed.config.has_value());
    return *parsed.config;
  };
  CHECK(config_of("\xEF\xBB\xBF" + std::string(k_minimal)).integrations.size() == 1);
  CHECK(config_of(edited(k_minimal, "45510", "45510, // a comment\n/* and another */")).integrations.size() ==
        1);
  CHECK(config_of(edited(k_minimal, "64b0c0ffee", "64B0C0FFEE")).integrations[0].location ==
        BranchId{"64b0c0ffee00000000000b01"});
  CHECK_FALSE(config_of(with_keys(R"("bookings": { "group_id": 45510 })"))
                  .integrations[0]
                  .bookings.group.has_value());
  CHECK_FALSE(
      config_of(with_keys(R"("bookings": { "group_id": null })")).integrations[0].bookings.group.has_value());
  CHECK(config_of(with_keys(R"("memberships": { "plans": "any" })"))
            .integrations[0]
            .memberships.plans.is_any());
  CHECK(config_of(edited(k_minimal, "\"version\"", "\"$schema\": \"config.schema.json\", \"version\""))
            .integrations.size() == 1);
  std::string carriage_returns;
  for (const char c : k_minimal) carriage_returns += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(config_of(carriage_returns).integrations.size() == 1);
}

TEST_CASE("A loopback address may be asked faster, and loses its trailing slash") {
  const Parsed parsed = parse(edited(k_minimal, "{ \"env\": \"KISI_KEY\" }",
                                     R"({ "env": "KISI_KEY" }, "base_url": "HTTP://LocalHost:8080/Kisi/",
                                         "requests_per_second": 100000)"));
  CHECK(printed(parsed.faults).empty());
  REQUIRE(parsed.config.has_value());
  CHECK(parsed.config->kisi.base_url == "http://localhost:8080/Kisi");
  CHECK(parsed.config->kisi.requests_per_second == 100000);
}

TEST_CASE("Warnings leave the configuration usable") {
  const auto warnings_of = [](std::string_view more) {
    const Parsed parsed = parse(with_keys(more));
    CHECK(parsed.config.has_value());
    return printed(parsed.warnings);
  };
  CHECK(warnings_of(R"("bookings": { "lookahead": "14m" })") ==
        std::vector<std::string>{
            "c:9:53: $.integrations[0].bookings.lookahead: is shorter than the cycle of 15m: windows "
            "would be written after they have begun (use 1h or more)"});
  CHECK(warnings_of(R"("bookings": { "lookahead": "15m" })").empty());
  CHECK(warnings_of(R"("memberships": { "statuses": ["ACTIVE", "EXPIRED"] })") ==
        std::vector<std::string>{
            "c:9:66: $.integrations[0].memberships.statuses[1]: people whose membership is EXPIRED "
            "would keep access"});
  CHECK(warnings_of(R"("limits": { "removals": { "stated": { "percent": 100 } } })") ==
        std::vector<std::string>{
            "c:9:75: $.integrations[0].limits.removals.stated.percent: 100 percent switches this brake "
            "off (use --approve-removals for a single large change)"});
  CHECK(warnings_of(R"("protected": ["a@example.com", "A@example.com"])") ==
        std::vector<std::string>{"c:9:57: $.integrations[0].protected[1]: is the same as element 0"});
  CHECK(warnings_of(R"("enabled": false)") ==
        std::vector<std::string>{
            "c:5:19: $.integrations: every integration is disabled: there is nothing to do"});
}

TEST_CASE("Credentials of a location come before the common ones") {
  const Parsed parsed = parse(with_keys(R"("glofox": { "api_token": { "file": "token" } })"));
  REQUIRE(parsed.config.has_value());
  const Integration& only = parsed.config->integrations.front();
  CHECK(glofox_api_key(*parsed.config, only).source.name == "GLOFOX_KEY");
  CHECK(glofox_api_token(*parsed.config, only).source.name == "token");
}

TEST_CASE("Integrations are chosen by name, in file order") {
  const Parsed parsed = parse(edited(k_minimal, "    }\n  ]", R"(    },
    { "name": "harbour", "location_id": "64b0c0ffee00000000000b02", "group_id": 2, "enabled": false },
    { "name": "station", "location_id": "64b0c0ffee00000000000b03", "group_id": 3 } ])"));
  REQUIRE(parsed.config.has_value());
  const auto chosen = [&](const std::vector<std::string>& names) {
    std::vector<std::string> out;
    const auto selected = select_integrations(*parsed.config, names);
    REQUIRE(selected.has_value());
    for (const Integration* integration : *selected) out.push_back(integration->name);
    return out;
  };
  CHECK(chosen({}) == std::vector<std::string>{"riverside", "station"});
  CHECK(chosen({"station", "riverside", "station"}) == std::vector<std::string>{"riverside", "station"});
  CHECK(chosen({"harbour"}) == std::vector<std::string>{"harbour"});
  const auto misspelt = select_integrations(*parsed.config, {"riversid"});
  REQUIRE_FALSE(misspelt.has_value());
  CHECK(misspelt.error().category == Category::usage);
  CHECK(misspelt.error().message ==
        "--integration riversid: the configuration has no integration of that name; did you mean riverside?");
}

}  // namespace gk::config::test::load_values_test
