#include <catch2/catch.hpp>

#include "checks/kisi.hpp"
#include "support/builders.hpp"
#include "unit/checks/finding.hpp"

namespace gk::app::checks_kisi_test {

namespace {

using Row = test::Case<KisiFacts>;
using test::k_fail;
using test::k_ok;
using test::k_skipped;
using test::k_warn;

Error error(Category category) { return {category, "the service said no"}; }

kisi::OwnRole organization_role(const std::string& id) {
  kisi::OwnRole own;
  own.role.id = id;
  own.organization_wide = true;
  for (const std::string_view needed : kisi::k_needed_permissions) own.role.permissions.emplace(needed);
  return own;
}

/// An account in which everything is right.
KisiFacts good() {
  KisiFacts facts;
  facts.base_url = "https://kisi.example.com";
  facts.self = gk::test::k_self;
  facts.organization = kisi::Organization{3981, "Example Gym", UserId{6999999}};
  facts.login = kisi::Login{880001, "api", false, gk::test::k_self.id};
  facts.logins = std::vector<kisi::Login>{**facts.login};
  facts.own_roles = std::vector<kisi::OwnRole>{organization_role("administrator")};
  facts.group_role = kisi::Role{"group_basic", "Group", {}};
  facts.user_count = 4312;
  return facts;
}

}  // namespace

TEST_CASE("kisi.key") {
  test::check_table<KisiFacts>(
      good(),
      {
          {"works", [](KisiFacts&) {}, k_ok, ExitCode::done,
           R"(user "sync@example.com" (7000001), organization "Example Gym" (3981))"},
          {"refused", [](KisiFacts& f) { f.self = fail(error(Category::auth)); }, k_fail, ExitCode::refused,
           "the service said no", "kisi.api_key"},
          {"unreachable", [](KisiFacts& f) { f.self = fail(error(Category::unavailable)); }, k_fail,
           ExitCode::unavailable, "", "https://kisi.example.com"},
          {"throttled", [](KisiFacts& f) { f.self = fail(error(Category::rate_limited)); }, k_fail,
           ExitCode::unavailable, "", "requests_per_second"},
          {"not Kisi", [](KisiFacts& f) { f.self = fail(error(Category::protocol)); }, k_fail,
           ExitCode::bad_data, "", "https://kisi.example.com"},
          {"a bug", [](KisiFacts& f) { f.self = fail(error(Category::internal)); }, k_fail,
           ExitCode::internal_error, "", "-v"},
          {"stopped", [](KisiFacts& f) { f.self = fail(error(Category::interrupted)); }, k_skipped,
           ExitCode::done, "signal"},
          {"no organization", [](KisiFacts& f) { f.organization = fail(error(Category::auth)); }, k_fail,
           ExitCode::refused, "", "kisi.api_key"},
          {"another organization", [](KisiFacts& f) { (*f.organization)->id = 7; }, k_fail,
           ExitCode::bad_data, "3981 and 7", "new key"},
          {"not asked", [](KisiFacts& f) { f.self.reset(); }, k_skipped, ExitCode::done, "not asked"},
      },
      check_key);
}

TEST_CASE("kisi.key.expiry") {
  test::check_table<KisiFacts>(
      good(),
      {
          {"does not expire", [](KisiFacts&) {}, k_ok, ExitCode::done, "does not expire"},
          {"expires", [](KisiFacts& f) { (*f.login)->expires = true; }, k_warn, ExitCode::done, "expires",
           "API"},
          {"unreadable", [](KisiFacts& f) { f.login = fail(error(Category::unavailable)); }, k_fail,
           ExitCode::unavailable, "said no", "can reach"},
      },
      check_key_expiry);
}

TEST_CASE("kisi.key.dedicated") {
  const auto sign_in = [](KisiFacts& facts, UserId user) {
    (*facts.logins)->push_back({880002, "device", true, user});
  };
  test::check_table<KisiFacts>(
      good(),
      {
          {"alone", [](KisiFacts&) {}, k_ok, ExitCode::done, "nobody else"},
          {"one device", [&](KisiFacts& f) { sign_in(f, gk::test::k_self.id); }, k_warn, ExitCode::done,
           "1 device:", "this program alone"},
          {"two devices",
           [&](KisiFacts& f) {
             sign_in(f, UserId{});
             sign_in(f, gk::test::k_self.id);
           },
           k_warn, ExitCode::done, "2 devices", "foreign"},
          {"somebody else's device", [&](KisiFacts& f) { sign_in(f, UserId{12}); }, k_ok, ExitCode::done, ""},
          {"refused", [](KisiFacts& f) { f.logins = fail(error(Category::auth)); }, k_fail, ExitCode::refused,
           "", "administrator"},
      },
      check_key_dedicated);
}

TEST_CASE("kisi.permissions") {
  const auto forget = [](KisiFacts& facts, const char* permission) {
    (**facts.own_roles)[0].role.permissions.erase(permission);
  };
  test::check_table<KisiFacts>(
      good(),
      {
          {"all", [](KisiFacts&) {}, k_ok, ExitCode::done, "allowed by role administrator"},
          {"two missing",
           [&](KisiFacts& f) {
             forget(f, "users_write");
             forget(f, "events_read");
           },
           k_fail, ExitCode::refused, "lacks users_write, events_read", "administrator"},
          {"two roles together",
           [&](KisiFacts& f) {
             forget(f, "users_write");
             (*f.own_roles)->push_back(organization_role("manager"));
           },
           k_ok, ExitCode::done, "administrator, manager"},
          {"only a place", [](KisiFacts& f) { (**f.own_roles)[0].organization_wide = false; }, k_fail,
           ExitCode::refused, "no role there", "administrator"},
          {"no roles", [](KisiFacts& f) { (*f.own_roles)->clear(); }, k_fail, ExitCode::refused, "users_read",
           "administrator"},
          {"the owner has none",
           [](KisiFacts& f) {
             (*f.own_roles)->clear();
             (*f.organization)->owner = gk::test::k_self.id;
           },
           k_ok, ExitCode::done, "owns the organization"},
          {"refused", [](KisiFacts& f) { f.own_roles = fail(error(Category::auth)); }, k_fail,
           ExitCode::refused, "", "administrator"},
      },
      check_permissions);
}

TEST_CASE("kisi.role") {
  test::check_table<KisiFacts>(
      good(),
      {
          {"of groups", [](KisiFacts&) {}, k_ok, ExitCode::done, "applies to groups"},
          {"of places", [](KisiFacts& f) { (*f.group_role)->applies_to = "Place"; }, k_fail,
           ExitCode::bad_data, "'Place'", "group_basic"},
          {"unknown", [](KisiFacts& f) { f.group_role = fail(error(Category::not_found)); }, k_fail,
           ExitCode::bad_data, "no role group_basic", "Kisi support"},
          {"refused", [](KisiFacts& f) { f.group_role = fail(error(Category::auth)); }, k_fail,
           ExitCode::refused, "", "administrator"},
      },
      check_group_role);
}

TEST_CASE("kisi.users") {
  test::check_table<KisiFacts>(
      good(),
      {
          {"few", [](KisiFacts&) {}, k_ok, ExitCode::done, "4312 users"},
          {"the most", [](KisiFacts& f) { f.user_count = 20'100; }, k_ok, ExitCode::done, "20100"},
          {"one more", [](KisiFacts& f) { f.user_count = 20'101; }, k_warn, ExitCode::done, "20101",
           "one by one"},
          {"unreadable", [](KisiFacts& f) { f.user_count = fail(error(Category::protocol)); }, k_fail,
           ExitCode::bad_data, "", "-v"},
      },
      check_users);
}

}  // namespace gk::app::checks_kisi_test
