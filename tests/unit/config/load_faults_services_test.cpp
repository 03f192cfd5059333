#include <catch2/catch.hpp>

#include "unit/config/samples.hpp"

namespace gk::config::test::load_faults_services_test {

TEST_CASE("The file, both services and the secrets: every fault with its place and words") {
  check_rows({
      {"version of the future",
       R"("version": 1)",
       R"("version": 2)",
       {"c:2:14: $.version: must be 1, found 2"}},
      {"version as text",
       R"("version": 1)",
       R"("version": "1")",
       {"c:2:14: $.version: expected a whole number, found a string (write it without quotes)"}},
      {"version missing",
       R"("version": 1,)",
       "",
       {R"(c:1:1: $.version: is missing ("version" is required in this object))"}},
      {"kisi missing",
       R"("kisi": { "api_key": { "env": "KISI_KEY" } },)",
       "",
       {R"(c:1:1: $.kisi: is missing ("kisi" is required in this object))"}},
      {"unknown key with a near word",
       R"("group_id": 45510)",
       R"("group_id": 45510, "place": 22801)",
       {R"(c:9:26: $.integrations[0].place: unknown key "place" (did you mean "place_id"?))"}},
      {"unknown key far from everything",
       R"("group_id": 45510)",
       R"("group_id": 45510, "colour": "red")",
       {R"(c:9:26: $.integrations[0].colour: unknown key "colour" (known here: name, enabled, )"
        "location_id, group_id, former_group_ids, place_id, glofox, memberships, users, "
        "bookings, checkin, limits, protected, canaries)"}},
      {"unknown key at the top",
       R"("version": 1)",
       R"("version": 1, "integration": [])",
       {R"(c:2:17: $.integration: unknown key "integration" (did you mean "integrations"?))"}},
      {"key that is no plain word",
       R"("group_id": 45510)",
       R"("group_id": 45510, "place id\n": 1)",
       {R"(c:9:26: $.integrations[0]["place id\x0a"]: unknown key "place id\x0a" (did you mean )"
        R"("place_id"?))"}},
      {"duplicate key",
       R"("name": "riverside")",
       R"("name": "riverside", "name": "harbour")",
       {"c:7:28: $.integrations[0].name: the key is already on line 7 (keep one of "
        "the two)"}},
      {"secret as plain text",
       R"({ "env": "KISI_KEY" })",
       R"("s3cr3t")",
       {"c:3:24: $.kisi.api_key: expected an object that says where the secret is, found a "
        R"(string (write { "file": "/path" }, { "env": "VARIABLE" } or { "credential": "name" )"
        "}; the secret itself must not be in this file)"}},
      {"secret without a form",
       R"({ "env": "KISI_KEY" })",
       "{ }",
       {"c:3:24: $.kisi.api_key: a secret needs exactly one of file, env and credential "
        R"((write { "file": "/path" }, { "env": "VARIABLE" } or { "credential": "name" }))"}},
      {"secret with two forms",
       R"({ "env": "KISI_KEY" })",
       R"({ "env": "KISI_KEY", "file": "/k" })",
       {"c:3:24: $.kisi.api_key: a secret needs exactly one of file, env and credential "
        R"((write { "file": "/path" }, { "env": "VARIABLE" } or { "credential": "name" }))"}},
      {"secret with a misspelt form",
       R"({ "env": "KISI_KEY" })",
       R"({ "fil": "/k" })",
       {R"(c:3:26: $.kisi.api_key.fil: unknown key "fil" (did you mean "file"?))"}},
      {"secret form of a wrong type",
       R"({ "env": "KISI_KEY" })",
       R"({ "env": 5 })",
       {"c:3:33: $.kisi.api_key.env: expected a string, found a whole number"}},
      {"secret pasted as name of a variable",
       R"("KISI_KEY")",
       R"("s3cr3t-key.v1")",
       {"c:3:33: $.kisi.api_key.env: is not the name of an environment variable (letters, "
        "digits and underscores; the secret itself must not be in this file)"}},
      {"credential as path",
       R"({ "env": "KISI_KEY" })",
       R"({ "credential": "/run/credentials/kisi" })",
       {"c:3:40: $.kisi.api_key.credential: must be the name of a credential, not a path "
        "(use the name before the colon in LoadCredential=)"}},
      {"override of a location as plain text",
       R"("group_id": 45510)",
       R"("group_id": 45510, "glofox": { "api_key": "s3cr3t" })",
       {"c:9:49: $.integrations[0].glofox.api_key: expected an object that says where the "
        R"(secret is, found a string (write { "file": "/path" }, { "env": "VARIABLE" } or { )"
        R"("credential": "name" }; the secret itself must not be in this file))"}},
      {"rate above the service's",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "requests_per_second": 5.5 })",
       {"c:3:70: $.kisi.requests_per_second: must not be above 5, found 5.5 (the service "
        "refuses more; up to 100000 only with a base_url on a loopback address)"}},
      {"rate of zero",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "requests_per_second": 0 })",
       {"c:3:70: $.kisi.requests_per_second: must be at least 0.01, found 0"}},
      {"negative rate",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "requests_per_second": -3 })",
       {"c:3:70: $.kisi.requests_per_second: must be at least 0.01, found -3"}},
      {"rate above the service's, glofox",
       R"("api_token": { "env": "GLOFOX_TOKEN" } })",
       R"("api_token": { "env": "GLOFOX_TOKEN" }, "requests_per_second": 11 })",
       {"c:4:114: $.glofox.requests_per_second: must not be above 10, found 11 (the service "
        "refuses more; up to 100000 only with a base_url on a loopback address)"}},
      {"burst above the service's",
       R"("api_token": { "env": "GLOFOX_TOKEN" } })",
       R"("api_token": { "env": "GLOFOX_TOKEN" }, "burst": 1001 })",
       {"c:4:100: $.glofox.burst: must not be above 1000, found 1001 (the service refuses "
        "more; up to 100000 only with a base_url on a loopback address)"}},
      {"rate for loopback, too high",
       R"("api_token": { "env": "GLOFOX_TOKEN" } })",
       R"("api_token": { "env": "GLOFOX_TOKEN" }, "base_url": "http://127.0.0.1:8080", "burst": 1000, "requests_per_second": 100001 })",
       {"c:4:166: $.glofox.requests_per_second: must be at most 100000, found 100001"}},
      {"rate as text",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "requests_per_second": "4" })",
       {"c:3:70: $.kisi.requests_per_second: expected a number, found a string (write it "
        "without quotes)"}},
      {"burst with a fraction",
       R"("api_token": { "env": "GLOFOX_TOKEN" } })",
       R"("api_token": { "env": "GLOFOX_TOKEN" }, "burst": 10.5 })",
       {"c:4:100: $.glofox.burst: expected a whole number, found 10.5"}},
      {"too many in flight",
       R"("api_token": { "env": "GLOFOX_TOKEN" } })",
       R"("api_token": { "env": "GLOFOX_TOKEN" }, "max_in_flight": 51 })",
       {"c:4:108: $.glofox.max_in_flight: must be at most 50, found 51"}},
      {"base_url without TLS",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "base_url": "http://api.example.com" })",
       {"c:3:59: $.kisi.base_url: must start with https://; http is for loopback addresses "
        "(localhost, 127.0.0.1, [::1]) only"}},
      {"base_url that only looks like loopback",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "base_url": "http://127.0.0.1.example.com" })",
       {"c:3:59: $.kisi.base_url: must start with https://; http is for loopback addresses "
        "(localhost, 127.0.0.1, [::1]) only"}},
      {"base_url with a password",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "base_url": "https://user:s3cr3t@api.example.com" })",
       {"c:3:59: $.kisi.base_url: must not contain a user or password"}},
      {"base_url with a query",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "base_url": "https://api.example.com/?a=b" })",
       {"c:3:59: $.kisi.base_url: must end with the path: no query, no fragment, no spaces"}},
      {"base_url of another kind",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "base_url": "ftp://api.example.com" })",
       {"c:3:59: $.kisi.base_url: must start with https:// (or http:// for a loopback "
        "address)"}},
      {"partner without contact",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "partner": { "identifier": "acme" } })",
       {R"(c:3:58: $.kisi.partner.contact: is missing ("contact" is required in this object))"}},
      {"partner contact is no e-mail",
       R"({ "env": "KISI_KEY" } })",
       R"({ "env": "KISI_KEY" }, "partner": { "identifier": "acme", "contact": "acme" } })",
       {R"(c:3:93: $.kisi.partner.contact: "acme" is not an e-mail address (write it as )"
        "name@example.com)"}},
      {"no integrations",
       R"("integrations": [
    {
      "name": "riverside",
      "location_id": "64b0c0ffee00000000000b01",
      "group_id": 45510
    }
  ])",
       R"("integrations": [])",
       {"c:5:19: $.integrations: must not be empty: without an integration there is nothing "
        "to do"}},
      {"integrations as object",
       R"("integrations": [
    {
      "name": "riverside",
      "location_id": "64b0c0ffee00000000000b01",
      "group_id": 45510
    }
  ])",
       R"("integrations": { "name": "riverside" })",
       {"c:5:19: $.integrations: expected a list, found an object"}},
      {"columns count characters",
       R"("riverside")",
       R"("Café", "é": 1)",
       {R"(c:7:23: $.integrations[0]["é"]: unknown key "é" (known here: name, enabled, )"
        "location_id, group_id, former_group_ids, place_id, glofox, memberships, users, "
        "bookings, checkin, limits, protected, canaries)"}},
      {"document of another kind",
       std::string(k_minimal),
       "[1]",
       {"c:1:1: $: expected an object, found a list"}},
  });
}

}  // namespace gk::config::test::load_faults_services_test
