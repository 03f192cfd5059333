#include "glofox/errors.hpp"

#include <catch2/catch.hpp>

#include "support/fake_transport.hpp"

namespace gk::glofox::errors_test {

namespace {

const BranchId k_location{"64b0c0ffee00000000000b01"};

std::string shown(const ApiRefusal& refusal) { return refusal.code + " | " + refusal.message; }

std::string refused(int status, const std::string& body, Subject subject) {
  const auto document = read_answer(test::answer(status, body), subject, k_location);
  return document ? "ok" : std::string(category_name(document.error().category));
}

}  // namespace

TEST_CASE("a refusal is understood in each of its shapes") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"message":"Invalid email format","message_code":"INVALID_EMAIL"})",
       "INVALID_EMAIL | Invalid email format"},
      {R"({"success":false,"message":"No credits","message_code":"A,B","message_data":[],"errors":[]})",
       "A,B | No credits"},
      {R"({"code":"INVALID_REQUEST","message":"Invalid request"})", "INVALID_REQUEST | Invalid request"},
      {R"({"status":"NOT_FOUND","error_code":"MEMBER_NOT_FOUND","message":"Member not found"})",
       "MEMBER_NOT_FOUND | Member not found"},
      {R"({"message":"Forbidden"})", " | Forbidden"},
      {R"({"status":"NOT_FOUND"})", "NOT_FOUND | "},
      {R"({"message":{"text":"x"},"message_code":5})", " | "},
      {"<html>", " | "},
      {"", " | "},
      {"[]", " | "},
  };
  for (const auto& [body, expected] : cases) {
    INFO(body);
    CHECK(shown(read_refusal(test::answer(400, body))) == expected);
  }
}

TEST_CASE("only a boolean success that is false refuses a 200") {
  CHECK(refused(200, R"({"success":false})", Subject::person) == "protocol");
  CHECK(refused(200, R"({"success":true})", Subject::person) == "ok");
  CHECK(refused(200, R"({"success":null})", Subject::person) == "ok");
  CHECK(refused(200, R"({"success":"false"})", Subject::person) == "ok");
  CHECK(refused(200, R"({})", Subject::person) == "ok");
  CHECK(refused(200, "", Subject::person) == "protocol");
  CHECK(refused(204, "", Subject::person) == "protocol");
}

TEST_CASE("the same answer means different things for different subjects") {
  struct Case {
    int status;
    std::string body;
    std::string branch, list, person, optional;
  };
  const std::vector<Case> cases = {
      {401, "", "auth", "auth", "auth", "forbidden"},
      {403, R"({"message":"Forbidden"})", "auth", "auth", "forbidden", "forbidden"},
      {403, R"({"message":"Forbidden","message_code":"NOT_ALLOWED"})", "config", "config", "forbidden",
       "forbidden"},
      {403, "", "config", "config", "forbidden", "forbidden"},
      {404, "", "config", "config", "protocol", "not_found"},
      {404, R"({"status":"NOT_FOUND","error_code":"MEMBER_NOT_FOUND"})", "config", "config", "not_found",
       "not_found"},
      {200, R"({"success":false,"message_code":"WRONG_URL"})", "config", "config", "protocol", "not_found"},
      {400, R"({"message":"Route not found"})", "config", "config", "protocol", "not_found"},
      {200, R"({"success":false,"message":"x"})", "config", "protocol", "protocol", "rejected"},
      {400, R"({"message_code":"BOOKING_NOT_FOUND"})", "protocol", "protocol", "rejected", "rejected"},
      {422, "", "protocol", "protocol", "rejected", "rejected"},
      {408, "", "unavailable", "unavailable", "unavailable", "unavailable"},
      {429, R"({"message":"Too Many Requests"})", "rate_limited", "rate_limited", "rate_limited",
       "rate_limited"},
      {500, "", "unavailable", "unavailable", "unavailable", "unavailable"},
      {503, "<html>", "unavailable", "unavailable", "unavailable", "unavailable"},
      {301, "", "protocol", "protocol", "protocol", "protocol"},
  };
  for (const auto& one : cases) {
    INFO(one.status << " " << one.body);
    CHECK(refused(one.status, one.body, Subject::branch) == one.branch);
    CHECK(refused(one.status, one.body, Subject::list) == one.list);
    CHECK(refused(one.status, one.body, Subject::person) == one.person);
    CHECK(refused(one.status, one.body, Subject::optional) == one.optional);
  }
}

TEST_CASE("messages name the causes and what to do") {
  const auto message = [](int status, const std::string& body) {
    return read_answer(test::answer(status, body), Subject::branch, k_location).error().message;
  };
  const std::string whitelist = message(403, R"({"message":"Access denied"})");
  CHECK(whitelist.find("ask Glofox support to allow location 64b0c0ffee00000000000b01") != std::string::npos);
  CHECK(whitelist.find("mistyped") != std::string::npos);
  CHECK(whitelist.ends_with("(HTTP 403: Access denied)"));
  CHECK(message(401, "").find("glofox.api_key and glofox.api_token") != std::string::npos);
  CHECK(message(403, R"({"message":"Forbidden"})").find("gateway does not know our API key") !=
        std::string::npos);
  // What the service says reaches a terminal: nothing in it may act there.
  const std::string hostile = message(500, R"({"message":"\u001b[2J)" + std::string(10'000, 'x') + "\"}");
  CHECK(hostile.find('\x1b') == std::string::npos);
  CHECK(hostile.size() < 300);
}

TEST_CASE("a broken body is told from an answer that refuses") {
  const auto error = [](int status, const std::string& body) {
    return read_answer(test::answer(status, body), Subject::list, k_location).error();
  };
  CHECK(is_malformed(error(200, "<html>")));
  CHECK_FALSE(is_malformed(error(400, "<html>")));
  CHECK_FALSE(is_malformed(error(200, R"({"success":false})")));
}

}  // namespace gk::glofox::errors_test
