#include "contract/transport_fixture.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <atomic>
#include <cstdio>
#include <string>

namespace gk::test::transport_faults_test {

using namespace gk::http;
using namespace std::chrono_literals;
using test::create_request;
using test::CurlFixture;
using test::RawConnection;
using test::read_request;

namespace {

/// `count` times the letter x, compressed by the system's gzip.
std::string gzipped(std::size_t count) {
  std::FILE* pipe = popen(fmt::format("head -c {} /dev/zero | tr '\\0' x | gzip -c", count).c_str(), "r");
  std::string out;
  char buffer[4096];
  for (std::size_t read = 1; read > 0;) {
    read = std::fread(buffer, 1, sizeof buffer, pipe);
    out.append(buffer, read);
  }
  pclose(pipe);
  return out;
}

void check_unavailable(const Result<Response>& result, bool outcome_unknown, const std::string& part) {
  REQUIRE_FALSE(result);
  CHECK(result.error().category == Category::unavailable);
  CHECK(result.error().http_status == 0);
  CHECK(result.error().outcome_unknown == outcome_unknown);
  CHECK_THAT(result.error().message, Catch::Contains(part));
}

}  // namespace

TEST_CASE("failures before anything was sent leave no doubt") {
  CurlFixture f([](RawConnection& connection) { connection.hang(); });
  SECTION("nobody listens") {
    f.options.base_url = fmt::format("http://127.0.0.1:{}", test::unused_port());
    check_unavailable(f.send_one(create_request()), false, "cannot connect to 127.0.0.1: Connection refused");
  }
  SECTION("no such host") {
    f.options.base_url = "https://no-such-host.invalid";
    check_unavailable(f.send_one(create_request()), false, "cannot resolve no-such-host.invalid");
  }
  SECTION("a TLS handshake that is never answered") {
    f.options.base_url = fmt::format("https://127.0.0.1:{}", f.server.port());
    f.options.connect_timeout = 300ms;
    check_unavailable(f.send_one(create_request()), false, "no connection to 127.0.0.1 within 300 ms");
  }
}

TEST_CASE("a server that does not speak TLS") {
  CurlFixture f([](RawConnection& connection) {
    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.hang();
  });
  f.options.base_url = fmt::format("https://127.0.0.1:{}", f.server.port());
  check_unavailable(f.send_one(create_request()), false, "the TLS handshake with 127.0.0.1 failed");
}

TEST_CASE("failures after the request may have left") {
  std::function<void(RawConnection&)> behaviour;
  std::string message;
  std::tie(behaviour, message) = GENERATE(table<std::function<void(RawConnection&)>, std::string>({
      {[](RawConnection& connection) { connection.close(); }, "closed the connection without an answer"},
      {[](RawConnection& connection) { connection.reset(); }, "the connection to 127.0.0.1 broke"},
      {[](RawConnection& connection) { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"); },
       "ended early"},
      {[](RawConnection& connection) {
         connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
       },
       "127.0.0.1"},
      {[](RawConnection& connection) {
         connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
         connection.reset();
       },
       "127.0.0.1"},
  }));
  CurlFixture f([&](RawConnection& connection) {
    connection.read_request();
    behaviour(connection);
  });
  check_unavailable(f.send_one(create_request()), true, message);
  check_unavailable(f.send_one(read_request()), true, message);
  CHECK(f.server.connections() == 2);
}

TEST_CASE("no answer within the total time") {
  CurlFixture f([](RawConnection& connection) { connection.hang(); });
  f.options.total_timeout = 300ms;
  check_unavailable(f.send_one(create_request()), true, "no complete answer from 127.0.0.1 within 300 ms");
}

TEST_CASE("an answer that drips too slowly") {
  CurlFixture f([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    connection.drip(std::string(1000, 'x'), 200ms);
  });
  f.options.stall_timeout = 1s;
  const auto begin = f.clock.steady_now();
  check_unavailable(f.send_one(read_request()), true, "stopped in the middle of its answer");
  CHECK(f.clock.steady_now() - begin < 20s);
}

TEST_CASE("a service may think for longer than an answer may stall, after other answers too") {
  std::atomic<int> requests{0};
  CurlFixture f([&](RawConnection& connection) {
    while (connection.read_request()) {
      if (++requests == 2) std::this_thread::sleep_for(3s);
      connection.answer(200, "thought");
    }
  });
  f.options.stall_timeout = 1s;
  CurlTransport transport = f.make();
  REQUIRE(send(transport, read_request()));
  const auto result = send(transport, read_request());
  REQUIRE(result);
  CHECK(result->body == "thought");
}

TEST_CASE("answers that are no HTTP, or cannot be decompressed") {
  const std::string bytes = GENERATE(values<std::string>({
      "garbage\r\n\r\n",
      std::string("\x15\x03\x01\x00\x02\x02\x46\r\n", 9),
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\nnotgzip",
  }));
  CurlFixture f([&](RawConnection& connection) {
    connection.read_request();
    connection.send(bytes);
  });
  const auto result = f.send_one(create_request());
  REQUIRE_FALSE(result);
  CHECK(result.error().category == Category::protocol);
  CHECK(result.error().outcome_unknown);
  CHECK_THAT(result.error().message, Catch::Contains("cannot be used"));
}

TEST_CASE("the body cap holds for announced, chunked and decompressed bytes") {
  const std::string page(100'000, 'x');
  const auto kind = GENERATE(0, 1, 2);
  CurlFixture f([&](RawConnection& connection) {
    while (connection.read_request()) {
      if (kind == 0) connection.answer(200, page);
      if (kind == 1)
        connection.send(
            fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
                        page.size(), page));
      if (kind == 2) connection.answer(200, gzipped(page.size()), "Content-Encoding: gzip\r\n");
    }
  });
  f.options.body_cap = page.size();
  const auto whole = f.send_one(read_request());
  REQUIRE(whole);
  CHECK(whole->body == page);

  f.options.body_cap = page.size() - 1;
  const auto result = f.send_one(create_request());
  REQUIRE_FALSE(result);
  CHECK(result.error().category == Category::protocol);
  CHECK(result.error().outcome_unknown);
  CHECK_THAT(result.error().message, Catch::Contains("larger than 99999 bytes"));
}

TEST_CASE("a gzip bomb ends at the cap") {
  const std::string bomb = gzipped(std::size_t{40} << 20U);
  CurlFixture f([&](RawConnection& connection) {
    connection.read_request();
    connection.answer(200, bomb, "Content-Encoding: gzip\r\n");
  });
  const auto result = f.send_one(read_request());
  REQUIRE_FALSE(result);
  CHECK_THAT(result.error().message, Catch::Contains("larger than 32 MiB"));
}

TEST_CASE("endless headers end") {
  CurlFixture f([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n");
    while (connection.send("X-Filler: 0123456789012345678901234567890123456789\r\n")) {
    }
  });
  const auto result = f.send_one(read_request());
  REQUIRE_FALSE(result);
  CHECK(result.error().category == Category::protocol);
}

TEST_CASE("nothing is repeated silently when a kept connection dies") {
  std::atomic<int> requests{0};
  const bool reset = GENERATE(false, true);
  CurlFixture f([&](RawConnection& connection) {
    while (connection.read_request()) {
      if (++requests % 2 == 1) {
        connection.answer(200, "{}");
      } else if (reset) {
        connection.reset();
      } else {
        connection.close();
      }
    }
  });
  const auto request = GENERATE(as<Request>{}, read_request(), create_request(),
                                Request{.method = Method::del, .path = "/x", .replay = Replay::idempotent});
  CurlTransport transport = f.make();
  REQUIRE(send(transport, request));
  const auto second = send(transport, request);
  check_unavailable(second, true, "127.0.0.1");
  CHECK(requests == 2);
  REQUIRE(send(transport, request));  // the transport is none the worse for it
  CHECK(requests == 3);
}

TEST_CASE("a connection that the server closed while idle is replaced without doubt", "[serial]") {
  CurlFixture f([](RawConnection& connection) {
    connection.read_request();
    connection.answer(200, "{}");
  });
  CurlTransport transport = f.make();
  REQUIRE(send(transport, create_request()));
  std::this_thread::sleep_for(100ms);
  CHECK(send(transport, create_request()));
  CHECK(f.server.connections() == 2);
}

TEST_CASE("a line of headers beyond libcurl's own limit is an unusable answer, not a fault of ours") {
  CurlFixture f([](RawConnection& connection) {
    if (!connection.read_request()) return;
    connection.send("HTTP/1.1 200 OK\r\n" + std::string(300'000, ' '));
    connection.hang();
  });
  const auto result = f.send_one(create_request());
  REQUIRE_FALSE(result);
  CHECK(result.error().category == Category::protocol);
  CHECK(result.error().outcome_unknown);
}

}  // namespace gk::test::transport_faults_test
