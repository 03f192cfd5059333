#include "kisi/codec.hpp"
#include "unit/kisi/scripted_kisi.hpp"

#include <catch2/catch.hpp>

namespace gk::kisi::bodies_test {

namespace {

MemberId member() { return *MemberId::parse("65aa00000000000000000001"); }
BranchId branch() { return BranchId("64b0c0ffee00000000000b01"); }

NewUser ada(std::string name) {
  return NewUser{*PersonKey::from_email("Ada.Example@Example.com"), std::move(name), false, member(),
                 branch()};
}

constexpr std::string_view k_our_keys =
    R"("glofox_branch_id":"64b0c0ffee00000000000b01","glofox_member_id":"65aa00000000000000000001","glofox_sync":"v1")";

}  // namespace

TEST_CASE("a new user's body leaves nothing to unknown defaults") {
  CHECK(encode_new_user(ada(" Ada \"A\" Example ")) ==
        fmt::format(
            R"({{"user":{{"email":"ada.example@example.com","name":"Ada \"A\" Example","send_emails":false,)"
            R"("confirm":true,"access_enabled":true,"metadata":{{{}}}}}}})",
            k_our_keys));
  CHECK(encode_new_user(ada("  ")).find(R"("name":"ada.example@example.com")") != std::string::npos);
}

TEST_CASE("grants are silent and carry both bounds in UTC") {
  CHECK(
      encode_grant(UserId(9), GroupId(7), Validity::open_ended()) ==
      R"({"role_assignment":{"applies_to_type":"Group","applies_to_id":7,"assignee_type":"User","assignee_id":9,)"
      R"("role_id":"group_basic","notify":false,"valid_from":null,"valid_until":null}})");
  const Validity window{parse_rfc3339("2026-03-01T08:45:00+01:00").value(),
                        parse_rfc3339("2026-03-01T10:15:00Z").value()};
  CHECK(encode_grant(UserId(9), GroupId(7), window)
            .find(R"("valid_from":"2026-03-01T07:45:00Z","valid_until":"2026-03-01T10:15:00Z")") !=
        std::string::npos);
  CHECK(encode_change(window) ==
        R"({"role_assignment":{"valid_from":"2026-03-01T07:45:00Z","valid_until":"2026-03-01T10:15:00Z"}})");
  CHECK(encode_change({}) == R"({"role_assignment":{"valid_from":null,"valid_until":null}})");
}

TEST_CASE("metadata is merged, foreign keys unchanged") {
  User user;
  user.metadata = {
      {"locker", "17"},           {"ratio", "0.25"}, {"note", R"("caf\u00e9 \"north\"")"}, {"gone", "null"},
      {"glofox_sync", R"("v0")"}, {"vip", "true"},   {"big", "9007199254740993"}};
  const auto merged = merged_metadata(user, member(), branch());
  REQUIRE(merged);
  REQUIRE(*merged);
  CHECK((*merged)->size() == 9);
  for (const auto& [key, value] : user.metadata) {
    if (key != "glofox_sync") CHECK((*merged)->at(key) == value);
  }
  CHECK((*merged)->at("glofox_sync") == R"("v1")");
  CHECK(encode_metadata(**merged) ==
        fmt::format(R"({{"user":{{"metadata":{{"big":9007199254740993,{},"gone":null,"locker":17,)"
                    R"("note":"caf\u00e9 \"north\"","ratio":0.25,"vip":true}}}}}})",
                    k_our_keys));
}

TEST_CASE("nothing is merged where our keys stand") {
  const auto user = decode_user(test::fixture("user.json"));
  REQUIRE(user);
  const auto merged = merged_metadata(*user, member(), branch());
  REQUIRE(merged);
  CHECK_FALSE(*merged);
  const auto other = merged_metadata(*user, *MemberId::parse("65aa00000000000000000002"), branch());
  REQUIRE(other);
  CHECK(*other);
}

TEST_CASE("the limit of 50 keys is respected") {
  User user;
  for (int i = 0; i < 47; ++i) user.metadata.emplace(fmt::format("key{}", i), "1");
  CHECK(merged_metadata(user, member(), branch()).has_value());
  user.metadata.emplace("one_more", "1");
  const auto refused = merged_metadata(user, member(), branch());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().category == Category::rejected);
}

}  // namespace gk::kisi::bodies_test
