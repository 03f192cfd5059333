#include "kisi/codec.hpp"

#include "unit/kisi/scripted_kisi.hpp"

#include <catch2/catch.hpp>

namespace gk::kisi::codec_test {

namespace {

std::string head() { return R"("id":5,"role_id":"group_basic")"; }

/// One row with the given keys, read as a list of one.
RowPage read_one(const std::string& keys) {
  auto page = decode_row_page("[{" + head() + "," + keys + "}]");
  REQUIRE(page);
  return *std::move(page);
}

RoleAssignment row_with(const std::string& keys) {
  RowPage page = read_one(keys);
  REQUIRE_FALSE(page.page.fault);
  REQUIRE(page.rows.size() == 1);
  return page.rows.front();
}

std::string in_group(const std::string& keys) {
  return R"("applies_to_type":"Group","applies_to_id":45510,)" + keys;
}

std::string of_user(const std::string& keys) {
  return in_group(R"("assignee_type":"User","assignee_id":9)" + (keys.empty() ? "" : "," + keys));
}

}  // namespace

TEST_CASE("a current row is read whole, from a list and alone") {
  const std::string text = test::fixture("row_current.json");
  const auto single = decode_row(text);
  const auto page = decode_row_page("[" + text + "]");
  REQUIRE(single);
  REQUIRE(page);
  REQUIRE(page->rows.size() == 1);
  CHECK(page->page.ids == std::vector<std::int64_t>{9920017});
  for (const RoleAssignment& row : {*single, page->rows.front()}) {
    CHECK(row.id == RoleAssignmentId(9920017));
    CHECK(row.group == GroupId(45510));
    CHECK(row.assignee == Assignee::user);
    CHECK(row.user == UserId(7710342));
    CHECK(row.email == "Ada.Example@example.com");
    CHECK(row.name == "Ada Example");
    CHECK(row.role == "group_basic");
    CHECK(row.created_by == Creator::user);
    CHECK(row.creator == UserId(7000001));
    CHECK_FALSE(row.validity.from);
    CHECK(row.validity.until == *parse_rfc3339("2026-03-31T21:59:59Z"));
  }
}

TEST_CASE("an old row gives the same") {
  const auto row = decode_row(test::fixture("row_old.json"));
  REQUIRE(row);
  CHECK(row->group == GroupId(45510));
  CHECK(row->assignee == Assignee::user);
  CHECK(row->user == UserId(7710342));
  CHECK(row->email == "ada.example@example.com");
  CHECK(row->created_by == Creator::user);
  CHECK(row->creator == UserId(7000001));
  CHECK(row->validity.from == *parse_rfc3339("2026-03-01T07:45:00Z"));
  CHECK_FALSE(row->validity.until);
}

TEST_CASE("the group of a row") {
  struct Row {
    const char* name;
    const char* keys;
    std::int64_t group;  ///< 0: not of a group
    bool fault;
  };
  const Row rows[] = {
      {"current", R"("applies_to_type":"Group","applies_to_id":7,"group_id":8)", 7, false},
      {"current type, old id", R"("applies_to_type":"Group","group_id":8)", 8, false},
      {"old id", R"("group_id":8,"group":{"id":9})", 8, false},
      {"old object", R"("group":{"id":9})", 9, false},
      {"id as text", R"("applies_to_type":"Group","applies_to_id":"7")", 7, false},
      {"a place with the same number", R"("applies_to_type":"Place","applies_to_id":45510)", 0, false},
      {"an organization", R"("applies_to_type":"Organization","applies_to_id":45510,"group_id":null)", 0,
       false},
      {"old place", R"("place_id":45510,"scope":"place")", 0, false},
      {"old organization", R"("organization_id":3981)", 0, false},
      {"nothing said", R"("notify":false)", 0, true},
      {"an id of 0", R"("applies_to_type":"Group","applies_to_id":0)", 0, true},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const RowPage page = read_one(row.keys);
    CHECK(page.page.ids.size() == 1);
    CHECK(page.page.fault.has_value() == row.fault);
    REQUIRE(page.rows.size() == (row.group != 0 ? 1 : 0));
    if (row.group != 0) CHECK(page.rows.front().group == GroupId(row.group));
  }
}

TEST_CASE("the assignee of a row") {
  struct Row {
    const char* name;
    const char* keys;
    Assignee assignee;
    std::int64_t user;
  };
  const Row rows[] = {
      {"user", R"("assignee_type":"User","assignee_id":9,"user_id":1)", Assignee::user, 9},
      {"user without assignee_id", R"("assignee_type":"User","user_id":1)", Assignee::user, 1},
      {"old user", R"("user_id":1,"user":{"id":2})", Assignee::user, 1},
      {"old user object", R"("user":{"id":2})", Assignee::user, 2},
      {"an id without its type is not believed", R"("assignee_id":9,"user_id":1)", Assignee::user, 1},
      {"team", R"("assignee_type":"Team","assignee_id":9,"user_id":null)", Assignee::team, 0},
      {"team with a user key", R"("assignee_type":"Team","assignee_id":9,"user_id":1)", Assignee::team, 0},
      {"old team", R"("assignee_team_id":9,"user_id":null)", Assignee::team, 0},
      {"guest", R"("assignee_type":"Guest","assignee_id":9)", Assignee::guest, 0},
      {"old guest", R"("guest_id":9)", Assignee::guest, 0},
      {"new kind", R"("assignee_type":"Robot","assignee_id":9,"user_id":1)", Assignee::unknown, 0},
      {"user without any id", R"("assignee_type":"User")", Assignee::unknown, 0},
      {"nobody", R"("notify":false)", Assignee::unknown, 0},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const RoleAssignment read = row_with(in_group(row.keys));
    CHECK(read.assignee == row.assignee);
    CHECK(read.user == UserId(row.user));
  }
}

TEST_CASE("the e-mail of a row") {
  CHECK(row_with(of_user(R"("assignee":{"email":"a@x.example"},"user":{"email":"b@x.example"})")).email ==
        "a@x.example");
  CHECK(row_with(of_user(R"("user":{"email":"b@x.example","name":"B"})")).email == "b@x.example");
  CHECK(row_with(of_user(R"("assignee":{"email":null},"user":{"email":"b@x.example"})")).email ==
        "b@x.example");
  CHECK(row_with(of_user("")).email.empty());
}

TEST_CASE("the creator of a row") {
  struct Row {
    const char* name;
    const char* keys;
    Creator created_by;
    std::int64_t creator;
  };
  const Row rows[] = {
      {"user", R"("created_by_type":"User","created_by_id":3,"issued_by_id":4)", Creator::user, 3},
      {"user without id", R"("created_by_type":"User","issued_by_id":4)", Creator::user, 4},
      {"another integration", R"("created_by_type":"MarketplaceInstallation","created_by_id":3)",
       Creator::marketplace_installation, 0},
      {"old", R"("issued_by_id":4)", Creator::user, 4},
      {"old, nobody", R"("issued_by_id":null)", Creator::none, 0},
      {"nobody now", R"("created_by_type":null,"created_by_id":null,"issued_by_id":4)", Creator::none, 0},
      {"new kind", R"("created_by_type":"Robot","created_by_id":3)", Creator::unknown, 0},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const RoleAssignment read = row_with(of_user(row.keys));
    CHECK(read.created_by == row.created_by);
    CHECK(read.creator == UserId(row.creator));
  }
}

TEST_CASE("a validity that cannot be read is a fault, never open-ended") {
  for (const char* value : {R"("soon")", "1767225600", R"("")", R"("2026-03-01T08:30:00")", "{}", "true"}) {
    INFO(value);
    const RowPage page = read_one(of_user(fmt::format(R"("valid_until":{})", value)));
    CHECK(page.rows.empty());
    CHECK(page.page.ids.size() == 1);
    REQUIRE(page.page.fault);
    CHECK(page.page.fault->category == Category::protocol);
    CHECK(page.page.fault->message.find("row 5") != std::string::npos);
  }
}

TEST_CASE("moments are read in any ISO form") {
  struct Row {
    const char* text;
    const char* same;
  };
  const Row rows[] = {
      {"2026-03-01T08:30:00Z", "2026-03-01T08:30:00Z"},
      {"2026-03-01T08:30:00.999999Z", "2026-03-01T08:30:00Z"},
      {"2026-03-01T09:30:00+01:00", "2026-03-01T08:30:00Z"},
      {"2026-03-01T09:30:00+0100", "2026-03-01T08:30:00Z"},
      {"2026-03-01T09:30:00+01", "2026-03-01T08:30:00Z"},
      {"2026-03-01T03:30-05:00", "2026-03-01T08:30:00Z"},
      {"2026-03-01T08:30Z", "2026-03-01T08:30:00Z"},
      {"2026-03-01 08:30:00 UTC", "2026-03-01T08:30:00Z"},
      {" 2026-03-01 08:30:00 +0000 ", nullptr},
      {"2026-03-01T08:30:00", nullptr},
      {"2026-03-01", nullptr},
      {"UTC", nullptr},
      {"", nullptr},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const auto moment = parse_moment(row.text);
    if (row.same == nullptr) {
      CHECK_FALSE(moment);
    } else {
      REQUIRE(moment);
      CHECK(format_rfc3339(*moment) == row.same);
    }
  }
}

TEST_CASE("rows without a valid id are counted") {
  const auto page =
      decode_row_page(R"([{"id":null},{"id":-1},{"role_id":"x"},7,null,{"id":"12","group_id":1}])");
  REQUIRE(page);
  CHECK(page->page.unusable == 5);
  CHECK(page->page.ids == std::vector<std::int64_t>{12});
}

TEST_CASE("answers that are no rows are refused") {
  for (const char* body : {"", "null", "{}", R"({"error":"busy"})", "<html>", "[{"}) {
    INFO(body);
    const auto page = decode_row_page(body);
    REQUIRE_FALSE(page);
    CHECK(page.error().category == Category::protocol);
  }
  const std::string row = test::row_json(1, 2);
  for (const std::string& body : {std::string(), std::string("null"), std::string("{}"), std::string("7"),
                                  "[" + row + "]", row + "," + row, row + row, row.substr(1)}) {
    INFO(body);
    const auto single = decode_row(body);
    REQUIRE_FALSE(single);
    CHECK(single.error().category == Category::protocol);
  }
}

TEST_CASE("a user keeps its metadata as JSON text") {
  const auto user = decode_user(test::fixture("user.json"));
  REQUIRE(user);
  CHECK(user->id == UserId(7710342));
  CHECK(user->email == "ada.example@example.com");
  CHECK(user->name == "Ada Example");
  CHECK(user->metadata.size() == 8);
  CHECK(user->metadata.at("locker") == "17");
  CHECK(user->metadata.at("vip") == "true");
  CHECK(user->metadata.at("ratio") == "0.25");
  CHECK(user->metadata.at("gone") == "null");
  CHECK(user->metadata_text("glofox_sync") == "v1");
  CHECK(user->metadata_text("gone") == std::nullopt);
}

TEST_CASE("users with odd or missing fields") {
  const auto odd = decode_user(R"({"id":"12","email":null,"name":7,"metadata":[],"extra":{}})");
  REQUIRE(odd);
  CHECK(odd->id == UserId(12));
  CHECK(odd->email.empty());
  CHECK(odd->metadata.empty());
  for (const char* body : {"", "[]", "null", "{}", R"({"id":0})", R"({"id":true})"}) {
    INFO(body);
    CHECK_FALSE(decode_user(body));
  }
  const auto page = decode_user_page(R"([{"id":1},{"id":null},5])");
  REQUIRE(page);
  CHECK(page->users.size() == 1);
  CHECK(page->page.unusable == 2);
  CHECK_FALSE(decode_user_page(R"({"id":1})"));
}

TEST_CASE("groups tell their scope") {
  const auto read = [](const std::string& text) {
    const auto document = json::Document::parse(text);
    REQUIRE(document);
    return decode_group(document->root());
  };
  const auto group = read(test::fixture("group.json"));
  REQUIRE(group);
  CHECK(group->id == GroupId(45510));
  CHECK(group->name == "Members - Riverside");
  CHECK(group->users_count == 412);
  CHECK_FALSE(group->place);
  CHECK(read(R"({"id":1,"place_id":22801})")->place == PlaceId(22801));
  CHECK(read(R"({"id":1,"place":{"id":22801}})")->place == PlaceId(22801));
  CHECK_FALSE(read(R"({"name":"x"})"));
}

TEST_CASE("the key's user") {
  const auto document = json::Document::parse(test::fixture("self.json"));
  REQUIRE(document);
  const auto self = decode_self(document->root());
  REQUIRE(self);
  CHECK(self->id == UserId(7000001));
  CHECK(self->organization == 3981);
  CHECK(self->organization_name == "Example Gym");
}

}  // namespace gk::kisi::codec_test
