#include "kisi/account.hpp"

#include "unit/kisi/scripted_kisi.hpp"

#include <catch2/catch.hpp>

namespace gk::kisi::account_test {

namespace {

using test::ScriptedKisi;

std::string own_row(std::int64_t id, std::string_view role, std::string_view keys) {
  return fmt::format(R"({{"id":{},"role_id":"{}","assignee_type":"User","assignee_id":7000001,{}}})", id,
                     role, keys);
}

}  // namespace

TEST_CASE("the organization") {
  ScriptedKisi kisi;
  kisi.script.on("GET /organization", 200, test::fixture("organization.json"));
  const auto organization = kisi.client.account().read_organization();
  REQUIRE(organization);
  CHECK(organization->id == 3981);
  CHECK(organization->name == "Example Gym");
  CHECK(organization->owner == UserId(6999999));
}

TEST_CASE("a role lists the permissions that are true") {
  ScriptedKisi kisi;
  kisi.script.on("GET /roles/group_basic", 200, test::fixture("role.json"));
  const auto role = kisi.client.account().read_role("group_basic");
  REQUIRE(role);
  CHECK(role->applies_to == "Group");
  CHECK(role->permissions == std::set<std::string>{"locks_unlock"});

  kisi.script.on("GET /roles/a%2Fb%20c", 404, "");
  CHECK(kisi.client.account().read_role("a/b c").error().category == Category::not_found);
  kisi.script.on("GET /roles/other", 200, test::fixture("role.json"));
  CHECK(kisi.client.account().read_role("other").error().category == Category::protocol);
}

TEST_CASE("own roles are re-checked, and every role is read once") {
  ScriptedKisi kisi;
  kisi.script.on(
      "GET /role_assignments",
      test::serve({own_row(1, "administrator", R"("applies_to_type":"Organization","applies_to_id":3981)"),
                   own_row(2, "group_basic", R"("applies_to_type":"Group","applies_to_id":45510)"),
                   R"({"id":3,"role_id":"group_basic","user_id":7000001,"scope":"group","group_id":45511})",
                   R"({"id":4,"role_id":"administrator","user_id":7000001,"scope":"organization"})",
                   test::row_json(5, 12)}));
  kisi.script.on("GET /roles/administrator", 200,
                 R"({"id":"administrator","applies_to":"Organization","permissions":{"users_read":true}})");
  kisi.script.on("GET /roles/group_basic", 200, test::fixture("role.json"));
  const auto roles = kisi.client.account().read_own_roles();
  REQUIRE(roles);
  REQUIRE(roles->size() == 4);
  CHECK((*roles)[0].organization_wide);
  CHECK((*roles)[0].role.permissions.contains("users_read"));
  CHECK_FALSE((*roles)[1].organization_wide);
  CHECK_FALSE((*roles)[2].organization_wide);
  CHECK((*roles)[3].organization_wide);
  CHECK(kisi.script.requests.size() == 4);
  CHECK(test::parameter(kisi.script.requests[1], "assignee_id") == "7000001");
  CHECK(test::parameter(kisi.script.requests[1], "limit") == "250");
}

TEST_CASE("the doors of a group") {
  ScriptedKisi kisi;
  kisi.script.on(
      "GET /group_locks",
      test::serve({R"({"id":661204,"group_id":45510,"lock_id":18842,"lock":{"id":18842,"name":"Front door"},)"
                   R"("place_id":22801,"place":{"id":22801,"name":"Riverside"}})",
                   R"({"id":661205,"lock":{"id":18843,"name":"Back door"},"place":{"id":22802}})",
                   R"({"id":661206,"group_id":45511,"lock_id":18844,"place_id":22801})"}));
  const auto locks = kisi.client.account().read_group_locks(GroupId(45510));
  REQUIRE(locks);
  REQUIRE(locks->size() == 2);
  CHECK((*locks)[0].lock == LockId(18842));
  CHECK((*locks)[0].name == "Front door");
  CHECK((*locks)[0].place == PlaceId(22801));
  CHECK((*locks)[1].lock == LockId(18843));
  CHECK((*locks)[1].place == PlaceId(22802));
  CHECK(test::parameter(kisi.script.requests[0], "group_id") == "45510");
}

TEST_CASE("a place, and one that is out of sight") {
  ScriptedKisi kisi;
  kisi.script.on(
      "GET /places/22801", 200,
      R"({"id":22801,"name":"Riverside","time_zone":null,"tz_time_zone":"Europe/Stockholm","organization_id":3981})");
  const auto place = kisi.client.account().read_place(PlaceId(22801));
  REQUIRE(place);
  CHECK(place->name == "Riverside");
  CHECK(place->organization == 3981);
  for (const int status : {403, 404}) {
    kisi.script.on("GET /places/1", status, "");
    const auto missing = kisi.client.account().read_place(PlaceId(1));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().category == Category::config);
  }
  kisi.script.on("GET /places/2", 200, "[]");
  CHECK(kisi.client.account().read_place(PlaceId(2)).error().category == Category::protocol);
}

TEST_CASE("logins") {
  ScriptedKisi kisi;
  kisi.script.on("GET /login", 200,
                 R"({"id":880001,"type":"api","name":"Glofox sync","expire":false,"user_id":7000001})");
  const auto login = kisi.client.account().read_login();
  REQUIRE(login);
  CHECK(login->type == "api");
  CHECK_FALSE(login->expires);
  CHECK(login->user == UserId(7000001));

  kisi.script.on("GET /logins",
                 test::serve({R"({"id":1,"type":"api"})", R"({"id":2,"type":"device","user":{"id":5}})"}));
  const auto logins = kisi.client.account().read_logins_of_me();
  REQUIRE(logins);
  REQUIRE(logins->size() == 2);
  CHECK((*logins)[0].expires);
  CHECK((*logins)[1].type == "device");
  CHECK((*logins)[1].user == UserId(5));
}

TEST_CASE("integrations") {
  ScriptedKisi kisi;
  kisi.script.on(
      "GET /integrations",
      test::serve(
          {R"({"id":31077,"name":"Hook","type":"event_webhook","enabled":true,"disabled_due_to_error":true})"}));
  const auto list = kisi.client.account().read_webhooks();
  REQUIRE(list);
  REQUIRE(list->size() == 1);
  CHECK(list->front().enabled);
  CHECK(list->front().disabled_due_to_error);
  kisi.script.on("GET /integrations/31077", 200, test::fixture("webhook.json"));
  const auto hook = kisi.client.account().read_webhook(31077);
  REQUIRE(hook);
  CHECK(hook->enabled_events == std::vector<std::string>{"lock.unlock"});
}

TEST_CASE("the number of users") {
  ScriptedKisi kisi;
  kisi.script.on("GET /organization/dashboard", 200,
                 R"({"users_count":4312,"places_count":2,"locks_count":5,"groups_count":9})");
  CHECK(kisi.client.account().read_user_count() == 4312);
}

TEST_CASE("account reads that fail") {
  ScriptedKisi kisi;
  kisi.script.on("GET /login", 403, "");
  CHECK(kisi.client.account().read_login().error().category == Category::auth);
  kisi.script.on("GET /organization", 200, "[]");
  CHECK(kisi.client.account().read_organization().error().category == Category::protocol);
  kisi.script.on("GET /integrations", [](const http::Request&) {
    return test::answer(200, R"([{"id":1}])", {{"X-Collection-Range", "0-249/2"}});
  });
  CHECK(kisi.client.account().read_webhooks().error().category == Category::protocol);
  kisi.script.on("GET /integrations", 200, R"({"error":"x"})");
  CHECK(kisi.client.account().read_webhooks().error().category == Category::protocol);
}

}  // namespace gk::kisi::account_test
