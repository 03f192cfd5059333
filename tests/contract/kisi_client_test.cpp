#include "contract/sandbox_kisi.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

// The client against the sandbox, in every setting of the switches that stand for what kisi-api 19 leaves
// open.
namespace gk::test::kisi_client_test {

namespace {

using Rows = std::vector<RoleAssignment>;

const Rows& whole(const reconcile::GroupSnapshot& snapshot) {
  const auto* partial = std::get_if<Partial<Rows>>(&snapshot.rows);
  if (partial != nullptr) FAIL("partial: " << partial->reason().message);
  return std::get<Complete<Rows>>(snapshot.rows).value();
}

MemberId member() { return *MemberId::parse("65aa00000000000000000001"); }
BranchId branch() { return BranchId("64b0c0ffee00000000000b01"); }
PersonKey ada() { return *PersonKey::from_email("ada+gym@example.com"); }
NewUser new_ada() { return NewUser{ada(), "Ada Example", false, member(), branch()}; }

/// Of the day this program was started, so that the answer stays the same.
Validity tomorrow() {
  static const Instant start = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {start + std::chrono::hours{24}, start + std::chrono::hours{26}};
}

std::vector<std::string> arguments(const std::string& setting) {
  std::vector<std::string> all{"--people", "0", "--foreign", "3"};
  if (!setting.empty()) all.insert(all.end(), {"--switch", setting});
  return all;
}

/// Every other answer to a question about users or access rights (docs/sandbox.md); empty: the defaults.
const std::vector<std::string>& settings() {
  static const std::vector<std::string> all{"",
                                            "email_filter=case_sensitive",
                                            "email_filter=prefix",
                                            "email_filter=ignored",
                                            "duplicate_email=422",
                                            "duplicate_assignment=unprocessable",
                                            "duplicate_assignment=extra_row",
                                            "duplicate_assignment=extra_row_other_window",
                                            "patch_window=ignored",
                                            "patch_window=refused",
                                            "metadata_patch=merge",
                                            "expired_rows=dropped",
                                            "window_end=inclusive",
                                            "users_group_filter=current",
                                            "users_count=rows",
                                            "users_count=current",
                                            "over_limit=clamp",
                                            "range_past_end=star",
                                            "range_header=absent",
                                            "access_enabled_default=false",
                                            "notify_default=false",
                                            "patch_email=refused",
                                            "creator_deleted=kept",
                                            "missing_id=403",
                                            "missing_id=404",
                                            "role_row_form=old",
                                            "role_post_form=new",
                                            "extra_filters=ignored",
                                            "list_order=id_desc",
                                            "deprecation=all",
                                            "deprecation=none"};
  return all;
}

bool is(const std::string& setting, std::string_view other) { return setting == other; }

void check_users(SandboxKisi& sandbox) {
  kisi::KisiClient& client = sandbox.client();
  const auto absent = client.find_user(ada());
  REQUIRE(absent);
  CHECK_FALSE(*absent);
  // People whose e-mail merely begins or ends alike.
  sandbox.add_user("ada+gym@example.com.au");
  sandbox.add_user("dada+gym@example.com");
  REQUIRE(client.search_user(ada()));
  CHECK_FALSE(*client.search_user(ada()));

  const auto created = client.create_user(new_ada());
  REQUIRE(created);
  CHECK(created->metadata_text(k_metadata_member) == member().text());
  const auto found = client.search_user(ada());
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->id == created->id);
  const auto again = client.create_user(new_ada());
  REQUIRE_FALSE(again);
  CHECK(again.error().category == Category::conflict);

  const std::vector<UserId> ids{created->id, UserId(1)};
  const auto by_id = client.read_users(ids);
  REQUIRE(by_id);
  REQUIRE(by_id->size() == 1);
  CHECK(by_id->front().email == ada().email());
  std::set<UserId> listed;
  const auto all = client.list_users(10, [&listed](const User& user) { listed.insert(user.id); });
  REQUIRE(all);
  CHECK(*all);
  CHECK(listed.contains(created->id));
}

void check_metadata(SandboxKisi& sandbox) {
  const auto bob = PersonKey::from_email("bob@example.com").value();
  sandbox.add_user("bob@example.com",
                   R"({"locker":17,"vip":true,"ratio":0.25,"note":"caf\u00e9 \"n\"","gone":null})");
  const auto before = sandbox.client().find_user(bob);
  REQUIRE(before);
  REQUIRE(*before);
  REQUIRE(sandbox.client().merge_metadata(**before, member(), branch()));
  const auto after = sandbox.client().find_user(bob);
  REQUIRE(after);
  REQUIRE(*after);
  CHECK((*after)->metadata_text(k_metadata_sync) == std::string(k_metadata_version));
  CHECK((*after)->metadata_text(k_metadata_member) == member().text());
  for (const char* key : {"locker", "vip", "ratio", "note"}) {
    CHECK((*after)->metadata.at(key) == (*before)->metadata.at(key));
  }
  sandbox.count_requests("kisi");
  REQUIRE(sandbox.client().merge_metadata(**after, member(), branch()));
  CHECK(sandbox.count_requests("kisi") == 0);
}

void check_second_grant(kisi::KisiClient& client, UserId user, const std::string& setting) {
  const auto same = client.grant(user, k_main_group, {});
  const auto other = client.grant(user, k_main_group, tomorrow());
  const bool any = is(setting, "duplicate_assignment=extra_row");
  CHECK(same.has_value() == any);
  CHECK(other.has_value() == (any || is(setting, "duplicate_assignment=extra_row_other_window")));
  if (!same) CHECK(same.error().category == Category::conflict);
  if (!other) CHECK(other.error().category == Category::conflict);
  const auto rows = client.read_rows_of(user, k_main_group);
  REQUIRE(rows);
  CHECK(rows->size() == 1U + (same ? 1U : 0U) + (other ? 1U : 0U));
  for (const auto& extra : {same, other}) {
    if (extra) REQUIRE(client.revoke(*extra));
  }
}

void check_change(kisi::KisiClient& client, RoleAssignmentId row, const std::string& setting) {
  const auto changed = client.change(row, tomorrow());
  const bool refused = is(setting, "patch_window=refused");
  CHECK(changed.has_value() != refused);
  if (!changed) CHECK(changed.error().category == Category::rejected);
  const auto read = client.read_row(row);
  REQUIRE(read);
  const bool stays = refused || is(setting, "patch_window=ignored");
  CHECK(read->validity == (stays ? Validity{} : tomorrow()));
}

void check_rows(SandboxKisi& sandbox, const std::string& setting) {
  kisi::KisiClient& client = sandbox.client();
  sandbox.post("/kisi/role_assignments", R"({"email":"elsewhere@example.com","group_id":45512})");
  const auto before = client.read_group(k_main_group);
  REQUIRE(before);
  CHECK(before->self.id == k_key_user);
  CHECK_FALSE(before->group.place);
  CHECK(whole(*before).size() == 3);
  for (const RoleAssignment& row : whole(*before)) CHECK(row.creator != k_key_user);

  const auto user = client.find_user(ada());
  REQUIRE(user);
  REQUIRE(*user);
  const UserId id = (*user)->id;
  const auto granted = client.grant(id, k_main_group, {});
  REQUIRE(granted);
  check_second_grant(client, id, setting);

  const auto after = client.read_group(k_main_group);
  REQUIRE(after);
  CHECK(whole(*after).size() == 4);
  const auto ours = std::ranges::find_if(
      whole(*after), [&granted](const RoleAssignment& row) { return row.id == *granted; });
  REQUIRE(ours != whole(*after).end());
  CHECK(ours->person() == ada());
  CHECK(ours->user == id);
  CHECK(ours->assignee == Assignee::user);
  CHECK(ours->created_by == Creator::user);
  CHECK(ours->creator == k_key_user);
  CHECK(ours->role == k_group_role);
  CHECK(ours->validity == Validity{});

  check_change(client, *granted, setting);
  REQUIRE(client.revoke(*granted));
  const auto once_more = client.revoke(*granted);
  CHECK(once_more.has_value() != is(setting, "missing_id=403"));
  CHECK(client.read_rows_of(id, k_main_group)->empty());
  CHECK_FALSE(client.read_row(*granted));
}

void check_account(SandboxKisi& sandbox) {
  kisi::Account& account = sandbox.client().account();
  const auto organization = account.read_organization();
  REQUIRE(organization);
  CHECK(organization->owner == UserId(6999999));
  const auto role = account.read_role(k_group_role);
  REQUIRE(role);
  CHECK(role->applies_to == "Group");
  CHECK(role->permissions.contains("locks_unlock"));
  const auto roles = account.read_own_roles();
  REQUIRE(roles);
  std::set<std::string> permissions;
  for (const auto& own : *roles) {
    if (own.organization_wide) permissions = own.role.permissions;
  }
  for (const auto needed : kisi::k_needed_permissions) CHECK(permissions.contains(std::string(needed)));
  const auto locks = account.read_group_locks(k_main_group);
  REQUIRE(locks);
  CHECK_FALSE(locks->empty());
  for (const auto& lock : *locks) CHECK(lock.lock.value() > 0);
  const auto place = account.read_place(PlaceId(22801));
  REQUIRE(place);
  CHECK(place->organization == organization->id);
  CHECK(account.read_place(PlaceId(1)).error().category == Category::config);
  const auto login = account.read_login();
  REQUIRE(login);
  CHECK(login->type == "api");
  CHECK(login->user == k_key_user);
  const auto logins = account.read_logins_of_me();
  REQUIRE(logins);
  CHECK_FALSE(logins->empty());
  const auto integrations = account.read_webhooks();
  REQUIRE(integrations);
  for (const auto& integration : *integrations) CHECK(account.read_webhook(integration.id));
  const auto users = account.read_user_count();
  REQUIRE(users);
  CHECK(*users > 0);
}

}  // namespace

TEST_CASE("the client works in every setting of the sandbox") {
  for (const std::string& setting : settings()) {
    INFO("switch " << setting);
    SandboxKisi sandbox(arguments(setting));
    check_users(sandbox);
    check_metadata(sandbox);
    check_rows(sandbox, setting);
    check_account(sandbox);
    const bool noted = !sandbox.client().deprecations().empty();
    CHECK(noted == is(setting, "deprecation=all"));
  }
}

TEST_CASE("a service that knows the old form of grants only refuses them") {
  SandboxKisi sandbox(arguments("role_post_form=old"));
  const UserId user = sandbox.add_user("eve@example.com");
  const auto granted = sandbox.client().grant(user, k_main_group, {});
  REQUIRE_FALSE(granted);
  CHECK(granted.error().category == Category::rejected);
}

TEST_CASE("a search that lags hides a fresh user, and the creation says so") {
  SandboxKisi sandbox(arguments("search_lag=1"));
  REQUIRE(sandbox.client().create_user(new_ada()));
  const auto hidden = sandbox.client().search_user(ada());
  REQUIRE(hidden);
  CHECK_FALSE(*hidden);
  CHECK(sandbox.client().create_user(new_ada()).error().category == Category::conflict);
}

TEST_CASE("ids that the service does not show are told apart from refused keys") {
  for (const char* setting : {"missing_id=mixed", "missing_id=403", "missing_id=404"}) {
    INFO(setting);
    SandboxKisi sandbox(arguments(setting));
    const auto unknown = sandbox.client().read_group(GroupId(1));
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().category == Category::config);
    CHECK_FALSE(sandbox.client().grant(k_key_user, GroupId(1), {}));
    CHECK_FALSE(sandbox.client().grant(UserId(1), k_main_group, {}));
  }
  SandboxKisi sandbox(arguments(""));
  const auto no_user = sandbox.client().grant(UserId(1), k_main_group, {});
  REQUIRE_FALSE(no_user);
  CHECK(no_user.error().category == Category::not_found);
  CHECK(no_user.error().message.find("the user is gone") != std::string::npos);
}

TEST_CASE("a place-scoped group is reported with its place") {
  SandboxKisi sandbox;
  const auto snapshot = sandbox.client().read_group(k_place_group);
  REQUIRE(snapshot);
  CHECK(snapshot->group.place.has_value());
}

TEST_CASE("a group of several pages is read whole at the promised cost") {
  const std::vector<std::string> gym{"--people", "1200", "--eligible-percent", "100", "--group", "matching"};
  for (const char* setting : {"", "range_header=absent", "role_row_form=old", "list_order=id_desc",
                              "extra_filters=ignored", "users_count=rows"}) {
    INFO(setting);
    std::vector<std::string> all = gym;
    if (*setting != '\0') all.insert(all.end(), {"--switch", setting});
    SandboxKisi sandbox(all);
    const json::Document truth = sandbox.get("/group");
    const std::size_t size = truth.root().size();
    REQUIRE(size > 250);
    sandbox.count_requests("kisi");
    const auto snapshot = sandbox.client().read_group(k_main_group);
    REQUIRE(snapshot);
    std::multiset<std::string> read, expected;
    for (const RoleAssignment& row : whole(*snapshot)) read.insert(row.person().value().email());
    for (std::size_t i = 0; i < size; ++i) {
      const auto email = truth.root().at(i)["email"].as_string().value();
      expected.insert(PersonKey::from_email(email).value().email());
    }
    CHECK(read == expected);
    if (std::string_view(setting) != "extra_filters=ignored") {
      // Without a total only an empty page tells that the list has ended.
      const std::size_t probe = std::string_view(setting) == "range_header=absent" ? 1 : 0;
      CHECK(sandbox.count_requests("kisi") == 2 + (size + 249) / 250 + probe);
    }
    const auto users = sandbox.client().list_users(1, [](const User&) {});
    REQUIRE(users);
    CHECK_FALSE(*users);
  }
}

}  // namespace gk::test::kisi_client_test
