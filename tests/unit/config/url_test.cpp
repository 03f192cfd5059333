#include <catch2/catch.hpp>

#include "config/url.hpp"

namespace gk::config::test::url_test {

TEST_CASE("Base URLs that are accepted") {
  struct Row {
    const char *text, *clean;
    bool loopback;
  };
  for (const Row& row : {Row{"https://api.example.com", "https://api.example.com", false},
                         Row{"https://API.example.com/prod/", "https://api.example.com/prod", false},
                         Row{"https://api.example.com:8443/A//", "https://api.example.com:8443/A", false},
                         Row{"https://[2001:db8::1]/", "https://[2001:db8::1]", false},
                         Row{"http://localhost:1", "http://localhost:1", true},
                         Row{"http://127.0.0.1:65535/kisi", "http://127.0.0.1:65535/kisi", true},
                         Row{"http://127.255.0.9", "http://127.255.0.9", true},
                         Row{"http://[::1]:8080", "http://[::1]:8080", true},
                         Row{"https://127.0.0.1", "https://127.0.0.1", true}}) {
    INFO(row.text);
    const BaseUrl url = check_base_url(row.text);
    CHECK(url.fault.empty());
    CHECK(url.text == row.clean);
    CHECK(url.loopback == row.loopback);
  }
}

TEST_CASE("Base URLs that are refused") {
  for (const char* text : {"",
                           "api.example.com",
                           "://x",
                           "ftp://localhost",
                           "http://api.example.com",
                           "http://127.0.0.1.example.com",
                           "http://127.1",
                           "http://127.0.0.256",
                           "http://127.0.0.0.1",
                           "http://0127.0.0.1",
                           "http://localhost.example.com",
                           "http://localhost@api.example.com",
                           "https://user:word@api.example.com",
                           "https://",
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
                           "http://[::2]",
                           "https://api.example.com/%0a\n"}) {
    INFO(text);
    CHECK_FALSE(check_base_url(text).fault.empty());
  }
}

}  // namespace gk::config::test::url_test
