#include "contract/transport_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

namespace gk::test::transport_curl_test {

using namespace gk::http;
using namespace std::chrono_literals;
using test::create_request;
using test::CurlFixture;
using test::RawConnection;
using test::read_request;

namespace {

/// Remembers what arrived, for the test's own thread.
class Arrivals {
 public:
  void add(std::string request) {
    const std::lock_guard guard(mutex_);
    requests_.push_back(std::move(request));
  }
  std::vector<std::string> all() {
    const std::lock_guard guard(mutex_);
    return requests_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> requests_;
};

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a request arrives as it was meant") {
  Arrivals arrivals;
  CurlFixture f([&](RawConnection& connection) {
    while (auto request = connection.read_request()) {
      arrivals.add(*request);
      connection.answer(200, "{}");
    }
  });
  f.options.base_url += "/prod/";
  f.options.secret_headers.emplace_back("Authorization", Secret("KISI-LOGIN abc"));
  f.options.headers.emplace_back("X-Partner", "acme");
  f.options.headers.emplace_back("X-Empty", "");
  CurlTransport transport = f.make();
  REQUIRE(send(transport, Request{.path = "/a/../b", .query = {{"email", "a+b@x.y"}}}));
  REQUIRE(send(transport, create_request()));
  REQUIRE(send(transport, Request{.method = Method::patch, .path = "/p", .body = "{}"}));
  REQUIRE(send(transport, Request{.method = Method::del, .path = "/d"}));
  REQUIRE(send(transport, Request{.method = Method::post, .path = "/e"}));
  REQUIRE(send(transport, Request{.path = "/g"}));

  const auto all = arrivals.all();
  REQUIRE(all.size() == 6);
  CHECK(all[0].starts_with("GET /prod/a/../b?email=a%2Bb%40x.y HTTP/1.1\r\n"));
  CHECK(contains(all[0], "\r\nAuthorization: KISI-LOGIN abc\r\n"));
  CHECK(contains(all[0], "\r\nX-Partner: acme\r\n"));
  CHECK(contains(all[0], "\r\nX-Empty:\r\n"));
  CHECK(contains(all[0], "\r\nAccept: application/json\r\n"));
  CHECK(contains(all[0], "\r\nAccept-Encoding: gzip\r\n"));
  CHECK(contains(all[0], "\r\nUser-Agent: glofox-kisi/"));
  CHECK(all[1].starts_with("POST /prod/x HTTP/1.1\r\n"));
  CHECK(contains(all[1], "\r\nContent-Type: application/json\r\n"));
  CHECK(all[1].ends_with("\r\n\r\n{\"a\":1}"));
  CHECK(all[2].starts_with("PATCH /prod/p HTTP/1.1\r\n"));
  CHECK(all[2].ends_with("\r\n\r\n{}"));
  CHECK(all[3].starts_with("DELETE /prod/d HTTP/1.1\r\n"));
  CHECK_FALSE(contains(all[3], "Content-Length"));
  CHECK(contains(all[4], "\r\nContent-Length: 0\r\n"));
  CHECK(all[5].starts_with("GET /prod/g HTTP/1.1\r\n"));
  CHECK(f.server.connections() == 1);
}

TEST_CASE("an answer of any status is handed over, a redirect too") {
  const int status = GENERATE(200, 204, 301, 302, 307, 308, 404, 429, 500);
  std::atomic<int> requests{0};
  CurlFixture f([&](RawConnection& connection) {
    while (connection.read_request()) {
      ++requests;
      if (status == 204) {
        connection.send("HTTP/1.1 204 No Content\r\nX-Mark: 1\r\n\r\n");
      } else {
        connection.answer(status, "body", "Location: /other\r\nX-Mark: 1\r\nX-Mark: 2\r\n");
      }
    }
  });
  const auto before = f.clock.steady_now();
  const auto result = f.send_one(read_request());
  REQUIRE(result);
  CHECK(result->status == status);
  CHECK(result->body == (status == 204 ? "" : "body"));
  CHECK(result->headers.find("x-mark") == "1");
  CHECK(result->sent_at >= before);
  CHECK(result->sent_at <= f.clock.steady_now());
  CHECK(requests == 1);
}

TEST_CASE("interim answers and chunked bodies") {
  CurlFixture f([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n");
    connection.send(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Late: 1\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    connection.hang();
  });
  const auto result = f.send_one(read_request());
  REQUIRE(result);
  CHECK(result->body == "abcde");
  CHECK(result->headers.find("X-Late").has_value());
  CHECK_FALSE(result->headers.find("X-Early").has_value());
}

TEST_CASE("answers come in the order they finish, at most max_in_flight at once", "[serial]") {
  std::atomic<int> now_open{0};
  std::atomic<int> most_open{0};
  CurlFixture f([&](RawConnection& connection) {
    while (auto request = connection.read_request()) {
      const int open = ++now_open;
      for (int most = most_open; open > most && !most_open.compare_exchange_weak(most, open);) {
      }
      std::this_thread::sleep_for(request->starts_with("GET /slow ") ? 1000ms : 10ms);
      --now_open;
      connection.answer(200, "{}");
    }
  });
  f.options.max_in_flight = 3;
  CurlTransport transport = f.make();
  transport.start(1, read_request("/slow"));
  for (Ticket ticket = 2; ticket <= 7; ++ticket) transport.start(ticket, read_request("/fast"));
  CHECK(transport.pending() == 7);
  std::vector<Ticket> order;
  while (auto completion = transport.wait(SteadyTime::max())) {
    CHECK(completion->result);
    order.push_back(completion->ticket);
  }
  REQUIRE(order.size() == 7);
  CHECK(order.back() == 1);
  CHECK(most_open <= 3);
  CHECK(f.server.connections() <= 3);
}

TEST_CASE("connections are kept and used again") {
  CurlFixture f([](RawConnection& connection) {
    while (connection.read_request()) connection.answer(200, "{}");
  });
  CurlTransport transport = f.make();
  for (int i = 0; i < 20; ++i) REQUIRE(send(transport, i % 2 == 0 ? read_request() : create_request()));
  CHECK(f.server.connections() == 1);
}

TEST_CASE("a wait that ends early loses nothing", "[serial]") {
  CurlFixture f([](RawConnection& connection) {
    connection.read_request();
    std::this_thread::sleep_for(200ms);
    connection.answer(200, "late");
  });
  CurlTransport transport = f.make();
  CHECK_FALSE(transport.wait(SteadyTime::max()).has_value());
  transport.start(9, read_request());
  CHECK_FALSE(transport.wait(f.clock.steady_now() + 20ms).has_value());
  CHECK_FALSE(transport.wait(SteadyTime{}).has_value());
  CHECK(transport.pending() == 1);
  const auto completion = transport.wait(SteadyTime::max());
  REQUIRE(completion);
  CHECK(completion->ticket == 9);
  CHECK(completion->result->body == "late");
  CHECK(transport.pending() == 0);
}

TEST_CASE("a transport may be destroyed with requests under way") {
  CurlFixture f([](RawConnection& connection) { connection.hang(); });
  CurlTransport transport = f.make();
  transport.start(1, read_request());
  transport.start(2, read_request());
  CHECK_FALSE(transport.wait(f.clock.steady_now() + 20ms).has_value());
}

TEST_CASE("proxies of the environment are not used for a loopback address") {
  CurlFixture f([](RawConnection& connection) {
    connection.read_request();
    connection.answer(200, "{}");
  });
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  const auto result = f.send_one(read_request());
  unsetenv("http_proxy");
  CHECK(result.has_value());
}

TEST_CASE("a header value or name that would break the request is refused") {
  CurlFixture f([](RawConnection& connection) { connection.hang(); });
  const std::string value =
      GENERATE(values<std::string>({"a\r\nX-Evil: 1", "a\nb", "a\rb", std::string("a\0b", 3)}));
  f.options.secret_headers.emplace_back("Authorization", Secret(value));
  const auto result = f.send_one(read_request());
  REQUIRE_FALSE(result);
  CHECK(result.error().category == Category::config);
  CHECK_FALSE(contains(result.error().message, value));
  CHECK(f.server.connections() == 0);
}

TEST_CASE("an unusable path or base URL is an error, not a request") {
  CurlFixture f([](RawConnection& connection) { connection.hang(); });
  CHECK(f.send_one(read_request("/a\r\nX: y")).error().category == Category::internal);
  f.options.base_url = "http://example.com";
  CHECK(f.send_one(read_request()).error().category == Category::config);
  CHECK(f.server.connections() == 0);
}

}  // namespace gk::test::transport_curl_test
