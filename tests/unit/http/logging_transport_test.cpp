#include "http/logging_transport.hpp"

#include "support/fake_transport.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace gk::http::logging_transport_test {

using test::answer;

namespace {

struct Fixture {
  explicit Fixture(LogLevel level = LogLevel::debug) : log(file.get(), level, LogFormat::text, clock) {}
  std::string written() {
    std::string text(4096, '\0');
    std::rewind(file.get());
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    return text;
  }
  struct Close {
    void operator()(std::FILE* open) const { std::fclose(open); }
  };
  test::ManualClock clock;
  std::unique_ptr<std::FILE, Close> file{std::tmpfile()};
  Log log;
  test::FakeTransport fake{clock};
  LoggingTransport transport{fake, "kisi", clock, log};
};

}  // namespace

TEST_CASE("a line per try, with what may be shown") {
  Fixture f;
  f.fake.set_latency(std::chrono::milliseconds{42});
  f.fake.script("GET /users",
                answer(429, "hidden body", {{"Retry-After", "7"}, {"Set-Cookie", "hidden-cookie"}}));
  Request request{.path = "/users",
                  .query = {{"email", "secret@example.com"}, {"limit", "100"}, {"q", "secret"}}};
  request.try_number = 3;
  REQUIRE(send(f.transport, request));
  CHECK(f.written() ==
        "2026-03-01T08:00:00Z debug http service=kisi request=\"GET /users?email=***&limit=100&q=***\" try=3 "
        "status=429 ms=42 "
        "bytes=11 headers=\"Retry-After: 7\"\n");
}

TEST_CASE("nothing secret reaches the log") {
  Fixture f;
  f.fake.script("POST /users", answer(200, "secret-answer",
                                      {{"Authorization", "secret-echo"}, {"X-Api-Key", "secret-key"}}));
  REQUIRE(
      send(f.transport,
           Request{.method = Method::post,
                   .path = "/users",
                   .query = {{"token", "secret-token"}, {"filter[email]", "secret@x.y"}, {"Limit", "secret"}},
                   .body = R"({"user":{"email":"secret@x.y"}})"}));
  const std::string text = f.written();
  CHECK(text.find("POST /users") != std::string::npos);
  CHECK(text.find("secret") == std::string::npos);
}

TEST_CASE("failures are logged in the operator's words") {
  Fixture f;
  f.fake.script("GET /users", test::no_answer(false, "cannot resolve api.kisi.io"));
  REQUIRE_FALSE(send(f.transport, Request{.path = "/users"}));
  CHECK(f.written().find("error=\"cannot resolve api.kisi.io\"") != std::string::npos);
}

TEST_CASE("without debug nothing is written, but everything is counted") {
  Fixture f(LogLevel::info);
  f.fake.script("GET /users", answer(429));
  f.fake.script("GET /users", answer(200));
  f.fake.script("POST /users", fail(Category::internal, "refused: dry run"));
  Request request{.path = "/users"};
  REQUIRE(send(f.transport, request));
  request.try_number = 2;
  REQUIRE(send(f.transport, request));
  REQUIRE_FALSE(send(f.transport, Request{.method = Method::post, .path = "/users"}));
  CHECK(f.written().empty());
  CHECK(f.transport.traffic().requests == 2);
  CHECK(f.transport.traffic().retries == 1);
  CHECK(f.transport.traffic().throttled == 1);
}

}  // namespace gk::http::logging_transport_test
