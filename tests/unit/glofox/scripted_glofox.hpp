#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "glofox/client.hpp"
#include "support/fake_transport.hpp"
#include "support/manual_clock.hpp"
#include "util/log.hpp"

namespace gk::glofox::testing {

inline const BranchId k_branch{"64b0c0ffee00000000000b01"};
inline const std::string k_branch_body =
    R"({"_id":"64b0c0ffee00000000000b01","name":"Example Boxing","address":{"timezone_id":"America/New_York"}})";

inline std::string member_id(std::size_t number) { return fmt::format("65aa{:020x}", number); }

inline std::string member_row(std::size_t number) {
  return fmt::format(
      R"({{"_id":"{}","name":"Person {}","email":"p{}@example.com","membership":{{"type":"time"}}}})",
      member_id(number), number, number);
}

inline std::string param(const http::Request& request, std::string_view name) {
  for (const http::Param& one : request.query) {
    if (one.name == name) return one.value;
  }
  return {};
}

/// What goes around the rows of a page.
struct PageSpec {
  std::vector<std::string> rows;
  std::optional<std::size_t> total, limit;
  std::optional<bool> has_more;
};

/// Envelope A of the notes.
inline std::string page_body(std::size_t page, const PageSpec& spec) {
  std::string body = fmt::format(R"({{"object":"list","page":{})", page);
  if (spec.limit) body += fmt::format(R"(,"limit":{})", *spec.limit);
  if (spec.has_more) body += fmt::format(R"(,"has_more":{})", *spec.has_more);
  if (spec.total) body += fmt::format(R"(,"total_count":{})", *spec.total);
  return body + fmt::format(R"(,"data":[{}]}})", fmt::join(spec.rows, ","));
}

/// A Glofox with `people` members that behaves; `on_members` may misbehave for it.
class ScriptedGlofox {
 public:
  using OnMembers =
      std::function<std::optional<Result<http::Response>>(std::size_t page, std::size_t nth_request)>;

  explicit ScriptedGlofox(std::size_t people, std::size_t max_pages = 20)
      : people_(people),
        clock_(),
        transport_(clock_),
        log_(sink_.get(), LogLevel::debug, LogFormat::text, clock_),
        client_(transport_, k_branch, clock_, log_, {max_pages}) {
    transport_.set_latency(std::chrono::milliseconds{200});
    transport_.on_any([this](const http::Request& request) { return answer(request); });
  }

  GlofoxClient& client() { return client_; }
  test::FakeTransport& transport() { return transport_; }
  std::size_t member_requests() const { return transport_.count("GET /2.0/members"); }

  /// The well-behaved page.
  PageSpec page(std::size_t number, std::size_t limit = 100) const {
    PageSpec spec;
    for (std::size_t i = (number - 1) * limit; i < std::min(people_, number * limit); ++i)
      spec.rows.push_back(member_row(i));
    spec.total = people_;
    spec.limit = limit;
    spec.has_more = number * limit < people_;
    return spec;
  }

  OnMembers on_members;
  std::function<std::optional<Result<http::Response>>()> on_branch;

 private:
  Result<http::Response> answer(const http::Request& request) {
    if (request.path == "/2.0/branches/" + k_branch.value()) {
      if (on_branch) {
        if (auto odd = on_branch()) return *std::move(odd);
      }
      return test::answer(200, k_branch_body);
    }
    if (request.path != "/2.0/members") return fail(Category::internal, "no script for " + request.path);
    const auto number = static_cast<std::size_t>(std::stoul(param(request, "page")));
    if (on_members) {
      if (auto odd = on_members(number, ++asked_)) return *std::move(odd);
    }
    return test::answer(200, page_body(number, page(number)));
  }

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::size_t people_;
  std::size_t asked_ = 0;
  test::ManualClock clock_;
  test::FakeTransport transport_;
  std::unique_ptr<std::FILE, Close> sink_{std::fopen("/dev/null", "w")};
  Log log_;
  GlofoxClient client_;
};

}  // namespace gk::glofox::testing
