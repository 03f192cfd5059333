#include "http/url.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace gk::http::url_test {

TEST_CASE("query parameters keep their order") {
  const std::vector<Param> query = {{"email", "a+b@x.y"}, {"limit", "100"}, {"q", ""}};
  CHECK(encode_query(query) == "?email=a%2Bb%40x.y&limit=100&q=");
  CHECK(encode_query({}) == "");
}

TEST_CASE("base and path are concatenated") {
  const auto base = parse_base_url("https://gf-api.aws.glofox.com/prod/");
  REQUIRE(base);
  Request request;
  request.path = "/2.0/members";
  request.query = {{"page", "1"}};
  CHECK(join_url(*base, request).value() == "https://gf-api.aws.glofox.com/prod/2.0/members?page=1");
}

TEST_CASE("a path that is not encoded is refused") {
  const auto base = parse_base_url("https://api.kisi.io").value();
  const auto path =
      GENERATE(values<std::string>({"", "users", "/users?x=1", "/users#x", "/a b", "/a\r\nHost: evil",
                                    std::string("/a\0b", 4), "/\xC3\xA9", "/a\x7F", "/a\"b"}));
  Request request;
  request.path = path;
  const auto url = join_url(base, request);
  REQUIRE_FALSE(url);
  CHECK(url.error().category == gk::Category::internal);
}

}  // namespace gk::http::url_test
