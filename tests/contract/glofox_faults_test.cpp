#include <catch2/catch.hpp>

#include "contract/sandbox_glofox.hpp"

namespace gk::test::glofox_faults_test {

namespace {

std::string fault(const std::string& kind, const std::string& more = "",
                  const std::string& path = "/2.0/members") {
  return fmt::format(R"({{"service":"glofox","kind":"{}","path":"{}"{}}})", kind, path, more);
}

}  // namespace

TEST_CASE("a fault that passes costs time only") {
  for (const std::string kind :
       {"status", "html502", "reset_before", "reset_after", "truncated", "malformed", "not_utf8",
        "deep_nesting", "repeated_page", "wrong_total", "short_page", "latency"}) {
    INFO(kind);
    SandboxGlofox gym({"--people", "350", "--seed", "3"});
    const std::string undisturbed = gym.roster();
    REQUIRE(undisturbed.starts_with("complete "));
    gym.add_fault(fault(kind, R"(,"nth":2,"count":1,"rows":3,"delta":1,"bytes":100000,"ms":50)"));
    CHECK(gym.roster() == undisturbed);
  }
}

TEST_CASE("a fault that stays makes the list partial, never shorter") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {fault("status", R"(,"skip":1)"), "partial unavailable"},
      {fault("status", R"(,"skip":1,"status":429)"), "partial rate_limited"},
      {fault("html502", R"(,"skip":1)"), "partial unavailable"},
      {fault("truncated", R"(,"skip":1)"), "partial unavailable"},
      {fault("malformed", R"(,"skip":1)"), "partial protocol"},
      {fault("not_utf8", R"(,"skip":1)"), "partial protocol"},
      {fault("deep_nesting", R"(,"skip":1,"bytes":1000000)"), "partial protocol"},
      {fault("success_false", R"(,"skip":1)"), "partial protocol"},
      {fault("redirect", R"(,"skip":1,"body":"https://example.com/")"), "partial protocol"},
      {fault("repeated_page", R"(,"skip":1)"), "partial protocol"},
      {fault("wrong_total", R"(,"delta":5)"), "partial protocol"},
      {fault("wrong_total", R"(,"delta":-5)"), "partial protocol"},
      {fault("short_page", R"(,"rows":1)"), "partial protocol"},
      {fault("empty_list", R"(,"skip":1)"), "partial protocol"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    SandboxGlofox gym({"--people", "350"});
    gym.add_fault(text);
    CHECK(gym.roster() == expected);
  }
}

TEST_CASE("a list that moves once is read again and is whole") {
  for (const std::string kind : {"insert_row_while_paging", "remove_row_while_paging"}) {
    INFO(kind);
    SandboxGlofox gym({"--people", "350"});
    gym.add_fault(fault(kind, R"(,"nth":1,"count":1)"));
    CHECK(gym.roster().starts_with("complete "));
  }
}

TEST_CASE("a service that gives fewer rows per page than asked for is read whole") {
  SandboxGlofox gym({"--people", "350"});
  const std::string undisturbed = gym.roster();
  gym.add_fault(fault("page_cap", R"(,"rows":30)"));
  CHECK(gym.roster() == undisturbed);
}

TEST_CASE("wrong credentials and locations are told apart") {
  for (const std::string body : {"json", "empty", "html"}) {
    INFO(body);
    SandboxGlofox gym({"--people", "20", "--switch", "auth_body=" + body});
    const auto with = [&](const std::string& name, const std::string& value) {
      http::StackOptions options = gym.sandbox.glofox_options();
      for (auto& [header, secret] : options.secret_headers) {
        if (header == name) secret = Secret(value);
      }
      gym.use(std::move(options));
      return gym.roster();
    };
    CHECK(with("x-glofox-api-token", "wrong") == "error auth");
    if (body == "json") CHECK(with("x-api-key", "wrong") == "error auth");

    const std::string stranger = "64b0c0ffee00000000000bff";
    http::StackOptions options = gym.sandbox.glofox_options();
    options.headers = {{"x-glofox-branch-id", stranger}};
    gym.use(std::move(options), stranger);
    CHECK(gym.roster() == "error config");
  }
}

TEST_CASE("a refusal with status 200 is a refusal") {
  SandboxGlofox gym({"--people", "20", "--switch", "auth_error=success_false"});
  http::StackOptions options = gym.sandbox.glofox_options();
  options.headers = {{"x-glofox-branch-id", "64b0c0ffee00000000000bff"}};
  gym.use(std::move(options), "64b0c0ffee00000000000bff");
  CHECK(gym.roster() == "error config");
}

}  // namespace gk::test::glofox_faults_test
