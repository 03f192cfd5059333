#include "contract/transport_fixture.hpp"
#include "http/stack.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gk::test::transport_stack_test {

using namespace gk::http;
using namespace std::chrono_literals;
using test::create_request;
using test::RawConnection;
using test::RawServer;
using test::read_request;

namespace {

struct StackFixture {
  explicit StackFixture(RawServer::Handler handler) : server(std::move(handler)) {
    options.service = "kisi";
    options.base_url = server.url();
    options.bucket = {100'000, 1};
    options.retry.base_delay = 20ms;
  }
  Stack make(std::shared_ptr<TokenBucket> bucket = nullptr) {
    return Stack(options, std::move(bucket), clock, log, stop, [] { return 0.5; });
  }
  std::string written() const {
    std::string text(1 << 16, '\0');
    std::rewind(file.get());
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    return text;
  }
  struct Close {
    void operator()(std::FILE* open) const { std::fclose(open); }
  };
  CurlGlobal global;
  RawServer server;
  StopFlag stop;
  SystemClock clock{stop};
  std::unique_ptr<std::FILE, Close> file{std::tmpfile()};
  Log log{file.get(), LogLevel::debug, LogFormat::text, clock};
  StackOptions options;
};

}  // namespace

TEST_CASE("the whole stack: retried, counted, logged without secrets") {
  std::atomic<int> requests{0};
  StackFixture f([&](RawConnection& connection) {
    while (connection.read_request()) {
      const int number = ++requests;
      if (number == 1) connection.answer(500, "oops");
      if (number == 2) connection.reset();
      if (number == 3) connection.answer(429, "", "Retry-After: 0\r\n");
      if (number == 4) connection.answer(200, "fine");
    }
  });
  f.options.secret_headers.emplace_back("Authorization", Secret("KISI-LOGIN top-secret"));
  Stack stack = f.make();
  const auto result = send(stack.transport(), Request{.path = "/users", .query = {{"email", "secret@x.y"}}});
  REQUIRE(result);
  CHECK(result->body == "fine");
  CHECK(stack.traffic().requests == 4);
  CHECK(stack.traffic().retries == 3);
  CHECK(stack.traffic().throttled == 1);
  const std::string text = f.written();
  CHECK(std::count(text.begin(), text.end(), '\n') == 4);
  CHECK(text.find("try=4 status=200") != std::string::npos);
  CHECK(text.find("secret") == std::string::npos);
}

TEST_CASE("a POST that was cut off is sent once, and said to be of unknown outcome") {
  std::atomic<int> requests{0};
  StackFixture f([&](RawConnection& connection) {
    while (connection.read_request()) {
      if (++requests == 1) connection.answer(200, "{}");
      if (requests > 1) connection.reset();
    }
  });
  Stack stack = f.make();
  REQUIRE(send(stack.transport(), create_request()));
  const auto result = send(stack.transport(), create_request());
  REQUIRE_FALSE(result);
  CHECK(result.error().outcome_unknown);
  CHECK(requests == 2);
}

TEST_CASE("a dry run's write never reaches the network") {
  StackFixture f([](RawConnection& connection) {
    while (connection.read_request()) connection.answer(200, "{}");
  });
  f.options.read_only = true;
  Stack stack = f.make();
  CHECK(send(stack.transport(), create_request()).error().category == Category::internal);
  CHECK(f.server.connections() == 0);
  CHECK(send(stack.transport(), read_request()));
  CHECK(stack.traffic().requests == 1);
}

TEST_CASE("the server sees no more than the rate, over two stacks that share a bucket") {
  std::mutex mutex;
  std::vector<SteadyTime> arrivals;
  StackFixture f([&](RawConnection& connection) {
    while (connection.read_request()) {
      {
        const std::lock_guard guard(mutex);
        arrivals.push_back(std::chrono::steady_clock::now());
      }
      connection.answer(200, "{}");
    }
  });
  const auto bucket = std::make_shared<TokenBucket>(BucketOptions{10, 1});
  for (int part = 0; part < 2; ++part) {
    Stack stack = f.make(bucket);
    for (Ticket ticket = 1; ticket <= 6; ++ticket) stack.transport().start(ticket, read_request());
    while (auto completion = stack.transport().wait(SteadyTime::max())) CHECK(completion->result);
  }
  REQUIRE(arrivals.size() == 12);
  CHECK(arrivals.back() - arrivals.front() >= 1100ms);
}

TEST_CASE("high rates cost nothing", "[serial]") {
  StackFixture f([](RawConnection& connection) {
    while (connection.read_request()) connection.answer(200, "{}");
  });
  Stack stack = f.make();
  const auto begin = f.clock.steady_now();
  for (int i = 0; i < 500; ++i) REQUIRE(send(stack.transport(), read_request()));
  CHECK(f.clock.steady_now() - begin < 5s);
}

TEST_CASE("a stop request finishes what is in flight and ends the rest soon", "[serial]") {
  StackFixture f([](RawConnection& connection) {
    while (connection.read_request()) {
      std::this_thread::sleep_for(500ms);
      connection.answer(200, "{}");
    }
  });
  f.options.bucket = {1, 1};
  Stack stack = f.make();
  stack.transport().start(1, read_request());
  stack.transport().start(2, read_request());
  std::thread signal([&] {
    std::this_thread::sleep_for(100ms);
    f.stop.request(15);
  });
  const auto first = stack.transport().wait(SteadyTime::max());
  const auto second = stack.transport().wait(SteadyTime::max());
  signal.join();
  REQUIRE(first);
  CHECK(first->ticket == 2);
  CHECK(first->result.error().category == Category::interrupted);
  REQUIRE(second);
  CHECK(second->ticket == 1);
  CHECK(second->result.has_value());
}

}  // namespace gk::test::transport_stack_test
