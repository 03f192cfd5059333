#include "http/url.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace gk::http::url_test {

TEST_CASE("all but the unreserved characters are encoded") {
  CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(percent_encode("a+b@example.com") == "a%2Bb%40example.com");
  CHECK(percent_encode("filter[id]=1&x y/z%") == "filter%5Bid%5D%3D1%26x%20y%2Fz%25");
  CHECK(percent_encode("\xC3\xA9\n") == "%C3%A9%0A");
  CHECK(percent_encode(std::string_view("\0", 1)) == "%00");
  CHECK(percent_encode("") == "");
}

TEST_CASE("query parameters keep their order") {
  const std::vector<Param> query = {{"email", "a+b@x.y"}, {"limit", "100"}, {"q", ""}};
  CHECK(encode_query(query) == "?email=a%2Bb%40x.y&limit=100&q=");
  CHECK(encode_query({}) == "");
}

TEST_CASE("usable base URLs") {
  struct Row {
    std::string text, url, host;
    bool loopback;
  };
  const auto row = GENERATE(values<Row>({
      {"https://api.kisi.io", "https://api.kisi.io", "api.kisi.io", false},
      {"https://api.kisi.io/", "https://api.kisi.io", "api.kisi.io", false},
      {"HTTPS://gf-api.aws.glofox.com/prod/", "https://gf-api.aws.glofox.com/prod", "gf-api.aws.glofox.com",
       false},
      {"https://example.com:8443/a%20b", "https://example.com:8443/a%20b", "example.com", false},
      {"http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1", true},
      {"http://127.255.0.9/prod", "http://127.255.0.9/prod", "127.255.0.9", true},
      {"http://[::1]:99", "http://[::1]:99", "::1", true},
      {"http://LocalHost:1", "http://LocalHost:1", "LocalHost", true},
      {"https://127.0.0.1", "https://127.0.0.1", "127.0.0.1", true},
      {"https://[2001:db8::1]", "https://[2001:db8::1]", "2001:db8::1", false},
  }));
  INFO(row.text);
  const auto base = parse_base_url(row.text);
  REQUIRE(base);
  CHECK(base->url == row.url);
  CHECK(base->host == row.host);
  CHECK(base->loopback == row.loopback);
  CHECK(is_loopback_url(row.text) == row.loopback);
}

TEST_CASE("refused base URLs") {
  const auto text = GENERATE(values<std::string>({
      "",
      "https",
      "https:",
      "https://",
      "https:///",
      "api.kisi.io",
      "//api.kisi.io",
      "ftp://127.0.0.1",
      "file:///etc/passwd",
      "http://api.kisi.io",
      "http://127.0.0.1.example.com",
      "http://127.0.0.1@example.com",
      "http://example.com#127.0.0.1",
      "http://127.1",
      "http://0x7f.0.0.1",
      "http://127.0.0.01",
      "http://127.0.0.256",
      "http://127.0.0.1.1",
      "http://127.0.0",
      "http://128.0.0.1",
      "http://0.0.0.0",
      "http://localhost.example.com",
      "http://localhost.",
      "http://[::2]",
      "http://[::1",
      "http://::1",
      "https://user:secret@api.kisi.io",
      "https://api.kisi.io?x=1",
      "https://api.kisi.io/a?x=1",
      "https://api.kisi.io/#a",
      "https://api.kisi.io:0",
      "https://api.kisi.io:65536",
      "https://api.kisi.io:",
      "https://api.kisi.io:8a",
      "https://api kisi.io",
      "https://api.kisi.io/a b",
      "https://api.kisi.io/\r\nX: y",
      "https://api.kisi.io\\@evil",
      "https://[gg]",
      " https://api.kisi.io",
      "https://api.kisi.io/\xC3\xA9",
  }));
  INFO(text);
  const auto base = parse_base_url(text);
  REQUIRE_FALSE(base);
  CHECK(base.error().category == gk::Category::config);
  CHECK(base.error().message.find("secret") == std::string::npos);
  CHECK_FALSE(is_loopback_url(text));
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
