#include "util/url.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gk::url_test {

TEST_CASE("all but the unreserved characters are encoded") {
  CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(percent_encode("a+b@example.com") == "a%2Bb%40example.com");
  CHECK(percent_encode("filter[id]=1&x y/z%") == "filter%5Bid%5D%3D1%26x%20y%2Fz%25");
  CHECK(percent_encode("\xC3\xA9\n") == "%C3%A9%0A");
  CHECK(percent_encode(std::string_view("\0", 1)) == "%00");
  CHECK(percent_encode("") == "");
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
      {"http://LocalHost:1", "http://localhost:1", "localhost", true},
      {"https://127.0.0.1", "https://127.0.0.1", "127.0.0.1", true},
      {"https://[2001:db8::1]", "https://[2001:db8::1]", "2001:db8::1", false},
      {"https://api.example.com", "https://api.example.com", "api.example.com", false},
      {"https://API.example.com/prod/", "https://api.example.com/prod", "api.example.com", false},
      {"https://api.example.com:8443/A//", "https://api.example.com:8443/A", "api.example.com", false},
      {"https://[2001:db8::1]/", "https://[2001:db8::1]", "2001:db8::1", false},
      {"http://127.0.0.1:65535/kisi", "http://127.0.0.1:65535/kisi", "127.0.0.1", true},
      {"http://127.255.0.9", "http://127.255.0.9", "127.255.0.9", true},
      {"http://[::1]:8080", "http://[::1]:8080", "::1", true},
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
      "api.example.com",
      "://x",
      "ftp://localhost",
      "http://api.example.com",
      "http://127.0.0.0.1",
      "http://0127.0.0.1",
      "http://localhost@api.example.com",
      "https://user:word@api.example.com",
      "https:///path",
      "https://api.example.com:0",
      "https://api.example.com:65536",
      "https://api.example.com:",
      "https://api.example.com:80a",
      "https://api .example.com",
      "https://api.example.com/a b",
      "https://api.example.com/?q",
      "https://api.example.com/#f",
      "https://api.example.com\\@localhost",
      "https://-a.example.com",
      "https://a..example.com",
      "https://[::1",
      "https://[]",
      "http://[::1].example.com",
      "https://\xC3\xA9.example.com",
      "https://api.example.com/%0a\n",
  }));
  INFO(text);
  const auto base = parse_base_url(text);
  REQUIRE_FALSE(base);
  CHECK(base.error().category == gk::Category::config);
  CHECK(base.error().message.find("secret") == std::string::npos);
  CHECK_FALSE(is_loopback_url(text));
}

}  // namespace gk::url_test
